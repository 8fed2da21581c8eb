import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.difference import Span, characters, describe, differences, visible


@pytest.mark.parametrize(
    ("candidate", "official", "spans"),
    [
        ("郑洲发布", "郑州发布", [("equal", "郑", "郑"), ("replace", "洲", "州"), ("equal", "发布", "发布")]),
        ("郑州发布厅", "郑州发布", [("equal", "郑州发布", "郑州发布"), ("insert", "厅", "")]),
        ("郑州布", "郑州发布", [("equal", "郑州", "郑州"), ("delete", "", "发"), ("equal", "布", "布")]),
        ("郑\u200b州", "郑州", [("equal", "郑", "郑"), ("insert", "\u200b", ""), ("equal", "州", "州")]),
        ("policía", "policia", [("equal", "polic", "polic"), ("replace", "í", "i"), ("equal", "a", "a")]),
        ("", "", []),
    ],
)
def test_it_aligns_two_names(candidate: str, official: str, spans: list[tuple[str, str, str]]) -> None:
    assert differences(candidate, official) == tuple(Span(*span) for span in spans)  # type: ignore[arg-type]


@given(st.text(max_size=30), st.text(max_size=30))
def test_the_spans_joined_are_the_names(candidate: str, official: str) -> None:
    spans = differences(candidate, official)
    assert "".join(span.candidate for span in spans) == candidate
    assert "".join(span.official for span in spans) == official
    assert all((span.op == "equal") == (span.candidate == span.official) for span in spans)


def test_a_letter_with_its_accents_is_one_character() -> None:
    assert characters("he\u0301llo") == ["h", "e\u0301", "l", "l", "o"]
    assert characters("\u0301a") == ["\u0301", "a"]


def test_an_accent_after_an_invisible_character_does_not_hide_it() -> None:
    assert characters("a\u200b\u0301") == ["a", "\u200b", "\u0301"]


@pytest.mark.parametrize(
    ("character", "words"),
    [
        ("日", "日 U+65E5"),
        ("\u200b", "U+200B 零宽空格 ZERO WIDTH SPACE"),
        ("\u202e", "U+202E 从右至左强制 RIGHT-TO-LEFT OVERRIDE"),
        ("\u3000", "U+3000 全角空格 IDEOGRAPHIC SPACE"),
        ("\n", "U+000A"),
        ("e\u0301", "e\u0301 U+0065 U+0301"),
    ],
)
def test_it_calls_a_character_by_look_and_number(character: str, words: str) -> None:
    assert describe(character) == words


def test_only_what_cannot_be_seen_is_written_as_a_number() -> None:
    assert "".join(map(visible, "郑\u200b州 \u3164a")) == "郑[U+200B]州 [U+3164]a"

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from names.fold import (
    STEPS,
    fold,
    has_han,
    is_empty_after_folding,
    is_invisible,
    plain,
    skeleton,
    spots,
)

ANY = st.characters(codec=None, exclude_categories=())
# What folding joins with its neighbours, or takes apart: accents, jamo, signs, ligatures, traditional ones.
JOINING = "e\u0301n\u0303\u1100\u1161\u11a8가ｶﾞ@$!aZ鄭郑㈱ﬃß\u0345\u200b_ İⅣ⼈"
TEXTS = st.text(alphabet=ANY | st.sampled_from(JOINING), max_size=40)


@pytest.mark.parametrize(
    ("name", "text", "step", "characters"),
    [
        ("郑\u200b州", "郑州", "invisible", "\u200b"),
        ("\u202e郑州", "郑州", "invisible", "\u202e"),
        ("郑\ufe0f州", "郑州", "invisible", "\ufe0f"),
        ("郑\U000e0100州", "郑州", "invisible", "\U000e0100"),
        ("⽇报", "日报", "radicals", "⽇"),
        ("ＺＺ", "zz", "width", "Ｚ"),
        ("𝓟olice", "police", "width", "𝓟"),
        ("POLICE", "police", "case", "POLICE"),
        ("policía", "policia", "marks", "í"),
        ("h̷a̷lo", "halo", "marks", "\u0337"),
        ("p@ypal", "paypal", "signs", "@"),
        ("郑.州★", "郑州", "separators", ".★"),
        ("郑州🔥", "郑州", "separators", "🔥"),
        ("鄭州發布", "郑州发布", "traditional", "鄭發"),
    ],
)
def test_each_step_removes_one_thing_and_says_so(name: str, text: str, step: str, characters: str) -> None:
    folded = fold(name)
    assert folded.text == text
    assert (step, characters) in [(change.step, change.characters) for change in folded.changes]


def test_a_plain_name_is_changed_by_nothing() -> None:
    assert fold("郑州发布").changes == ()


def test_kana_and_indic_marks_are_letters() -> None:
    assert fold("サイバー").text == "サイバー"
    assert fold("हिन्दी").text == "हिन्दी"


def test_a_sign_between_han_characters_is_decoration() -> None:
    assert fold("平安$郑州!").text == "平安郑州"


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_more(name: str) -> None:
    once = fold(name).text
    assert fold(once).text == once


@given(st.text(max_size=40))
def test_nothing_hidden_is_left(name: str) -> None:
    assert not any(is_invisible(c) or c.isspace() for c in fold(name).text)


@pytest.mark.parametrize(
    "block", [range(0x20, 0x3400), range(0x4E00, 0x6000), range(0xF900, 0x10400), range(0x1D400, 0x1F300)]
)
def test_every_character_folds_to_a_stable_form(block: range) -> None:
    for number in block:
        text = fold(chr(number)).text
        assert fold(text).text == text, f"U+{number:04X}"
        assert all(unicodedata.category(c)[0] in "LNM" for c in text), f"U+{number:04X}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("haloBCA", "haIoBCA"),
        ("paypal", "раураl"),
        ("人民日报", "人民曰报"),
        ("modern", "modem"),
        ("g00gle", "google"),
    ],
)
def test_what_looks_the_same_has_one_skeleton(one: str, other: str) -> None:
    assert skeleton(fold(one).text) == skeleton(fold(other).text)


@pytest.mark.parametrize(("one", "other"), [("police", "policy"), ("郑州", "杭州"), ("日报", "月报")])
def test_what_looks_different_has_two(one: str, other: str) -> None:
    assert skeleton(fold(one).text) != skeleton(fold(other).text)


@given(st.text(max_size=20))
def test_a_skeleton_is_stable(name: str) -> None:
    once = skeleton(fold(name).text)
    assert all(not has_han(c) or skeleton(c) == c for c in once)


@pytest.mark.parametrize("name", ["", " ", "\u200b\u200d", "…", "🔥🔥", "\u3164", "\u2800"])
def test_a_name_without_anything_to_read_is_empty(name: str) -> None:
    assert is_empty_after_folding(name)


@pytest.mark.parametrize("name", ["郑", "a", "1", "★1★"])
def test_a_name_with_one_readable_character_is_not_empty(name: str) -> None:
    assert not is_empty_after_folding(name)


@settings(max_examples=300)
@given(TEXTS)
@example("a\u0301@\u0301b")
@example("\u1100\u1161\u11a8" * 3)
@example("\ud800\udc00\0")
@example("ㄱㅏ")
def test_the_fast_way_gives_the_same_plain_form(name: str) -> None:
    assert plain(name) == fold(name).text


@settings(max_examples=300)
@given(TEXTS)
def test_every_plain_character_has_its_place_in_the_name(name: str) -> None:
    found = spots(name)
    assert len(found) == len(plain(name))
    assert list(found) == sorted(found)
    assert all(0 <= at < len(name) for at in found)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("郑_州发布", (0, 2, 3, 4)),
        ("\u200b郑州", (1, 2)),
        ("he\u0301llo", (0, 1, 3, 4, 5)),
        ("㈱x", (0, 1)),
        ("ﬃx", (0, 0, 0, 1)),
        ("", ()),
        ("★", ()),
    ],
)
def test_places_are_offsets_in_the_name(name: str, found: tuple[int, ...]) -> None:
    assert spots(name) == found


@given(st.text(alphabet=ANY, max_size=20), st.integers(1, 500))
def test_long_and_odd_texts_fold_like_any_other(name: str, times: int) -> None:
    text = (name * times)[:10_000]
    assert plain(text) == fold(text).text


@given(st.text(alphabet="郑州發布aZ1鄭國", max_size=12), st.sampled_from("\u200b\u2060\u3164\U000e0101_★ "))
def test_what_hides_or_decorates_changes_no_plain_form(name: str, put_in: str) -> None:
    assert plain(put_in.join(name)) == plain(name.upper()) == plain(name)


def test_steps_are_named_once() -> None:
    names = [name for name, _ in STEPS]
    assert len(names) == len(set(names))

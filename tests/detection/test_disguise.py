import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.disguise import undo
from names.parse import parse


@pytest.mark.parametrize(
    ("candidate", "official", "text", "found"),
    [
        ("郑洲发布", "郑州发布", "郑州发布", [("洲", "州", "same_sound")]),
        ("人民曰报", "人民日报", "人民日报", [("曰", "日", "same_look")]),
        ("zhengzhou发布", "郑州发布", "郑州发布", [("zhengzhou", "郑州", "pinyin")]),
        ("郑zhou发布", "郑州发布", "郑州发布", [("zhou", "州", "pinyin")]),
        (
            "zhengzhoufabu01",
            "郑州发布",
            "郑州发布",
            [("zhengzhoufabu", "郑州发布", "pinyin"), ("01", "", "letters")],
        ),
        ("央广新闻TB", "央广新闻", "央广新闻", [("tb", "", "letters")]),
        ("公交12345", "热线12345", "公交12345", []),
        ("杭州教育", "郑州交警", "杭州教育", []),
    ],
)
def test_it_undoes_what_stands_for_an_official_character(
    candidate: str, official: str, text: str, found: list[tuple[str, str, str]]
) -> None:
    undone, disguises = undo(parse(candidate), parse(official))
    assert undone == text
    assert [tuple(one) for one in disguises] == found


def test_a_character_the_official_name_has_is_no_disguise() -> None:
    assert undo(parse("州郑发布"), parse("郑州发布"))[1] == ()


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_two_names_can_be_undone(candidate: str, official: str) -> None:
    text, disguises = undo(parse(candidate), parse(official))
    assert disguises or text == parse(candidate).text


def test_a_long_run_of_letters_costs_no_time() -> None:
    undo(parse("a" * 5000), parse("阿" * 50))

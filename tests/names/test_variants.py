import pytest
from hypothesis import given
from hypothesis import strategies as st

from names.variants import (
    MOST_HANDLES,
    MOST_KEYWORDS,
    handle_stem,
    lookalike_handles,
    search_keywords,
    traditional,
)


def reached(imitation: str, name: str, handle: str = "") -> bool:
    return any(word.casefold() in imitation.casefold() for word in search_keywords(name, handle))


def test_the_name_itself_is_asked_first() -> None:
    assert search_keywords("郑州发布", "zhengzhou_fabu")[0] == "郑州发布"


@pytest.mark.parametrize(
    ("name", "imitation"),
    [
        ("郑州发布", "郑洲发布"),
        ("郑州发布", "郑州发不"),
        ("郑州发布", "郑\u200b州发布"),
        ("郑州发布", "鄭州發布"),
        ("郑州发布", "发布郑州"),
        ("郑州发布", "官方郑州发布直播间"),
        ("郑州发布", "郑州市人民政府发布"),
        ("平安郑州", "郑州公安"),
        ("郑州公安", "平安郑州"),
        ("郑州市公安局", "郑州公安"),
        ("郑州公安", "郑州市公安局"),
        ("南阳市疾病预防控制中心", "南阳疾控"),
        ("南阳疾控", "南阳市疾病预防控制中心"),
        ("人民日报", "人民曰报"),
        ("人民日报", "入民日报"),
        ("河南人社", "河南入社"),
    ],
)
def test_a_search_for_parts_of_a_name_reaches_its_imitation(name: str, imitation: str) -> None:
    assert reached(imitation, name)


def test_the_handle_and_its_stem_are_asked() -> None:
    words = search_keywords("郑州发布", "@zhengzhou_gov_01")
    assert "zhengzhou_gov_01" in words
    assert "zhengzhou" in words


@given(st.text(max_size=30), st.text(max_size=20))
def test_keywords_are_few_distinct_and_readable(name: str, handle: str) -> None:
    words = search_keywords(name, handle)
    assert len(words) <= MOST_KEYWORDS
    assert len({word.casefold() for word in words}) == len(words)
    assert all(word.strip() for word in words)


@pytest.mark.parametrize("name", ["", "\u200b", "🔥"])
def test_nothing_readable_asks_nothing(name: str) -> None:
    assert search_keywords(name) == ()


@pytest.mark.parametrize(
    "other", ["haIoBCA", "halloBCA", "hal0BCA", "haloBCA_", "haloBCA0", "haloBCAofficial", "halBCA"]
)
def test_a_lookalike_handle_is_guessed(other: str) -> None:
    assert other in lookalike_handles("haloBCA")


@given(st.from_regex(r"[A-Za-z0-9_.]{1,30}", fullmatch=True))
def test_handles_are_few_distinct_and_others(handle: str) -> None:
    others = [one.casefold() for one in lookalike_handles(handle)]
    assert len(others) <= MOST_HANDLES
    assert len(set(others)) == len(others)
    assert handle.casefold() not in others


@pytest.mark.parametrize("handle", ["", "@", "郑州", "a b", "a/b", "a\nb", "a" * 65])
def test_what_is_no_handle_has_no_lookalikes(handle: str) -> None:
    assert lookalike_handles(handle) == ()


@pytest.mark.parametrize(
    ("handle", "stem"),
    [
        ("zhengzhou_gov_01", "zhengzhou"),
        ("BSF_India0", "BSF_India"),
        ("gov", "gov"),
        ("zz_gov", "zz_gov"),
        ("12345", "12345"),
    ],
)
def test_a_stem_is_what_is_left_of_a_handle(handle: str, stem: str) -> None:
    assert handle_stem(handle) == stem


def test_traditional_takes_the_commonest_form() -> None:
    assert traditional("郑州发布疾病预防控制中心") == "鄭州發布疾病預防控制中心"


def test_the_name_is_asked_as_an_imitator_would_draw_it() -> None:
    """Both parts of 河南入社 that stay whole are common; only the drawn name reaches it."""
    assert "河南入社" in search_keywords("河南人社", "henan_renshe")

import pytest
from hypothesis import given
from hypothesis import strategies as st

from names.fold import plain
from names.spellings import MOST_READINGS, MOST_WORDS, handle_line, spellings, words


def finds(typed: str, name: str) -> bool:
    """Whether every word of `typed` stands in the lines of `name`."""
    kept = "\n".join(spellings(name))
    sought = words(typed)
    return sought is not None and all(any(text in kept for text in word.texts) for word in sought)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("郑州发布", "郑州发布"),
        ("鄭州發布", "郑州发布"),
        ("郑州 发布", "郑州发布"),
        ("发布\u3000郑州", "郑州发布"),
        ("郑\u200b州发布", "郑州发布"),
        ("zhengzhou fabu", "郑州发布"),
        ("ZhengZhouFaBu", "郑州发布"),
        ("zhèngzhōu", "郑州发布"),
        ("ｚｚｆｂ", "郑州发布"),
        ("郑州fabu", "郑州发布"),
        ("郑州tv", "郑州TV"),
        ("zztv", "郑州TV"),
        ("郑州卫健委", "郑州市卫生健康委员会"),
        ("郑州市卫生健康委员会", "郑州卫健委"),
        ("zzwjw", "郑州市卫生健康委员会"),
        ("weijianwei", "郑州市卫生健康委员会"),
        ("卫计委", "郑州市卫生健康委员会"),
        ("平安郑州", "郑州市公安局"),
        ("郑州公安局", "平安郑州"),
        ("郑州公安金水分局", "郑州市公安局金水分局"),
        ("郑州市政府", "郑州市人民政府"),
        ("郑大", "郑州大学"),
        ("xiamen", "厦门发布"),
        ("yinyueting", "郑州音乐厅"),
        ("changle", "长乐发布"),
        ("lüse", "绿色郑州"),
        ("lvse", "绿色郑州"),
        ("luse", "绿色郑州"),
    ],
)
def test_a_name_is_found_by_every_way_to_type_it(typed: str, name: str) -> None:
    assert finds(typed, name)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("郑洲发布", "郑州发布"),
        ("郑州 公安", "郑州发布"),
        ("zzga", "郑州发布"),
        ("郑州卫健委", "开封市卫生健康委员会"),
        ("郑%布", "郑州发布"),
        ("郑_发布", "郑州发布"),
        ("%", "郑州发布"),
    ],
)
def test_another_name_is_not(typed: str, name: str) -> None:
    assert not finds(typed, name)


def test_nothing_typed_is_not_nothing_readable() -> None:
    assert words(" \u3000 ") == ()
    assert words("% — 🎈") is None


def test_a_place_is_known_by_its_name_its_pinyin_and_its_code() -> None:
    for typed in ("郑州", "郑州市", "鄭州市", "zhengzhou", "zhengzhoushi", "410100"):
        (word,) = words(typed) or ()
        assert word.places == ("410100",), typed
    (word,) = words("xian") or ()
    assert "610100" in word.places


def test_a_name_that_repeats_means_all_places_that_bear_it() -> None:
    (word,) = words("鼓楼区") or ()
    assert set(word.places) == {"320106", "320302", "350102", "410204"}


def test_a_code_is_no_part_of_a_longer_number() -> None:
    (word,) = words("410105") or ()
    assert not any(text in "\n1234101057\n" for text in word.texts)


def test_a_place_in_full_is_not_cut_to_another_place() -> None:
    """海南区 is a district of 乌海; its name in short is a province."""
    assert not finds("海南区", "海南发布")


def test_a_handle_is_asked_for_with_its_sign_and_without_its_host() -> None:
    assert handle_line("@Zhengzhou_Fabu@social.example") == handle_line("zhengzhou_fabu") == "@zhengzhoufabu"
    (word,) = words("@zhengzhou_fa@social.example") or ()
    assert word.texts == ("@zhengzhoufa",)


@given(st.text(max_size=40))
def test_a_readable_name_is_found_by_itself(name: str) -> None:
    kept = spellings(name)
    assert kept[:1] == ((plain(name),) if plain(name) else ())
    if plain(name) and "@" not in name and len(words(name) or ()) < MOST_WORDS:
        assert finds(name, name)


@given(st.text(alphabet="行乐长重调朝校郑州发布", max_size=60))
def test_the_lines_of_a_name_stay_few_and_in_line(name: str) -> None:
    kept = spellings(name)
    assert len(kept) <= 2 * (1 + 2 * MOST_READINGS) + 1
    assert not any("\n" in line or not line for line in kept)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from names.characters import near_syllable, sounds
from names.fold import plain
from names.views import is_syllable, is_typed, look, sound, sounds_of, spelled, symbol, typed_sound

ANY = st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=30).map(plain)
HAN = st.text(alphabet="郑州洲正发布公安重庆西安乐山", max_size=8)
MIXED = st.text(alphabet="郑州发布zhengoufab1", max_size=14)


@pytest.mark.parametrize(
    ("one", "other"), [("人民日报", "人民曰报"), ("人民", "入民"), ("halobca", "ha1obca"), ("土", "士")]
)
def test_what_is_drawn_alike_has_one_look(one: str, other: str) -> None:
    assert look(one) == look(other)


@pytest.mark.parametrize(
    ("one", "other"), [("郑州", "正洲"), ("深圳", "森真"), ("南京", "兰京"), ("长", "仓")]
)
def test_what_many_do_not_tell_apart_has_one_sound(one: str, other: str) -> None:
    assert set(sounds_of(one)) & set(sounds_of(other))


@pytest.mark.parametrize(("one", "other"), [("郑州", "杭州"), ("日报", "晚报"), ("police", "policy")])
def test_what_differs_differs(one: str, other: str) -> None:
    assert look(one) != look(other)
    assert sound(one) != sound(other)


@given(ANY)
def test_views_take_any_plain_text(text: str) -> None:
    look(text)
    assert sound(text) in sounds_of(text)
    spelled(text)


@given(HAN)
def test_a_name_in_han_characters_is_heard_symbol_by_symbol(text: str) -> None:
    assert len(sound(text)) == len(text) == len(look(text))
    assert all(map(is_syllable, sound(text)))
    assert not any(map(is_syllable, look(text)))


@pytest.mark.parametrize(
    ("text", "syllables"), [("郑zhou", ["郑", "zhou"]), ("zhengzhou发布", ["zheng", "zhou", "发", "布"])]
)
def test_pinyin_beside_han_characters_is_read_as_syllables(text: str, syllables: list[str]) -> None:
    wanted = "".join(symbol(near_syllable(one)) if one.isascii() else one for one in syllables)
    assert spelled(text) == wanted


@pytest.mark.parametrize("text", ["郑州发布", "zhengzhou", "郑州bcd", "郑州x", ""])
def test_nothing_is_spelled_without_both(text: str) -> None:
    assert spelled(text) == ""


@given(MIXED)
def test_a_spelled_form_keeps_the_han_characters(text: str) -> None:
    if alike := spelled(text):
        assert [c for c in alike if not is_syllable(c) and c >= "一"] == [c for c in text if c >= "一"]


@given(HAN.filter(bool))
def test_whatever_is_typed_by_its_readings_is_recognised(text: str) -> None:
    letters = "".join(min(sounds(character)) for character in text)
    assert is_typed(letters, text)
    assert not is_typed(letters + "x", text)
    assert typed_sound(letters)


@pytest.mark.parametrize(
    ("letters", "text", "is_it"),
    [
        ("zhengzhou", "郑州", True),
        ("chongqing", "重庆", True),
        ("xian", "西安", True),
        ("zhengzhou", "郑州发布", False),
        ("zhengzhoufabu", "郑州", False),
        ("", "郑州", False),
        ("", "", True),
    ],
)
def test_typing_fits_the_whole_name_or_not_at_all(letters: str, text: str, is_it: bool) -> None:
    assert is_typed(letters, text) is is_it


@pytest.mark.parametrize("letters", ["bcd", "zhèng", "zheng1", "", "郑州"])
def test_what_is_no_pinyin_has_no_typed_sound(letters: str) -> None:
    assert typed_sound(letters) == ""

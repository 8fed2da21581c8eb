import pytest
from hypothesis import given
from hypothesis import strategies as st

from names.characters import (
    are_drawn_alike,
    drawn_alike,
    joined,
    likeness,
    near_sounds,
    near_syllable,
    readings,
    sounds,
    syllables,
)

SINGLE = st.characters(codec=None, exclude_categories=()) | st.sampled_from("郑州洲曰日人入己已a1l0o")


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("洲", "州", "same_sound"),
        ("曰", "日", "same_look"),
        ("入", "人", "same_look"),
        ("己", "已", "same_look"),
        ("宗", "钟", "near_sound"),
        ("南", "兰", "near_sound"),
        ("1", "l", "same_look"),
        ("猫", "州", None),
        ("a", "b", None),
    ],
)
def test_it_says_how_one_character_stands_for_another(one: str, other: str, how: str | None) -> None:
    assert likeness(one, other) == how
    assert likeness(other, one) == how


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        ("日", "曰", True),
        ("人", "入", True),
        ("己", "已", True),
        ("末", "未", True),
        ("日", "发", False),
        ("a", "b", False),
    ],
)
def test_it_says_which_characters_are_drawn_alike(one: str, other: str, is_alike: bool) -> None:
    assert are_drawn_alike(one, other) is are_drawn_alike(other, one) is is_alike


def test_no_character_is_listed_as_drawn_like_itself() -> None:
    assert not [one for one, others in drawn_alike().items() if one in others]


@given(SINGLE, SINGLE)
def test_likeness_is_symmetric_for_any_two_characters(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)


@pytest.mark.parametrize(
    ("character", "first"), [("郑", "zheng"), ("重", "zhong"), ("行", "xing"), ("大", "da"), ("a", "")]
)
def test_the_commonest_reading_comes_first(character: str, first: str) -> None:
    assert readings(character)[:1] == ((first,) if first else ())


@given(SINGLE)
def test_readings_are_the_sounds_each_once(character: str) -> None:
    listed = readings(character)
    assert len(set(listed)) == len(listed)
    assert frozenset(listed) == sounds(character)
    assert near_sounds(character) == {near_syllable(one) for one in listed}


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("木木业局", "林业局"),
        ("学习弓虽国", "学习强国"),
        ("郑州发布", "郑州发布"),
        ("", ""),
        ("木", "木"),
        ("abc", "abc"),
    ],
)
def test_split_characters_are_put_together_again(text: str, whole: str) -> None:
    assert joined(text) == whole


def test_readings_are_toneless_syllables() -> None:
    assert sounds("州") == {"zhou"}
    assert sounds("重") == {"zhong", "chong"}
    assert sounds("a") == frozenset()
    assert all(syllable.isascii() and syllable.isalpha() for syllable in syllables())


@pytest.mark.parametrize(
    ("sound", "merged"), [("zheng", "zen"), ("shang", "san"), ("nan", "lan"), ("zhou", "zou"), ("fa", "fa")]
)
def test_sounds_many_do_not_tell_apart_are_one(sound: str, merged: str) -> None:
    assert near_syllable(sound) == merged

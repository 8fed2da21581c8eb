import pytest

from names.characters import likeness, looks, near_syllable, sounds, syllables


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


def test_looks_are_symmetric_and_never_of_a_character_with_itself() -> None:
    for character in "日曰人入土士官宫青清发政":
        for other in looks(character):
            assert character in looks(other)
        assert character not in looks(character)


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

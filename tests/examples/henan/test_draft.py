from datetime import date

import pytest

from examples.henan.draft import LAST_DAY, Dice, Handles, posting


def test_the_same_part_throws_the_same_numbers_and_another_part_others() -> None:
    first, again, other = (Dice(part).number(1, 10**9) for part in ("a", "a", "b"))
    assert first == again != other


def test_the_dice_stay_the_same_under_every_python() -> None:
    dice = Dice("a known part")
    assert [dice.number(0, 999) for _ in range(6)] == [604, 209, 866, 784, 92, 487]


def test_numbers_reach_both_ends() -> None:
    dice = Dice("ends")
    assert {dice.number(3, 5) for _ in range(200)} == {3, 4, 5}


def test_posts_get_older_and_stop_at_the_birth_of_the_account() -> None:
    hours = posting(Dice("posts"), 2.0, 10.0, 100, date.fromordinal(LAST_DAY.toordinal() - 2))
    assert hours[0] == 2.0
    assert list(hours) == sorted(hours)
    assert 3 <= len(hours) <= 6
    assert hours[-1] < 48


def test_a_handle_is_given_once_whatever_its_case() -> None:
    handles = Handles()
    handles.exactly("Momo")
    with pytest.raises(ValueError, match="momo"):
        handles.exactly("momo")
    other = handles.like(Dice("handles"), "MOMO")
    assert other.startswith("MOMO") and other != "MOMO"


def test_a_handle_longer_than_mastodon_takes_is_refused() -> None:
    with pytest.raises(ValueError, match="30"):
        Handles().exactly("a" * 31)

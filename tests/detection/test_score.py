"""Every number of `detection/score.py` has its case: when it moves, a row of the table breaks."""

from collections.abc import Callable, Iterator
from typing import cast

import pytest

from detection import align, score
from tests.detection import pairs
from tests.detection.pairs import Row

# Prices and costs are moved to a quarter and to two and a half times, thresholds and lengths a little.
SMALLER, GREATER = 0.25, 2.5
LOWER, HIGHER = -0.035, 0.02
MEANS = {
    "SAME_LOOK": "same_look",
    "SAME_SOUND": "same_sound",
    "NEAR_SOUND": "near_sound",
    "SPELLED": "spelled",
    "INITIAL": "initial",
    "UNRELATED": "unrelated",
}
# What lies there is refused by another number, or told by no band; True for more.
ONE_SIDED = frozenset({("CLOSER", False), ("SHORTEST_SLIP", False), ("LETTERS_ALIKE", True)})


def numbers() -> list[str]:
    """The names of all numbers, prices as `PRICE.name`, functions of a length by their own names."""
    listed = vars(score).items()
    plain = [name for name, value in listed if isinstance(value, int | float) and name.isupper()]
    of_length = [name for name, value in listed if getattr(value, "__module__", "") == score.__name__]
    prices = [f"PRICE.{name}" for name in score.PRICE]
    return [*plain, *of_length, *prices]


def move(monkeypatch: pytest.MonkeyPatch, name: str, is_more: bool) -> None:
    """Move a number up or down by what its sort allows."""
    if name.startswith("PRICE."):
        price = name.removeprefix("PRICE.")
        moved = score.PRICE[price] * (GREATER if is_more else SMALLER)
        monkeypatch.setitem(cast(dict[str, float], score.PRICE), price, moved)
        return
    value = getattr(score, name)
    monkeypatch.setattr(score, name, moved_value(name, value, is_more))
    if name in MEANS:
        monkeypatch.setitem(cast(dict[str, float], align.COST), MEANS[name], getattr(score, name))


def moved_value(
    name: str, value: float | Callable[[int], int], is_more: bool
) -> float | Callable[[int], int]:
    if callable(value):
        return lambda length: max(0, value(length) + (1 if is_more else -1))
    if isinstance(value, int):
        return value + (1 if is_more else -1)
    if name.endswith("THRESHOLD"):
        return value + (HIGHER if is_more else LOWER)
    return value * (GREATER if is_more else SMALLER)


@pytest.fixture(scope="module")
def table() -> list[Row]:
    return pairs.rows()


def broken(table: list[Row]) -> Iterator[Row]:
    """The rows that no longer hold."""
    for row in table:
        if pairs.verdict(pairs.by_name(row.candidate, row.official)) != (row.kind, row.band):
            yield row


MOVES = [(name, is_more) for name in numbers() for is_more in (False, True)]


@pytest.mark.parametrize(("name", "is_more"), [move for move in MOVES if move not in ONE_SIDED])
def test_every_number_has_a_case_that_breaks_without_it(
    name: str, is_more: bool, table: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    move(monkeypatch, name, is_more)
    assert next(broken(table), None) is not None, f"no row of {pairs.TABLE.name} is about {name}"


def test_with_the_numbers_as_they_are_every_row_holds(table: list[Row]) -> None:
    assert list(broken(table)) == []


def test_no_number_is_without_any_case() -> None:
    assert set(MOVES) > ONE_SIDED
    assert {name for name, _ in set(MOVES) - ONE_SIDED} == set(numbers())


def test_the_closer_of_two_names_of_one_body_comes_first() -> None:
    near, far = (pairs.by_name(name, "衡阳市公安") for name in ("衡阳市公安局", "湖南省衡阳市公安局"))
    assert near.score > far.score


@pytest.mark.parametrize("allowed", [score.most_edits, score.most_letters])
def test_longer_names_may_differ_in_no_fewer_symbols(allowed: Callable[[int], int]) -> None:
    told = [allowed(length) for length in range(101)]
    assert told == sorted(told)
    assert told[:3] == [0, 0, 0], "of two symbols none may differ"
    assert max(told) == 2, "neighbours are filed with up to two symbols left out"

import pytest

from bench.accuracy.figures import Figure, Reading


@pytest.mark.parametrize(
    ("least", "most", "value", "verdict"),
    [
        (97, None, 97.0, "reached"),
        (97, None, 96.99, "missed"),
        (None, 4, 4.0, "reached"),
        (None, 4, 4.01, "missed"),
        (None, 0, 0.0, "reached"),
        (None, None, 50.0, ""),
    ],
)
def test_a_goal_is_reached_at_its_limit(
    least: float | None, most: float | None, value: float, verdict: str
) -> None:
    assert Figure("a", "a", "%", least, most).verdict(Reading(value, "")) == verdict


def test_what_was_not_measured_is_neither_reached_nor_missed() -> None:
    assert Figure("a", "a", "%", most=4).verdict(None) == "not measured"
    assert Figure("a", "a", "%").verdict(None) == "not measured"


def test_a_part_of_nothing_is_no_reading() -> None:
    assert Figure("a", "a", "%").of(0, 0) == {}
    assert Figure("a", "a", "names").count(0, 0) == {}


def test_units_scale_the_share() -> None:
    assert Figure("a", "a", "%").of(1, 8)["a"] == Reading(12.5, "1 of 8")
    assert Figure("a", "a", "per 10,000").of(1, 2000)["a"] == Reading(5.0, "1 of 2,000")
    assert Figure("a", "a", "per 1,000").of(1, 2000)["a"].value == 0.5
    assert Figure("a", "a", "names").count(2, 16)["a"] == Reading(2, "2 of 16")

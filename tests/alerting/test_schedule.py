"""The retry table, its jitter, and what a receiver may ask for."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.schedule import LONGEST, MAX_TRIES, SHORTEST, WAITS, next_try, retry_after

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
DELIVERY = "f" * 40


def test_ten_tries_within_three_days_and_a_quarter() -> None:
    assert MAX_TRIES == 10
    assert sum(WAITS, timedelta(0)) == timedelta(hours=75, minutes=35, seconds=5)


@given(st.text(), st.integers(1, MAX_TRIES - 1))
def test_a_wait_is_the_tables_give_or_take_a_tenth(delivery: str, tries: int) -> None:
    again = next_try(delivery, tries, NOW)
    assert again is not None
    assert abs((again - NOW) / WAITS[tries - 1] - 1) <= 0.1


def test_after_the_last_try_there_is_none() -> None:
    assert next_try(DELIVERY, MAX_TRIES - 1, NOW) is not None
    for tries in (MAX_TRIES, MAX_TRIES + 1):
        assert next_try(DELIVERY, tries, NOW, timedelta(seconds=1)) is None


def test_the_same_delivery_is_tried_at_the_same_moments_and_others_at_others() -> None:
    assert next_try(DELIVERY, 3, NOW) == next_try(DELIVERY, 3, NOW)
    moments = {next_try(f"delivery {number}", 3, NOW) for number in range(100)}
    assert len(moments) == 100
    early = [moment for moment in moments if moment and moment < NOW + WAITS[2]]
    assert 20 < len(early) < 80


def test_a_receiver_may_ask_for_more_time_but_not_for_less() -> None:
    late = timedelta(hours=20)
    assert next_try(DELIVERY, 1, NOW, late) == NOW + late
    assert next_try(DELIVERY, 9, NOW, SHORTEST) == next_try(DELIVERY, 9, NOW)


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(minutes=2)),
        (" 7 ", timedelta(seconds=7)),
        ("0", SHORTEST),
        ("999999999999999999999", LONGEST),
        (format_datetime(NOW + timedelta(minutes=3), usegmt=True), timedelta(minutes=3)),
        ("Tue, 24 Nov 2026 09:03:00 +0800", timedelta(minutes=3)),
        ("Tue, 24 Nov 2026 01:03:00 -0000", timedelta(minutes=3)),
        (format_datetime(NOW - timedelta(days=3), usegmt=True), SHORTEST),
        ("Tue, 24 Nov 2099 01:03:00 GMT", LONGEST),
    ],
)
def test_it_reads_seconds_and_dates_within_bounds(header: str, wait: timedelta) -> None:
    assert retry_after(header, NOW) == wait


@pytest.mark.parametrize("header", ["", "soon", "-5", "1.5", "１２", "Tue, 99 Nov 2026 25:03:00 GMT"])
def test_what_says_nothing_asks_for_nothing(header: str) -> None:
    assert retry_after(header, NOW) is None


@given(st.text())
def test_whatever_a_receiver_writes_it_is_a_wait_in_bounds_or_none(header: str) -> None:
    wait = retry_after(header, NOW)
    assert wait is None or SHORTEST <= wait <= LONGEST

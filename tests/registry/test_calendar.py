from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.clock import BEIJING
from registry.calendar import due_after, in_office_hours, is_working_day, unpublished


def beijing(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def last_day(due: datetime) -> str:
    """The day at whose 24:00 something is due."""
    local = due.astimezone(BEIJING)
    assert (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0)
    return (local.date() - timedelta(days=1)).isoformat()


# The filing period of Henan, three working days; make-up days stand among them (domain handbook 2.3).
@pytest.mark.parametrize(
    ("event", "due"),
    [
        ("2026-01-03", "2026-01-06"),
        ("2026-02-12", "2026-02-24"),
        ("2026-04-30", "2026-05-08"),
        ("2026-09-30", "2026-10-10"),
        ("2026-12-28", "2026-12-31"),
    ],
)
@pytest.mark.parametrize("hour", ["00:00", "12:00", "23:59:59"])
def test_three_working_days_end_at_midnight_of_the_third(event: str, due: str, hour: str) -> None:
    found = due_after(beijing(f"{event}T{hour}"), 3)
    assert (last_day(found.at), found.provisional) == (due, False)


@pytest.mark.parametrize(
    ("today", "missed"),
    [
        (date(2026, 10, 31), None),
        (date(2026, 11, 1), 2027),
        (date(2026, 12, 31), 2027),
        (date(2027, 1, 1), 2027),
        (date(2025, 11, 30), None),
    ],
)
def test_from_november_the_next_year_is_missed(today: date, missed: int | None) -> None:
    assert unpublished(today) == missed


def test_a_period_into_an_unpublished_year_is_provisional() -> None:
    found = due_after(beijing("2026-12-29T09:00"), 3)
    assert (last_day(found.at), found.provisional) == ("2027-01-01", True)


def test_one_guessed_day_on_the_way_makes_a_due_date_provisional() -> None:
    found = due_after(beijing("2003-12-30T09:00"), 3)
    assert (last_day(found.at), found.provisional) == ("2004-01-05", True)
    assert not is_working_day(date(2004, 1, 5)).provisional


def test_the_day_of_the_event_is_the_day_in_beijing() -> None:
    before_midnight = datetime(2026, 11, 23, 15, 59, 59, tzinfo=UTC)
    assert last_day(due_after(before_midnight, 1).at) == "2026-11-24"
    assert last_day(due_after(before_midnight + timedelta(seconds=1), 1).at) == "2026-11-25"


def test_a_due_moment_is_utc() -> None:
    assert due_after(beijing("2026-11-23T10:00"), 1).at == datetime(2026, 11, 24, 16, tzinfo=UTC)
    assert due_after(beijing("2026-11-23T10:00"), 1).at.tzinfo is UTC


@pytest.mark.parametrize(
    "day", ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
)
def test_the_make_up_days_of_2026_are_worked(day: str) -> None:
    assert is_working_day(date.fromisoformat(day)) == (True, False)
    assert date.fromisoformat(day).weekday() >= 5


@pytest.mark.parametrize(
    ("day", "worked", "provisional"),
    [
        ("2026-10-01", False, False),
        ("2026-11-24", True, False),
        ("2026-11-22", False, False),
        ("2027-01-01", True, True),
        ("2027-01-02", False, True),
        ("2003-12-31", True, True),
    ],
)
def test_a_year_that_is_not_published_is_judged_by_the_days_of_the_week(
    day: str, worked: bool, provisional: bool
) -> None:
    answer = is_working_day(date.fromisoformat(day))
    assert answer == (worked, provisional)
    assert bool(answer) is worked


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        ("2026-11-24T08:29:59", False),
        ("2026-11-24T08:30:00", True),
        ("2026-11-24T17:59:59", True),
        ("2026-11-24T18:00:00", False),
        ("2026-11-22T10:00:00", False),
        ("2026-10-10T10:00:00", True),
    ],
)
def test_offices_are_open_from_half_past_eight_to_six_on_working_days(moment: str, open_: bool) -> None:
    assert in_office_hours(beijing(moment)) is open_


def test_a_time_without_zone_is_refused() -> None:
    naive = datetime(2026, 11, 24, 10)  # noqa: DTZ001
    for ask in (in_office_hours, lambda moment: due_after(moment, 1)):
        with pytest.raises(ValueError, match="without zone"):
            ask(naive)


@pytest.mark.parametrize("days", [0, -1])
def test_a_period_without_a_day_is_refused(days: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        due_after(beijing("2026-11-24T10:00"), days)


MOMENTS = st.datetimes(datetime(2003, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS, st.integers(1, 30))
def test_as_many_days_are_worked_until_the_due_moment_as_were_given(moment: datetime, days: int) -> None:
    due = due_after(moment, days)
    first = moment.astimezone(BEIJING).date()
    span = (due.at.astimezone(BEIJING).date() - first).days
    between = [is_working_day(first + timedelta(days=n)) for n in range(1, span)]
    assert sum(answer.yes for answer in between) == days
    assert between[-1].yes
    assert due.provisional == any(answer.provisional for answer in between)

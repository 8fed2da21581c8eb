"""Working days and office hours in Beijing. Pure.

The State Council fixes the holidays and the make-up working days of a year about November of the year before;
`chinesecalendar` carries them from 2004 on. A year it does not carry yet is answered by the Monday-to-Friday
rule and marked `provisional`: nothing is overdue on a provisional date (domain handbook 9).
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

import chinese_calendar  # type: ignore[import-untyped]

from common.clock import BEIJING

OPENS, CLOSES = time(8, 30), time(18)
PUBLISHED_BY = (11, 1)
"""Month and day from which the arrangement of the next year may be out, and is missed."""
ONE_DAY = timedelta(days=1)
SATURDAY = 5


class WorkingDay(NamedTuple):
    """Whether a day is worked, and whether that is a guess because its year is not published."""

    yes: bool
    provisional: bool

    def __bool__(self) -> bool:
        return self.yes


class Due(NamedTuple):
    """The moment (UTC) a period ends, and whether a day on the way there was a guess."""

    at: datetime
    provisional: bool


def is_working_day(day: date) -> WorkingDay:
    """Whether the offices of `day` are open; a make-up Saturday or Sunday is worked."""
    try:
        return WorkingDay(chinese_calendar.is_workday(day), provisional=False)
    except NotImplementedError:
        return WorkingDay(day.weekday() < SATURDAY, provisional=True)


def due_after(moment: datetime, working_days: int) -> Due:
    """The end, at 24:00, of the last of `working_days` after an event at `moment`.

    The first of them is the next working day after the day of the event, in Beijing, also where the event
    falls on a rest day. ValueError for a naive `moment` or fewer than one day.
    """
    if working_days < 1:
        raise ValueError("a period has at least one working day")
    day = _in_beijing(moment).date()
    left, provisional = working_days, False
    while left:
        day += ONE_DAY
        worked = is_working_day(day)
        provisional |= worked.provisional
        left -= worked.yes
    return Due(_at(day + ONE_DAY, time()), provisional)


def unpublished(today: date) -> int | None:
    """The year whose holidays should be known `today` and are not: this one, or from November the next."""
    next_is_due = (today.month, today.day) >= PUBLISHED_BY
    years = range(today.year, today.year + 1 + next_is_due)
    return next((year for year in years if is_working_day(date(year, 1, 1)).provisional), None)


def in_office_hours(moment: datetime) -> bool:
    """Whether offices are open at `moment`: 08:30 to 18:00 in Beijing on a working day."""
    local = _in_beijing(moment)
    return OPENS <= local.time() < CLOSES and is_working_day(local.date()).yes


def _in_beijing(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a time without zone belongs to no day in Beijing")
    return moment.astimezone(BEIJING)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, BEIJING).astimezone(UTC)

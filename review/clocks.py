"""By when a case is to be judged and reported, by its severity. Pure.

Source: the severity table of the domain handbook, a proposal for every place to confirm. S1 and S2 run day
and night; S3 counts working days; S4 ends with the next quarter. A day counted without the calendar of its
year is provisional, and nothing is overdue by it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from common.clock import BEIJING
from registry.calendar import due_after

JUDGE = {"S1": timedelta(minutes=30), "S2": timedelta(hours=4)}
REPORT = {"S1": timedelta(hours=1), "S2": timedelta(hours=24)}
URGENT = frozenset(JUDGE)
"""These run day and night."""
WORKING_DAYS = {"S3": 5}
SECOND_PERSON = timedelta(hours=4)
"""A decision taken alone on night duty, or a report, is countersigned within this time."""
RECHECKS = (timedelta(days=7), timedelta(days=30))
"""So long after its disposal a case is looked at again."""
REPEAT = timedelta(days=180)
"""A second confirmed counterfeit of one account within this time weighs one level more."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """When a case is due, in UTC, and from when that is counted.

    `provisional` if it hangs on a day that was counted without the calendar of its year.
    """

    judge_by: datetime
    report_by: datetime
    provisional: bool
    since: datetime


def deadlines(severity: str, since: datetime) -> Deadlines:
    """The deadlines of a case of `severity` whose clock started at `since`. KeyError for no severity."""
    if severity in JUDGE:
        return Deadlines(since + JUDGE[severity], since + REPORT[severity], False, since)
    if severity == "S4":
        end = end_of_next_quarter(since)
        return Deadlines(end, end, False, since)
    due = due_after(since, WORKING_DAYS[severity])
    return Deadlines(due.at, due.at, due.provisional, since)


def end_of_next_quarter(moment: datetime) -> datetime:
    """24:00 in Beijing on the last day of the quarter after that of `moment`; in UTC."""
    local = moment.astimezone(BEIJING)
    months = local.year * 12 + (local.month - 1) // 3 * 3 + 6
    return start_of(date(months // 12, months % 12 + 1, 1))


def start_of(day: date) -> datetime:
    """00:00 of `day` in Beijing; in UTC."""
    return datetime.combine(day, time(), BEIJING).astimezone(UTC)


def today(moment: datetime) -> date:
    """The day in Beijing at `moment`."""
    return moment.astimezone(BEIJING).date()


def raised(former: Deadlines, severity: str, now: datetime) -> Deadlines:
    """The deadlines of a case that is of a higher `severity` since `now`: never later than they were.

    The clock of the new level starts with the raising: from detection it could be over before anybody knew.
    """
    new = deadlines(severity, now)
    if former.provisional:
        return new
    return _joined(min(former.judge_by, new.judge_by), min(former.report_by, new.report_by), new)


def lowered(former: Deadlines, severity: str, detected_at: datetime) -> Deadlines:
    """The deadlines of a case that is of a lower `severity` now: never earlier than they were."""
    new = deadlines(severity, detected_at)
    return _joined(max(former.judge_by, new.judge_by), max(former.report_by, new.report_by), new)


def _joined(judge_by: datetime, report_by: datetime, new: Deadlines) -> Deadlines:
    """Of two deadlines, which hang on a guess only if that of `new` was chosen."""
    return Deadlines(judge_by, report_by, new.provisional and judge_by == new.judge_by, new.since)

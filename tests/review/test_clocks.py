"""The clocks of the handbook's severity table."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review import clocks
from review.clocks import Deadlines

TUESDAY = datetime(2026, 11, 24, 4, tzinfo=UTC)  # 12:00 in Beijing
IN_2026 = st.integers(0, 333 * 86400).map(lambda s: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=s))
SEVERITIES = ("S1", "S2", "S3", "S4")


def midnight(year: int, month: int, day: int) -> datetime:
    """24:00 in Beijing of the day before."""
    return datetime(year, month, day, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("severity", "judge_by", "report_by"),
    [
        ("S1", TUESDAY + timedelta(minutes=30), TUESDAY + timedelta(hours=1)),
        ("S2", TUESDAY + timedelta(hours=4), TUESDAY + timedelta(hours=24)),
        ("S3", midnight(2026, 12, 2), midnight(2026, 12, 2)),
        ("S4", midnight(2027, 4, 1), midnight(2027, 4, 1)),
    ],
)
def test_each_severity_has_its_clock(severity: str, judge_by: datetime, report_by: datetime) -> None:
    assert clocks.deadlines(severity, TUESDAY) == Deadlines(judge_by, report_by, False, TUESDAY)


def test_s3_counts_make_up_days_and_skips_holidays() -> None:
    before_the_national_day = datetime(2026, 9, 30, 4, tzinfo=UTC)
    # 8, 9 and Saturday 10 October, then 12 and 13.
    assert clocks.deadlines("S3", before_the_national_day).judge_by == midnight(2026, 10, 14)


def test_a_day_of_a_year_without_calendar_is_provisional() -> None:
    assert clocks.deadlines("S3", datetime(2026, 12, 29, tzinfo=UTC)).provisional
    assert not clocks.deadlines("S2", datetime(2026, 12, 31, tzinfo=UTC)).provisional


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        (midnight(2026, 1, 1), midnight(2026, 7, 1)),
        (midnight(2026, 4, 1) - timedelta(seconds=1), midnight(2026, 7, 1)),
        (midnight(2026, 4, 1), midnight(2026, 10, 1)),
        (midnight(2026, 7, 1), midnight(2027, 1, 1)),
        (midnight(2027, 1, 1) - timedelta(seconds=1), midnight(2027, 4, 1)),
    ],
)
def test_s4_ends_with_the_next_quarter(moment: datetime, end: datetime) -> None:
    assert clocks.end_of_next_quarter(moment) == end


def test_days_begin_and_end_in_beijing() -> None:
    assert clocks.today(datetime(2026, 11, 24, 15, 59, tzinfo=UTC)) == date(2026, 11, 24)
    assert clocks.today(datetime(2026, 11, 24, 16, 0, tzinfo=UTC)) == date(2026, 11, 25)
    assert clocks.start_of(date(2026, 11, 25)) == datetime(2026, 11, 24, 16, tzinfo=UTC)


def test_an_unknown_severity_has_no_clock() -> None:
    with pytest.raises(KeyError):
        clocks.deadlines("S5", TUESDAY)


@given(IN_2026, st.sampled_from(SEVERITIES), st.timedeltas(timedelta(0), timedelta(days=20)))
def test_a_raised_case_is_due_no_later_and_a_lowered_one_no_earlier(
    detected: datetime, severity: str, passed: timedelta
) -> None:
    former, now = clocks.deadlines(severity, detected), detected + passed
    for higher in SEVERITIES[: SEVERITIES.index(severity)]:
        raised = clocks.raised(former, higher, now)
        assert former.provisional or raised.judge_by <= former.judge_by
        assert raised.judge_by <= clocks.deadlines(higher, now).judge_by
    for lower in SEVERITIES[SEVERITIES.index(severity) + 1 :]:
        lowered = clocks.lowered(former, lower, detected)
        assert lowered.judge_by >= former.judge_by
        assert lowered.report_by >= former.report_by


def test_what_is_raised_late_is_not_overdue_at_once() -> None:
    former = clocks.deadlines("S2", TUESDAY)
    noticed = TUESDAY + timedelta(hours=2)
    assert clocks.raised(former, "S1", noticed).judge_by == noticed + timedelta(minutes=30)


def test_a_deadline_hangs_on_a_guess_only_where_the_guess_was_chosen() -> None:
    new_year = datetime(2026, 12, 30, tzinfo=UTC)
    near = clocks.Deadlines(new_year, new_year, False, TUESDAY)
    far = clocks.deadlines("S4", new_year)
    assert not clocks.raised(near, "S3", new_year).provisional
    assert clocks.raised(far, "S3", new_year).provisional
    assert not clocks.lowered(far, "S3", new_year).provisional


def test_a_certain_deadline_takes_the_place_of_a_guess() -> None:
    guess = Deadlines(TUESDAY, TUESDAY, True, TUESDAY)
    assert clocks.raised(guess, "S2", TUESDAY) == clocks.deadlines("S2", TUESDAY)

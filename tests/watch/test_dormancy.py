"""Dormancy verdicts. All times are given in Beijing time; 2026-11-24 is a Tuesday."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.clock import BEIJING
from watch.dormancy import Look, Problem, dormant_veto, slow_update
from watch.profiles import limit

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=BEIJING)
LONG_AGO = datetime(2020, 1, 1, tzinfo=BEIJING)


def look(*hours_ago: float, looked: float = 1, since: datetime | None = LONG_AGO) -> Look:
    times = [NOW - timedelta(hours=hours) for hours in hours_ago]
    return Look(times, NOW - timedelta(hours=looked), since)


class TestDormantVeto:
    @pytest.mark.parametrize(
        ("hours", "verdict"),
        [
            (0, "in_time"),
            (10 * 24 - 1, "in_time"),
            (10 * 24, "due_soon"),
            (14 * 24, "due_soon"),
            (14 * 24 + 2, "lapsed"),
        ],
    )
    def test_the_gap_runs_in_hours_from_the_last_publication(self, hours: float, verdict: str) -> None:
        assert dormant_veto(look(hours, hours + 50), 14, NOW).verdict == verdict

    def test_a_warning_says_how_many_days_are_left(self) -> None:
        reason = dormant_veto(look(13 * 24), 14, NOW).reason
        assert "再过1天" in reason.zh
        assert "1 day to the 14-day veto" in reason.en

    def test_an_account_alive_at_the_last_look_is_not_condemned_without_a_new_one(self) -> None:
        verdict = dormant_veto(look(14 * 24 + 2, looked=5), 14, NOW)
        assert verdict.verdict == "not_observed"

    def test_a_look_older_than_two_days_says_nothing(self) -> None:
        verdict = dormant_veto(look(60, looked=49), 14, NOW)
        assert verdict.verdict == "not_observed"
        assert "2026-11-22 11:00" in verdict.reason.zh

    def test_an_empty_timeline_seen_whole_is_a_lapse(self) -> None:
        assert dormant_veto(look(), 14, NOW).reason.code == "never_published"

    def test_an_empty_timeline_seen_in_part_is_not_observed(self) -> None:
        assert dormant_veto(look(since=NOW - timedelta(days=3)), 14, NOW).verdict == "not_observed"
        assert dormant_veto(look(since=None), 14, NOW).verdict == "not_observed"

    def test_a_failed_look_is_told_with_its_cause(self) -> None:
        failed = Look((), None, None, Problem("平台未启用", "platform not enabled"))
        verdict = dormant_veto(failed, 14, NOW)
        assert verdict.verdict == "not_observed"
        assert verdict.reason.zh == "未能观察：平台未启用"

    def test_a_publication_dated_in_the_future_does_not_keep_an_account_alive(self) -> None:
        assert dormant_veto(look(-500, 20 * 24), 14, NOW).verdict == "lapsed"


class TestSlowUpdate:
    """The last closed week runs from Monday 2026-11-16 00:00 to Sunday 2026-11-22 24:00."""

    IN_WEEK = [72.0, 100.0, 150.0]

    @pytest.mark.parametrize(("count", "verdict"), [(3, "in_time"), (2, "lapsed"), (0, "lapsed")])
    def test_the_closed_week_is_counted(self, count: int, verdict: str) -> None:
        assert slow_update(look(*self.IN_WEEK[:count]), 3, None, NOW).verdict == verdict

    @pytest.mark.parametrize(
        ("moment", "counted"),
        [
            (datetime(2026, 11, 16, 0, 0, tzinfo=BEIJING), True),
            (datetime(2026, 11, 15, 23, 59, tzinfo=BEIJING), False),
            (datetime(2026, 11, 22, 23, 59, tzinfo=BEIJING), True),
            (datetime(2026, 11, 23, 0, 0, tzinfo=BEIJING), False),
        ],
    )
    def test_the_week_begins_on_monday_in_beijing(self, moment: datetime, counted: bool) -> None:
        seen = Look([moment], NOW, LONG_AGO)
        assert slow_update(seen, 1, None, NOW).inputs["publications"] == int(counted)

    def test_too_few_in_an_incomplete_look_is_not_observed(self) -> None:
        since = datetime(2026, 11, 18, tzinfo=BEIJING)
        assert slow_update(look(72, since=since), 3, None, NOW).verdict == "not_observed"
        assert slow_update(look(72, looked=60), 3, None, NOW).verdict == "not_observed"

    def test_enough_in_an_incomplete_look_passes(self) -> None:
        since = datetime(2026, 11, 18, tzinfo=BEIJING)
        assert slow_update(look(*self.IN_WEEK, since=since), 3, None, NOW).verdict == "in_time"

    def test_the_first_week_in_service_is_not_judged(self) -> None:
        verdict = slow_update(look(), 1, date(2026, 11, 17), NOW)
        assert (verdict.verdict, verdict.reason.code) == ("in_time", "first_week")
        assert slow_update(look(), 1, date(2026, 11, 16), NOW).verdict == "lapsed"

    def test_from_saturday_on_a_week_still_short_is_due_soon(self) -> None:
        saturday = datetime(2026, 11, 21, 9, 0, tzinfo=BEIJING)
        last_week = [datetime(2026, 11, day, 9, 0, tzinfo=BEIJING) for day in (9, 10, 11)]
        assert slow_update(Look(last_week, saturday, LONG_AGO), 3, None, saturday).verdict == "due_soon"
        friday = saturday - timedelta(days=1)
        assert slow_update(Look(last_week, friday, LONG_AGO), 3, None, friday).verdict == "in_time"

    def test_publications_dated_in_the_future_do_not_fill_the_running_week(self) -> None:
        saturday = datetime(2026, 11, 21, 9, 0, tzinfo=BEIJING)
        last_week = [datetime(2026, 11, day, 9, 0, tzinfo=BEIJING) for day in (9, 10, 11)]
        ahead = [saturday + timedelta(days=400 + n) for n in range(3)]
        verdict = slow_update(Look([*last_week, *ahead], saturday, LONG_AGO), 3, None, saturday)
        assert verdict.verdict == "due_soon"


@given(
    hours=st.lists(st.floats(0, 2000), max_size=20),
    looked=st.one_of(st.none(), st.floats(0, 200)),
    back=st.one_of(st.none(), st.floats(0, 2000)),
)
def test_nothing_lapses_on_an_incomplete_look(
    hours: list[float], looked: float | None, back: float | None
) -> None:
    since = None if back is None else NOW - timedelta(hours=back)
    at = None if looked is None else NOW - timedelta(hours=looked)
    seen = Look([NOW - timedelta(hours=h) for h in hours], at, since)
    if dormant_veto(seen, 14, NOW).verdict == "lapsed":
        assert at is not None
        assert not any(moment > at - timedelta(days=14) for moment in seen.times)
    if slow_update(seen, 3, None, NOW).verdict == "lapsed":
        assert since is not None
        assert since <= datetime(2026, 11, 16, tzinfo=BEIJING)


class TestProfiles:
    HENAN, ELSEWHERE = "/CN/410000/410100/", "/CN/440000/440100/"

    def test_the_weekly_limits_hold_in_henan_only(self) -> None:
        weekly = limit("updates_core", self.HENAN, date(2026, 1, 1))
        assert weekly is not None
        assert (weekly.value, weekly.profile.code) == (3, "henan-2019")
        assert limit("updates_core", self.ELSEWHERE, date(2026, 1, 1)) is None

    def test_a_limit_the_province_does_not_name_falls_through_to_the_national_one(self) -> None:
        gap = limit("veto_gap_days", self.HENAN, date(2026, 1, 1))
        assert gap is not None
        assert (gap.value, gap.profile.code) == (14, "national-2019-19")

    def test_a_profile_does_not_hold_before_its_first_day(self) -> None:
        assert limit("updates_core", self.HENAN, date(2019, 8, 4)) is None
        assert limit("updates_core", self.HENAN, date(2019, 8, 5)) is not None

"""Reading what was looked at."""

from datetime import timedelta

import pytest

from common import clock
from observations import selectors
from observations.models import Sighting
from observations.selectors import NEVER_ASKED, Gap, Standing, Unchecked
from tests import cast as people
from tests.cast import Cast, Province


def test_each_sees_the_coverage_of_its_own_accounts(place: Province, everybody: Cast) -> None:
    people.coverage(place.zhengzhou_account)
    people.coverage(place.guangdong_account)
    seen = {
        user.username: {account.name for account in selectors.visible_coverage(user, "search", clock.now())}
        for user in everybody
    }
    assert seen == {
        "li": {"郑州发布", "开封发布"},
        "wang": {"郑州发布"},
        "zhao": {"郑州发布"},
        "chen": {"郑州发布", "开封发布"},
        "sun": set(),
        "zhou": {"广东发布"},
        "gao": {"郑州发布"},
        "wu": {"郑州发布"},
        "he": {"郑州发布", "开封发布"},
        "feng": {"郑州发布", "开封发布"},
        "qian": {"郑州发布", "开封发布"},
    }


def test_an_account_without_a_row_is_never_asked(place: Province, everybody: Cast) -> None:
    people.coverage(place.zhengzhou_account, "blocked")
    people.coverage(place.zhengzhou_account, "no_access", platform="weibo")
    assert selectors.standings(selectors.visible_coverage(everybody.reviewer, "search", clock.now())) == [
        Standing("", NEVER_ASKED, 1),
        Standing("mastodon", "blocked", 1),
        Standing("weibo", "no_access", 1),
    ]


def test_coverage_of_the_other_purpose_does_not_count(place: Province, everybody: Cast) -> None:
    people.coverage(place.zhengzhou_account, "checked", purpose="self")
    coverage = selectors.visible_coverage(everybody.duty_officer, "search", clock.now())
    assert selectors.standings(coverage) == [Standing("", NEVER_ASKED, 1)]


def test_what_was_not_checked_is_summed_by_reason_most_first(place: Province, everybody: Cast) -> None:
    people.coverage(place.zhengzhou_account, "checked")
    people.coverage(place.kaifeng_account, "partial")
    for platform in ("weibo", "wechat"):
        people.coverage(place.zhengzhou_account, "no_access", platform=platform)
    people.coverage(
        people.account("平安", "pa", place.kaifeng_account.unit, "9"), "no_access", platform="weibo"
    )
    found = selectors.unchecked(selectors.visible_coverage(everybody.reviewer, "search", clock.now()))
    assert [(gap.state, gap.accounts) for gap in found] == [
        ("no_access", 2),
        ("no_access", 1),
        ("partial", 1),
    ]
    assert found[0].reason == {"zh": "weibo：no_access的原因", "en": "weibo: why no_access"}


def test_gaps_are_one_line_a_state_the_worst_first() -> None:
    why, other = {"zh": "甲", "en": "a"}, {"zh": "乙", "en": "b"}
    found = [Unchecked("partial", why, 9), Unchecked("partial", other, 2), Unchecked("failed", other, 1)]
    assert selectors.gaps(found) == [Gap("failed", 1, other, 0), Gap("partial", 11, why, 1)]


def test_nobody_asked_is_a_gap_without_a_reason(place: Province, everybody: Cast) -> None:
    [gap] = selectors.unchecked(selectors.visible_coverage(everybody.duty_officer, "search", clock.now()))
    assert (gap.state, gap.reason, gap.accounts) == (NEVER_ASKED, None, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(("ago", "state"), [(0, "alive"), (300, "alive"), (301, "silent")])
def test_a_process_is_silent_after_five_minutes(ago: int, state: str) -> None:
    people.heartbeat("ticker", people.MORNING - timedelta(seconds=ago))
    states = {process.name: process.state for process in selectors.processes(people.MORNING)}
    assert states == {**dict.fromkeys(selectors.PERMANENT, "never"), "ticker": state}
    assert {"web", "sequencer", "scan", "deliver"} <= states.keys()


@pytest.mark.parametrize("state", ["checked", "partial", "failed"])
def test_a_ledger_that_nobody_keeps_is_no_longer_believed(
    place: Province, everybody: Cast, state: str
) -> None:
    people.coverage(place.zhengzhou_account, state)
    for hours, believed in ((23, state), (25, "failed" if state == "failed" else "deferred")):
        at = clock.now() + timedelta(hours=hours)
        [account] = selectors.visible_coverage(everybody.duty_officer, "search", at)
        assert account.coverage_state == believed
        assert (account.coverage_reason == selectors.STALE) == (believed == "deferred")


@pytest.mark.django_db
def test_a_scan_that_fails_each_time_is_silent_and_other_work_rests() -> None:
    for name in ("scan", "report"):
        people.heartbeat(name, people.MORNING - timedelta(hours=2))
    states = {process.name: process.state for process in selectors.processes(people.MORNING)}
    assert (states["scan"], states["report"]) == ("silent", "at_rest")


def test_an_account_was_first_seen_with_its_first_look_and_last_with_its_last_sighting(
    place: Province,
) -> None:
    early, late = people.MORNING - timedelta(days=3), people.MORNING + timedelta(hours=2)
    first = people.observation("郑州发布网", "h", "9", answer=people.response(at=early))
    renamed = people.observation("郑州発布", "h", "9", answer=people.response())
    Sighting.objects.create(observation=first, response=people.response(at=late), rank=4)
    assert selectors.first_and_last(renamed) == (early, late)
    assert [sighting.rank for sighting in selectors.sightings_of(renamed)] == [4, 1, 1]


def test_the_newest_look_at_an_account_is_taken(place: Province) -> None:
    assert selectors.newest_look(place.zhengzhou_account) is None
    people.observation(
        "郑州发布", "old", "1001", answer=people.response(at=people.MORNING - timedelta(days=1))
    )
    newest = people.observation("郑州发布", "new", "1001")
    assert selectors.newest_look(place.zhengzhou_account) == newest


@pytest.mark.django_db
def test_the_last_runs_are_the_newest() -> None:
    people.run(people.MORNING - timedelta(hours=1))
    newest = people.run()
    assert selectors.last_runs(1) == [newest]

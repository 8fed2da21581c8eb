"""The main job when the world does not keep still: platforms go down, parents die, two scan at once."""

import json
import os
import signal
import time

import pytest

from tests.crash import Ground
from tests.installation import Installation, loopback
from tests.tap import Tap

LET_THROUGH = 8


@pytest.fixture
def installation(ground: Ground) -> Installation:
    """An installation that has not scanned yet."""
    return ground.fresh.copy(ground.folder)


def test_a_platform_that_goes_down_leaves_unreached_accounts_not_checked(ground: Ground) -> None:
    installation = ground.scanned.copy(ground.folder)
    checked_before = installation.query("SELECT purpose, last_checked_at FROM observations_coverage")
    with Tap(ground.tap.behind) as tap:
        tap.close_after(LET_THROUGH)
        installation.settings |= loopback(tap.home)
        installation.query("UPDATE observations_source SET base_url = ?", tap.home)
        began = time.monotonic()
        scanned = json.loads(installation.run("scan", "--now", "--json"))
        took = time.monotonic() - began

    questions = installation.query("SELECT stage, state, reason FROM observations_task")
    unreached = [question for question in questions if question[1] not in ("ok", "empty", "not_found")]
    assert len(questions) - len(unreached) == LET_THROUGH
    assert {state for _, state, _ in unreached} == {"error", "deferred"}
    # Three tries, then the host is left alone: no hammering, and no waiting either.
    assert sum(state == "error" for _, state, _ in unreached) <= 3
    assert all(reason for _, _, reason in unreached)
    assert took < 15

    assert scanned["coverage"].get("search.checked", 0) == 0
    ((state, reason, last),) = installation.query(
        "SELECT state, reason, last_checked_at FROM observations_coverage WHERE purpose = 'search'"
    )
    assert state == "partial"
    assert "unreachable" in reason
    assert last >= dict(checked_before)["search"]


def test_a_platform_that_is_gone_leaves_the_time_of_the_last_look(ground: Ground) -> None:
    installation = ground.scanned.copy(ground.folder)
    lines = "SELECT purpose, last_checked_at FROM observations_coverage ORDER BY purpose"
    before = installation.query(lines)
    installation.query("UPDATE observations_source SET base_url = ?", "http://127.0.0.1:1")
    scanned = json.loads(ground.killer.must("scan", "--now", "--json"))
    assert installation.query(lines) == before
    assert not any(name.endswith(".checked") for name in scanned["coverage"])
    reasons = installation.query("SELECT reason FROM observations_coverage")
    assert all("zh" in json.loads(reason) for (reason,) in reasons)


def crawling(installation: Installation) -> bool:
    """Whether a crawl child of the installation has an answer in its spool."""
    return any(path.suffix == ".part" and path.stat().st_size > 1000 for path in installation.spooled())


def test_of_two_scans_one_asks_and_when_its_parent_is_killed_the_next_makes_good(
    ground: Ground, installation: Installation
) -> None:
    slow = Installation(installation.folder, installation.settings | {"ZHENWEI_LOOPBACK_POLITENESS": "on"})
    with slow.start("scan") as first:
        while not crawling(installation):
            assert first.poll() is None
            time.sleep(0.02)
        assert "another scan is asking" in ground.killer.must("scan")
        assert installation.query("SELECT count(*) FROM observations_crawlrun") == [(1,)]

        os.kill(first.pid, signal.SIGKILL)
        began = time.monotonic()
        installation.wait_for_children()
        assert time.monotonic() - began < 2
    ground.finish(installation)
    assert installation.differs_from(ground.undisturbed) == {}


def test_a_scan_with_nothing_due_says_when_the_next_is(ground: Ground) -> None:
    installation = ground.scanned.copy(ground.folder)
    assert "the next question can be asked at" in ground.killer.must("scan")
    installation.query("UPDATE observations_task SET due_at = '2000-01-01 00:00:00'")
    installation.query("UPDATE observations_hostlease SET not_before = '2099-01-01 00:00:00'")
    assert "can be asked at 2099-01-01 08:00 Beijing time" in ground.killer.must("scan")
    installation.query("UPDATE observations_hostlease SET not_before = '2000-01-01 00:00:00'")
    installation.query("UPDATE observations_hostlease SET spent = 1000000")
    assert "are spent" in ground.killer.must("scan")
    installation.query("UPDATE observations_source SET enabled = 0")
    assert "no platform is enabled" in ground.killer.must("scan")

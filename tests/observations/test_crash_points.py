"""Killed at any named point, the next scan ends as if nothing had happened: nothing lost, nothing doubled."""

import re

import pytest

from common.datafolder import CHECKOUT
from tests.audit_logs.crash_driver import POINTS as AUDIT_POINTS
from tests.crash import CHILD, KILLED, PARENT, SEQUENCER, SPOOL_EVENTS, Ground
from tests.installation import Installation

HARM: dict[str, tuple[int, list[tuple[str, str]]]] = {
    "host": (429, [("Retry-After", "3600")]),
    "challenge": (401, []),
}
"""What a platform must do for the crawl child to write these events."""
LET_THROUGH = 10
HARMED = [point for point in CHILD if point.rpartition(".")[2] in HARM]
IN_A_ROW = (
    "crawl.after_begin_commit",
    "spool.before_flush.task",
    "spool.after_flush.rows",
    "ingest.after_captures",
    "ingest.before_commit",
    "ingest.after_commit",
    "crawl.before_end_commit",
    "crawl.after_end_commit",
)


@pytest.mark.parametrize("point", [point for point in (*CHILD, *PARENT) if point not in HARMED])
def test_a_scan_killed_anywhere_is_made_good_by_the_next(ground: Ground, point: str) -> None:
    installation = ground.fresh.copy(ground.folder)
    ground.kill_scan(point)
    spooled = installation.spooled_answers()
    ground.finish(installation)
    assert installation.differs_from(ground.undisturbed) == {}
    # Every answer that was written is stored, and only the one in flight was asked for again.
    assert spooled.items() <= installation.stored_answers().items()
    asked = "SELECT count(*) FROM observations_response WHERE task_id IS NOT NULL"
    assert installation.query(asked)[0][0] <= len(ground.undisturbed["questions"]) + 1


def test_kills_in_a_row_are_made_good_together(ground: Ground) -> None:
    installation = ground.fresh.copy(ground.folder)
    for point in IN_A_ROW:
        ground.kill_scan(point)
    ground.finish(installation)
    assert installation.differs_from(ground.undisturbed) == {}


def scan_while_closing(ground: Ground, event: str, killed_at: str = "") -> Installation:
    """Scan a platform that lets a few calls through, then does what makes the child write `event`."""
    installation = ground.fresh.copy(ground.folder)
    installation.query("UPDATE observations_source SET base_url = ?", ground.tap.home)
    ground.tap.close_after(LET_THROUGH, *HARM[event])
    if killed_at:
        ground.kill_scan(killed_at)
    ground.finish(installation)
    return installation


@pytest.mark.parametrize("event", HARM)
def test_a_crawl_killed_while_a_platform_closes_counts_nothing_as_checked(ground: Ground, event: str) -> None:
    undisturbed = scan_while_closing(ground, event).facts()
    for point in (f"spool.before_flush.{event}", f"spool.after_flush.{event}"):
        installation = scan_while_closing(ground, event, killed_at=point)
        facts = installation.facts()
        for name in ("observations", "sightings", "publications", "suspects", "findings"):
            assert facts[name] == undisturbed[name]
        answered = "SELECT count(*) FROM observations_task WHERE state IN ('ok', 'empty', 'not_found')"
        assert installation.query(answered) == [(LET_THROUGH,)]
        searched = "SELECT DISTINCT state FROM observations_coverage WHERE purpose = 'search'"
        assert installation.query(searched) == [("partial",)]


@pytest.mark.parametrize("point", SEQUENCER)
def test_a_sequencer_killed_anywhere_leaves_each_event_one_number(ground: Ground, point: str) -> None:
    installation = ground.scanned.copy(ground.folder)
    code, output = ground.killer.run("sequence", "--once", crash_at=point)
    assert code == KILLED, f"nobody died at {point}: {output}"
    installation.let_leases_end()
    ground.finish(installation)
    assert installation.differs_from(ground.undisturbed) == {}


def killed_elsewhere() -> set[str]:
    """What the kill tests and drivers of the packages name."""
    files = [path for name in ("*kill.py", "*_driver.py") for path in (CHECKOUT / "tests").rglob(name)]
    return {
        point for path in files for point in re.findall(r'"([a-z_]+\.\w+)"', path.read_text(encoding="utf-8"))
    }


def test_every_crash_point_in_the_code_is_killed_at() -> None:
    named = set()
    for path in CHECKOUT.glob("*/*.py"):
        if path.parent.name in ("tests", "common"):
            continue
        for point in re.findall(r'crash_point\(f?"([^"]+)"\)', path.read_text(encoding="utf-8")):
            head, brace, _ = point.partition("{")
            named |= {head + event for event in SPOOL_EVENTS} if brace else {point}
    here = {*CHILD, *PARENT, *SEQUENCER, *AUDIT_POINTS}
    assert named - here <= killed_elsewhere()
    assert here <= named
    assert set(SEQUENCER) <= set(AUDIT_POINTS)


def test_the_list_of_spool_events_is_the_crawlers_own() -> None:
    written = re.findall(r'"event": "(\w+)"', (CHECKOUT / "crawlers/run.py").read_text(encoding="utf-8"))
    assert set(written) == set(SPOOL_EVENTS)

"""Killed at any named point, the next scan ends as if nothing had happened: nothing lost, nothing doubled."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from common.datafolder import CHECKOUT
from tests.audit_logs.crash_driver import POINTS as AUDIT_POINTS
from tests.crash import CHILD, PARENT, SEQUENCER, SPOOL_EVENTS, Killer
from tests.installation import (
    REGISTERED,
    Facts,
    Installation,
    empty,
    example_platform,
    fill,
    loopback,
    small_province,
)
from tests.tap import Tap

KILLED = -9
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


@dataclass
class Ground:
    """A warm process, an installation before and after its first scan, and what that scan came to."""

    killer: Killer
    folder: Path
    tap: Tap
    fresh: Installation
    scanned: Installation
    undisturbed: Facts

    def kill_scan(self, point: str) -> None:
        """A scan that dies at `point`, or whose crawl child does."""
        code, output = self.killer.run("scan", crash_at=point)
        child_died = code == 0 and "the crawl process ended with status -9" in output
        assert child_died if point in CHILD else code == KILLED, f"nobody died at {point}: {output}"
        Installation(self.folder).wait_for_children()

    def finish(self, installation: Installation) -> None:
        """A normal scan and sequencer, after which the house is in order."""
        self.killer.must("scan")
        self.killer.must("sequence", "--once")
        assert installation.leftovers() == []
        assert self.killer.must("audit", "verify").startswith("intact to ")


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    base = tmp_path_factory.mktemp("crash")
    province = small_province(base / "province", REGISTERED[1:2])
    with example_platform(province) as home, Tap(home) as tap:
        var = empty(base / "var", loopback(home, tap.home))
        with Killer(var) as killer:
            fill(killer.must, province, home)
            fresh = var.copy(base / "fresh")
            killer.must("scan")
            scanned = var.copy(base / "scanned")
            assert len(scanned.facts()["suspects"]) == 2
            yield Ground(killer, var.folder, tap, fresh, scanned, scanned.facts())


@pytest.mark.parametrize("point", [point for point in (*CHILD, *PARENT) if point not in HARMED])
def test_a_scan_killed_anywhere_is_made_good_by_the_next(ground: Ground, point: str) -> None:
    installation = ground.fresh.copy(ground.folder)
    ground.kill_scan(point)
    ground.finish(installation)
    assert installation.facts() == ground.undisturbed


def test_kills_in_a_row_are_made_good_together(ground: Ground) -> None:
    installation = ground.fresh.copy(ground.folder)
    for point in IN_A_ROW:
        ground.kill_scan(point)
    ground.finish(installation)
    assert installation.facts() == ground.undisturbed


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
    assert installation.facts() == ground.undisturbed


def test_every_crash_point_in_the_code_is_killed_at() -> None:
    named = set()
    for path in CHECKOUT.glob("*/*.py"):
        if path.parent.name in ("tests", "common"):
            continue
        for point in re.findall(r'crash_point\(f?"([^"]+)"\)', path.read_text(encoding="utf-8")):
            head, brace, _ = point.partition("{")
            named |= {head + event for event in SPOOL_EVENTS} if brace else {point}
    imports = (CHECKOUT / "tests/registry/test_import_kill.py").read_text(encoding="utf-8")
    killed_there = re.findall(r'"(import\.\w+)"', imports)
    assert named == {*CHILD, *PARENT, *SEQUENCER, *AUDIT_POINTS, *killed_there}
    assert set(SEQUENCER) <= set(AUDIT_POINTS)


def test_the_list_of_spool_events_is_the_crawlers_own() -> None:
    written = re.findall(r'"event": "(\w+)"', (CHECKOUT / "crawlers/run.py").read_text(encoding="utf-8"))
    assert set(written) == set(SPOOL_EVENTS)

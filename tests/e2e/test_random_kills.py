"""Real processes, started as a person starts them and killed at random moments; the next run makes it good.

The moments come from a seed that stands in the name of the test: the same test kills at the same moments, as
far as the machine is equally fast. Every named point is hit in tests/observations/test_crash_points.py.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from common.datafolder import CHECKOUT
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

Kill = Callable[["World", Installation, random.Random], None]
EVENTS = """
from config import boot; boot.django()
from django.db import transaction
from audit_logs.record import record
with transaction.atomic():
    for number in range(4000):
        record("system:test", "test.event", ("nothing", str(number)), {"text": "演示" * 20})
"""


@dataclass(frozen=True)
class World:
    """An installation before and after its first scan, and what that scan came to in how many seconds."""

    fresh: Installation
    scanned: Installation
    undisturbed: Facts
    seconds: float


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    base = tmp_path_factory.mktemp("kills")
    province = small_province(base / "province", REGISTERED[:2])
    with example_platform(province) as home:
        var = empty(base / "var", loopback(home))
        fill(var.run, province, home)
        fresh = var.copy(base / "fresh")
        began = time.monotonic()
        var.run("scan")
        seconds = time.monotonic() - began
        scanned = var.copy(base / "scanned")
        subprocess.run([sys.executable, "-c", EVENTS], cwd=CHECKOUT, env=scanned.environment(), check=True)
        yield World(fresh, scanned, scanned.facts(), seconds)


def wait_until(happened: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Until it happened or the process ended."""
    while process.poll() is None and not happened():
        time.sleep(0.005)


def kill(pid: int) -> None:
    """Kill a process that may have ended by itself a moment ago."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def children(pid: int) -> list[int]:
    """The processes that `pid` started and that still are."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found


def kill_child(world: World, installation: Installation, chance: random.Random) -> None:
    """The crawl child, between its start and the time a scan takes."""
    with installation.start("scan") as process:
        wait_until(lambda: bool(children(process.pid)), process)
        time.sleep(chance.uniform(0, world.seconds * 0.7))
        for pid in children(process.pid):
            kill(pid)
        output, _ = process.communicate(timeout=120)
    assert process.returncode == 0, output


def kill_parent(world: World, installation: Installation, chance: random.Random) -> None:
    """The parent, which also ingests, from its first commit on."""
    with installation.start("scan") as process:
        wait_until(lambda: bool(installation.query("SELECT 1 FROM observations_crawlrun")), process)
        time.sleep(chance.uniform(0, world.seconds * 0.8))
        kill(process.pid)
    installation.wait_for_children()


def kill_sequencer(world: World, installation: Installation, chance: random.Random) -> None:
    """The sequencer, while it numbers thousands of events."""
    database = str(installation.folder / "zhenwei.sqlite3")

    def at_work() -> bool:
        files = Path(f"/proc/{process.pid}/fd").iterdir()
        return any(str(file.readlink()) == database for file in files)

    with installation.start("sequence", "--once") as process:
        try:
            wait_until(at_work, process)
        except FileNotFoundError:
            return
        time.sleep(chance.uniform(0, 1.0))
        kill(process.pid)
    installation.let_leases_end()


VICTIMS: dict[str, Kill] = {"child": kill_child, "parent": kill_parent, "sequencer": kill_sequencer}


@pytest.mark.parametrize("victim", VICTIMS)
@pytest.mark.parametrize(
    "kills",
    [
        pytest.param(2, marks=[pytest.mark.e2e, pytest.mark.smoke]),
        pytest.param(20, marks=pytest.mark.e2e),
        pytest.param(200, marks=pytest.mark.soak),
    ],
)
def test_a_kill_at_any_moment_loses_and_doubles_nothing(
    world: World, tmp_path: Path, victim: str, kills: int
) -> None:
    start = world.scanned if victim == "sequencer" else world.fresh
    for seed in range(kills):
        installation = start.copy(tmp_path / "var")
        VICTIMS[victim](world, installation, random.Random(f"{victim} {kills} {seed}"))
        installation.run("scan")
        installation.run("sequence", "--once")
        assert installation.leftovers() == [], f"kill number {seed}"
        assert installation.differs_from(world.undisturbed) == {}, f"kill number {seed}"
        assert installation.run("audit", "verify").startswith("intact"), f"kill number {seed}"


@pytest.mark.e2e
def test_two_scans_started_together_come_to_the_same_as_one(world: World, tmp_path: Path) -> None:
    for _ in range(5):
        installation = world.fresh.copy(tmp_path / "var")
        with installation.start("scan") as first, installation.start("scan") as second:
            outputs = [process.communicate(timeout=120)[0] for process in (first, second)]
        assert (first.returncode, second.returncode) == (0, 0), outputs
        assert sum("Asked" in output for output in outputs) == 1, outputs
        installation.run("sequence", "--once")
        assert installation.leftovers() == []
        assert installation.differs_from(world.undisturbed) == {}

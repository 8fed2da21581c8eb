"""Killed for real at every commit: a step, a closing, an acknowledgement was made whole or never was."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from common.datafolder import CHECKOUT
from tests.alerting.escalate_driver import POINTS, RACERS

pytestmark = pytest.mark.django_db
LINES = ("cac", "duty", "sponsor", "supervision")
FIRST = [f"{line} 0" for line in LINES]
BOTH = sorted(f"{line} {rung}" for line in LINES for rung in (0, 1))


def drive(what: str, folder: Path) -> list[dict[str, Any]]:
    """What the driver reports about an installation of its own in `folder`, a line each."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.alerting.escalate_driver", what],
        cwd=CHECKOUT,
        env=os.environ | {"ZHENWEI_VAR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def looks(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """What was there after the kill, and after the same act once more; by crash point."""
    lines = drive("crashes", shutil.copytree(migrated, tmp_path_factory.mktemp("crashes") / "var"))
    return {point: [line for line in lines if line["point"] == point] for point in POINTS}


@pytest.mark.parametrize("point", ["escalate.before_commit", "escalate.after_commit"])
def test_a_step_is_taken_whole_or_not_and_the_next_tick_takes_the_rest_once(
    looks: dict[str, list[dict[str, Any]]], point: str
) -> None:
    left, then = looks[point]
    taken = 1 if "after" in point else 0
    assert sum(left["rungs"].values()) == left["messages"] - 4 == len(left["told"]) - 4 == taken
    assert left["events"].get("alert.escalate", 0) == taken
    assert left["severity"] == ("S1" if taken else "S2")  # the sponsor's is the first
    assert then["told"] == BOTH
    assert (then["messages"], then["events"]["alert.escalate"], then["severity"]) == (8, 4, "S1")


@pytest.mark.parametrize("point", ["escalate.before_close_commit", "escalate.after_close_commit"])
def test_alerts_are_closed_whole_or_not_and_once(looks: dict[str, list[dict[str, Any]]], point: str) -> None:
    left, then = looks[point]
    closed = 4 if "after" in point else 0
    assert left["closed"] == left["cancelled"] == left["events"].get("alert.close", 0) == closed
    assert then["closed"] == then["cancelled"] == then["events"]["alert.close"] == 4
    assert then["told"] == FIRST


@pytest.mark.parametrize("point", ["acknowledge.before_commit", "acknowledge.after_commit"])
def test_an_acknowledgement_holds_with_all_it_does_or_not_at_all(
    looks: dict[str, list[dict[str, Any]]], point: str
) -> None:
    left, then = looks[point]
    held = 1 if "after" in point else 0
    assert left["acknowledged"] == left["cancelled"] == left["events"].get("alert.acknowledge", 0) == held
    assert then["acknowledged"] == then["cancelled"] == then["events"]["alert.acknowledge"] == 1


def test_workers_at_once_tell_once_and_one_person_acknowledges(migrated: Path, tmp_path: Path) -> None:
    lines = drive("race", shutil.copytree(migrated, tmp_path / "var"))
    answers = [line for line in lines if line["point"] == "answer"]
    told, acknowledged = (line for line in lines if line["point"] in ("escalate", "acknowledge"))
    assert (told["told"], told["events"]) == (BOTH, {"alert.escalate": 4})
    assert sorted(answer["outcome"] for answer in answers) == ["acknowledged", *["already"] * (RACERS - 1)]
    assert len({answer["by"] for answer in answers}) == 1
    assert acknowledged["acknowledged"] == acknowledged["events"]["alert.acknowledge"] == 1

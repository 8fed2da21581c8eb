"""Killed at any boundary, the log has no gap, no double and no lost event."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.audit_logs.crash_driver import POINTS

CHECKOUT = Path(__file__).resolve().parents[2]


def drive(what: str, data_folder: Path, tmp_path: Path) -> list[dict[str, Any]]:
    """What the driver reports, a step each."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.audit_logs.crash_driver", what, str(tmp_path / "out")],
        cwd=CHECKOUT,
        env=os.environ | {"ZHENWEI_VAR": str(data_folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_kill_at_any_point_loses_and_doubles_nothing(data_folder: Path, tmp_path: Path) -> None:
    steps = drive("crashes", data_folder, tmp_path)
    assert [step["point"] for step in steps] == POINTS
    for number, step in enumerate(steps, start=1):
        # Five events before the kill, one after it, in every step; the act's own commit kept them.
        assert step["events"] == number * 6
        assert step["each_event_once"], step
        assert "broken" not in step["interrupted"], step
        whole = f"intact to {step['events']} (checkpoint covers {step['events']}), 0 waiting"
        assert (step["database"], step["export"]) == (whole, whole)


def test_the_driver_kills_at_every_point_there_is() -> None:
    named = set()
    for module in (CHECKOUT / "audit_logs").glob("*.py"):
        for line in module.read_text(encoding="utf-8").splitlines():
            if "crash_point(" in line:
                named.add(line.split('"')[1])
    assert named == set(POINTS)


def test_sequencers_at_once_number_each_event_once(data_folder: Path, tmp_path: Path) -> None:
    (report,) = drive("race", data_folder, tmp_path)
    assert report["codes"] == [0, 0, 0]
    assert report["each_event_once"]
    assert report["database"].startswith("intact to 300")

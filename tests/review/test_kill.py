"""Killed at any boundary, an act on a case has happened whole or not at all, and is on record once."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from common.datafolder import CHECKOUT
from tests.review.crash_driver import POINTS, READ_AT

OPENED = {
    "judge": ["opened"],
    "countersign": ["opened", "judge"],
    "move": ["opened"],
    "sweep": ["opened", "judge"],
}
DONE = {"judge": "judge", "countersign": "countersign", "move": "take", "sweep": "second_missing"}
LEFT = {"judge": ["final"], "countersign": ["final"], "move": [], "sweep": ["provisional"]}


@pytest.mark.django_db
def test_an_act_killed_anywhere_happened_once_or_not_at_all(migrated: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(migrated, tmp_path / "var")
    done = subprocess.run(
        [sys.executable, "-m", "tests.review.crash_driver"],
        cwd=CHECKOUT,
        env=os.environ | {"ZHENWEI_VAR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    steps = {found["point"]: found for found in map(json.loads, done.stdout.splitlines())}
    assert list(steps) == POINTS
    for point, found in steps.items():
        act = point.removeprefix("review.").split("_")[0]
        committed = point.endswith("after_commit")
        before, after = OPENED[act], [*OPENED[act], DONE[act]]
        assert found["after_kill"] == (after if committed else before), point
        # Whoever tries again is told that it was done, and by whom; the sweep asks the rows.
        assert bool(found["told"]) == (committed and act != "sweep"), point
        assert found["moves"] == found["logged"] == after, point
        assert found["version"] == READ_AT[act] + 1, point
        assert found["decisions"] == LEFT[act], point

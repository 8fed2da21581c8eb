"""Delivery workers killed at random moments while cases are confirmed: nothing lost, hardly anything twice.

The moments come from a seed: the same test kills at the same moments, as far as the machine is equally fast.
Every named point is hit in tests/alerting/test_deliver_kill.py.
"""

import sys
from pathlib import Path

import pytest

from tests.alerting.kill_bench import benched

MOST_DOUBLES_A_KILL = 0.1


@pytest.mark.parametrize(
    "kills", [pytest.param(50, marks=pytest.mark.e2e), pytest.param(1000, marks=pytest.mark.soak)]
)
def test_killed_at_any_moment_nothing_is_lost_and_little_comes_twice(
    tmp_path: Path, kills: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with benched(tmp_path / "var") as bench:
        count = bench.kill_at_random(kills)
    with capsys.disabled():
        sys.stdout.write(f"\n{kills} kills of the delivery worker: {count}\n")
    assert count.doubles <= MOST_DOUBLES_A_KILL * kills, str(count)

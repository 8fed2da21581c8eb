"""Delivery workers killed at random moments while cases are confirmed: nothing lost, hardly anything twice.

The moments come from a seed: the same test kills at the same moments, as far as the machine is equally fast.
Every named point is hit in tests/alerting/test_deliver_kill.py.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.alerting.kill_bench import benched

MOST_DOUBLES_A_KILL = 0.1


@pytest.mark.parametrize(
    "kills", [pytest.param(50, marks=pytest.mark.e2e), pytest.param(1000, marks=pytest.mark.soak)]
)
def test_killed_at_any_moment_nothing_is_lost_and_little_comes_twice(
    tmp_path: Path, kills: int, record_property: Callable[[str, object], None]
) -> None:
    with benched(tmp_path / "var") as bench:
        count = bench.kill_at_random(kills)
    record_property("figures", f"{kills} kills: {count}")
    assert count.doubles <= MOST_DOUBLES_A_KILL * kills, str(count)

"""Killed at any named point, the delivery worker loses nothing, and doubles bear the same id.

Many kills at random moments: tests/e2e/test_delivery_kills.py.
"""

import re
import time
from collections.abc import Iterator

import pytest

from common.datafolder import CHECKOUT
from tests.alerting.deliver_driver import MESSAGES_AN_INCIDENT, POINTS
from tests.alerting.kill_bench import Bench, benched
from tests.crash import KILLED

CALL = re.compile(r'crash_point\("([^"]+)"\)')


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with benched(tmp_path_factory.mktemp("deliver") / "var") as made:
        yield made


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_named_point_every_message_still_arrives(bench: Bench, point: str) -> None:
    with bench.counted() as count:
        bench.ground.must("incident")
        assert bench.ground.order("deliver", once=True, crash_at=point) == KILLED, f"nobody died at {point}"
    bench.check(count, incidents=1)
    if point in ("deliver.before_claim", "deliver.claimed"):
        assert count.doubles == 0
    elif point == "deliver.after_send":  # The receiver has it, and nobody here knows.
        assert 1 <= count.doubles <= MESSAGES_AN_INCIDENT
    else:  # At least the one that was not sent, or was noted, comes once; others were under way beside it.
        assert count.doubles < MESSAGES_AN_INCIDENT


def test_no_crash_point_of_the_worker_is_left_out() -> None:
    modules = (CHECKOUT / "alerting").rglob("*.py")
    called = {point for path in modules for point in CALL.findall(path.read_text("utf-8"))}
    assert {point for point in called if point.startswith("deliver.")} == set(POINTS)


def test_killed_at_a_few_moments_nothing_is_lost(bench: Bench) -> None:
    bench.kill_at_random(3)


def test_a_worker_asked_to_stop_ends_what_it_began_and_leaves_nothing(bench: Bench) -> None:
    installation = bench.ground.installation
    with bench.counted() as count:
        bench.ground.must("incident")
        known = bench.ground.messages()
        with installation.start("deliver") as process:
            while process.poll() is None and bench.ground.messages() == known:
                time.sleep(0.005)
            process.terminate()
            output, _ = process.communicate(timeout=60)
        assert (process.returncode, output) == (0, "")
        assert bench.ground.attempts("sending") == []
        assert list((installation.folder / "outbox").glob("*.jsonl")) == []
    bench.check(count, incidents=1)
    assert count.doubles == 0

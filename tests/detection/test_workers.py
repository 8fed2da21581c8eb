"""Work spread over processes: in order, and with a clear end whatever happens."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from common.datafolder import CHECKOUT
from detection import workers


def double() -> Callable[[int], int]:
    return lambda number: 2 * number


def slow_first() -> Callable[[int], int]:
    def work(number: int) -> int:
        time.sleep(0.2 if number == 0 else 0)
        return number

    return work


def own_process() -> Callable[[int], int]:
    return lambda _: os.getpid()


def dying() -> Callable[[int], int]:
    def work(number: int) -> int:
        if number == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    return work


def failing() -> Callable[[int], int]:
    def work(number: int) -> int:
        return 1 // (3 - number)

    return work


@pytest.fixture(params=["fork", "spawn"])
def method(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to start a process, where the system has them."""
    if request.param not in multiprocessing.get_all_start_methods():
        pytest.skip(f"no {request.param} here")
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: [request.param])
    return str(request.param)


def assert_no_process_is_left() -> None:
    assert not multiprocessing.active_children()


def test_answers_come_in_order(method: str) -> None:
    assert list(workers.in_order(double, range(20), 2)) == list(range(0, 40, 2))
    assert_no_process_is_left()


def test_a_slow_batch_is_waited_for() -> None:
    assert list(workers.in_order(slow_first, range(20), 3)) == list(range(20))


def test_one_worker_is_this_process() -> None:
    assert list(workers.in_order(own_process, range(2), 1)) == [os.getpid()] * 2
    assert os.getpid() not in workers.in_order(own_process, range(2), 2)


def test_batches_are_taken_as_they_are_needed() -> None:
    batches = iter(range(1000))
    answers = workers.in_order(double, batches, 2)
    next(answers)
    assert next(batches) < 10
    answers.close()
    assert_no_process_is_left()


def test_a_process_that_dies_ends_the_work_with_the_remedy(method: str) -> None:
    with pytest.raises(workers.WorkerDied, match="fewer --workers"):
        list(workers.in_order(dying, range(50), 2))
    assert_no_process_is_left()


def test_an_error_in_a_process_is_raised_here() -> None:
    with pytest.raises(workers.WorkFailed, match="ZeroDivisionError"):
        list(workers.in_order(failing, range(50), 2))
    assert_no_process_is_left()


ENDLESS = """
import itertools, os, sys, time
from detection import workers
def make():
    def work(number):
        os.write(1, b"%d\\n" % os.getpid())  # in one piece, whoever else writes
        time.sleep(0.05 if number < 4 else 30)
    return work
try:
    for _ in workers.in_order(make, itertools.count(), 2):
        pass
except KeyboardInterrupt:
    sys.exit(9)
"""


@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 9), (signal.SIGKILL, -signal.SIGKILL)])
def test_processes_end_with_the_one_that_started_them(
    sign: signal.Signals, code: int, tmp_path: Path
) -> None:
    script = tmp_path / "endless.py"
    script.write_text(ENDLESS, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(script)],
        env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        working = {int(process.stdout.readline()) for _ in range(6)}
        process.send_signal(sign)
        _, said = process.communicate(timeout=20)
        assert process.returncode == code
    assert "Traceback" not in said
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in working):
        assert time.monotonic() < deadline
        time.sleep(0.05)

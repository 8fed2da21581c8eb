"""Several processes as one: none runs on alone, whoever dies."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from common.datafolder import CHECKOUT
from config import processes
from config.processes import Group

PATIENT = ["-c", "import time; time.sleep(60)"]
BRIEF = ["-c", ""]
STUBBORN = ["-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"]


@pytest.fixture
def group() -> Iterator[Group]:
    """A group that is stopped, and the test's own signal handlers afterwards."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    group = Group()
    yield group
    group.stop()
    for number, handler in before.items():
        signal.signal(number, handler)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_first_member_that_ends_is_named(group: Group) -> None:
    group.start("web", PATIENT)
    group.start("ticker", BRIEF)
    assert group.wait() == "ticker"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_wait_and_stop_ends_the_members(group: Group, number: signal.Signals) -> None:
    members = [group.start(name, PATIENT) for name in ("web", "ticker")]
    threading.Timer(0.2, os.kill, (os.getpid(), number)).start()
    assert group.wait() is None
    assert [member.poll() for member in members] == [None, None]
    group.stop()
    assert [member.poll() for member in members] == [-signal.SIGTERM, -signal.SIGTERM]


def test_a_member_that_will_not_go_is_killed(group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "GRACE_S", 0.3)
    member = group.start("web", STUBBORN)
    time.sleep(0.2)  # until it ignores the signal
    group.stop()
    assert member.poll() == -signal.SIGKILL


def test_stopping_twice_does_nothing(group: Group) -> None:
    group.start("web", BRIEF).wait()
    group.stop()
    group.stop()


LEADER = textwrap.dedent(
    """
    import sys, time
    from config.processes import Group
    follower = "from common import parent; import time; parent.die_with_parent(0.2); time.sleep(60)"
    print(Group().start("web", ["-c", follower]).pid, flush=True)
    time.sleep(60)
    """
)


def test_a_member_whose_leader_was_killed_ends_too() -> None:
    leader = [sys.executable, "-c", LEADER]
    with subprocess.Popen(leader, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        member = int(process.stdout.readline())
        time.sleep(0.3)  # until it watches its parent
        assert is_alive(member)
        process.kill()
    ends = time.monotonic() + 3
    while is_alive(member):
        assert time.monotonic() < ends, "a member outlives its leader"
        time.sleep(0.05)


LISTENING = ["-c", "import socket, time; s = socket.create_server(('127.0.0.1', {})); time.sleep(60)"]


def test_a_member_answers_once_it_listens(group: Group) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    group.start("web", [word.format(port) for word in LISTENING])
    assert group.answers("web", port)


def test_a_member_that_ended_does_not_answer(group: Group) -> None:
    group.start("web", BRIEF)
    assert not group.answers("web", 1)

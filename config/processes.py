"""Several processes of one installation as one group: started together, stopped together.

A process that ends by itself ends the group, so that whoever supervises it (systemd, an operator) sees the
failure and starts all of it anew. A member whose parent was killed ends too: nothing is left running alone.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from types import FrameType

from common import parent

GRACE_S = 15.0
START_S = 60.0


class Group:
    """Members by name; `wait` returns when one ended or a stop was asked for."""

    def __init__(self) -> None:
        self._members: dict[str, subprocess.Popen[bytes]] = {}
        self._asked_to_stop = threading.Event()

    def start(self, name: str, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
        """Start a Python process of this installation as a member."""
        command = [sys.executable, *arguments]
        member = subprocess.Popen(command, env=os.environ | parent.environment(), start_new_session=True)
        self._members[name] = member
        return member

    def answers(self, name: str, port: int) -> bool:
        """Wait until a member listens on 127.0.0.1; False if it ended or was stopped first."""
        self._heed_signals()
        ends = time.monotonic() + START_S
        while self._members[name].poll() is None and time.monotonic() < ends:
            if self._asked_to_stop.is_set():
                return False
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return True
            time.sleep(0.1)
        return False

    def wait(self) -> str | None:
        """Wait for SIGINT or SIGTERM (returns None) or for the first member that ends (returns its name)."""
        self._heed_signals()
        while not self._asked_to_stop.is_set():
            for name, member in self._members.items():
                if member.poll() is not None:
                    return name
            self._asked_to_stop.wait(0.3)
        return None

    def stop(self) -> None:
        """End all members, gently first."""
        for member in self._members.values():
            if member.poll() is None:
                member.terminate()
        deadline = time.monotonic() + GRACE_S
        for member in self._members.values():
            try:
                member.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                member.kill()
                member.wait()

    def _heed_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._asked_to_stop.set()

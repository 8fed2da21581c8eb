"""Several processes of one installation as one group: started together, stopped together.

A process that ends by itself ends the group, so that whoever supervises it (systemd, an operator) sees the
failure and starts all of it anew. A member whose parent was killed ends too: nothing is left running alone.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from types import FrameType

from common import parent

GRACE_S = 15.0


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

    def wait(self) -> str | None:
        """Wait for SIGINT or SIGTERM (returns None) or for the first member that ends (returns its name)."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)
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

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._asked_to_stop.set()

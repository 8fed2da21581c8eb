"""A process that must not outlive the one that started it."""

import os
import signal
import threading
import time

POLL_S = 0.5
PARENT = "ZHENWEI_PARENT"


def environment() -> dict[str, str]:
    """What to add to the environment of a child that calls `die_with_parent`."""
    return {PARENT: str(os.getpid())}


def die_with_parent(grace_s: float = 0) -> None:
    """Watch from now on: when the parent is gone, SIGTERM this process, and kill it `grace_s` later.

    Without a parent named in the environment nothing happens: a person started this process.
    """
    parent = os.environ.get(PARENT, "")
    if parent.isdigit():
        threading.Thread(target=_watch, args=(int(parent), grace_s), daemon=True).start()


def _watch(parent: int, grace_s: float) -> None:
    while os.getppid() == parent:
        time.sleep(POLL_S)
    if grace_s:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(grace_s)
    os.kill(os.getpid(), signal.SIGKILL)

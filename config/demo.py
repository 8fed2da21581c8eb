"""The demo's data folder and its example platform; runs before Django, whose settings depend on both."""

import fcntl
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from common.datafolder import CHECKOUT, folder, mark
from config.processes import Group

HENAN = CHECKOUT / "examples" / "henan"
PLATFORM_PORT = 8710
CONSOLE_PORT = 8700


class DemoError(Exception):
    """The demo cannot start; the text says why and what to do."""


def enter() -> None:
    """Make `demo/` below the data folder this process's data folder, marked as a demo."""
    os.environ["ZHENWEI_VAR"] = str(folder() / "demo")
    mark("demo")
    folder().chmod(0o700)


@contextmanager
def alone() -> Iterator[None]:
    """Hold the demo's folder: a second demo in it would move the platform and change the passwords of the
    first. The lock ends with the process, however that ends. Raises DemoError if another demo holds it."""
    with (folder() / "demo.lock").open("w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoError(
                f"a demo runs already in {folder()}; end it with Ctrl-C, or start this one elsewhere: "
                "ZHENWEI_VAR=FOLDER zhenwei demo"
            ) from None
        yield


def start_platform(group: Group) -> str:
    """Start the example platform and allow asking it from here on; returns its address."""
    announcement = folder() / "platform.json"
    announcement.unlink(missing_ok=True)
    port = free_port(PLATFORM_PORT)
    arguments = ["-m", "examples.platform", "--data", str(HENAN), "--port", str(port), "--limit", "1000000"]
    member = group.start("platform", [*arguments, "--announce", str(announcement)])
    home = _announced(announcement, member)
    os.environ["ZHENWEI_LOOPBACK_ADDRESSES"] = home.removeprefix("http://")
    os.environ["ZHENWEI_LOOPBACK_POLITENESS"] = "off"
    return home


def free_port(preferred: int) -> int:
    """`preferred` if it is free on 127.0.0.1, otherwise any free port."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise DemoError("no free port on 127.0.0.1")


def _announced(path: Path, member: subprocess.Popen[bytes]) -> str:
    for _ in range(100):
        if path.exists():
            return str(json.loads(path.read_text(encoding="ascii"))["home"])
        if member.poll() is not None:
            break
        time.sleep(0.1)
    raise DemoError("the example platform did not start; its message is above")

"""The demo's data folder, its example platform and its mailbox; runs before Django, whose settings depend on
them."""

import fcntl
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from common.datafolder import CHECKOUT, folder, mark
from config.processes import Group

HENAN = CHECKOUT / "examples" / "henan"
PLATFORM_PORT = 8710
CONSOLE_PORT = 8700
MAILBOX_PORT = 8725
# Settings of an office: in the demo they would send real mail, or seal its secrets under a real key.
OF_AN_OFFICE = (
    "ZHENWEI_SMTP_HOST",
    "ZHENWEI_SMTP_PORT",
    "ZHENWEI_SMTP_SECURITY",
    "ZHENWEI_SMTP_USER",
    "ZHENWEI_SMTP_PASSWORD",
    "ZHENWEI_SMTP_PASSWORD_FILE",
    "ZHENWEI_MAIL_FROM",
    "ZHENWEI_PUBLIC_URL",
    "ZHENWEI_WEBHOOK_ALLOW",
    "ZHENWEI_MASTER_KEY",
    "ZHENWEI_MASTER_KEY_FILE",
)


class DemoError(Exception):
    """The demo cannot start; the text says why and what to do."""


def enter() -> None:
    """Make `demo/` below the data folder this process's data folder, marked as a demo; drop what is an
    office's own."""
    for name in OF_AN_OFFICE:
        os.environ.pop(name, None)
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
    words = ["--data", str(HENAN), "--limit", "1000000"]
    home = str(_start(group, "platform", PLATFORM_PORT, words)["home"])
    os.environ["ZHENWEI_LOOPBACK_ADDRESSES"] = home.removeprefix("http://")
    os.environ["ZHENWEI_LOOPBACK_POLITENESS"] = "off"
    return home


def start_mailbox(group: Group, console: str) -> None:
    """Start the mailbox; processes started from here on send mail to it alone, with links to `console`."""
    place = _start(group, "mailbox", MAILBOX_PORT, ["--folder", str(folder() / "mailbox")])
    os.environ |= {
        "ZHENWEI_SMTP_HOST": "127.0.0.1",
        "ZHENWEI_SMTP_PORT": str(place["port"]),
        "ZHENWEI_SMTP_SECURITY": "none",
        "ZHENWEI_MAIL_FROM": "甄伪示例 <alerts@zhenwei.invalid>",
        "ZHENWEI_PUBLIC_URL": console,
    }


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


def _start(group: Group, name: str, port: int, words: list[str]) -> dict[str, Any]:
    """Start `examples.NAME`; returns what it announces of itself."""
    announcement = folder() / f"{name}.json"
    announcement.unlink(missing_ok=True)
    program = ["-m", f"examples.{name}", *words, "--port", str(free_port(port))]
    return _announced(name, announcement, group.start(name, [*program, "--announce", str(announcement)]))


def _announced(name: str, path: Path, member: subprocess.Popen[bytes]) -> dict[str, Any]:
    for _ in range(100):
        if path.exists():
            place: dict[str, Any] = json.loads(path.read_text(encoding="ascii"))
            return place
        if member.poll() is not None:
            break
        time.sleep(0.1)
    raise DemoError(f"the example {name} did not start; its message is above")

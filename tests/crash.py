"""The kill harness: scans and sequencers killed at a named point, many a second.

    python -m tests.crash        one order a line on standard input, one answer a line on standard output
    order {"words": ["scan"], "crash_at": "ingest.before_commit"}       answer {"code": -9, "output": "..."}

Loading Django and Scrapy takes longer than the scans of a test. So one warm process loads both, and forks for
each order a parent, which forks its crawl child. Both are real processes with ids, signals and files of their
own; only the loading is shared. The warm process itself opens no database, so no connection is shared.

Scans started as a person starts them, with nothing shared, are killed in tests/e2e/test_random_kills.py.
"""

import importlib
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace, TracebackType
from typing import Any, Self

from common.datafolder import CHECKOUT
from tests.installation import (
    REGISTERED,
    Facts,
    Installation,
    empty,
    example_platform,
    fill,
    loopback,
    small_province,
)
from tests.tap import Tap

KILLED = -9
PATIENCE_S, TOO_LONG = 60, 124
"""After so many seconds a command is killed, and has this exit code."""
SPOOL_EVENTS = ("start", "response", "rows", "task", "host", "challenge", "end")
CHILD = (
    *(f"spool.{when}_flush.{event}" for event in SPOOL_EVENTS for when in ("before", "after")),
    "spool.before_fsync",
    "spool.after_fsync",
    "spool.before_rename",
    "spool.after_rename",
)
PARENT = (
    "crawl.before_begin_commit",
    "crawl.after_begin_commit",
    "ingest.after_captures",
    "ingest.before_commit",
    "ingest.after_commit",
    "crawl.before_end_commit",
    "crawl.after_end_commit",
    "detect.before_commit",
    "detect.after_commit",
    "review.intake_before_commit",
    "review.intake_after_commit",
)
SEQUENCER = (
    "audit.key_made",
    "audit.leased",
    "audit.batch_before_commit",
    "audit.batch_after_commit",
    "audit.checkpoint_before_commit",
    "audit.checkpoint_after_commit",
)

LOADED_LATE = (
    "audit_logs.prove",
    "audit_logs.sequence",
    "audit_logs.verify_database",
    "config.answers",
    "config.commands.scan",
    "config.commands.sequence",
    "config.pipeline",
    "config.report",
    "crawlers.child",
    "crawlers.middlewares.body",
    "crawlers.middlewares.challenge",
    "crawlers.middlewares.pace",
    "crawlers.middlewares.retry_after",
    "names.variants",
    "scrapy.downloadermiddlewares.cookies",
    "scrapy.extensions.feedexport",
    "scrapy.extensions.remote_control",
    "scrapy.extensions.telnet",
    "scrapy.spidermiddlewares.referer",
    "scrapy.squeues",
)
"""What a scan loads on its way, most of it by Scrapy."""


class Killer:
    """The warm process of one installation, whose folder may be replaced between two orders."""

    def __init__(self, installation: Installation) -> None:
        self._warm = subprocess.Popen(
            [sys.executable, "-m", "tests.crash"],
            cwd=CHECKOUT,
            env=installation.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, crash_at: str = "") -> tuple[int, str]:
        """Run `zhenwei WORDS` to its end: exit code, negative for the signal it died of, and its output."""
        assert self._warm.stdin is not None and self._warm.stdout is not None
        self._warm.stdin.write(json.dumps({"words": words, "crash_at": crash_at}) + "\n")
        self._warm.stdin.flush()
        answer = json.loads(self._warm.stdout.readline())
        return answer["code"], answer["output"]

    def must(self, *words: str) -> str:
        """Run `zhenwei WORDS` and give its output; any exit code but 0 fails."""
        code, output = self.run(*words)
        assert code == 0, f"zhenwei {' '.join(words)}: {code}\n{output}"
        return output

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._warm:
            assert self._warm.stdin is not None
            self._warm.stdin.close()


@dataclass
class Ground:
    """A warm process, an installation before and after its first scan, and what that scan came to."""

    killer: Killer
    folder: Path
    tap: Tap
    fresh: Installation
    scanned: Installation
    undisturbed: Facts

    def kill_scan(self, point: str) -> None:
        """A scan that dies at `point`, or whose crawl child does."""
        code, output = self.killer.run("scan", crash_at=point)
        child_died = code == 0 and "the crawl process ended with status -9" in output
        assert child_died if point in CHILD else code == KILLED, f"nobody died at {point}: {output}"
        Installation(self.folder).wait_for_children()

    def finish(self, installation: Installation) -> None:
        """A normal scan and sequencer, after which the house is in order."""
        self.killer.must("scan")
        self.killer.must("sequence", "--once")
        assert installation.leftovers() == []
        assert self.killer.must("audit", "verify").startswith("intact to ")


@contextmanager
def prepared(base: Path) -> Iterator[Ground]:
    """A ground below the folder `base`, with one registered account; set up in about four seconds."""
    province = small_province(base / "province", REGISTERED[1:2])
    with example_platform(province) as home, Tap(home) as tap:
        var = empty(base / "var", loopback(home, tap.home))
        with Killer(var) as killer:
            fill(killer.must, province, home)
            fresh = var.copy(base / "fresh")
            killer.must("scan")
            scanned = var.copy(base / "scanned")
            assert len(scanned.facts()["suspects"]) == 2
            yield Ground(killer, var.folder, tap, fresh, scanned, scanned.facts())


class Forked:
    """Stands in for the `subprocess.Popen` of a crawl child: the same process without the loading."""

    def __init__(self, command: list[str], *, env: Mapping[str, str], stdout: int, **_: object) -> None:
        self.returncode: int | None = None
        self.pid = forked(lambda: _crawl(command, env, stdout))

    def poll(self) -> int | None:
        """The exit code, None while it runs."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.returncode = os.waitstatus_to_exitcode(status) if pid else None
        return self.returncode

    def wait(self, timeout: float = 60) -> int:
        """Wait for its end. Raises subprocess.TimeoutExpired."""
        ends = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > ends:
                raise subprocess.TimeoutExpired("crawl child", timeout)
            time.sleep(0.005)
        return code

    def send_signal(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)


def forked(work: Callable[[], int]) -> int:
    """Run `work` in a process of its own, whose exit code it returns; gives its id at once."""
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        code = work()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _crawl(command: list[str], environment: Mapping[str, str], output: int) -> int:
    from crawlers import child

    os.dup2(output, 1)
    os.dup2(output, 2)
    os.environ.clear()
    os.environ.update(environment)
    return child.main(command[3:])


def _scan(order: dict[str, Any], output: int) -> int:
    from config import cli
    from crawlers import launch

    os.dup2(output, 1)
    os.dup2(output, 2)
    os.environ["ZHENWEI_CRASH_AT"] = order["crash_at"]
    # `launch` alone gets the stand-in: Scrapy starts processes too.
    stand_in = SimpleNamespace(Popen=Forked, DEVNULL=subprocess.DEVNULL)
    setattr(launch, "subprocess", stand_in)  # noqa: B010
    return cli.main(order["words"])


def _ended(pid: int) -> int:
    """The exit code of a process; TOO_LONG if it had to be killed after PATIENCE_S."""
    ends = time.monotonic() + PATIENCE_S
    while (status := os.waitpid(pid, os.WNOHANG))[0] == 0:
        if time.monotonic() > ends:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return TOO_LONG
        time.sleep(0.005)
    return os.waitstatus_to_exitcode(status[1])


def _warm_up() -> None:
    """Load what every scan loads."""
    from config import boot

    boot.django()
    from django.db import connections

    connections.close_all()
    for module in LOADED_LATE:
        importlib.import_module(module)
    from detection.compare import AccountName
    from detection.engine import Engine

    Engine([AccountName("郑州发布", "zhengzhou_fabu")]).search([AccountName("郑洲发布", "zhengzhou0")])


def main() -> int:
    """Carry out orders until standard input ends."""
    _warm_up()
    for line in sys.stdin:
        order, output = json.loads(line), os.memfd_create("output")
        pid = forked(lambda order=order, output=output: _scan(order, output))  # type: ignore[misc]
        code = _ended(pid)
        os.lseek(output, 0, os.SEEK_SET)
        with os.fdopen(output, encoding="utf-8", errors="replace") as file:
            answer = {"code": code, "output": file.read()}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())

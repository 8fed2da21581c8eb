"""Imports killed at a named point or at a random moment, some a second. Run by test_import_kill.py.

    python -m tests.registry.import_driver     orders come in, answers go out, a line each
    {"words": ["import", "registry", "FILE"], "crash_at": "import.before_commit", "kill_after": null}
    {"code": -9, "output": "…"}

Loading Django and the tables of names takes longer than an import of a test. So one warm process loads both
and forks for each order a process of its own, with its own connection; the warm one opens none.
"""

import importlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from common.datafolder import CHECKOUT
from tests.crash import KILLED, PATIENCE_S, TOO_LONG, forked
from tests.installation import Installation

LOADED_LATE = ("config.commands.import_", "config.import_report", "config.imports", "config.database")
LIVES = 1.1
"""An import lives up to so many times as long as an undisturbed one takes."""
MEASURED_EVERY = 10  # kills: other work of the machine makes a life longer

Counts = tuple[int, ...]
TABLES = ("registry_unit", "registry_account", "registry_protectedname", "registry_contact")
NOTHING: Counts = (0,) * len(TABLES)


class Driver:
    """The warm process of one installation."""

    def __init__(self, installation: Installation) -> None:
        self._warm = subprocess.Popen(
            [sys.executable, "-m", "tests.registry.import_driver"],
            cwd=CHECKOUT,
            env=installation.environment(LANG="en_US.UTF-8", LC_ALL=""),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def order(self, *words: str, crash_at: str = "", kill_after: float | None = None) -> tuple[int, str]:
        """Run `zhenwei WORDS` until it ends or is killed: exit code, negative for a signal, and output."""
        assert self._warm.stdin is not None and self._warm.stdout is not None
        order = {"words": words, "crash_at": crash_at, "kill_after": kill_after}
        self._warm.stdin.write(json.dumps(order) + "\n")
        self._warm.stdin.flush()
        answer = json.loads(self._warm.stdout.readline())
        return answer["code"], answer["output"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._warm:
            assert self._warm.stdin is not None
            self._warm.stdin.close()


@dataclass
class Bench:
    """An installation that imports one file over and over, each time from its empty state."""

    driver: Driver
    var: Installation
    fresh: Installation
    words: tuple[str, ...]
    whole: Counts = NOTHING
    life_s: float = 0.0

    def reset(self) -> None:
        """The installation as it was before any import."""
        self.fresh.copy(self.var.folder)

    def counts(self) -> Counts:
        """Rows of the register."""
        return tuple(self.var.query(f"SELECT count(*) FROM {table}")[0][0] for table in TABLES)  # noqa: S608

    def measure(self) -> None:
        """Let one import run to its end: what it comes to, and how long it takes."""
        self.reset()
        began = time.monotonic()
        code, output = self.driver.order(*self.words)
        assert code == 0, output
        self.life_s, self.whole = time.monotonic() - began, self.counts()

    def check_after_death(self) -> bool:
        """Nothing or everything is there; the next import tells of the first, and ends well. Was it all?"""
        found = self.counts()
        assert found in (NOTHING, self.whole), found
        is_announced = any((self.var.folder / "imports").glob("*/begun.json"))
        code, output = self.driver.order(*self.words)
        assert code == 0, output
        assert ("broke off at" in output) == (is_announced and found == NOTHING), output
        assert self.counts() == self.whole
        assert list((self.var.folder / "imports").glob("*")) == []
        assert self.var.query("PRAGMA integrity_check") == [("ok",)]
        assert self.var.query("PRAGMA foreign_key_check") == []
        assert ("nothing was changed" in output) == (found == self.whole)
        return found == self.whole

    def kill_at_random(self, kills: int) -> tuple[int, int]:
        """Kill imports at some moment of their lives: how many had written nothing, and how many all."""
        chance = random.Random(f"import {kills}")
        whole = 0
        for number in range(kills):
            if number % MEASURED_EVERY == 0:
                self.measure()
            self.reset()
            code, _ = self.driver.order(*self.words, kill_after=chance.uniform(0, LIVES * self.life_s))
            assert code in (KILLED, 0)
            whole += self.check_after_death()
        return kills - whole, whole


def _import(order: dict[str, Any], output: int) -> int:
    from config import cli

    os.dup2(output, 1)
    os.dup2(output, 2)
    os.environ["ZHENWEI_CRASH_AT"] = order["crash_at"]
    return cli.main(order["words"])


def _ended(pid: int, kill_after: float | None) -> int:
    """The exit code of a process, killed after so many seconds."""
    ends = time.monotonic() + (PATIENCE_S if kill_after is None else kill_after)
    while (status := os.waitpid(pid, os.WNOHANG))[0] == 0:
        if time.monotonic() > ends:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return TOO_LONG if kill_after is None else KILLED
        time.sleep(0.001)
    return os.waitstatus_to_exitcode(status[1])


def _warm_up() -> None:
    from config import boot

    boot.django()
    for module in LOADED_LATE:
        importlib.import_module(module)
    from django.db import connections

    from registry.divisions import paths
    from registry.searching import forms

    forms("郑州市教育局", "zhengzhou", "1")
    paths()
    connections.close_all()


def main() -> int:
    """Carry out orders until standard input ends."""
    _warm_up()
    for line in sys.stdin:
        order, output = json.loads(line), os.memfd_create("output")
        pid = forked(lambda order=order, output=output: _import(order, output))  # type: ignore[misc]
        code = _ended(pid, order["kill_after"])
        os.lseek(output, 0, os.SEEK_SET)
        with os.fdopen(output, encoding="utf-8", errors="replace") as file:
            answer = {"code": code, "output": file.read()}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Starts the readers of the files that people brought in: a process for each file, one at a time.

Whatever a file does to its reader, the console and the alerts go on: the reader has a bound of memory
(`zhenwei imports work`), and here one of time. It keeps no state: what waits stands in the database.
"""

import logging
import os
import subprocess
import sys
from collections.abc import Sequence

from django.db import close_old_connections

from common import clock, parent
from common.faults import BadFile, Text
from common.sheets.kinds import refusal
from registry import imports
from registry.models import FileImport

# A million observations take some minutes; what takes an hour has gone astray.
DEADLINE_S = 3600.0
COMMAND = (sys.executable, "-m", "config.cli", "imports", "work", "--one")
log = logging.getLogger("zhenwei.imports")


def is_waiting() -> bool:
    """Whether a file waits to be checked or taken."""
    return FileImport.objects.filter(state__in=imports.AT_WORK).exists()


def too_long() -> BadFile:
    """A file that takes its reader too long."""
    return refusal(
        "too_much_time",
        Text("读取这个文件的时间超出上限", "reading this file takes too long"),
        Text("请把文件拆分成几个较小的文件", "split it into smaller files"),
    )


class Readers:
    """Starts `zhenwei imports work --one` while a file waits, one at a time, and can stop it."""

    def __init__(self, deadline_s: float = DEADLINE_S, command: Sequence[str] = COMMAND) -> None:
        self._deadline_s, self._command = deadline_s, command
        self._running: subprocess.Popen[bytes] | None = None
        self._is_stopped = False

    def run(self) -> None:
        """Have what waits checked and taken. A failure is logged, and the next tick goes on."""
        close_old_connections()
        try:
            imports.interrupted(clock.now())
            while not self._is_stopped and is_waiting():
                if self._read_one() != 0:
                    return  # the next tick tries again
        except Exception:
            log.exception("the files that were brought in could not be read; the next tick tries again")

    def stop(self) -> None:
        """End a reader that is at work; what it had begun is told as broken off."""
        self._is_stopped = True
        if self._running is not None:
            self._running.kill()

    def _read_one(self) -> int:
        environment = os.environ | parent.environment()
        with subprocess.Popen(
            self._command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as reader:
            self._running = reader
            try:
                _, complaints = reader.communicate(timeout=self._deadline_s)
            except subprocess.TimeoutExpired:
                reader.kill()
                _, complaints = reader.communicate()
                self._tell_too_long(reader.pid)
        self._running = None
        if reader.returncode and not self._is_stopped:
            said = complaints.decode(errors="replace")[-2000:]
            log.error("a reader of files ended with status %s: %s", reader.returncode, said)
        imports.interrupted(clock.now())
        return reader.returncode

    def _tell_too_long(self, process: int) -> None:
        for job in FileImport.objects.filter(
            worker__endswith=f"/{process}", state__in=imports.AT_WORK.values()
        ):
            imports.refused(job, too_long(), clock.now())

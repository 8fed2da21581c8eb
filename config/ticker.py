"""APScheduler as a ticker only: it says "now", tables say what is due.

No job holds state: a missed or doubled tick finds the same due rows, so a restart loses nothing. A scan runs
in a process of its own, one at a time, so that a slow platform never delays the audit log; so does whoever
reads a file that somebody brought in.
"""

import logging
import signal
import subprocess
import sys
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BlockingScheduler
from django.db import close_old_connections

from audit_logs import sequence
from common import clock
from config.readers import Readers
from observations.heartbeat import beat
from registry import uploads
from review import sweep

SEQUENCE_EVERY_S = 2
SWEEP_EVERY_S = 60
SCAN_EVERY_S = 60
READ_EVERY_S = 2
PURGE_EVERY_S = 3600
log = logging.getLogger("zhenwei.ticker")


def run() -> None:
    """Tick until SIGTERM or SIGINT; a scan that is going on is stopped and recovered by the next one."""
    scheduler = BlockingScheduler(executors={"default": ThreadPoolExecutor(4)}, timezone="Asia/Shanghai")
    defaults = {"trigger": "interval", "max_instances": 1, "coalesce": True, "misfire_grace_time": None}
    scans, readers = Scans(), Readers()
    scheduler.add_job(_sequence, seconds=SEQUENCE_EVERY_S, **defaults)
    scheduler.add_job(_sweep, seconds=SWEEP_EVERY_S, next_run_time=clock.now(), **defaults)
    scheduler.add_job(scans.run, seconds=SCAN_EVERY_S, next_run_time=clock.now(), **defaults)
    scheduler.add_job(readers.run, seconds=READ_EVERY_S, **defaults)
    scheduler.add_job(_purge, seconds=PURGE_EVERY_S, next_run_time=clock.now(), **defaults)

    def stop(number: int, frame: FrameType | None) -> None:
        scans.stop()
        readers.stop()
        scheduler.shutdown(wait=False)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    scheduler.start()


def _sequence() -> None:
    """Number and hash waiting audit events. A failure is logged and shown by the silent heartbeat."""
    close_old_connections()
    beat("ticker", clock.now())
    try:
        if isinstance(done := sequence.sequence(), sequence.Sequenced):
            beat("sequencer", clock.now(), f"{done.numbered} events numbered")
    except Exception:
        log.exception("the audit sequencer failed; events wait and nothing is lost")


def _sweep() -> None:
    """Move the cases that time alone moves. A failure is logged and shown by the silent heartbeat."""
    close_old_connections()
    try:
        swept = sweep.sweep(clock.now())
        failed = f", {swept.left_out} cases could not be moved: see the log" if swept.left_out else ""
        beat("sweep", clock.now(), f"{swept.second_missing} countersignatures overdue{failed}")
    except Exception:
        log.exception("cases whose time has come could not be moved; the next tick finds the same")


def _purge() -> None:
    """Remove what people brought in and nobody needs any more. A failure is logged; the next tick goes on."""
    close_old_connections()
    try:
        uploads.purge(clock.now())
    except Exception:
        log.exception("files that were brought in could not be removed; the next tick tries again")


class Scans:
    """Starts `zhenwei scan`, one at a time, and can stop it."""

    def __init__(self) -> None:
        self._running: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Scan what is due. A failure is logged, and the next tick tries again."""
        command = [sys.executable, "-m", "config.cli", "scan", "--json"]
        self._running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        _, complaints = self._running.communicate()
        if self._running.returncode > 0:
            log.error(
                "the scan ended with status %s: %s", self._running.returncode, complaints.decode()[-2000:]
            )
        self._running = None

    def stop(self) -> None:
        """End a scan that is going on."""
        if self._running is not None:
            self._running.terminate()

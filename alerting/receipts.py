"""What receivers answered, noted in a file the moment it is known: it outlives a killed worker.

A commit takes some 15 ms, a line in a file a few microseconds. A worker that dies in between has noted what
arrived, and the next one records it instead of sending it again. The rows are what counts: a file lost with
the power costs a repeated message, never a lost one.

Each worker has a file of its own below `outbox/` of the data folder, locked while it lives. A file that
nobody locks belongs to a dead worker of this machine.
"""

import fcntl
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, cast, get_args

from alerting.envelope import WHY, Kind, Outcome
from common import clock

FOLDER = "outbox"
log = logging.getLogger("zhenwei.deliver")


@dataclass(frozen=True, slots=True)
class Receipt:
    """The outcome of one try (`attempt` is its row), and when it was known."""

    delivery: str
    attempt: int
    outcome: Outcome
    at: datetime


class Receipts:
    """The file of one living worker. `holder` is its name, in the leases too."""

    def __init__(self, folder: Path, holder: str) -> None:
        self._folder, self._path = folder / FOLDER, folder / FOLDER / f"{holder}.jsonl"
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._lock = threading.Lock()
        with _alone(self._folder):
            self._file = self._path.open("ab", buffering=0)
            fcntl.flock(self._file, fcntl.LOCK_EX)

    def note(self, receipt: Receipt) -> None:
        """Write it down. Called by the thread that got the answer."""
        with self._lock:
            self._file.write(_encode(receipt))

    def forget(self) -> None:
        """All that was noted is recorded, and no try is under way."""
        self._file.truncate(0)

    def left_behind(self) -> dict[str, list[Receipt]]:
        """What dead workers of this machine had noted, by their names; also of those who noted nothing."""
        found = {}
        with _alone(self._folder):
            for path in self._folder.glob("*.jsonl"):
                if file := _free(path):
                    with file:
                        found[path.stem] = list(_decode(file.read()))
        return found

    def bury(self, holder: str) -> None:
        """What `holder` had noted is recorded."""
        (self._folder / f"{holder}.jsonl").unlink(missing_ok=True)

    def close(self) -> None:
        """Leave nothing behind; only after the last outcome is recorded."""
        self._path.unlink(missing_ok=True)
        self._file.close()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else makes or judges a file now: a new one is not yet locked for a moment."""
    with (folder / ".lock").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _free(path: Path) -> IO[bytes] | None:
    """The file of a dead worker, open; None if it lives."""
    file = path.open("rb")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def _encode(receipt: Receipt) -> bytes:
    said = asdict(receipt.outcome) | {
        "wait": receipt.outcome.wait.total_seconds() if receipt.outcome.wait else None,
        "delivery": receipt.delivery,
        "attempt": receipt.attempt,
        "at": clock.isoformat(receipt.at),
    }
    return json.dumps(said).encode("ascii") + b"\n"


def _decode(noted: bytes) -> Iterator[Receipt]:
    """Every line that can be read: a kill or a full disk may have cut one, which is then sent again."""
    for line in noted.splitlines():
        try:
            yield _read(json.loads(line))
        except (ValueError, LookupError, TypeError, OverflowError, RecursionError) as error:
            log.warning("a note of an outcome is left out: %s", type(error).__name__)


def _read(said: dict[str, object]) -> Receipt:
    """What was noted. Raises ValueError, LookupError, TypeError or OverflowError for anything else."""
    delivery, attempt, wait = said["delivery"], said["attempt"], said["wait"]
    kind, why, code, text = (said[name] for name in ("kind", "why", "code", "text"))
    if not (isinstance(delivery, str) and delivery.isascii() and isinstance(attempt, int)):
        raise ValueError("it names no try")
    if not (isinstance(code, str) and isinstance(text, str) and isinstance(why, str) and why in WHY):
        raise ValueError("it says no outcome")
    if kind not in get_args(Kind) or not (wait is None or isinstance(wait, int | float)):
        raise ValueError("it says no outcome")
    pause = None if wait is None else timedelta(seconds=wait)
    outcome = Outcome(cast(Kind, kind), why, code, text, pause, bool(said["is_gone"]))
    return Receipt(delivery, attempt, outcome, clock.parse(str(said["at"])))

"""The spool: what a crawl run saw, one JSON object a line, written by the child and read by the parent.

* Each event is one write of one whole ASCII line, so a kill loses nothing that was written and cuts at most
  the last line. `fsync` runs each second and before the file is renamed, so a power cut loses a second at
  most.
* `<run>.jsonl.part` belongs to a run that is going on or died; `<run>.jsonl` is complete.
* A reader gives whole lines only, each with the offset behind it: a dead run's file is read up to its last
  whole line, and reading can go on from any offset given before.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from common.crash import crash_point

FSYNC_EVERY_S = 1.0
MAX_LINE = 16 * 2**20  # a 5 MiB body is 7 MiB in base64; beside it stand at most 16 KiB of headers


class SpoolError(Exception):
    """The spool cannot be written, or a line of it is not an event; the text names the file and the place."""


def part_path(folder: Path, run: str) -> Path:
    """Where a run that is not complete keeps its events."""
    return folder / f"{run}.jsonl.part"


def whole_path(folder: Path, run: str) -> Path:
    """Where a complete run's events lie."""
    return folder / f"{run}.jsonl"


class SpoolWriter:
    """Writes one run's events. Not thread-safe. Raises SpoolError when the disk refuses."""

    def __init__(self, folder: Path, run: str) -> None:
        """Begin the spool of `run`. Raises SpoolError if one exists: a run is never continued."""
        self._part, self._whole = part_path(folder, run), whole_path(folder, run)
        if self._whole.exists():
            raise SpoolError(f"{self._whole} exists; a run id is used once")
        try:
            self._file = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        except OSError as error:
            raise SpoolError(f"{self._part}: {error.strerror}; a run id is used once") from error
        fcntl.flock(self._file, fcntl.LOCK_EX)  # held until this process ends, however it ends
        self._unsynced, self._synced_at = False, time.monotonic()

    def write(self, event: Mapping[str, Any]) -> None:
        """Add one event; when this returns, a kill of the process cannot lose it."""
        line = json.dumps(event, separators=(",", ":"), allow_nan=False).encode("ascii") + b"\n"
        crash_point(f"spool.before_flush.{event['event']}")
        try:
            while line:
                line = line[os.write(self._file, line) :]
        except OSError as error:
            raise SpoolError(f"{self._part}: {error.strerror}") from error
        self._unsynced = True
        crash_point(f"spool.after_flush.{event['event']}")
        if time.monotonic() - self._synced_at >= FSYNC_EVERY_S:
            self.sync()

    def sync(self) -> None:
        """Make what was written survive a power cut."""
        if not self._unsynced:
            return
        crash_point("spool.before_fsync")
        try:
            os.fsync(self._file)
        except OSError as error:
            raise SpoolError(f"{self._part}: {error.strerror}") from error
        crash_point("spool.after_fsync")
        self._unsynced, self._synced_at = False, time.monotonic()

    def finish(self) -> None:
        """Close the spool under its final name."""
        self.sync()
        os.close(self._file)
        crash_point("spool.before_rename")
        self._part.rename(self._whole)
        _sync_folder(self._whole.parent)
        crash_point("spool.after_rename")


def _sync_folder(folder: Path) -> None:
    """A rename survives a power cut only when its folder is synced too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def in_use(folder: Path, run: str) -> bool:
    """Whether a living process still writes the spool of `run`."""
    try:
        handle = os.open(part_path(folder, run), os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def read(path: Path, offset: int = 0) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each event from `offset` (0 or an offset given before) with the offset behind it, up to the last
    whole line.

    Raises SpoolError at a whole line that is not an event, and FileNotFoundError if there is no such spool.
    """
    with path.open("rb") as file:
        file.seek(offset)
        while line := file.readline(MAX_LINE + 1):
            if len(line) > MAX_LINE:
                raise SpoolError(f"{path}: line of more than {MAX_LINE} bytes at offset {offset}")
            if not line.endswith(b"\n"):
                return
            yield offset + len(line), _event(line, path, offset)
            offset += len(line)


def behind_line(path: Path, offset: int) -> int:
    """The offset behind the line that begins at `offset`, whatever it holds: to go on after a SpoolError."""
    with path.open("rb") as file:
        file.seek(offset)
        while part := file.readline(MAX_LINE):
            offset += len(part)
            if part.endswith(b"\n"):
                break
    return offset


def _event(line: bytes, path: Path, offset: int) -> dict[str, Any]:
    try:
        event = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise SpoolError(f"{path}: no event at offset {offset}: {error}") from error
    if not isinstance(event, dict) or not isinstance(event.get("event"), str):
        raise SpoolError(f"{path}: no event at offset {offset}")
    return event

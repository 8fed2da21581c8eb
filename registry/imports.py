"""The life of a file somebody brings in: begun, at work, taken or refused; and what a dead worker left.

- Work is announced on disk, below `imports/KEY` of the data folder, before it begins. Whoever works holds a
  lock there, which ends with the process however that ends: no process number can be mistaken for another.
- `taken` writes the row in the importer's own transaction: the row and the changes stand or fall together.
- A file from the command line that is refused leaves no row and no folder: the database stays as it was. A
  file from the console has a row from the start, which then says why it was refused.
- `interrupted` finds announced work without a worker and marks it `broken_off`; `untold` gives what nobody at
  a terminal was told of yet, once.
"""

import fcntl
import hashlib
import json
import os
import shutil
import socket
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction

from audit_logs.record import record
from common.clock import BEIJING
from common.datafolder import folder
from common.faults import BadFile, Text, visible
from registry.errors import RegistryError
from registry.models import FileImport, User
from registry.outcome import Outcome, fault_as_json

ACTOR = "system:import"
AT_WORK = {"received": "checking", "confirmed": "taking"}
"""From which state work begins, and its state then."""
KEPT_FAULTS = 200
PROGRESS_EVERY_S = 0.2
BEGUN, PROGRESS = "begun.json", "progress.json"
_BLOCK = 1 << 20

# Locks of this process by key; a lock ends with its process.
_held: dict[uuid.UUID, int] = {}
_last_report: dict[uuid.UUID, float] = {}


class ImportLost(RegistryError):
    """The import was given up, or taken by another process, while this one worked: nothing was written."""


class Progress(NamedTuple):
    """How far an import is; `total` None where nobody knows yet."""

    done: int
    total: int | None


def folder_of(job: FileImport) -> Path:
    """Where bytes, lock and progress of `job` lie; not made here."""
    return directory() / str(job.key)


def directory() -> Path:
    """Where all imports lie."""
    return folder() / "imports"


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hex, read block by block. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def begin(
    kind: str,
    path: Path,
    file_name: str,
    actor: str,
    by: User | None,
    options: Mapping[str, Any],
    now: datetime,
) -> FileImport:
    """Announce work on the file at `path`, by this process, in state `taking`. Raises OSError.

    Only the folder knows of it until `taken` saves the row. `options` must be JSON.
    """
    job = FileImport(
        key=uuid.uuid4(),
        kind=kind,
        state="taking",
        file_name=file_name[-255:],
        sha256=sha256_of(path),
        size=path.stat().st_size,
        options=dict(options),
        actor=actor,
        by=by,
        worker=_this_worker(),
        created_at=now,
        changed_at=now,
    )
    _hold(job)
    _write(folder_of(job) / BEGUN, _announced(job))
    return job


@contextmanager
def announced(
    kind: str, path: Path, file_name: str, actor: str, options: Mapping[str, Any], now: datetime
) -> Iterator[FileImport]:
    """Work on one file from begin to end: whatever happens inside, nothing of the announcement stays."""
    job = begin(kind, path, file_name, actor, None, options, now)
    try:
        yield job
    finally:
        _let_go(job)


def claim(job: FileImport, now: datetime) -> bool:
    """Begin work on a saved `job`: `received` → `checking`, `confirmed` → `taking`.

    False if somebody else works on it or its state is another: then nothing was changed.
    """
    before = job.state
    if before not in AT_WORK or not _hold(job, wait=False):
        return False
    values = {"state": AT_WORK[before], "worker": _this_worker(), "changed_at": now}
    if not FileImport.objects.filter(pk=job.pk, state=before).update(**values):
        _let_go(job)
        return False
    for name, value in values.items():
        setattr(job, name, value)
    return True


def checked(job: FileImport, outcome: Outcome, now: datetime) -> None:
    """A dry run of a claimed `job` is over: `checked`, with what it would change. Raises ImportLost."""
    _end(job, "checking", "checked", outcome.as_json(), now)
    _let_go(job)


def taken(job: FileImport | None, outcome: Outcome, now: datetime) -> None:
    """Within the transaction of the changes: `job` is `taken`. Raises ImportLost if it was given up before.

    None, for a caller that keeps no account of its imports, does nothing. What lies on disk goes with the
    commit.
    """
    if job is None:
        return
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("taken() outside the transaction of the changes")
    if job.pk:
        _end(job, "taking", "taken", outcome.as_json(), now)
    else:
        job.state, job.outcome, job.changed_at, job.worker = "taken", outcome.as_json(), now, ""
        try:
            with transaction.atomic():
                job.save(force_insert=True)
        except IntegrityError:
            raise ImportLost(f"the import of {visible(job.file_name)} was given up as broken off") from None
    transaction.on_commit(lambda: _let_go(job))


def refused(job: FileImport, error: BadFile, now: datetime) -> None:
    """`job` came to nothing: a saved row says why, an announced one vanishes. Raises ImportLost."""
    if job.pk:
        _end(job, job.state, "refused", as_json(error), now)
    _let_go(job)


def as_json(error: BadFile) -> dict[str, Any]:
    """The first faults, how many there are and of which kinds."""
    return {
        "faults": [fault_as_json(fault) for fault in error.faults[:KEPT_FAULTS]],
        "faults_total": error.total,
        "fault_kinds": dict(error.kinds),
    }


def interrupted(now: datetime) -> list[FileImport]:
    """Give up what no process works on any more: `broken_off`, with an audit event each. Oldest first.

    Each is found once, by whoever asks first; nothing of it was taken.
    """
    found = [job for job in _at_work() if _is_given_up(job, now)]
    return sorted(found, key=lambda job: job.created_at)


def untold(now: datetime) -> list[FileImport]:
    """What broke off and was not told at a terminal yet, oldest first; it counts as told from here on."""
    interrupted(now)
    found = list(
        FileImport.objects.filter(state="broken_off", outcome__told_at__isnull=True).order_by("created_at")
    )
    for job in found:
        job.outcome["told_at"] = now.isoformat()
        FileImport.objects.filter(pk=job.pk, state="broken_off").update(outcome=job.outcome)
    return found


def broken_off_text(job: FileImport) -> Text:
    """What to tell of a job that broke off."""
    at = datetime.fromisoformat(job.outcome["seen_at"]).astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
    name = visible(job.file_name)
    return Text(
        f"对 {name} 的导入在 {at} 中断，什么也没有写入，请重新导入",
        f"the import of {name} broke off at {at} (Beijing); nothing of it was taken; bring it in again",
    )


def report_progress(job: FileImport | None, done: int, total: int | None) -> None:
    """Say how far `job` is: in a small file, visible also while its transaction is open. None: to nobody."""
    if job is None:
        return
    at = time.monotonic()
    if done != total and at - _last_report.get(job.key, 0.0) < PROGRESS_EVERY_S:
        return
    _last_report[job.key] = at
    _write(folder_of(job) / PROGRESS, {"done": done, "total": total})


def progress_of(job: FileImport) -> Progress | None:
    """How far `job` is, None where nothing is known."""
    with suppress(OSError, ValueError, TypeError):
        return Progress(**json.loads((folder_of(job) / PROGRESS).read_text(encoding="ascii")))
    return None


def _end(job: FileImport, before: str, state: str, outcome: dict[str, Any], now: datetime) -> None:
    values = {"state": state, "outcome": outcome, "changed_at": now, "worker": ""}
    if not FileImport.objects.filter(pk=job.pk, state=before).update(**values):
        raise ImportLost(f"the import of {visible(job.file_name)} is no longer {before}")
    for name, value in values.items():
        setattr(job, name, value)


def _at_work() -> Iterator[FileImport]:
    """Every job that somebody began and nobody ended: rows, and what was announced without one."""
    rows = FileImport.objects.filter(state__in=AT_WORK.values())
    yield from rows
    keys = {job.key for job in rows}
    for path in sorted(directory().glob(f"*/{BEGUN}")):
        job = _read(path)
        if job is not None and job.key not in keys:
            yield job


def _is_given_up(job: FileImport, now: datetime) -> bool:
    """Whether `job` has no worker, and it was this process that found it so."""
    if job.key in _held or not _hold(job, wait=False):
        return False
    try:
        with transaction.atomic():
            is_found = _marked(job, {"seen_at": _seen_at(job).isoformat()}, now)
            if is_found:
                details = {"kind": job.kind, "file_name": visible(job.file_name), "sha256": job.sha256}
                record(ACTOR, "import.broken_off", ("import", str(job.key)), details, at=now)
    except BaseException:
        _release(job)  # what tells of it stays, for the next who asks
        raise
    _let_go(job)
    return is_found


def _marked(job: FileImport, outcome: dict[str, str], now: datetime) -> bool:
    """Whether `job` became `broken_off`; not if it ended in the meantime."""
    if job.pk:
        try:
            _end(job, job.state, "broken_off", outcome, now)
        except ImportLost:
            return False
        return True
    # The commit may have come before the kill: then the row is there, and only the folder was left.
    if FileImport.objects.filter(key=job.key).exists() or not (folder_of(job) / BEGUN).exists():
        return False
    job.state, job.outcome, job.changed_at, job.worker = "broken_off", outcome, now, ""
    job.save(force_insert=True)
    return True


def _seen_at(job: FileImport) -> datetime:
    """When its worker last gave a sign."""
    with suppress(OSError):
        return datetime.fromtimestamp((folder_of(job) / PROGRESS).stat().st_mtime, UTC)
    return job.changed_at


def _hold(job: FileImport, *, wait: bool = True) -> bool:
    """Take the lock of `job` for this process; False if another has it and `wait` is not set."""
    folder_of(job).mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(folder_of(job) / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        os.close(lock)
        return False
    _held[job.key] = lock
    return True


def _let_go(job: FileImport) -> None:
    """End the work: what only told of it goes, then the lock. Bytes the console keeps stay."""
    if (folder_of(job) / BEGUN).exists():
        shutil.rmtree(folder_of(job), ignore_errors=True)
    (folder_of(job) / PROGRESS).unlink(missing_ok=True)
    _release(job)


def _release(job: FileImport) -> None:
    _last_report.pop(job.key, None)
    lock = _held.pop(job.key, None)
    if lock is not None:
        os.close(lock)


def _announced(job: FileImport) -> dict[str, Any]:
    names = ("kind", "file_name", "sha256", "size", "options", "actor", "worker")
    values = {name: getattr(job, name) for name in names}
    return values | {"key": str(job.key), "by": job.by_id, "created_at": job.created_at.isoformat()}


def _read(path: Path) -> FileImport | None:
    """The job announced at `path`; None if its worker has just ended, or died while announcing it."""
    try:
        values = json.loads(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    at = datetime.fromisoformat(values.pop("created_at"))
    key, by = uuid.UUID(values.pop("key")), values.pop("by")
    return FileImport(key=key, by_id=by, state="taking", created_at=at, changed_at=at, **values)


def _write(path: Path, values: Mapping[str, Any]) -> None:
    """Write a small JSON file, whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(json.dumps(values), encoding="ascii")
    part.replace(path)


def _this_worker() -> str:
    return f"{socket.gethostname()[:80]}/{os.getpid()}"

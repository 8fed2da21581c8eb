"""Files that people bring in through the console: every step that a person or the worker takes with one.

    received → checking → checked → confirmed → taking → taken
                        ↘ refused             ↘ refused

- A file is checked (a dry run), shown, confirmed by whoever brought it in, and then taken. The taking checks
  everything anew: between the two the register may have changed.
- What is checked, refused or broken off may be checked again with other options, or withdrawn; only who
  brought a file in may do so, others of the area look on.
- A step is one compare-and-set on the row as it was looked at: of two who confirm, or of a confirmation and
  another check, the second is told (`Outdated`).
- What a person does is an event of the audit log; that a file was taken is said by its importer.
- Bytes of what was withdrawn are removed at once, all others thirty days after the last step.
"""

import json
import shutil
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from audit_logs.record import record
from registry import imports
from registry.models import FileImport, User

MIB = 1024 * 1024
# 200,000 accounts are 40 MB of CSV; a million observations are 90 MB as gzipped JSON Lines. What is larger is
# brought in at the command line, where nothing is sent through a browser twice.
LIMITS = {"registry": 64 * MIB, "contacts": 64 * MIB, "observations": 256 * MIB}
MOST_OPEN = 5
MOST_BYTES = 1024 * MIB
KEPT = timedelta(days=30)
ORPHANED = timedelta(days=1)

FILE, PREVIEW, COLUMNS = "file", "preview.json", "columns.json"

OPEN = ("received", "checking", "checked", "confirmed", "taking")
AT_REST = ("checked", "refused", "broken_off")
SETTLED = ("taken", "withdrawn")


class UploadError(Exception):
    """Nothing was changed; the sentence says why, in both languages, and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


class TooMany(UploadError):
    """This person has as many files waiting as one may have: settle some first."""


class Outdated(UploadError):
    """The import moved on since it was looked at: look again."""

    def __init__(self) -> None:
        super().__init__(
            "这个文件的状态已有变化，您的操作未执行；请看现在的状态。",
            "This import has moved on, and nothing was done; look at where it stands now.",
        )


class Arrived(Protocol):
    """A file that has arrived in its folder; `name` is what the sender calls it."""

    name: str
    size: int
    sha256: str


class Column(NamedTuple):
    """A column of a file: its heading as written, the sheet, and the field it is understood as, or "-"."""

    name: str
    sheet: str
    field: str


class Upload(NamedTuple):
    """A file on its way in: what it will be known by, and its kind."""

    key: UUID
    kind: str


def folder_of(key: UUID) -> Path:
    """Where the bytes of an import lie, and what belongs to them; not created here."""
    return imports.folder_of(FileImport(key=key))


def check_room(by: User) -> None:
    """Raises TooMany if `by` has no room for another file."""
    mine = FileImport.objects.filter(by=by)
    if mine.filter(state__in=OPEN).count() >= MOST_OPEN:
        raise TooMany(
            f"您有 {MOST_OPEN} 个文件尚未处理完；请先确认导入或撤回其中一些。",
            f"{MOST_OPEN} files of yours are not settled yet; take or withdraw some of them first.",
        )
    kept = mine.exclude(state__in=SETTLED).aggregate(bytes=Sum("size"))["bytes"] or 0
    if kept >= MOST_BYTES:
        raise TooMany(
            "您未处理的文件已超过 1 GiB；请撤回不再需要的文件。",
            "Your files that are not settled exceed 1 GiB; withdraw those you no longer need.",
        )


def receive(upload: Upload, file: Arrived, options: Mapping[str, Any], by: User, now: datetime) -> FileImport:
    """Put a file that has arrived in line to be checked. Raises TooMany."""
    with transaction.atomic():
        check_room(by)
        job = FileImport.objects.create(
            key=upload.key,
            kind=upload.kind,
            state="received",
            file_name=file.name,
            sha256=file.sha256,
            size=file.size,
            options=dict(options),
            actor=f"user:{by.pk}",
            by=by,
            created_at=now,
            changed_at=now,
        )
        _record(job, "import.receive", by, now)
    return job


def check_again(job: FileImport, options: Mapping[str, Any], by: User, now: datetime) -> None:
    """Check a file once more, with other `options`. Raises Outdated."""
    anew = {**options, "retire_confirmed": None}
    with transaction.atomic():
        _move(job, AT_REST, "received", now, options=anew, outcome={}, worker="")
        _record(job, "import.check_again", by, now)


def confirm(job: FileImport, by: User, now: datetime, *, retiring: int | None = None) -> None:
    """Take the file as it was shown; `retiring`: so many accounts are meant to end. Raises Outdated."""
    with transaction.atomic():
        _move(job, ("checked",), "confirmed", now, options={**job.options, "retire_confirmed": retiring})
        _record(job, "import.confirm", by, now)


def withdraw(job: FileImport, by: User, now: datetime) -> None:
    """Take nothing of the file, and remove its bytes. Raises Outdated."""
    with transaction.atomic():
        _move(job, ("received", *AT_REST), "withdrawn", now)
        _record(job, "import.withdraw", by, now)
        transaction.on_commit(lambda: _remove(folder_of(job.key)))


def claim(now: datetime) -> FileImport | None:
    """The import that has waited longest for a worker, in the hands of this process from now on."""
    waiting = FileImport.objects.filter(state__in=imports.AT_WORK).order_by("changed_at", "pk")
    return next((job for job in waiting if imports.claim(job, now)), None)


def is_kept(job: FileImport) -> bool:
    """Whether the bytes of the file are still here."""
    return (folder_of(job.key) / FILE).exists()


def keep(job: FileImport, name: str, value: object) -> None:
    """Keep a small JSON file beside the bytes of `job`."""
    part = folder_of(job.key) / f"{name}.part"
    part.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    part.replace(folder_of(job.key) / name)


def preview_of(job: FileImport) -> dict[str, Any]:
    """What was shown before the file was taken; empty where nobody knows any more."""
    found = _kept(job, PREVIEW)
    return found if isinstance(found, dict) else {}


def columns_of(job: FileImport) -> list[Column]:
    """The columns of the file, once it was checked; empty where nobody knows."""
    found = _kept(job, COLUMNS)
    return [Column(*column) for column in found] if isinstance(found, list) else []


def reasons_of(job: FileImport) -> Path | None:
    """The copy of the file with what is wrong with each row, if there is one."""
    return next(iter(sorted(folder_of(job.key).glob("reasons.*"))), None)


def _kept(job: FileImport, name: str) -> object:
    with suppress(OSError, ValueError):
        return json.loads((folder_of(job.key) / name).read_text(encoding="utf-8"))
    return None


def purge(now: datetime) -> int:
    """Remove the bytes nobody needs any more; how many folders went.

    What lies there unsettled for thirty days is withdrawn. A folder without an import is what a process left
    that died while a file arrived; a day later it goes.
    """
    return sum(_is_purged(folder, now) for folder in sorted(imports.directory().glob("*")))


def _is_purged(folder: Path, now: datetime) -> bool:
    job = _of(folder)
    if job is None:
        age = now.timestamp() - folder.stat().st_mtime
        return age > ORPHANED.total_seconds() and _remove(folder)
    if now - job.changed_at < KEPT or job.state not in (*AT_REST, *SETTLED):
        return False
    return (job.state in SETTLED or _is_expired(job, now)) and _remove(folder)


def _is_expired(job: FileImport, now: datetime) -> bool:
    try:
        with transaction.atomic():
            _move(job, AT_REST, "withdrawn", now)
            record("system:sweep", "import.expire", ("import", str(job.key)), {"sha256": job.sha256}, at=now)
    except Outdated:
        return False
    return True


def _of(folder: Path) -> FileImport | None:
    try:
        return FileImport.objects.filter(key=UUID(folder.name)).first()
    except ValueError:
        return None


def _remove(folder: Path) -> bool:
    shutil.rmtree(folder, ignore_errors=True)
    return True


def _move(job: FileImport, states: tuple[str, ...], to: str, now: datetime, **fields: Any) -> None:
    """One step; `job` then says so too. Raises Outdated if the row is otherwise than `job` has it."""
    values = {"state": to, "changed_at": now, **fields}
    here = FileImport.objects.filter(pk=job.pk, state__in=states, changed_at=job.changed_at)
    if here.update(**values) != 1:
        raise Outdated
    for name, value in values.items():
        setattr(job, name, value)


def _record(job: FileImport, action: str, by: User, now: datetime) -> None:
    details = {"kind": job.kind, "sha256": job.sha256, "size": job.size}
    record(f"user:{by.pk}", action, ("import", str(job.key)), details, at=now)

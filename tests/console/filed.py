"""Files that were brought in, at every stage, as the worker leaves them: for the pages that show them."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from common.faults import BadFile, Faults, Place, Text
from registry import imports, uploads
from registry.models import FileImport, User
from registry.outcome import Change, Outcome
from tests.cast import MORNING

HOSTILE = "<script>alert(1)</script>\u202e\u200b"
COUNTS = {"accounts_added": 2, "accounts_changed": 1, "accounts_unchanged": 7}


class Arrived:
    """A file that has arrived."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name, self.size, self.sha256 = name, len(content), "ab" * 32


def received(
    by: User,
    kind: str = "registry",
    name: str = "台账.csv",
    content: bytes = b"x",
    at: datetime = MORNING,
    **options: Any,
) -> FileImport:
    """A file that waits to be checked."""
    upload = uploads.Upload(uuid4(), kind)
    uploads.folder_of(upload.key).mkdir(parents=True)
    (uploads.folder_of(upload.key) / uploads.FILE).write_bytes(content)
    scope = by.scope.path if by.scope else ""
    said = {"mapping": {}, "skip_bad": False, "scope_path": scope, **options}
    return uploads.receive(upload, Arrived(name, content), said, by, at)


def outcome(counts: Mapping[str, int] = COUNTS, **more: Any) -> Outcome:
    """What taking it would do."""
    change = Change("表一", 3, f"郑州发布 {HOSTILE}", "handle", "zhengzhou", "zhengzhou_gov")
    values: dict[str, Any] = {"changes": (change,), "changes_total": 1} | more
    return Outcome("ab" * 32, True, "xlsx", "", counts, **values)


def checked(by: User, shown: Outcome | None = None, **how: Any) -> FileImport:
    """A file that was found sound."""
    job = received(by, **how)
    with claimed(job):
        imports.checked(job, shown or outcome(), MORNING)
    return job


def refused(by: User, kinds: tuple[str, ...] = ("state_unknown",), **how: Any) -> FileImport:
    """A file with a fault of each of `kinds`."""
    job = received(by, **how)
    with claimed(job):
        imports.refused(job, bad(kinds), MORNING)
    return job


def bad(kinds: tuple[str, ...]) -> BadFile:
    """A refusal with a fault of each of `kinds`."""
    faults = Faults()
    for line, kind in enumerate(kinds, 2):
        place = Place("表一", line, f"状态{HOSTILE}", f"在用{HOSTILE}")
        faults.add(
            kind, place, Text("没有这种状态", "no such state"), Text("请填写：运行", "write in_service")
        )
    return BadFile(faults)


def taken(by: User, **how: Any) -> FileImport:
    """A file that was taken; the preview had said something else."""
    job = checked(by, **how)
    uploads.keep(job, uploads.PREVIEW, outcome({"accounts_added": 3}).as_json())
    uploads.confirm(job, by, MORNING)
    with claimed(job):
        FileImport.objects.filter(pk=job.pk).update(state="taken", outcome=outcome().as_json(), worker="")
    return job


def broken_off(by: User, **how: Any) -> FileImport:
    """A file whose reader was killed."""
    job = received(by, **how)
    with claimed(job):
        pass
    FileImport.objects.filter(pk=job.pk).update(state="broken_off", outcome={"seen_at": MORNING.isoformat()})
    job.refresh_from_db()
    return job


@contextmanager
def claimed(job: FileImport) -> Iterator[None]:
    """`job` in the hands of this process; afterwards the lock is gone, whatever happened."""
    assert imports.claim(job, MORNING)
    yield
    let_go()


def let_go() -> None:
    """No lock is held any more."""
    for lock in imports._held.values():
        os.close(lock)
    imports._held.clear()


def csv_file(text: str, name: str = "台账.csv") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, text.encode())

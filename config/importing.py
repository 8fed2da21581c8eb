"""The worker behind the import pages: checks and takes the files that people brought in, one at a time.

It runs in a process of its own (`config.readers` starts it), with a bound of memory. Whatever happens to a
file while it is read, its row says so; a worker that is killed leaves its row at work, which whoever looks
next tells as broken off.
"""

import logging
import resource
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from common.faults import BadFile, Text
from common.sheets.kinds import refusal
from config.headings import headings
from observations.handin import HandinOptions, import_observations
from observations.heartbeat import beat
from registry import imports, uploads
from registry.contact_import import ContactOptions, import_contacts
from registry.models import FileImport
from registry.outcome import Outcome
from registry.register_import import RegisterOptions, import_register

Clock = Callable[[], datetime]
IMPORTERS: dict[str, tuple[Callable[..., Outcome], type[Any]]] = {
    "registry": (import_register, RegisterOptions),
    "contacts": (import_contacts, ContactOptions),
    "observations": (import_observations, HandinOptions),
}
log = logging.getLogger("zhenwei.imports")


def bound(memory: int) -> None:
    """From now on this process gets no more than `memory` bytes of address space."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    least = memory if most == resource.RLIM_INFINITY else min(memory, most)
    resource.setrlimit(resource.RLIMIT_AS, (least, least))


def work(now: Clock) -> FileImport | None:
    """Check or take the file that has waited longest; None where none does.

    What is wrong with the file, or went wrong here, is why its row is refused; nothing is raised for it.
    """
    job = uploads.claim(now())
    if job is None:
        return None
    beat("imports", now())
    try:
        _read(job, now)
    except BadFile as error:
        _keep_columns(job, error.kinds)
        _refuse(job, error, now)
    except MemoryError:
        _refuse(job, too_much(), now)
    except Exception:
        log.exception("the import %s failed", job.key)
        _refuse(job, went_wrong(), now)
    return job


def _read(job: FileImport, now: Clock) -> None:
    is_taking, folder = job.state == "taking", imports.folder_of(job)
    if is_taking:
        uploads.keep(job, uploads.PREVIEW, job.outcome)
    importer, options = IMPORTERS[job.kind]
    outcome = importer(
        folder / uploads.FILE,
        job.file_name,
        job.actor,
        now(),
        chosen(options, job.options, dry_run=not is_taking),
        job=job if is_taking else None,
        progress=lambda done: imports.report_progress(job, done, None),
        reasons_to=folder / "reasons",
    )
    if not is_taking:
        _keep_columns(job, (*outcome.fault_kinds, *outcome.notice_kinds))
        imports.checked(job, outcome, now())


def _keep_columns(job: FileImport, kinds: Iterable[str]) -> None:
    """Where a heading was not understood, keep what columns there are, for a person to say what they mean."""
    if any(kind.startswith("column_") for kind in kinds):
        uploads.keep(job, uploads.COLUMNS, headings(job))


def _refuse(job: FileImport, error: BadFile, now: Clock) -> None:
    """Say so, unless somebody found in the meantime that it broke off."""
    try:
        imports.refused(job, error, now())
    except imports.ImportLost as lost:
        log.warning("%s", lost)


def chosen(kind: type[Any], options: Mapping[str, Any], *, dry_run: bool) -> Any:
    """The options of an importer out of those of a row; what it does not know is left out."""
    known = {field.name for field in fields(kind)}
    return kind(**{name: value for name, value in options.items() if name in known}, dry_run=dry_run)


def too_much() -> BadFile:
    """A file that needs more memory than its reader gets."""
    return refusal(
        "too_much_memory",
        Text("读取这个文件需要的内存超出上限", "reading this file takes more memory than a reader gets"),
        Text("请把文件拆分成几个较小的文件", "split it into smaller files"),
    )


def went_wrong() -> BadFile:
    """An error of this program."""
    return refusal(
        "internal_error",
        Text("本系统读取时出错，什么也没有写入", "this system failed while reading; nothing was taken"),
        Text("请告知系统管理员，详情在服务日志中", "tell the system administrator; the log says more"),
    )

"""Takes a contacts file: whole or not at all, and a second time without any effect.

1. Read and check (`registry.contact_reading`), without any lock.
2. In one transaction compare with the stored contacts, write what differs, record one audit event, say that
   the file is taken. A kill before the commit leaves nothing, one after it everything.

Whoever a file does not name stays; a contact ends with its `valid_to`. The event counts and names nobody.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction

from audit_logs.record import record
from common.clock import BEIJING
from common.crash import crash_point
from common.faults import Faults
from common.sheets.opening import opened
from common.sheets.reasons import write_reasons
from registry import imports
from registry.contact_changes import CHANGEABLE, ContactChanges, UnitPlace
from registry.contact_reading import KIND, ContactRecord, read
from registry.divisions import load_divisions, paths
from registry.headers import is_header
from registry.known import Known
from registry.models import Contact, FileImport, Unit
from registry.outcome import Outcome
from registry.records import UnitKey
from registry.tally import Tally

PROGRESS_EVERY = 1000
BATCH = 500
COUNTS = ("contacts_added", "contacts_changed", "contacts_unchanged")


@dataclass(frozen=True, slots=True)
class ContactOptions:
    """How a contacts file is taken.

    `mapping`: column as written → field, before all headings known. `skip_bad`: leave out rows with faults.
    `scope_path`: the path of the division below which the file may change anything; empty for everything.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    skip_bad: bool = False
    dry_run: bool = False
    scope_path: str = ""


def import_contacts(
    path: Path,
    file_name: str,
    actor: str,
    moment: datetime,
    options: ContactOptions,
    *,
    job: FileImport | None = None,
    progress: Callable[[int], None] = lambda _: None,
    reasons_to: Path | None = None,
) -> Outcome:
    """Bring the contacts in line with the file at `path`, or in a dry run only say what would change.

    Raises BadFile if anything is wrong with it; then, and in a dry run, nothing has been written. Rows with
    faults are left out instead where `options` say so, unless none is left. `progress` is told how many rows
    were read. `reasons_to`: where a copy of the file with reasons goes if there are faults.
    """
    work = _Import(path, file_name, actor, moment, options, job)
    try:
        return work.run(progress)
    finally:
        if reasons_to is not None and work.faults:
            write_reasons(path, file_name, work.faults.rows, reasons_to)


class _Import:
    """One import of one file."""

    def __init__(
        self,
        path: Path,
        file_name: str,
        actor: str,
        moment: datetime,
        options: ContactOptions,
        job: FileImport | None,
    ) -> None:
        self._path, self._file_name, self._actor, self._moment = path, file_name, actor, moment
        self._options, self._job = options, job
        self.faults = Faults(by_row=True)
        self._notices = Faults()
        self._format = ("", "")

    def run(self, progress: Callable[[int], None]) -> Outcome:
        """Read, compare, write."""
        digest = self._job.sha256 if self._job else imports.sha256_of(self._path)
        records = self._read(progress)
        with self._transaction():
            outcome = self._taken(records, digest)
        crash_point("contacts.after_commit")
        return outcome

    def _read(self, progress: Callable[[int], None]) -> list[ContactRecord]:
        known, mapping = Known(self._moment.astimezone(BEIJING).date()), self._options.mapping
        heads = partial(is_header, kind=KIND, mapping=mapping)
        records: list[ContactRecord] = []
        with opened(self._path, self._file_name, self.faults, is_header=heads) as file:
            self._format = (file.kind, file.encoding)
            for one in read(file.tables, mapping, known, self.faults, self._notices):
                records.append(one)
                if len(records) % PROGRESS_EVERY == 0:
                    progress(len(records))
        progress(len(records))
        if not records:
            self.faults.raise_if_any()
        return records

    def _raise_unless_skipping(self, records: list[ContactRecord]) -> None:
        if not (self._options.skip_bad and records):
            self.faults.raise_if_any()

    def _transaction(self) -> AbstractContextManager[Any]:
        """A dry run takes no lock: it only reads."""
        return nullcontext() if self._options.dry_run else transaction.atomic()

    def _taken(self, records: list[ContactRecord], digest: str) -> Outcome:
        changes = self._compared(records)
        outcome = self._outcome(changes.tally, digest)
        if not self._options.dry_run:
            load_divisions(self._actor, self._moment)
            _write(changes)
            details = {**outcome.counts, "skipped": outcome.skipped}
            record(self._actor, "contacts.import", ("file", digest), details, at=self._moment)
            imports.taken(self._job, outcome, self._moment)
            crash_point("contacts.before_commit")
        return outcome

    def _compared(self, records: list[ContactRecord]) -> ContactChanges:
        """What sound records change. Those that do not fit are left out on request, and all compared anew."""
        units = _units()
        while True:
            tally = Tally()
            tally.counts.update(dict.fromkeys(COUNTS, 0))
            area = self._options.scope_path
            changes = ContactChanges(self._moment, units, paths(), area, tally, self.faults)
            changes.start_from(Contact.objects.all())
            changes.take(records)
            records = [one for one in records if one.row not in changes.faulty]
            # Only now, so that a file is told everything at once.
            self._raise_unless_skipping(records)
            if not changes.faulty:
                return changes

    def _outcome(self, tally: Tally, digest: str) -> Outcome:
        kind, encoding = self._format
        return Outcome(
            file_sha256=digest,
            dry_run=self._options.dry_run,
            kind=kind,
            encoding=encoding,
            counts=dict(tally.counts),
            changes=tuple(tally.changes),
            changes_total=tally.changes_total,
            notices=tuple(self._notices.kept),
            notices_total=self._notices.total,
            notice_kinds=dict(self._notices.kinds),
            skipped=len(self.faults.rows),
            faults=tuple(self.faults.kept),
            fault_kinds=dict(self.faults.kinds),
        )


def _units() -> dict[UnitKey, UnitPlace]:
    rows = Unit.objects.values_list("name", "line_division_id", "pk", "line_division__path")
    return {(name, division): UnitPlace(key, path) for name, division, key, path in rows.iterator()}


def _write(changes: ContactChanges) -> None:
    Contact.objects.bulk_create(changes.new, batch_size=BATCH)
    # An upsert by id that always finds its row: five times as fast as bulk_update.
    Contact.objects.bulk_create(
        changes.changed,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[*CHANGEABLE, "changed_at"],
    )

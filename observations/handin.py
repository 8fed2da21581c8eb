"""Takes an export of a platform or vendor: the answer to questions that no crawl may ask.

1. Read row by row, without any lock; what names an account is laid down in a temporary file.
2. Keep the bytes of the file under their hash.
3. In one transaction write what the file shows (see `handover`) with one audit event; say that it is taken.

A kill before the commit leaves at most a capture nobody refers to, which the next try finds in place. The
same file with the same words about it is known by its hash and changes nothing. What a file shows is dated by
its export, and by a row's own time where it has one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import transaction

from audit_logs.record import record
from common.crash import crash_point
from common.faults import Faults
from common.sheets import kinds
from common.sheets.opening import opened
from common.sheets.reasons import write_reasons
from crawlers.exported import Reader
from crawlers.mapping import ImportMapping
from observations import captures, claims, handed, handover, said
from observations.claims import Claim
from observations.exports import Found, Registered, Rows
from observations.handover import File, Written
from observations.models import Handover
from observations.stage import Stage
from registry import imports
from registry.models import Account, FileImport
from registry.outcome import Outcome

PROGRESS_EVERY = 1000
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class HandinOptions:
    """What a person says about an export.

    `mapping`: column as written → field, before all names known. `statement`: where the file is from.
    `covers`: what was searched (see `claims.parse`). `exported_at`: ISO text, a day or a time, in Beijing
    where it has no zone; empty if unknown. `skip_bad`: leave out rows with faults.
    """

    platform: str
    instance: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    statement: str = ""
    covers: str = ""
    exported_at: str = ""
    skip_bad: bool = False
    dry_run: bool = False


def import_observations(
    path: Path,
    file_name: str,
    actor: str,
    moment: datetime,
    options: HandinOptions,
    *,
    job: FileImport | None = None,
    progress: Progress = lambda _: None,
    reasons_to: Path | None = None,
) -> Outcome:
    """Store what the export at `path` shows, or in a dry run only say what it holds.

    Raises BadFile if anything is wrong with it; then, and in a dry run, nothing has been written. Rows with
    faults are left out instead where `options` say so, unless none is left. `progress` is told how many rows
    were read. `reasons_to`: beside which a copy of the file with reasons goes if there are faults (see
    `common.sheets.reasons`).
    """
    work = _Import(path, file_name, actor, moment, options, job)
    try:
        return work.run(progress)
    finally:
        if reasons_to is not None:
            work.give_reasons(reasons_to)


class _Import:
    """One import of one file."""

    def __init__(
        self,
        path: Path,
        file_name: str,
        actor: str,
        moment: datetime,
        options: HandinOptions,
        job: FileImport | None,
    ) -> None:
        self._path, self._file_name, self._actor, self._moment = path, file_name, actor, moment
        self._options, self._job = options, job
        self.faults = Faults(by_row=True)
        self._notices = Faults()
        self._format = ("", "")
        self._mapping: ImportMapping | None = None

    def give_reasons(self, target: Path) -> None:
        """Write the copy of the file that says what is wrong with its rows, if anything is."""
        if self.faults.rows and self._mapping is not None:
            is_header = Reader(self._mapping, self._moment, self._options.mapping).is_header
            write_reasons(
                self._path,
                self._file_name,
                self.faults.rows,
                target,
                is_header=is_header,
                list_at=self._mapping.list_at,
            )

    def run(self, progress: Progress) -> Outcome:
        """Read, keep, write."""
        options = self._options
        spec = said.spec_of(options.platform)
        said.check_mapping(options.mapping)
        source = None if options.dry_run else said.source_of(spec, options.instance)
        claim = claims.parse(options.covers)
        file = self._file(said.version(spec, options.mapping))
        if (before := handover.before(file)) is not None:
            return self._taken_before(file, before)
        self._mapping = spec.mapping
        with Stage() as stage:
            found = self._read(file, stage, progress)
            self._check(found, claim)
            if source is None:
                return self._would(file, stage, found)
            self._keep(file)
            with transaction.atomic():
                refused = len(self.faults.rows)
                written = handover.write(file, source, claim, stage, found, refused, self._moment, progress)
                said.tell(self._notices, found, claim, written.answered)
                outcome = self._outcome(file, self._counts(stage, found, written))
                self._record(file, outcome)
                imports.taken(self._job, outcome, self._moment)
                crash_point("handin.before_commit")
        crash_point("handin.after_commit")
        return outcome

    def _file(self, mapping_version: str) -> File:
        options = self._options
        exported_at = said.exported_at(options.exported_at, self._moment)
        return File(
            name=self._file_name,
            digest=self._job.sha256 if self._job else imports.sha256_of(self._path),
            size=self._path.stat().st_size,
            platform=options.platform,
            instance=options.instance,
            mapping_version=mapping_version,
            statement=options.statement.strip()[:500],
            covers=options.covers.strip()[:500],
            exported_at=exported_at or self._moment,
            is_dated=exported_at is not None,
            actor=self._actor,
            by=said.name_of(self._actor),
        )

    def _read(self, file: File, stage: Stage, progress: Progress) -> Found:
        assert self._mapping is not None  # noqa: S101 -- every spec of `said.spec_of` has one
        reader = Reader(self._mapping, file.exported_at, self._options.mapping)
        rows = Rows(reader, file.place, _registered(file.place), stage, self.faults, self._notices)
        number, list_at = 0, self._mapping.list_at
        with opened(
            self._path, self._file_name, self.faults, is_header=reader.is_header, list_at=list_at
        ) as sheets:
            self._format = (sheets.kind, sheets.encoding)
            for table in sheets.tables:
                for row in table.rows:
                    rows.take(table, row)
                    number += 1
                    if number % PROGRESS_EVERY == 0:
                        progress(number)
        stage.flush()
        progress(number)
        return rows.found

    def _check(self, found: Found, claim: Claim) -> None:
        """Raises BadFile unless there is something to take."""
        if self.faults.kinds.keys() == {kinds.NO_ROWS} and not claim.is_empty:
            # Searched, as said, and nothing found: that is an answer.
            self.faults = Faults(by_row=True)
        if not self._options.skip_bad or not found.rows:
            self.faults.raise_if_any()

    def _keep(self, file: File) -> None:
        digest, _ = captures.keep_file(self._path)
        if digest != file.digest:
            raise said.changed_while_read()
        crash_point("handin.after_capture")

    def _taken_before(self, file: File, before: Handover) -> Outcome:
        """The outcome of a file that is known: nothing changes."""
        said.tell_before(self._notices, before)
        outcome = self._outcome(file, {"rows": before.rows, "observations_added": 0})
        if self._job is not None and not self._options.dry_run:
            with transaction.atomic():
                imports.taken(self._job, outcome, self._moment)
        return outcome

    def _would(self, file: File, stage: Stage, found: Found) -> Outcome:
        known = handed.known(file.place)
        return self._outcome(
            file,
            {
                "rows": found.rows,
                "duplicates": found.duplicates,
                "observations_added": stage.rows - known,
                "observations_unchanged": known,
                "registered_seen": len(found.registered),
            },
        )

    def _counts(self, stage: Stage, found: Found, written: Written) -> dict[str, int]:
        counts = {
            "rows": found.rows,
            "duplicates": found.duplicates,
            "observations_added": written.observations,
            "observations_unchanged": stage.rows - written.observations,
            "sightings_added": stage.rows,
            "registered_seen": len(found.registered),
            "publications_added": written.publications,
        }
        if written.answered is not None:
            counts["questions_answered"] = written.answered.by_rows + written.answered.themselves
            counts["questions_as_said"] = written.answered.as_said
        return counts

    def _outcome(self, file: File, counts: Mapping[str, int]) -> Outcome:
        kind, encoding = self._format
        return Outcome(
            file_sha256=file.digest,
            dry_run=self._options.dry_run,
            kind=kind,
            encoding=encoding,
            counts=dict(counts),
            notices=tuple(self._notices.kept),
            notices_total=self._notices.total,
            notice_kinds=dict(self._notices.kinds),
            skipped=len(self.faults.rows),
            faults=tuple(self.faults.kept),
            fault_kinds=dict(self.faults.kinds),
        )

    def _record(self, file: File, outcome: Outcome) -> None:
        details = {
            **outcome.counts,
            "skipped": outcome.skipped,
            "platform": file.platform,
            "instance": file.instance,
            "file_name": file.name[:255],
            "statement": file.statement,
            "covers": file.covers,
            "mapping": file.mapping_version,
        }
        record(self._actor, "observations.import", ("file", file.digest), details, at=self._moment)


def _registered(place: tuple[str, str]) -> Registered:
    """The registered accounts that live there. A released handle is nobody's."""
    accounts = Account.objects.filter(platform=place[0], instance=place[1])
    rows = list(accounts.values_list("platform_uid", "handle", "state"))
    by_handle = {handle.casefold(): uid for uid, handle, state in rows if handle and state != "deregistered"}
    return Registered(frozenset(uid for uid, _, _ in rows), by_handle)

"""Takes a register file: whole or not at all, and a second time without any effect.

1. Read and check, row by row, without any lock; what is sound is laid down in a temporary file.
2. In one transaction compare with the register and write what differs: units, then their accounts, then
   contacts; retire what a full list leaves out; record one audit event; say that the file is taken.

The transaction holds the database's write lock from its first statement, so two imports follow one another
and the second sees what the first has done. A kill before the commit leaves nothing, one after it everything.
What a file does not name stays as it is, unless it is said to be the full list.
"""

import gc
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction

from audit_logs.record import record
from common.clock import BEIJING
from common.crash import crash_point
from common.faults import BadFile, Faults, Mend, Place, Text
from common.sheets.opening import opened
from common.sheets.reasons import write_reasons
from registry import imports, retirement
from registry.divisions import load_divisions, paths
from registry.headers import is_header
from registry.kinds import ACCOUNT_KINDS
from registry.known import Known
from registry.models import AccountKind, FileImport, Unit
from registry.outcome import Outcome
from registry.reading import read
from registry.records import AccountRecord, Record, UnitKey, UnitRecord
from registry.register_accounts import Accounts
from registry.register_units import Units
from registry.searching import forms
from registry.sponsors import Sponsors
from registry.stage import Stage
from registry.tally import Tally

PROGRESS_EVERY = 1000
COUNTS = (
    *(f"units_{what}" for what in ("added", "changed", "unchanged")),
    *(f"accounts_{what}" for what in ("added", "changed", "unchanged", "retired")),
    *(f"contacts_{what}" for what in ("added", "changed")),
)

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class RegisterOptions:
    """How a register file is taken.

    `mapping`: column as written → field, before all headings known. `skip_bad`: leave out rows with faults.
    `retire_missing`: it is the full list, see `registry.retirement`; `retire_confirmed`: so many accounts may
    end. `moving`: accounts may pass to the unit that the file names. `scope_path`: the path of the division
    below which the file may change anything; empty for everything.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    skip_bad: bool = False
    retire_missing: bool = False
    retire_confirmed: int | None = None
    moving: bool = False
    dry_run: bool = False
    scope_path: str = ""


def import_register(
    path: Path,
    file_name: str,
    actor: str,
    moment: datetime,
    options: RegisterOptions,
    *,
    job: FileImport | None = None,
    progress: Progress = lambda _: None,
    reasons_to: Path | None = None,
) -> Outcome:
    """Bring the register in line with the file at `path`, or in a dry run only say what would change.

    Raises BadFile if anything is wrong with it; then, and in a dry run, nothing has been written. Rows with
    faults are left out instead where `options` say so, unless none is left. `progress` is told how many units
    and accounts were read. `reasons_to`: where a copy of the file with reasons goes if there are faults.
    """
    work = _Import(path, file_name, actor, moment, options, job, with_reasons=reasons_to is not None)
    try:
        return work.run(progress)
    finally:
        if reasons_to is not None and work.faults:
            write_reasons(path, file_name, work.faults.rows, reasons_to, is_header=work.is_header)


class RowFaults(Faults):
    """Faults that know how many rows they are about."""

    def __init__(self, *, by_row: bool) -> None:
        super().__init__(by_row=by_row)
        self.places: set[tuple[str, int]] = set()

    def add(self, kind: str, place: Place, problem: Text, mend: Mend) -> None:
        """Note a fault, and the row it is in."""
        if place.line:
            self.places.add((place.sheet, place.line))
        super().add(kind, place, problem, mend)


class _Import:
    """One import of one file."""

    def __init__(
        self,
        path: Path,
        file_name: str,
        actor: str,
        moment: datetime,
        options: RegisterOptions,
        job: FileImport | None,
        *,
        with_reasons: bool,
    ) -> None:
        self._path, self._file_name, self._actor, self._moment = path, file_name, actor, moment
        self._options, self._job = options, job
        self.faults = RowFaults(by_row=with_reasons)
        self._notices = Faults()
        self._tally = Tally(Counter(dict.fromkeys(COUNTS, 0)))
        self.is_header = partial(is_header, mapping=options.mapping)
        self._paths = paths()
        self._areas: set[str] = set()
        self._platforms: set[retirement.PlatformKey] = set()
        self._format = ("", "")

    def run(self, progress: Progress) -> Outcome:
        """Read, compare, write."""
        digest = self._job.sha256 if self._job else imports.sha256_of(self._path)
        with _without_collector(), Stage() as stage:
            with _unchanged(self._path, self.faults):
                self._read(stage, progress)
            self._raise_unless_skipping()
            if not (stage.unit_count or stage.account_count):
                self.faults.raise_if_any()
            with self._transaction():
                outcome = self._compare(stage, digest)
        crash_point("import.after_commit")
        return outcome

    def _transaction(self) -> AbstractContextManager[Any]:
        """A dry run takes no lock: it only reads."""
        return nullcontext() if self._options.dry_run else transaction.atomic()

    def _raise_unless_skipping(self) -> None:
        if not self._options.skip_bad:
            self.faults.raise_if_any()

    def _read(self, stage: Stage, progress: Progress) -> None:
        mapping, before = self._options.mapping, known(self._moment)
        with opened(self._path, self._file_name, self.faults, is_header=self.is_header) as file:
            self._format = (file.kind, file.encoding)
            records = read(file.tables, mapping, before, self.faults, self._notices)
            for number, one in enumerate(self._in_scope(records)):
                if isinstance(one, UnitRecord):
                    self._areas.add(self._paths[one.division])
                    stage.add_unit(one, forms(one.name))
                else:
                    self._platforms.add((one.platform, one.instance))
                    stage.add_account(one, forms(one.name, one.handle or "", one.platform_uid))
                if number % PROGRESS_EVERY == 0:
                    progress(number)
            progress(stage.unit_count + stage.account_count)

    def _in_scope(self, records: Iterator[Record]) -> Iterator[Record]:
        """The records within the area of whoever brings the file in; others are noted as faults."""
        area, outside = self._options.scope_path, set[UnitKey]()
        for one in records:
            key = one.key if isinstance(one, UnitRecord) else one.unit
            if isinstance(one, AccountRecord) and key in outside:
                self.faults.places.add((one.sheet, one.line))
                continue
            if self._paths[key[1]].startswith(area):
                yield one
                continue
            outside.add(key)
            problem = Text("这个单位不在您的管辖范围内", "this unit is outside your area")
            mend = Text(
                "请删去这一行，或请上级导入", "take the row out, or ask the office above to bring it in"
            )
            self.faults.add("outside_area", Place(one.sheet, one.line, "unit", key[0]), problem, mend)

    def _compare(self, stage: Stage, digest: str) -> Outcome:
        dry_run = self._options.dry_run
        if not dry_run:
            load_divisions(self._actor, self._moment)
        units = Units(self._moment, self.faults, self._tally)
        units.compare(stage)
        if not dry_run:
            units.write(stage)
            crash_point("import.between_units_and_accounts")
        accounts = Accounts(
            self._moment,
            units,
            self._options.moving,
            self._options.scope_path,
            self.faults,
            self._tally,
        )
        accounts.take(stage, dry_run=dry_run)
        self.faults.places |= accounts.left_out
        crash_point("import.between_accounts_and_contacts")
        Sponsors(units, self._tally, self._notices, self._today).take(stage, dry_run=dry_run)
        self._retire(accounts)
        self._raise_unless_skipping()
        outcome = self._outcome(digest)
        if not dry_run:
            self._record(outcome)
            imports.taken(self._job, outcome, self._moment)
            crash_point("import.before_commit")
        return outcome

    @property
    def _today(self) -> date:
        return self._moment.astimezone(BEIJING).date()

    def _retire(self, accounts: Accounts) -> None:
        """End what a full list leaves out. A list whose bad rows are left out is not full."""
        options = self._options
        if not options.retire_missing:
            return
        if self.faults:
            problem = Text(
                "有错误的行被略过，文件不再是完整名单",
                "rows with faults are left out, so the file is no full list",
            )
            mend = Text(
                "请先改正有错的行，或不要同时注销未列出的账号",
                "mend those rows first, or do not retire what is missing",
            )
            self.faults.add("retire_with_faults", Place(), problem, mend)
            raise BadFile(self.faults)
        areas = (options.scope_path,) if options.scope_path else retirement.topmost(self._areas)
        full = retirement.FullList(areas, frozenset(self._platforms), accounts.seen)
        missing = retirement.missing_from(full)
        # A dry run shows what would end; that somebody must confirm it is then a notice.
        told = self._notices if options.dry_run else self.faults
        retirement.check(missing, options.retire_confirmed, told)
        self.faults.raise_if_any()
        retirement.retire(missing, self._moment, self._tally, dry_run=options.dry_run)

    def _outcome(self, digest: str) -> Outcome:
        kind, encoding = self._format
        return Outcome(
            file_sha256=digest,
            dry_run=self._options.dry_run,
            kind=kind,
            encoding=encoding,
            counts=dict(self._tally.counts),
            changes=tuple(self._tally.changes),
            changes_total=self._tally.changes_total,
            notices=tuple(self._notices.kept),
            notices_total=self._notices.total,
            notice_kinds=dict(self._notices.kinds),
            skipped=len(self.faults.places),
            faults=tuple(self.faults.kept),
            fault_kinds=dict(self.faults.kinds),
        )

    def _record(self, outcome: Outcome) -> None:
        details = {**outcome.counts, "skipped": outcome.skipped, "notices": outcome.notices_total}
        record(self._actor, "registry.import", ("file", outcome.file_sha256), details, at=self._moment)


@contextmanager
def _without_collector() -> Iterator[None]:
    """No search for unreachable cycles: rows make none, and the search takes a tenth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def _unchanged(path: Path, faults: Faults) -> Iterator[None]:
    """Raises BadFile if the file is written to while it is read: what was hashed is what is taken."""
    before = _face(path)
    yield
    if _face(path) != before:
        problem = Text("文件在读取时被改动", "the file was changed while it was read")
        mend = Text("请先保存并关闭文件，再重新导入", "save and close it, then bring it in again")
        faults.add("file_changed", Place(), problem, mend)
        raise BadFile(faults)


def _face(path: Path) -> tuple[int, int, int]:
    seen = path.stat()
    return seen.st_ino, seen.st_size, seen.st_mtime_ns


def known(moment: datetime) -> Known:
    """What the register holds before the file is read."""
    kinds = AccountKind.objects.values_list("platform", "title_zh", "title_en")
    titles = {title: platform for platform, *both in kinds for title in both}
    platforms = {kind.platform for kind in ACCOUNT_KINDS} | set(titles.values())
    stored: dict[str, dict[UnitKey, str]] = {}
    for name, division, kind in Unit.objects.values_list("name", "line_division_id", "kind").iterator():
        stored.setdefault(name, {})[name, division] = kind
    return Known(moment.astimezone(BEIJING).date(), platforms, titles, lambda name: stored.get(name, {}))

"""Brings the units of a register file in line: first everything is compared, then what differs is written.

- A unit is known by its name and its division; kind, code and parent may change.
- No two units have one unified social credit code, and none stands above itself, counting what is stored.
- A unit with a fault is left out with its accounts, and so is a new unit below a new one that is left out.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from common.faults import Faults, Place, Text, visible
from registry import bulk
from registry.known import NO_UNIT
from registry.models import Unit
from registry.protection import protect_new_units
from registry.records import UnitKey, UnitRecord
from registry.stage import BATCH, Stage
from registry.tally import Tally


class Stored(NamedTuple):
    """A unit as it is stored."""

    pk: int
    kind: str
    uscc: str
    parent: int | None


@dataclass(slots=True)
class Units:
    """The units of one file. `keys`: what their accounts point to, of all that are not left out.

    New units have negative keys until they are written.
    """

    moment: datetime
    faults: Faults
    tally: Tally
    keys: dict[UnitKey, int] = field(default_factory=dict)
    left_out: set[UnitKey] = field(default_factory=set)
    stored: dict[UnitKey, Stored] = field(default_factory=dict)
    _parents: dict[UnitKey, int] = field(default_factory=dict)

    def compare(self, stage: Stage) -> None:
        """Find what is stored of the units laid down in `stage`, note the faults, and count."""
        self._find(_keys(stage))
        parents = {record.parent for record in _records(stage) if record.parent not in (None, NO_UNIT)}
        self._parents = self._found(key for key in parents if key and key not in self.keys)
        self._check_codes(stage)
        self._check_circles(stage)
        self._leave_out(stage)
        for record in _records(stage):
            if record.key not in self.left_out:
                self._count(record)

    def write(self, stage: Stage) -> None:
        """Write what is new and what changed; from then on `keys` are those of the database."""
        last = bulk.last_key(Unit)
        columns = ("name", "line_division_id", "kind", "uscc", "search", "created_at")
        for batch in stage.units():
            bulk.insert(
                Unit,
                columns,
                [
                    (record.name, record.division, record.kind, record.uscc or "", search, self.moment)
                    for record, search in batch
                    if record.key not in self.left_out and record.key not in self.stored
                ],
            )
        new = Unit.objects.filter(pk__gt=last).values_list("name", "line_division_id", "pk")
        self.keys.update({(name, division): pk for name, division, pk in new.iterator()})
        protect_new_units(last, self.moment)
        self._write_changes(stage)

    def _write_changes(self, stage: Stage) -> None:
        for batch in stage.units():
            changed = []
            for record, _ in batch:
                stored = self.stored.get(record.key) or Stored(0, record.kind, record.uscc or "", None)
                wanted = self._wanted(record, stored)
                if record.key not in self.left_out and wanted != stored[1:]:
                    changed.append((*wanted, self.keys[record.key]))
            bulk.update(Unit, ("kind", "uscc", "parent_unit_id"), changed)

    def _wanted(self, record: UnitRecord, stored: Stored) -> tuple[str, str, int | None]:
        """Kind, code and parent as the file has them; what it does not say stays."""
        uscc = stored.uscc if record.uscc is None else record.uscc
        return record.kind, uscc, self._parent(record, stored)

    def _parent(self, record: UnitRecord, stored: Stored) -> int | None:
        if record.parent is None:
            return stored.parent
        if record.parent == NO_UNIT:
            return None
        return self.keys.get(record.parent) or self._parents.get(record.parent)

    def _find(self, keys: Iterable[list[UnitKey]]) -> None:
        new = 0
        for batch in keys:
            names = {name for name, _ in batch}
            rows = Unit.objects.filter(name__in=names).values_list(
                "name", "line_division_id", "pk", "kind", "uscc", "parent_unit_id"
            )
            found = {row[:2]: Stored(*row[2:]) for row in rows}
            for key in batch:
                if key in found:
                    self.stored[key] = found[key]
                    self.keys[key] = found[key].pk
                else:
                    new -= 1
                    self.keys[key] = new

    def _found(self, keys: Iterable[UnitKey]) -> dict[UnitKey, int]:
        found: dict[UnitKey, int] = {}
        wanted = list(keys)
        for start in range(0, len(wanted), BATCH):
            names = {name for name, _ in wanted[start : start + BATCH]}
            rows = Unit.objects.filter(name__in=names).values_list("name", "line_division_id", "pk")
            found.update({(name, division): pk for name, division, pk in rows})
        return {key: found[key] for key in wanted if key in found}

    def _check_codes(self, stage: Stage) -> None:
        """No two units may have one code once the file is taken."""
        codes = dict(Unit.objects.exclude(uscc="").values_list("pk", "uscc"))
        said = {self.keys[record.key]: record.uscc for record in _records(stage) if record.uscc is not None}
        codes.update(said)
        repeated = {code for code, count in Counter(codes.values()).items() if code and count > 1}
        if not repeated:
            return
        owners = {code: pk for pk, code in codes.items() if code in repeated and pk not in said}
        first: dict[str, UnitRecord] = {}
        for record in _records(stage):
            if record.uscc in repeated:
                self._check_code(record, owners, first)

    def _check_code(
        self, record: UnitRecord, owners: Mapping[str, int], first: dict[str, UnitRecord]
    ) -> None:
        code = record.uscc or ""
        other = first.setdefault(code, record)
        if code not in owners and other is record:
            return
        name = str(Unit.objects.get(pk=owners[code])) if code in owners else other.name
        problem = Text(
            f"“{visible(name)}”已是这个统一社会信用代码", f"“{visible(name)}” has this code already"
        )
        mend = Text("请核对代码；两个单位不能共用一个代码", "check the code: no two units share one")
        self._refuse(record, "uscc_taken", "uscc", code, problem, mend)

    def _check_circles(self, stage: Stage) -> None:
        """No unit may stand above itself once the file is taken."""
        above: dict[int, int | None] = dict(
            Unit.objects.exclude(parent_unit=None).values_list("pk", "parent_unit_id")
        )
        said = [record for record in _records(stage) if record.parent is not None]
        for record in said:
            above[self.keys[record.key]] = self._parent(record, Stored(0, "", "", None))
        for record in said:
            if _is_in_circle(self.keys[record.key], above):
                parent = (record.parent or NO_UNIT)[0]
                problem = Text(
                    "这个上级单位归根到底隶属于本单位", "this parent belongs to this unit in the end"
                )
                mend = Text("请核对上级单位", "check who stands above whom")
                self._refuse(record, "parent_circle", "parent_unit", parent, problem, mend)

    def _leave_out(self, stage: Stage) -> None:
        """A unit whose parent is nowhere, or new and left out, is left out, too. Parents come first."""
        for record in _records(stage):
            parent = record.parent
            if parent in (None, NO_UNIT) or record.key in self.left_out or parent is None:
                continue
            is_gone = parent in self.left_out and parent not in self.stored
            if is_gone or (parent not in self.keys and parent not in self._parents):
                problem = Text("上级单位没有导入", "the parent of this unit is not taken")
                mend = Text("请先改正上级单位的那一行", "mend the row of the parent first")
                self._refuse(record, "parent_left_out", "parent_unit", parent[0], problem, mend)

    def _refuse(
        self, record: UnitRecord, kind: str, column: str, value: str, problem: Text, mend: Text
    ) -> None:
        self.left_out.add(record.key)
        self.faults.add(kind, Place(record.sheet, record.line, column, value), problem, mend)

    def _count(self, record: UnitRecord) -> None:
        stored = self.stored.get(record.key)
        if stored is None:
            self.tally.counts["units_added"] += 1
            return
        wanted = self._wanted(record, stored)
        if wanted == stored[1:]:
            self.tally.counts["units_unchanged"] += 1
            return
        self.tally.counts["units_changed"] += 1
        subject = f"{visible(record.name)} {record.division}"
        place = record.sheet, record.line
        for name, old, new in zip(("unit_kind", "uscc"), stored[1:3], wanted[:2], strict=True):
            if old != new:
                self.tally.change(place, subject, name, old, new)
        if wanted[2] != stored.parent:
            old_parent = "" if self.tally.is_full else _title(stored.parent)
            self.tally.change(place, subject, "parent_unit", old_parent, (record.parent or NO_UNIT)[0])


def _records(stage: Stage) -> Iterator[UnitRecord]:
    return (record for batch in stage.units() for record, _ in batch)


def _keys(stage: Stage) -> Iterator[list[UnitKey]]:
    return ([record.key for record, _ in batch] for batch in stage.units())


def _title(pk: int | None) -> str:
    return "" if pk is None else Unit.objects.get(pk=pk).name


def _is_in_circle(start: int, above: Mapping[int, int | None]) -> bool:
    seen: set[int] = set()
    at: int | None = start
    while at is not None and at not in seen:
        seen.add(at)
        at = above.get(at)
    return at == start

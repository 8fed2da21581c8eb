"""Brings the units of a register file in line: first everything is compared, then what differs is written.

- A unit is known by its name and its division; kind, code and parent may change.
- No two units have one unified social credit code, and none stands above itself, counting what is stored.
- A unit with a fault is left out with its accounts, and so is a new unit below a new one that is left out.
"""

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


class Refusal(NamedTuple):
    """Why a unit is left out."""

    kind: str
    column: str
    value: str
    problem: Text
    mend: Text


@dataclass(slots=True)
class Units:
    """The units of one file. `keys`: what their accounts point to, of all that are not left out.

    New units have negative keys until they are written. What few units say, a code or a parent, is held in
    memory by key; the rest is read from the stage where it is needed.
    """

    moment: datetime
    faults: Faults
    tally: Tally
    keys: dict[UnitKey, int] = field(default_factory=dict)
    left_out: set[UnitKey] = field(default_factory=set)
    stored: dict[UnitKey, Stored] = field(default_factory=dict)
    _codes: dict[UnitKey, str] = field(default_factory=dict)
    _above: dict[UnitKey, UnitKey] = field(default_factory=dict)
    _parents: dict[UnitKey, int] = field(default_factory=dict)

    def compare(self, stage: Stage) -> None:
        """Find what is stored of the units laid down in `stage`, note the faults, and count."""
        for batch in stage.units():
            self._find([record for record, _ in batch])
        self._parents = _found(parent for parent in set(self._above.values()) if parent not in self.keys)
        refused = {**self._taken_codes(), **self._circles()}
        refused.update(self._without_parent(refused))
        if refused:
            self._leave_out(stage, refused)
        self.tally.counts["units_added"] = len(self.keys.keys() - self.stored.keys() - self.left_out)
        if self.stored:
            for record in _records(stage):
                if record.key in self.stored and record.key not in self.left_out:
                    self._count(record, self.stored[record.key])

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
        if not (self._above or self.tally.counts["units_changed"]):
            return
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

    def _find(self, records: list[UnitRecord]) -> None:
        """Note what is stored of some units, and what they say of codes and parents."""
        rows = Unit.objects.filter(name__in=bulk.among({record.name for record in records})).values_list(
            "name", "line_division_id", "pk", "kind", "uscc", "parent_unit_id"
        )
        found = {row[:2]: Stored(*row[2:]) for row in rows}
        for record in records:
            key = record.key
            if key in found:
                self.stored[key] = found[key]
            self.keys[key] = found[key].pk if key in found else -len(self.keys) - 1
            if record.uscc is not None:
                self._codes[key] = record.uscc
            if record.parent is not None:
                self._above[key] = record.parent

    def _taken_codes(self) -> dict[UnitKey, Refusal]:
        """The units whose code another one has once the file is taken."""
        said = {self.keys[key]: code for key, code in self._codes.items()}
        if not any(said.values()):
            return {}
        stored = Unit.objects.exclude(uscc="").values_list("uscc", "pk", "name")
        owners = {code: name for code, pk, name in stored.iterator() if pk not in said}
        refused: dict[UnitKey, Refusal] = {}
        for key, code in self._codes.items():
            if not code:
                continue
            if code in owners:
                refused[key] = Refusal("uscc_taken", "uscc", code, *_code_taken(owners[code]))
            owners.setdefault(code, key[0])
        return refused

    def _circles(self) -> dict[UnitKey, Refusal]:
        """The units that would stand above themselves once the file is taken."""
        if not self._above:
            return {}
        stored = Unit.objects.exclude(parent_unit=None).values_list("pk", "parent_unit_id")
        above: dict[int, int | None] = dict(stored.iterator())
        for key, parent in self._above.items():
            above[self.keys[key]] = self.keys.get(parent) or self._parents.get(parent)
        return {
            key: Refusal("parent_circle", "parent_unit", parent[0], *_CIRCLE)
            for key, parent in self._above.items()
            if _is_in_circle(self.keys[key], above)
        }

    def _without_parent(self, refused: Mapping[UnitKey, Refusal]) -> dict[UnitKey, Refusal]:
        """The units whose parent is nowhere, or new and refused. Parents come before their children."""
        found: dict[UnitKey, Refusal] = {}
        for key, parent in self._above.items():
            if key in refused or parent == NO_UNIT:
                continue
            is_gone = (parent in refused or parent in found) and parent not in self.stored
            if is_gone or not (parent in self.keys or parent in self._parents):
                found[key] = Refusal("parent_left_out", "parent_unit", parent[0], *_LEFT_OUT)
        return found

    def _leave_out(self, stage: Stage, refused: Mapping[UnitKey, Refusal]) -> None:
        for record in _records(stage):
            if (why := refused.get(record.key)) is not None:
                self.left_out.add(record.key)
                place = Place(record.sheet, record.line, why.column, why.value)
                self.faults.add(why.kind, place, why.problem, why.mend)

    def _count(self, record: UnitRecord, stored: Stored) -> None:
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


def _found(keys: Iterable[UnitKey]) -> dict[UnitKey, int]:
    """The keys in the database of these units, of those that are stored."""
    wanted = list(keys)
    found: dict[UnitKey, int] = {}
    for start in range(0, len(wanted), BATCH):
        names = {name for name, _ in wanted[start : start + BATCH]}
        rows = Unit.objects.filter(name__in=bulk.among(names)).values_list("name", "line_division_id", "pk")
        found.update({(name, division): pk for name, division, pk in rows})
    return {key: found[key] for key in wanted if key in found}


def _title(pk: int | None) -> str:
    return "" if pk is None else Unit.objects.get(pk=pk).name


def _code_taken(name: str) -> tuple[Text, Text]:
    problem = Text(f"“{visible(name)}”已是这个统一社会信用代码", f"“{visible(name)}” has this code already")
    return problem, Text("请核对代码；两个单位不能共用一个代码", "check the code: no two units share one")


def _is_in_circle(start: int, above: Mapping[int, int | None]) -> bool:
    seen: set[int] = set()
    at: int | None = start
    while at is not None and at not in seen:
        seen.add(at)
        at = above.get(at)
    return at == start


_CIRCLE = (
    Text("这个上级单位归根到底隶属于本单位", "this parent belongs to this unit in the end"),
    Text("请核对上级单位", "check who stands above whom"),
)
_LEFT_OUT = (
    Text("上级单位没有导入", "the parent of this unit is not taken"),
    Text("请先改正上级单位的那一行", "mend the row of the parent first"),
)

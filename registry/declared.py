"""The units of a register file: what its rows say of them, whether they agree, and who belongs to whom. Pure.

A unit is declared by its first sound row. It waits for the end of the file where something is still to be
looked for: its parent by name, its kind in a sheet of units yet to come.
"""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from functools import partial
from typing import NamedTuple

from common.faults import Faults, Place, Text
from names import divisions
from registry.headers import Layout
from registry.known import NO_UNIT, Known
from registry.problems import Problem, listed, nearest
from registry.records import SponsorContact, UnitKey, UnitRecord
from registry.unit_kinds import by_name
from registry.words import titles

MOST_LOOKED_UP = 200
NO_CONTACT = SponsorContact("", "", "")


class UnitSaid(NamedTuple):
    """What one row says of a unit. Empty `division` and `kind`: not said; None: there is no such column.

    The division of `parent` may be empty: then it is looked for by its name.
    """

    name: str
    division: str
    kind: str
    uscc: str | None
    parent: UnitKey | None
    contact: SponsorContact | None

    @property
    def key(self) -> UnitKey:
        """What the unit is known by, once its division is."""
        return self.name, self.division


class Spot(NamedTuple):
    """Where a row stands, and how the columns of its table are called."""

    sheet: str
    line: int
    layout: Layout

    def place(self, field: str, value: str = "") -> Place:
        """The cell of a field in this row."""
        return Place(self.sheet, self.line, self.layout.column(field), value)


class Units:
    """The units declared so far, and those that wait for the end of the file."""

    def __init__(self, known: Known, faults: Faults, notices: Faults) -> None:
        self._known, self._faults, self._notices = known, faults, notices
        self._first: dict[UnitKey, tuple[UnitSaid, Spot]] = {}
        self._out: set[UnitKey] = set()
        self._waiting: dict[UnitKey, UnitRecord] = {}
        self._by_name: defaultdict[str, list[UnitKey]] = defaultdict(list)
        self._stored: dict[str, Mapping[UnitKey, str]] = {}
        self._looked_up = 0

    def is_out(self, key: UnitKey) -> bool:
        """Whether the unit has been handed out, so that its accounts may follow."""
        return key in self._out

    def is_known(self, key: UnitKey) -> bool:
        """Whether the unit is declared, or stored."""
        return key in self._first or key in self._stored_as(key[0])

    def spot(self, key: UnitKey) -> Spot | None:
        """Where the unit was declared; None if it was not."""
        first = self._first.get(key)
        return first[1] if first else None

    def declare(self, said: UnitSaid, spot: Spot) -> UnitRecord | None:
        """The record of a unit met for the first time; None where it was met before, or waits.

        Raises Contradiction where an earlier row says otherwise.
        """
        first = self._first.get(said.key)
        if first is not None:
            _check_agreement(said, *first)
            return None
        self._first[said.key] = said, spot
        self._by_name[said.name].append(said.key)
        parent = said.parent
        is_settled = parent is None or parent == NO_UNIT or (bool(parent[1]) and self._is_out(parent))
        record = self._record(said, spot)
        if is_settled:
            self._out.add(said.key)
            return record
        self._waiting[said.key] = record
        return None

    def _is_out(self, key: UnitKey) -> bool:
        return key in self._out or key in self._stored_as(key[0])

    def _record(self, said: UnitSaid, spot: Spot) -> UnitRecord:
        kind = said.kind or self._stored_as(said.name).get(said.key, "")
        if not kind:
            kind = by_name(said.name)
            self._tell_derived(said.name, kind, spot)
        return UnitRecord(
            spot.sheet, spot.line, said.name, said.division, kind, said.uscc, said.parent, said.contact
        )

    def _tell_derived(self, name: str, kind: str, spot: Spot) -> None:
        title = titles("unit_kind")[kind]
        problem = Text(
            f"没有填写单位类别，按名称定为“{title}”", f"no kind is given, by its name it is {kind}"
        )
        mend = Text("如不对，请在“单位类别”列填写", "fill in the column unit_kind if that is wrong")
        self._notices.add("unit_kind_derived", spot.place("unit", name), problem, mend)

    def called(self, name: str) -> list[UnitKey]:
        """The units of this name, of the file and stored."""
        return list(dict.fromkeys((*self._by_name.get(name, ()), *self._stored_as(name))))

    def find(self, name: str, what: str) -> UnitKey | Problem:
        """The one unit of this name; `what` is looked for: unit or parent."""
        called = self.called(name)
        if len(called) == 1:
            return called[0]
        if not called:
            problem = Text(
                "文件和登记库中都没有这个单位", "no unit of this name is in the file or the register"
            )
            return Problem(f"{what}_unknown", problem, partial(self._near, name))
        places = [divisions.by_key(code) for _, code in called]
        where = listed(f"{one.code} {divisions.display_name(one)}" for one in places if one)
        problem = Text(f"有 {len(called)} 个单位叫这个名称", f"{len(called)} units are called so")
        mend = Text(f"请填写它的行政区划：{where.zh}", f"write its division, too: {where.en}")
        return Problem(f"{what}_ambiguous", problem, mend)

    def _near(self, name: str) -> Text:
        self._looked_up += 1
        near = nearest(name, self._by_name) if self._looked_up <= MOST_LOOKED_UP else None
        if near:
            return Text(f"是否应为“{near}”", f"did you mean “{near}”?")
        return Text("请核对名称，或补上它的行政区划代码", "check the name, or write its division code, too")

    def _stored_as(self, name: str) -> Mapping[UnitKey, str]:
        stored = self._stored.get(name)
        if stored is None:
            stored = self._stored[name] = self._known.units(name)
        return stored

    def settle(self) -> Iterator[UnitRecord]:
        """At the end of the file: the units that waited for their parents, parents before children.

        A unit whose parent is not known, or is below itself, is noted as a fault and not handed out.
        """
        children: defaultdict[UnitKey, list[UnitKey]] = defaultdict(list)
        ready: deque[UnitKey] = deque()
        for key, record in list(self._waiting.items()):
            parent = self._found_parent(record)
            if parent is None:
                del self._waiting[key]
                continue
            (ready if self._is_out(parent) else children[parent]).append(key)
            self._waiting[key] = _with_parent(record, parent)
        while ready:
            key = ready.popleft()
            self._out.add(key)
            yield self._waiting.pop(key)
            ready.extend(children.pop(key, ()))
        self._tell_circles()

    def _found_parent(self, record: UnitRecord) -> UnitKey | None:
        name, division = record.parent or NO_UNIT
        spot = self._first[record.key][1]
        found = (name, division) if division and self.is_known((name, division)) else None
        if found is None and division:
            problem = Text(
                f"文件和登记库中没有 {division} 的这个单位", f"no unit of this name is known in {division}"
            )
            mend = Text("请先登记上级单位，或核对名称和区划", "add a row for it, or check name and division")
            self._faults.add("parent_unknown", spot.place("parent_unit", name), problem, mend)
        elif found is None:
            meant = self.find(name, "parent")
            if not isinstance(meant, Problem):
                return meant
            self._faults.add(meant.kind, spot.place("parent_unit", name), meant.text, meant.mend)
        return found

    def _tell_circles(self) -> None:
        for key, record in self._waiting.items():
            spot = self._first[key][1]
            name = (record.parent or NO_UNIT)[0]
            problem = Text(
                "上级单位不能用：它归根到底隶属于本单位，或它自己的那一行有错",
                "this parent cannot be used: it belongs to this unit in the end, or its own row has a fault",
            )
            mend = Text("请核对上级单位这一列", "check the parents in both rows")
            self._faults.add("parent_circle", spot.place("parent_unit", name), problem, mend)


def _with_parent(record: UnitRecord, parent: UnitKey) -> UnitRecord:
    return UnitRecord(
        record.sheet,
        record.line,
        record.name,
        record.division,
        record.kind,
        record.uscc,
        parent,
        record.contact,
    )


class Contradiction(Exception):
    """Two rows say different things of one unit: the field, the value of the later row, and the problem."""

    def __init__(self, field: str, value: str, problem: Problem) -> None:
        super().__init__(problem.text.en)
        self.field, self.value, self.problem = field, value, problem


def _check_agreement(said: UnitSaid, first: UnitSaid, spot: Spot) -> None:
    """Later rows may leave out what the first says, not add to it or say otherwise."""
    pairs = (
        ("unit_kind", said.kind, first.kind),
        ("uscc", said.uscc or "", first.uscc or ""),
        ("parent_unit", *_parents(said, first)),
        *(
            (
                f"contact_{part}",
                getattr(said.contact or NO_CONTACT, part),
                getattr(first.contact or NO_CONTACT, part),
            )
            for part in ("person", "phone", "email")
        ),
    )
    for field, value, before in pairs:
        if value and value != before:
            raise Contradiction(field, value, _contradiction(before, spot))


def _parents(said: UnitSaid, first: UnitSaid) -> tuple[str, str]:
    """Name and division of both parents; the division only where both say it."""
    name, division = said.parent or NO_UNIT
    before, division_before = first.parent or NO_UNIT
    if division and division_before:
        return f"{name} {division}", f"{before} {division_before}"
    return name, before


def _contradiction(before: str, spot: Spot) -> Problem:
    sheet = Text(f"工作表“{spot.sheet}”", f" of sheet “{spot.sheet}”") if spot.sheet else Text("", "")
    if before:
        problem = Text(
            f"同一单位在{sheet.zh}第{spot.line}行写的是“{before}”",
            f"line {spot.line}{sheet.en} says “{before}” of the same unit",
        )
        return Problem("unit_contradiction", problem, Text("请把两行改成一致", "write the same in both"))
    problem = Text(
        f"同一单位先出现在{sheet.zh}第{spot.line}行，那里没有填写",
        f"the same unit stands in line {spot.line}{sheet.en} first, where this is empty",
    )
    mend = Text(
        "请在那一行也填写，或把单位表放在账号表之前", "fill it in there, too, or put the sheet of units first"
    )
    return Problem("unit_contradiction", problem, mend)

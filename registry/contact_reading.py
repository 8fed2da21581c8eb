"""Tables of a contacts file → sound records, told apart from what is wrong. Pure.

A contact is known by its line of offices, its place (a division or a unit), the person and the first day.
- A row with a fault is left out whole; the rest is read on. What makes a table unreadable ends the reading.
- A file may leave out the columns of rank, hours and days: what is stored stays, and whoever is new begins
  with the usual values (`registry.contact_changes`), which is told.
- A unit may be named without its division where only one in the register is called so; beside a unit the
  column of divisions of a sponsor's row means the unit's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from common.faults import Faults, Place, Text
from common.sheets.model import Row, Table
from registry import cells
from registry.contact_cells import place_problem, rules
from registry.declared import Spot
from registry.headers import FileKind, Heading, Layout, checked_mapping, fields, layout, tell_missing
from registry.known import Known
from registry.places import Meant
from registry.problems import Problem
from registry.records import UnitKey
from registry.rows import EMPTY, Wrong

KIND: FileKind = "contacts"
NEEDED = ("line", "office", "person")


@dataclass(frozen=True, slots=True)
class ContactRecord:
    """One sound row; either `division` or `unit` is filled, the other is empty.

    `unit_division` is empty where it is not said. None means that the file has no such column; `valid_to` has
    one if `has_valid_to`.
    """

    spot: Spot
    line: str
    division: str
    unit: str
    unit_division: str
    office: str
    person: str
    phone: str | None
    email: str | None
    rank: int | None
    hours: str | None
    valid_from: date | None
    valid_to: date | None
    has_valid_to: bool

    @property
    def row(self) -> tuple[str, int]:
        """Sheet and line."""
        return self.spot.sheet, self.spot.line

    @property
    def unit_key(self) -> UnitKey:
        """Name and division of the unit."""
        return self.unit, self.unit_division


def read(
    tables: Iterable[Table], mapping: Mapping[str, str], known: Known, faults: Faults, notices: Faults
) -> Iterator[ContactRecord]:
    """The contacts of a file in its order.

    `mapping`: column as written → field of `registry.headers`, before all words. Raises BadFile, after noting
    it in `faults`, for what makes a table unreadable; rows with faults are noted and left out.
    """
    return _Reader(mapping, known, faults, notices).records(tables)


class _Reader:
    """One reading of one file."""

    def __init__(self, mapping: Mapping[str, str], known: Known, faults: Faults, notices: Faults) -> None:
        self._mapping, self._faults, self._notices = mapping, faults, notices
        self._rules = rules(known)
        self._seen: dict[tuple[object, ...], Spot] = {}
        self._told: set[tuple[str, str, str]] = set()

    def records(self, tables: Iterable[Table]) -> Iterator[ContactRecord]:
        if not checked_mapping(self._mapping, KIND, self._faults):
            self._faults.raise_if_any()
        any_read = False
        for table in tables:
            if not table.columns:
                yield from self._objects(table)
                any_read = True
            elif found := self._table_layout(table):
                any_read = True
                for row in table.rows:
                    yield from self._row(row.cells, Spot(table.name, row.line, found))
        if not any_read:
            problem = Text("没有一张表有联系人的列", "no table has columns of contacts")
            mend = Text("请核对列名，或用 --map 指明", "check the headings, or say with --map what they are")
            self._faults.add("no_table", Place(), problem, mend)
            self._faults.raise_if_any()

    def _table_layout(self, table: Table) -> Layout | None:
        """The layout of a table; None for a sheet of something else. Raises BadFile if it cannot be read."""
        before = len(self._faults)
        heading = Heading(table.name, table.header_line)
        found = self._layout(table.columns, heading)
        if heading.sheet and not {"line", "person"} & found.columns.keys():
            self._tell_passed_over(heading)
            return None
        tell_missing(KIND, _missing(found), heading, self._faults)
        if len(self._faults) > before:
            self._faults.raise_if_any()
        self._tell_assumed(found, heading)
        return found

    def _objects(self, table: Table) -> Iterator[ContactRecord]:
        """The records of JSON objects, each of which names its own columns."""
        for row in table.rows:
            before = len(self._faults)
            heading = Heading(table.name, row.line)
            spot = Spot(table.name, row.line, self._layout(tuple(row.cells), heading))
            tell_missing(KIND, _missing(spot.layout), heading, self._faults)
            texts = self._texts(row, spot)
            if len(self._faults) == before:
                self._tell_assumed(spot.layout, heading)
                yield from self._row(texts, spot)

    def _layout(self, columns: Sequence[str], heading: Heading) -> Layout:
        fresh = Faults()
        found = layout(columns, self._mapping, KIND, heading, self._faults, fresh)
        for notice in fresh.kept:
            self._tell_once(notice.kind, notice.place, notice.problem, notice.mend)
        return found

    def _texts(self, row: Row, spot: Spot) -> dict[str, str]:
        """The cells of a JSON row as texts; what is none is noted."""
        texts = {}
        for field, column in spot.layout.columns.items():
            text = cells.as_text(row.cells[column])
            if isinstance(text, Problem):
                self._tell(spot, [(field, str(row.cells[column])[:80], text)])
            else:
                texts[column] = text
        return texts

    def _row(self, row: Mapping[str, Any], spot: Spot) -> Iterator[ContactRecord]:
        """The record of a row; nothing, told, where it has a fault or stands there twice."""
        texts = {field: row[column] for field, column in spot.layout.columns.items()}
        values = {field: self._value(field, text) for field, text in texts.items()}
        wrong = [(f, texts[f], one) for f, one in values.items() if isinstance(one, Problem)]
        record = None if wrong else _record(spot, values)
        wrong += [] if record is None else _wrong_with(record, texts)
        self._tell(spot, wrong)
        if record is not None and not wrong and self._is_first(record):
            yield record

    def _value(self, field: str, text: str) -> Any:
        if text:
            return self._rules[field][text]
        return EMPTY if field in (*NEEDED, "rank", "hours", "valid_from") else ""

    def _is_first(self, record: ContactRecord) -> bool:
        key = record.line, record.division, record.unit_key, record.person, record.valid_from
        first = self._seen.setdefault(key, record.spot)
        if first is record.spot:
            return True
        of_sheet = Text("", "")
        if first.sheet != record.spot.sheet:
            of_sheet = Text(f"工作表“{first.sheet}”", f" of sheet “{first.sheet}”")
        problem = Text(
            f"这个联系人已在{of_sheet.zh}第{first.line}行出现过",
            f"this contact stands in line {first.line}{of_sheet.en} already",
        )
        mend = Text("两行只保留一行", "keep one of the two")
        self._tell(record.spot, [("person", record.person, Problem("contact_twice", problem, mend))])
        return False

    def _tell(self, spot: Spot, wrong: Iterable[Wrong]) -> None:
        for field, value, problem in wrong:
            self._faults.add(problem.kind, spot.place(field, value), problem.text, problem.mend)

    def _tell_once(self, kind: str, place: Place, problem: Text, mend: Text) -> None:
        """A notice about columns: JSON rows name the same ones over and over."""
        key = kind, place.sheet, place.column
        if key not in self._told:
            self._told.add(key)
            self._notices.add(kind, place, problem, mend)

    def _tell_passed_over(self, heading: Heading) -> None:
        problem = Text("没有联系人的列，已略过", "has no column of contacts, passed over")
        mend = Text("如果它是联系人表，请核对列名", "check its headings if it is a list of contacts")
        self._tell_once("sheet_passed_over", Place(heading.sheet, heading.line), problem, mend)

    def _tell_assumed(self, found: Layout, heading: Heading) -> None:
        """Say what is taken for those who are new where the file has no column for it."""
        for field, (kind, problem) in _ASSUMED.items():
            if field not in found.columns:
                title = fields(KIND)[field].title
                mend = Text(f"如不对，请加上“{title.zh}”列", f"add a column {field} if that is wrong")
                self._tell_once(kind, Place(heading.sheet, heading.line, title.zh), problem, mend)


_ASSUMED = {
    "valid_from": (
        "valid_from_assumed",
        Text("没有这一列，新联系人从今天起生效", "no such column: whoever is new answers from today on"),
    ),
    "rank": (
        "rank_assumed",
        Text("没有这一列，新联系人都最先通知", "no such column: whoever is new is told first"),
    ),
    "hours": (
        "hours_assumed",
        Text(
            "没有这一列，新联系人只在工作时间值守", "no such column: whoever is new answers in office hours"
        ),
    ),
}


def _missing(found: Layout) -> list[str]:
    """The fields a table of contacts needs and does not have."""
    missing = [field for field in NEEDED if field not in found.columns]
    missing += [] if {"division", "unit"} & found.columns.keys() else ["division"]
    return missing + ([] if {"phone", "email"} & found.columns.keys() else ["phone"])


def _record(spot: Spot, values: Mapping[str, Any]) -> ContactRecord:
    line, unit = values["line"], values.get("unit", "")
    division, unit_division = _code(values.get("division", "")), _code(values.get("unit_division", ""))
    if line == "sponsor" and unit and division and unit_division in ("", division):
        division, unit_division = "", division
    return ContactRecord(
        spot,
        line,
        division,
        unit,
        unit_division,
        values["office"],
        values["person"],
        values.get("phone"),
        values.get("email"),
        values.get("rank"),
        values.get("hours"),
        values.get("valid_from"),
        values.get("valid_to") or None,
        "valid_to" in values,
    )


def _code(division: Meant | str) -> str:
    return division if isinstance(division, str) else division.code


def _wrong_with(record: ContactRecord, texts: Mapping[str, str]) -> list[Wrong]:
    """What does not go together in a row whose cells are sound."""
    wrong: list[Wrong] = []
    has_unit = bool(record.unit or record.unit_division)
    if told := place_problem(record.line, record.division, record.unit, has_unit):
        field, problem = told
        wrong.append((field, texts.get(field, ""), problem))
    if not (record.phone or record.email):
        problem_text = Text("电话和邮箱都没有", "neither phone nor e-mail")
        mend = Text("请至少填写一项", "give at least one of them")
        wrong.append(("phone", "", Problem("contact_unreachable", problem_text, mend)))
    if record.valid_from and record.valid_to and record.valid_to < record.valid_from:
        problem_text = Text(
            f"早于生效日期 {record.valid_from}", f"lies before the first day {record.valid_from}"
        )
        mend = Text("请改正其中一个日期", "correct one of the two")
        wrong.append(("valid_to", texts["valid_to"], Problem("span_reversed", problem_text, mend)))
    return wrong

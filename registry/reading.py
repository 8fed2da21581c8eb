"""Tables of a register file → sound records of units and accounts, told apart from what is wrong. Pure.

Units and accounts may stand in one sheet, where every row names its unit, or in several: a sheet of units,
and sheets of accounts that name their unit, with its division where the name repeats; in any order.
- A table with a column of accounts has accounts, any other with a column of unit names has units.
- A row with a fault is left out whole; the rest is read on. What makes a table unreadable ends the reading.
- A unit comes once, before its accounts and after its parent. What waits for a row further down (a parent,
  a kind, a division that is not said) comes at the end of the file.
- A kind that is neither said nor stored is told by the name, with a notice.
- The parent of a unit whose cell for it is empty is `registry.known.NO_UNIT`: it has none.
"""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from common.faults import Faults, Place, Text
from common.sheets.model import Row, Table
from registry import cells
from registry.declared import Contradiction, Spot, Units, UnitSaid
from registry.headers import FileKind, Heading, Layout, checked_mapping, layout, tell_missing, tell_unused
from registry.known import NO_UNIT, Known
from registry.naming import Naming
from registry.problems import Problem
from registry.records import AccountRecord, Record, UnitKey, UnitRecord
from registry.rows import (
    ACCOUNT_FIELDS,
    NEEDED_OF_ACCOUNTS,
    NEEDED_OF_UNITS,
    AccountRows,
    Cells,
    Rules,
    UnitRows,
    Wrong,
)

KIND: FileKind = "registry"
MOST_LAYOUTS = 500


def read(
    tables: Iterable[Table], mapping: Mapping[str, str], known: Known, faults: Faults, notices: Faults
) -> Iterator[Record]:
    """The records of a register file, as they come, units before their accounts.

    `mapping`: column as written → field of `registry.headers`, before all words. Raises BadFile, after noting
    it in `faults`, for what makes a table unreadable; rows with faults are noted and left out.
    """
    return _Reader(mapping, known, faults, notices).records(tables)


@dataclass(frozen=True, slots=True)
class _Plan:
    """How the rows of one layout are read. `units`: keys of the units settled, by the cells that say them."""

    layout: Layout
    unit_rows: UnitRows
    account_rows: AccountRows | None
    may_follow: bool
    units: dict[tuple[Any, ...], UnitKey]

    def account(self, row: Cells, spot: Spot, unit: UnitKey) -> AccountRecord | list[Wrong] | None:
        """The account of a row, what is wrong with it, or None where the row says nothing of one."""
        if self.account_rows is None:
            return None
        texts = self.account_rows.cells(row)
        return self.account_rows.read(texts, spot, unit) if any(texts) else None


class _Waiting(NamedTuple):
    """A sound row whose unit is not settled yet."""

    said: UnitSaid
    account: AccountRecord | None
    spot: Spot


class _Reader:
    """One reading of one file."""

    def __init__(self, mapping: Mapping[str, str], known: Known, faults: Faults, notices: Faults) -> None:
        self._mapping, self._faults, self._notices = mapping, faults, notices
        self._rules = Rules(known)
        self._units = Units(known, faults, notices)
        self._naming = Naming(notices)
        self._accounts: dict[tuple[str, str], dict[str, dict[str, int]]] = {}
        """Platform and instance → sheet → id → line."""
        self._waiting: list[_Waiting] = []
        self._told: set[tuple[str, str, str]] = set()
        self._columns: set[str] = set()

    def records(self, tables: Iterable[Table]) -> Iterator[Record]:
        if not checked_mapping(self._mapping, KIND, self._faults):
            self._faults.raise_if_any()
        any_read = False
        for table in tables:
            is_read = yield from self._table(table)
            any_read = any_read or is_read
        if not any_read:
            problem = Text("没有一张表有主办单位或账号的列", "no table has columns of units or accounts")
            mend = Text("请核对列名，或用 --map 指明", "check the headings, or say with --map what they are")
            self._faults.add("no_table", Place(), problem, mend)
            self._faults.raise_if_any()
        tell_unused(self._mapping, self._columns, self._notices)
        yield from self._rest()

    def _table(self, table: Table) -> Generator[Record, None, bool]:
        """The records of a table; returns whether it could be read."""
        if not table.columns:
            yield from self._objects(table)
            return True
        before = len(self._faults)
        plan = self._plan(table.columns, Heading(table.name, table.header_line))
        if len(self._faults) > before:
            self._faults.raise_if_any()
        if plan is None:
            return False
        for row in table.rows:
            yield from self._row(row.cells, Spot(table.name, row.line, plan.layout), plan)
        return True

    def _objects(self, table: Table) -> Iterator[Record]:
        """The records of JSON objects, each of which names its own columns."""
        plans: dict[tuple[str, ...], _Plan] = {}
        for row in table.rows:
            columns = tuple(row.cells)
            plan = plans.get(columns) or self._plan(columns, Heading(table.name, row.line))
            if plan is None:
                continue
            if len(plans) < MOST_LAYOUTS:
                plans[columns] = plan
            spot = Spot(table.name, row.line, plan.layout)
            texts = self._texts(row, spot)
            if texts is not None:
                yield from self._row(texts, spot, plan)

    def _texts(self, row: Row, spot: Spot) -> Cells | None:
        """The cells of a JSON row as texts; None, told, where one is no text."""
        texts = {column: cells.as_text(value) for column, value in row.cells.items()}
        used = set(spot.layout.columns.values())
        bad = [column for column, text in texts.items() if isinstance(text, Problem) and column in used]
        for column in bad:
            self._tell(Place(spot.sheet, spot.line, column, str(row.cells[column])[:80]), texts[column])
        return None if bad else texts

    def _plan(self, columns: Sequence[str], heading: Heading) -> _Plan | None:
        """How to read rows with `columns`; None where they cannot be read, told as fault or notice."""
        self._columns.update(columns)
        fresh, before = Faults(), len(self._faults)
        found = layout(columns, self._mapping, KIND, heading, self._faults, fresh)
        has_accounts = any(field in found.columns for field in ACCOUNT_FIELDS)
        if heading.sheet and not has_accounts and "unit" not in found.columns:
            self._tell_passed_over(heading)
            return None
        self._tell_once(fresh)
        needed = NEEDED_OF_ACCOUNTS if has_accounts else NEEDED_OF_UNITS
        tell_missing(KIND, [field for field in needed if field not in found.columns], heading, self._faults)
        if len(self._faults) > before:
            return None
        if has_accounts and "state" not in found.columns:
            self._tell_no_state(heading)
        account_rows = AccountRows(found, self._rules) if has_accounts else None
        return _Plan(
            found, UnitRows(found, self._rules, self._notices), account_rows, bool(heading.sheet), {}
        )

    def _tell_once(self, fresh: Faults) -> None:
        """Pass on what is new: JSON rows name the same columns over and over."""
        for notice in fresh.kept:
            key = notice.kind, notice.place.sheet, notice.place.column
            if key not in self._told:
                self._told.add(key)
                self._notices.add(notice.kind, notice.place, notice.problem, notice.mend)

    def _tell_passed_over(self, heading: Heading) -> None:
        problem = Text("没有主办单位或账号的列，已略过", "has no column of units or accounts, passed over")
        mend = Text("如果它是登记表，请核对列名", "check its headings if it belongs to the register")
        self._notices.add("sheet_passed_over", Place(heading.sheet, heading.line), problem, mend)

    def _tell_no_state(self, heading: Heading) -> None:
        key = "state_assumed", heading.sheet, ""
        if key not in self._told:
            self._told.add(key)
            problem = Text(
                "没有“运行状态”列，账号都按在用登记", "no column of states: all accounts are in service"
            )
            mend = Text("如有停更或注销的账号，请加上这一列", "add one if some are paused or gone")
            self._notices.add("state_assumed", Place(heading.sheet, heading.line), problem, mend)

    def _tell(self, place: Place, problem: object) -> None:
        if isinstance(problem, Problem):
            self._faults.add(problem.kind, place, problem.text, problem.mend)

    def _row(self, row: Cells, spot: Spot, plan: _Plan) -> Iterator[Record]:
        """The records of one row; nothing where it has a fault, or its unit is not settled yet."""
        texts = plan.unit_rows.cells(row)
        key = plan.units.get(texts)
        said = None if key else plan.unit_rows.read(texts, spot)
        unit = said.key if isinstance(said, UnitSaid) else key or NO_UNIT
        account = plan.account(row, spot, unit)
        if isinstance(said, list) or isinstance(account, list):
            self._tell_wrong(said, account, spot)
            return
        if account is not None and not self._is_first(account, spot):
            return
        if said is not None:
            yield from self._declare(said, account, spot, plan, texts)
        elif account is not None:
            yield self._named(account, spot)

    def _tell_wrong(self, said: object, account: object, spot: Spot) -> None:
        for wrong in (said, account):
            if isinstance(wrong, list):
                for field, text, problem in wrong:
                    self._tell(spot.place(field, text), problem)

    def _is_first(self, account: AccountRecord, spot: Spot) -> bool:
        """Whether no sound row before had this account; told otherwise."""
        uid, slot = account.platform_uid, (account.platform, account.instance)
        by_sheet = self._accounts.setdefault(slot, {})
        for sheet, lines in by_sheet.items():
            if uid in lines:
                self._tell_twice(account, sheet, lines[uid], spot)
                return False
        by_sheet.setdefault(spot.sheet, {})[uid] = spot.line
        return True

    def _tell_twice(self, account: AccountRecord, sheet: str, line: int, spot: Spot) -> None:
        of_sheet = Text(f"工作表“{sheet}”", f" of sheet “{sheet}”") if sheet != spot.sheet else Text("", "")
        problem = Text(
            f"这个账号已在{of_sheet.zh}第{line}行出现过",
            f"this account stands in line {line}{of_sheet.en} already",
        )
        mend = Text("两行只保留一行", "keep one of the two")
        self._faults.add("account_twice", spot.place("platform_uid", account.platform_uid), problem, mend)

    def _declare(
        self,
        said: UnitSaid,
        account: AccountRecord | None,
        spot: Spot,
        plan: _Plan,
        texts: tuple[Any, ...],
    ) -> Iterator[Record]:
        """The unit of a row, where it is met for the first time, and its account."""
        if not said.division or (plan.may_follow and not said.kind and not self._units.is_known(said.key)):
            self._waiting.append(_Waiting(said, account, spot))
            return
        unit = self._declared(said, spot)
        if isinstance(unit, Contradiction):
            return
        if unit is not None:
            yield unit
        if not self._units.is_out(said.key):
            self._waiting.append(_Waiting(said, account, spot))
            return
        plan.units[texts] = said.key
        if account is not None:
            yield self._named(account, spot)

    def _declared(self, said: UnitSaid, spot: Spot) -> UnitRecord | Contradiction | None:
        try:
            return self._units.declare(said, spot)
        except Contradiction as found:
            self._tell(spot.place(found.field, found.value), found.problem)
            return found

    def _named(self, account: AccountRecord, spot: Spot) -> AccountRecord:
        self._naming.look(account, spot)
        return account

    def _rest(self) -> Iterator[Record]:
        """What waited for the end of the file: units said in full first, then those looked for by name."""
        self._waiting.sort(key=lambda row: not row.said.division)
        rows = []
        for row in self._waiting:
            said = row.said if row.said.division else self._found(row)
            unit = self._declared(said, row.spot) if said is not None else None
            if said is None or isinstance(unit, Contradiction):
                continue
            if unit is not None:
                yield unit
            rows.append((said.key, row))
        yield from self._units.settle()
        for key, row in rows:
            if self._units.is_out(key):
                if row.account is not None:
                    yield self._named(replace(row.account, unit=key), row.spot)
            else:
                self._tell_unit_has_fault(key, row)

    def _found(self, row: _Waiting) -> UnitSaid | None:
        """What a row says of a unit whose division it leaves out; None, told, where it may be several."""
        found = self._units.find(row.said.name, "unit")
        if not isinstance(found, Problem):
            return row.said._replace(division=found[1])
        self._tell(row.spot.place("unit", row.said.name), found)
        return None

    def _tell_unit_has_fault(self, key: UnitKey, row: _Waiting) -> None:
        declared = self._units.spot(key)
        if declared is None or (declared.sheet, declared.line) == (row.spot.sheet, row.spot.line):
            return
        problem = Text(f"它的单位在第{declared.line}行有错", f"its unit has a fault in line {declared.line}")
        mend = Text("请先改正那一行", "mend that row first")
        self._faults.add("unit_has_fault", row.spot.place("unit", key[0]), problem, mend)

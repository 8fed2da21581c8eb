"""Rows of a register file → checked entries, or every fault with line, column, value and mend. Pure.

An account is known by (platform, instance, platform_uid); a unit by its name and its division. A file is
taken whole or not at all; what a value may be is told by `registry.columns`.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import partial

from registry import columns, csvtable
from registry.columns import Column, Known, Problem
from registry.errors import Faults, one_of
from registry.kinds import STATES, UNIT_KINDS

# Weibo and WeChat accounts of public bodies begin in 2009; an earlier year is a slip of the pen.
EARLIEST = date(2000, 1, 1)
# What a spreadsheet makes of a long number it takes for a quantity.
ROUNDED = re.compile(r"\d(\.\d+)?E\+\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One sound row: an account and the unit it belongs to."""

    line: int
    platform: str
    instance: str
    platform_uid: str
    handle: str
    name: str
    certified_subject: str
    home_url: str
    opened_on: date | None
    state: str
    unit: str
    unit_division: str
    unit_kind: str

    @property
    def account_key(self) -> tuple[str, str, str]:
        """What the account is known by."""
        return self.platform, self.instance, self.platform_uid

    @property
    def unit_key(self) -> tuple[str, str]:
        """What the unit is known by."""
        return self.unit, self.unit_division


def parse(data: bytes, known: Known) -> tuple[Entry, ...]:
    """The entries of the register file `data`, in file order. Raises BadRegister with all faults."""
    faults = Faults()
    entries = []
    for row in csvtable.read(data, tuple(COLUMNS), faults):
        if columns.is_sound(row, COLUMNS, known, faults):
            entry = _entry(row)
            _check_opening(entry, known, faults)
            entries.append(entry)
    _check_repeats(entries, faults)
    faults.raise_if_any()
    return tuple(entries)


def _entry(row: csvtable.Row) -> Entry:
    opened_on = row.fields["opened_on"]
    values = {**row.fields, "opened_on": date.fromisoformat(opened_on) if opened_on else None}
    return Entry(line=row.line, **values)  # type: ignore[arg-type]


def _check_opening(entry: Entry, known: Known, faults: Faults) -> None:
    """Only a planned account opens in the future."""
    if entry.opened_on and entry.opened_on > known.today and entry.state != "planned":
        problem = f"lies in the future, and the account is {entry.state}"
        faults.add(entry.line, "opened_on", str(entry.opened_on), problem, "correct it, or write planned")


def _check_repeats(entries: list[Entry], faults: Faults) -> None:
    """No account twice, and each unit of one kind."""
    accounts: dict[tuple[str, str, str], int] = {}
    units: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        line = accounts.setdefault(entry.account_key, entry.line)
        if line != entry.line:
            problem = f"this account stands in line {line} already"
            faults.add(entry.line, "platform_uid", entry.platform_uid, problem, "keep one of the two")
        first = units.setdefault(entry.unit_key, entry)
        if first.unit_kind != entry.unit_kind:
            problem = f"line {first.line} calls the same unit {first.unit_kind}"
            faults.add(entry.line, "unit_kind", entry.unit_kind, problem, "write the same kind in both")


def _platform(value: str, known: Known) -> Problem | None:
    if value in known.platforms:
        return None
    return Problem("unknown platform", partial(one_of, value, sorted(known.platforms)))


def _instance(value: str, _: Known) -> Problem | None:
    if re.fullmatch(r"[a-z0-9-]+", value):
        return None
    return Problem("not the key of an instance", "use a-z, 0-9 and -, or leave it empty")


def _uid(value: str, _: Known) -> Problem | None:
    if ROUNDED.fullmatch(value):
        return Problem("a spreadsheet has rounded this number", "format the column as text and fill it anew")
    if " " in value or not value.isprintable():
        return Problem("a permanent id holds no blanks or invisible marks", "copy it from the platform")
    return None


def _url(value: str, _: Known) -> Problem | None:
    if re.fullmatch(r"https?://[^\s/?#]+\S*", value, re.IGNORECASE):
        return None
    return Problem("not a web address", "begin with http:// or https://, or leave it empty")


def _opened(value: str, known: Known) -> Problem | None:
    problem = columns.day(value, known)
    if problem is None and date.fromisoformat(value) < EARLIEST:
        return Problem("before there were such accounts", "check the year")
    return problem


COLUMNS = {
    "platform": Column(32, True, _platform),
    "instance": Column(64, False, _instance),
    "platform_uid": Column(128, True, _uid),
    "handle": Column(128, False, columns.text),
    "name": Column(200, True, columns.name),
    "certified_subject": Column(200, False, columns.text),
    "home_url": Column(500, False, _url),
    "opened_on": Column(20, False, _opened),
    "state": Column(16, True, columns.word("state", STATES)),
    "unit": Column(120, True, columns.name),
    "unit_division": Column(60, True, columns.division),
    "unit_kind": Column(24, True, columns.word("kind", UNIT_KINDS)),
}

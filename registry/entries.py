"""Rows of a register file → checked entries, or every fault with line, column, value and mend. Pure.

An account is known by (platform, instance, platform_uid); a unit by its name and its division. A file is
taken whole or not at all. Nothing is guessed: a code that is not a division, a date a spreadsheet has
rewritten or a name that is empty to the eye is a fault, however obvious the right value may look.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import NamedTuple

from names.divisions import all_divisions, by_key, display_name, named, regions_without_rows
from names.fold import is_empty_after_folding
from registry import csvtable
from registry.errors import UNPRINTABLE, Faults, Mend, one_of
from registry.kinds import STATES, UNIT_KINDS

# Weibo and WeChat accounts of public bodies begin in 2009; an earlier year is a slip of the pen.
EARLIEST = date(2000, 1, 1)
# What a spreadsheet makes of a long number it takes for a quantity.
ROUNDED = re.compile(r"\d(\.\d+)?E\+\d+", re.IGNORECASE)


class Problem(NamedTuple):
    """What is wrong with a value and what to do."""

    text: str
    mend: Mend


@dataclass(frozen=True, slots=True)
class Known:
    """What values are checked against: the platforms (account kinds) and the day of the import in Beijing."""

    platforms: Collection[str]
    today: date


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
        before = len(faults)
        for name, column in COLUMNS.items():
            problem = column.problem(row.fields[name], known)
            if problem is not None:
                faults.add(row.line, name, row.fields[name], *problem)
        if len(faults) == before:
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


@dataclass(frozen=True, slots=True)
class Column:
    """The rule of one column; `check` sees values that are not empty, not too long and printable."""

    limit: int
    required: bool
    check: Callable[[str, Known], Problem | None]

    def problem(self, value: str, known: Known) -> Problem | None:
        """What is wrong with `value`, None if nothing is."""
        if not value:
            return Problem("is empty", "this column needs a value") if self.required else None
        if len(value) > self.limit:
            return Problem(f"{len(value)} characters, at most {self.limit} are kept", "shorten it")
        if UNPRINTABLE.search(value):
            return Problem("contains a control character", "remove it; the value shows it by its number")
        return self.check(value, known)


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


def _name(value: str, _: Known) -> Problem | None:
    if is_empty_after_folding(value):
        return Problem("nothing of this name can be seen", "write the name as people read it")
    return None


def _text(_value: str, _known: Known) -> Problem | None:
    return None


def _url(value: str, _: Known) -> Problem | None:
    if re.fullmatch(r"https?://[^\s/?#]+\S*", value, re.IGNORECASE):
        return None
    return Problem("not a web address", "begin with http:// or https://, or leave it empty")


def _date(value: str, _: Known) -> Problem | None:
    parts = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", value, re.ASCII)
    try:
        day = date(*map(int, parts.groups())) if parts else None
    except ValueError:
        return Problem("there is no such day", "write a day of the calendar as 2019-08-01")
    if day is None:
        return Problem("not a date", "write 2019-08-01, or leave it empty")
    if day.isoformat() != value:
        return Problem("not a date as it is kept here", f"write {day.isoformat()}")
    if day < EARLIEST:
        return Problem("before there were such accounts", "check the year")
    return None


def _state(value: str, _: Known) -> Problem | None:
    return None if value in STATES else Problem("unknown state", partial(one_of, value, STATES))


def _unit_kind(value: str, _: Known) -> Problem | None:
    return None if value in UNIT_KINDS else Problem("unknown kind", partial(one_of, value, UNIT_KINDS))


def _division(value: str, known: Known) -> Problem | None:
    division = by_key(value) if re.fullmatch(r"\d{6}", value, re.ASCII) else None
    if division is None or division in regions_without_rows():
        return Problem("not a division code", partial(_division_mend, value))
    if division.is_stand_in:
        return Problem(f"only stands in for {division.name} itself", f"write {division.parent}")
    if division.is_placeholder:
        problem = f"{division.name} only groups districts, no unit lies in it"
        return Problem(problem, f"write the code of the district, or {division.parent}")
    if division.valid_to and division.valid_to < known.today.isoformat():
        return Problem(f"{division.name} ended on {division.valid_to}", "write the code that followed")
    return None


def _division_mend(value: str) -> str:
    """What was probably meant: by name (several may bear it), by missing zeros, or the codes around it."""
    meant = list(named(value))
    if re.fullmatch(r"\d{2}|\d{4}", value, re.ASCII):
        meant = [division for division in all_divisions() if division.key == value.ljust(6, "0")]
    if meant:
        return "write " + " or ".join(f"{division.key} for {display_name(division)}" for division in meant)
    above = by_key(f"{value[:4]}00") or by_key(f"{value[:2]}0000")
    below = [division.key for division in all_divisions() if above and division.parent == above.key]
    if above is None or not below:
        return "write six digits, as 410100 for 郑州市"
    return f"{above.name} {above.key} has {', '.join(below[:5])}{' …' if len(below) > 5 else ''}"


COLUMNS = {
    "platform": Column(32, True, _platform),
    "instance": Column(64, False, _instance),
    "platform_uid": Column(128, True, _uid),
    "handle": Column(128, False, _text),
    "name": Column(200, True, _name),
    "certified_subject": Column(200, False, _text),
    "home_url": Column(500, False, _url),
    "opened_on": Column(20, False, _date),
    "state": Column(16, True, _state),
    "unit": Column(120, True, _name),
    "unit_division": Column(60, True, _division),
    "unit_kind": Column(24, True, _unit_kind),
}

"""What a value in a column of a CSV file may be, and how to mend one that may not stand there. Pure.

Nothing is guessed: a code that is not a division, a date a spreadsheet has rewritten or a name that is empty
to the eye is a problem, however obvious the right value may look.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import NamedTuple

from names.divisions import all_divisions, by_key, display_name, named, regions_without_rows
from names.fold import is_empty_after_folding
from registry.csvtable import Row
from registry.errors import UNPRINTABLE, Faults, Mend, one_of


class Problem(NamedTuple):
    """What is wrong with a value and what to do."""

    text: str
    mend: Mend


@dataclass(frozen=True, slots=True)
class Known:
    """What values are checked against: the day in Beijing, and the platforms (account kinds) there are."""

    today: date
    platforms: Collection[str] = ()


Check = Callable[[str, Known], Problem | None]


@dataclass(frozen=True, slots=True)
class Column:
    """The rule of one column; `check` sees values that are not empty, not too long and printable."""

    limit: int
    required: bool
    check: Check

    def problem(self, value: str, known: Known) -> Problem | None:
        """What is wrong with `value`, None if nothing is."""
        if not value:
            return Problem("is empty", "this column needs a value") if self.required else None
        if len(value) > self.limit:
            return Problem(f"{len(value)} characters, at most {self.limit} are kept", "shorten it")
        if UNPRINTABLE.search(value):
            return Problem("contains a control character", "remove it; the value shows it by its number")
        return self.check(value, known)


def is_sound(row: Row, columns: Mapping[str, Column], known: Known, faults: Faults) -> bool:
    """Whether every value of `row` may stand in its column; what may not is noted."""
    before = len(faults)
    for name, column in columns.items():
        problem = column.problem(row.fields[name], known)
        if problem is not None:
            faults.add(row.line, name, row.fields[name], *problem)
    return len(faults) == before


def text(_value: str, _known: Known) -> Problem | None:
    """Anything printable."""
    return None


def name(value: str, _: Known) -> Problem | None:
    """Something that can be seen."""
    if is_empty_after_folding(value):
        return Problem("nothing of this name can be seen", "write the name as people read it")
    return None


def word(what: str, words: Collection[str]) -> Check:
    """One of a closed list of `words`; `what` they are."""

    def check(value: str, _: Known) -> Problem | None:
        return None if value in words else Problem(f"unknown {what}", partial(one_of, value, words))

    return check


def day(value: str, _: Known) -> Problem | None:
    """A day of the calendar in ISO form."""
    parts = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", value, re.ASCII)
    try:
        found = date(*map(int, parts.groups())) if parts else None
    except ValueError:
        return Problem("there is no such day", "write a day of the calendar as 2019-08-01")
    if found is None:
        return Problem("not a date", "write 2019-08-01, or leave it empty")
    if found.isoformat() != value:
        return Problem("not a date as it is kept here", f"write {found.isoformat()}")
    return None


def division(value: str, known: Known) -> Problem | None:
    """The code of a division that bodies can belong to today."""
    found = by_key(value) if re.fullmatch(r"\d{6}", value, re.ASCII) else None
    if found is None or found in regions_without_rows():
        return Problem("not a division code", partial(_division_mend, value))
    if found.is_stand_in:
        return Problem(f"only stands in for {found.name} itself", f"write {found.parent}")
    if found.is_placeholder:
        problem = f"{found.name} only groups districts, no unit lies in it"
        return Problem(problem, f"write the code of the district, or {found.parent}")
    if found.valid_to and found.valid_to < known.today.isoformat():
        return Problem(f"{found.name} ended on {found.valid_to}", "write the code that followed")
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

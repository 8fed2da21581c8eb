"""Rows of a contacts file → checked entries, or every fault with line, column, value and mend. Pure.

A contact is known by its line of offices, its place (a division or a unit), the person and the first day. An
address that gets into a mail header or onto a dial pad is taken in one strict form only.
"""

import re
from dataclasses import dataclass
from datetime import date

from names.divisions import by_key
from registry import columns, csvtable
from registry.columns import Column, Known, Problem
from registry.contacts import HOURS, LINES
from registry.errors import Faults

# Lines whose contacts may belong to a unit; those of the sponsor line always do.
UNIT_LINES = ("sponsor", "supervision")
# RFC 5322 dot-atom, without the quoted forms nobody uses and programs read differently.
MAILBOX = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
HOST = re.compile(r"([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])")
LONGEST_MAILBOX, LONGEST_HOST = 64, 253
PHONE = re.compile(r"\+?\d+([ -]\d+)*", re.ASCII)
DIGITS = range(3, 21)  # 110 to a long number with its extension
RANK = re.compile(r"[1-9]\d?", re.ASCII)

Key = tuple[str, str, tuple[str, str] | None, str, date]


@dataclass(frozen=True, slots=True)
class ContactEntry:
    """One sound row; either `division` or `unit` with `unit_division` is filled, the others are empty."""

    file_line: int
    line: str
    division: str
    unit: str
    unit_division: str
    office: str
    person: str
    phone: str
    email: str
    rank: int
    hours: str
    valid_from: date
    valid_to: date | None

    @property
    def unit_key(self) -> tuple[str, str] | None:
        """What the unit is known by, None for a contact of a division."""
        return (self.unit, self.unit_division) if self.unit else None

    @property
    def key(self) -> Key:
        """What the contact is known by."""
        return self.line, self.division, self.unit_key, self.person, self.valid_from


def parse(data: bytes, known: Known) -> tuple[ContactEntry, ...]:
    """The entries of the contacts file `data`, in file order. Raises BadRegister with all faults."""
    faults = Faults()
    entries: list[ContactEntry] = []
    for row in csvtable.read(data, tuple(COLUMNS), faults):
        if columns.is_sound(row, COLUMNS, known, faults):
            entry = _entry(row)
            _check_place(entry, faults)
            _check_reach(entry, faults)
            _check_span(entry, faults)
            entries.append(entry)
    _check_repeats(entries, faults)
    faults.raise_if_any()
    return tuple(entries)


def _entry(row: csvtable.Row) -> ContactEntry:
    valid_to = row.fields["valid_to"]
    values = {
        **row.fields,
        "rank": int(row.fields["rank"]),
        "valid_from": date.fromisoformat(row.fields["valid_from"]),
        "valid_to": date.fromisoformat(valid_to) if valid_to else None,
    }
    return ContactEntry(file_line=row.line, **values)  # type: ignore[arg-type]


def _check_place(entry: ContactEntry, faults: Faults) -> None:
    """Exactly one place, and one that the line goes by."""
    problem = _place_problem(entry)
    if problem is not None:
        faults.add(entry.file_line, *problem)


def _place_problem(entry: ContactEntry) -> tuple[str, str, str, str] | None:
    """Column, value, problem and mend of a place that is none, of two, or of one the line does not go by."""
    has_unit = bool(entry.unit or entry.unit_division)
    if entry.division and has_unit:
        return "division", entry.division, "a contact belongs to a division or to a unit", "leave one empty"
    if has_unit and entry.line not in UNIT_LINES:
        return "unit", entry.unit, f"{entry.line} is an office of a division", "write the division instead"
    if has_unit and not (entry.unit and entry.unit_division):
        return (
            "unit",
            entry.unit,
            "a unit is known by its name and its division",
            "fill unit and unit_division",
        )
    if entry.division and entry.line == "sponsor":
        return "division", entry.division, "a sponsor is a unit", "write unit and unit_division instead"
    if not has_unit and not entry.division:
        return "division", "", "no place is given", "write a division, or unit and unit_division"
    place = by_key(entry.division)
    if place is not None and place.is_statistical_zone:
        mend = f"write {place.parent}, which answers for it"
        return "division", entry.division, f"{place.name} has no offices of its own", mend
    return None


def _check_reach(entry: ContactEntry, faults: Faults) -> None:
    """Somebody whom one can tell something."""
    if not (entry.phone or entry.email):
        faults.add(entry.file_line, "phone", "", "neither phone nor e-mail", "give at least one of them")


def _check_span(entry: ContactEntry, faults: Faults) -> None:
    if entry.valid_to and entry.valid_to < entry.valid_from:
        problem = f"lies before the first day {entry.valid_from}"
        faults.add(entry.file_line, "valid_to", str(entry.valid_to), problem, "correct one of the two")


def _check_repeats(entries: list[ContactEntry], faults: Faults) -> None:
    lines: dict[Key, int] = {}
    for entry in entries:
        line = lines.setdefault(entry.key, entry.file_line)
        if line != entry.file_line:
            problem = f"this contact stands in line {line} already"
            faults.add(entry.file_line, "person", entry.person, problem, "keep one of the two")


def _seen(value: str, known: Known) -> Problem | None:
    """A name that stands in letters and lists: nothing in it is hidden."""
    if not value.isprintable():
        return Problem("contains a blank or mark that cannot be seen", "type it anew")
    return columns.name(value, known)


def _phone(value: str, _: Known) -> Problem | None:
    if PHONE.fullmatch(value) and sum(mark.isdecimal() for mark in value) in DIGITS:
        return None
    mend = "write digits with - or blanks between, as 0371-60000000 or +86 371 60000000"
    return Problem("not a phone number", mend)


def _email(value: str, _: Known) -> Problem | None:
    mailbox, _at, host = value.rpartition("@")
    if not MAILBOX.fullmatch(mailbox) or len(mailbox) > LONGEST_MAILBOX:
        return Problem("not an e-mail address", "write one address alone, as name@office.gov.cn")
    if HOST.fullmatch(host) and len(host) <= LONGEST_HOST and _decodes(host):
        return None
    written = None if host.isascii() else _ascii_form(host)
    mend = f"write the domain as {written}" if written else "correct what follows the @"
    return Problem("not a domain that mail can be sent to", mend)


def _decodes(host: str) -> bool:
    """Whether every `xn--` label of an ASCII `host` is the form of a name (RFC 3490)."""
    try:
        host.encode("ascii").decode("idna")
    except UnicodeError:
        return False
    return True


def _ascii_form(host: str) -> str | None:
    """What a domain with Chinese letters is written as in mail, None if it is no domain."""
    try:
        written = host.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    return written if HOST.fullmatch(written) else None


def _rank(value: str, _: Known) -> Problem | None:
    if RANK.fullmatch(value):
        return None
    return Problem("not a rank", "write 1 for who is told first, 2 to 99 for the substitutes in their order")


COLUMNS = {
    "line": Column(12, True, columns.word("line", LINES)),
    "division": Column(60, False, columns.division),
    "unit": Column(120, False, columns.name),
    "unit_division": Column(60, False, columns.division),
    "office": Column(120, True, _seen),
    "person": Column(60, True, _seen),
    "phone": Column(40, False, _phone),
    "email": Column(254, False, _email),
    "rank": Column(4, True, _rank),
    "hours": Column(12, True, columns.word("hours", HOURS)),
    "valid_from": Column(20, True, columns.day),
    "valid_to": Column(20, False, columns.day),
}

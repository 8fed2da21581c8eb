"""What a contacts file changes: the rows to write, and each change with its old and new value.

Rows are compared and prepared here; `registry.contact_importer` reads and writes them. No database.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import InitVar, dataclass, field
from datetime import date, datetime
from functools import partial
from itertools import pairwise

from registry.contact_entries import ContactEntry
from registry.contacts import LINES
from registry.difference import Change
from registry.errors import Faults, nearest, visible
from registry.models import Contact

# Everything a later file may change; the contact itself is known by line, place, person and first day.
CHANGEABLE = ("office", "phone", "email", "rank", "hours", "valid_to")

# Line, division, unit and person: whoever stands there at most once on any day.
Post = tuple[str, str | None, int | None, str]


@dataclass(slots=True)
class ContactDifference:
    """Built row by row from the stored contacts and the keys of the units, by name and division."""

    moment: datetime
    units: Mapping[tuple[str, str], int]
    stored: InitVar[Iterable[Contact]]
    new: list[Contact] = field(default_factory=list)
    changed: list[Contact] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    _posts: defaultdict[Post, dict[date, Contact]] = field(default_factory=lambda: defaultdict(dict))

    def __post_init__(self, stored: Iterable[Contact]) -> None:
        for contact in stored:
            self._posts[_post(contact)][contact.valid_from] = contact

    def take(self, entries: Iterable[ContactEntry]) -> None:
        """Note what `entries` add or change. Raises BadRegister, with every fault, if they do not fit.

        A unit must be in the register, and nobody may hold one post twice on a day, which would tell them
        twice.
        """
        faults = Faults()
        touched: dict[Post, int] = {}
        for entry in entries:
            if entry.unit_key and entry.unit_key not in self.units:
                mend = partial(_unit_mend, entry.unit_key, self.units)
                faults.add(entry.file_line, "unit", entry.unit, "this unit is not in the register", mend)
            else:
                touched[self._add(entry)] = entry.file_line
        for post, line in touched.items():
            _check_spans(line, self._posts[post].values(), faults)
        faults.raise_if_any()

    def _add(self, entry: ContactEntry) -> Post:
        """Compare one entry with the rows, and note what it adds or changes; the post it is about."""
        unit = self.units[entry.unit_key] if entry.unit_key else None
        post = entry.line, entry.division or None, unit, entry.person
        contact = self._posts[post].get(entry.valid_from)
        if contact is None:
            contact = self._posts[post][entry.valid_from] = _new_contact(entry, post, self.moment)
            self.new.append(contact)
            return post
        changed = {name: getattr(entry, name) for name in CHANGEABLE}
        changed = {name: value for name, value in changed.items() if getattr(contact, name) != value}
        for name, value in changed.items():
            self.changes.append(_change(entry, name, getattr(contact, name), value))
            setattr(contact, name, value)
        if changed:
            contact.changed_at = self.moment
            self.changed.append(contact)
        return post


def _post(contact: Contact) -> Post:
    return contact.line, contact.division_id, contact.unit_id, contact.person


def _new_contact(entry: ContactEntry, post: Post, moment: datetime) -> Contact:
    line, division, unit, person = post
    contact = Contact(line=line, division_id=division, unit_id=unit, person=person, changed_at=moment)
    contact.valid_from = entry.valid_from
    for name in CHANGEABLE:
        setattr(contact, name, getattr(entry, name))
    return contact


def _check_spans(line: int, contacts: Iterable[Contact], faults: Faults) -> None:
    """The spans of one post follow one another; `line` of the file is the last that is about it."""
    spans = sorted(contacts, key=lambda contact: contact.valid_from)
    for before, after in pairwise(spans):
        if before.valid_to is None or before.valid_to >= after.valid_from:
            problem = f"stands here from {before.valid_from} already when {after.valid_from} begins"
            mend = f"end the row from {before.valid_from} with a valid_to before {after.valid_from}"
            faults.add(line, "valid_from", str(after.valid_from), problem, mend)


def _unit_mend(key: tuple[str, str], units: Iterable[tuple[str, str]]) -> str:
    name, division = key
    elsewhere = [code for other, code in units if other == name]
    if elsewhere:
        return f"a unit of this name is registered in {', '.join(elsewhere[:5])}"
    near = nearest(name, [other for other, code in units if code == division])
    return f"did you mean {near}?" if near else "import the register first, or check the name"


def _change(entry: ContactEntry, name: str, old: object, new: object) -> Change:
    place = entry.division or entry.unit
    shown = ["" if value is None else visible(str(value)) for value in (old, new)]
    return Change(
        entry.file_line, f"{LINES[entry.line].zh} {visible(place)} {visible(entry.person)}", name, *shown
    )

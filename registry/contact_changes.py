"""What a contacts file changes: the rows to write, and each change with its old and new value.

Rows are compared and prepared here; `registry.contact_import` reads and writes them. No database.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from common.clock import BEIJING
from common.faults import Faults, Text, visible
from registry.contact_reading import ContactRecord
from registry.contacts import LINES
from registry.errors import nearest
from registry.models import Contact
from registry.problems import Problem, listed
from registry.records import UnitKey
from registry.tally import Tally

# Everything a later file may change; the contact itself is known by line, place, person and first day.
CHANGEABLE = ("office", "phone", "email", "rank", "hours", "valid_to")
# For whoever is new, where the file has no column for it.
USUAL = {"phone": "", "email": "", "rank": 1, "hours": "workdays"}


class Post(NamedTuple):
    """Line, division or unit, and person: whoever stands there at most once on any day."""

    line: str
    division: str | None
    unit: int | None
    person: str


@dataclass(frozen=True, slots=True)
class UnitPlace:
    """A stored unit, and the path of its division."""

    pk: int
    path: str


@dataclass(slots=True)
class ContactChanges:
    """Built record by record from the stored contacts and units.

    `paths`: division → its path; a record outside `area` (the path of a division) is a fault.
    """

    moment: datetime
    units: Mapping[UnitKey, UnitPlace]
    paths: Mapping[str, str]
    area: str
    tally: Tally
    faults: Faults
    new: list[Contact] = field(default_factory=list)
    changed: list[Contact] = field(default_factory=list)
    faulty: set[tuple[str, int]] = field(default_factory=set)
    _posts: defaultdict[Post, dict[date, Contact]] = field(default_factory=lambda: defaultdict(dict))
    _by_name: defaultdict[str, list[UnitKey]] = field(default_factory=lambda: defaultdict(list))

    def start_from(self, stored: Iterable[Contact]) -> None:
        """Take in the contacts there are."""
        for key in self.units:
            self._by_name[key[0]].append(key)
        for contact in stored:
            post = Post(contact.line, contact.division_id, contact.unit_id, contact.person)
            self._posts[post][contact.valid_from] = contact

    def take(self, records: Iterable[ContactRecord]) -> None:
        """Note what `records` add or change, and what does not fit (`faulty`: sheet and line of the rows).

        A unit must be in the register, and nobody may hold one post twice on a day, which would tell them
        twice.
        """
        touched: dict[Post, ContactRecord] = {}
        for record in records:
            post = self._post(record)
            if isinstance(post, Problem):
                self._tell(record, "unit" if record.unit else "division", post)
            else:
                self._compare(record, post)
                touched[post] = record
        for post, record in touched.items():
            self._check_spans(record, self._posts[post].values())

    def _post(self, record: ContactRecord) -> Post | Problem:
        """The post of a record, or why it can have none."""
        if not record.unit:
            here = self.paths[record.division].startswith(self.area)
            return Post(record.line, record.division, None, record.person) if here else _OUTSIDE
        key = self._unit_key(record)
        if isinstance(key, Problem):
            return key
        unit = self.units[key]
        return (
            Post(record.line, None, unit.pk, record.person) if unit.path.startswith(self.area) else _OUTSIDE
        )

    def _unit_key(self, record: ContactRecord) -> UnitKey | Problem:
        called = self._by_name.get(record.unit, [])
        if record.unit_division:
            return record.unit_key if record.unit_key in called else self._unknown(record, called)
        if len(called) == 1:
            return called[0]
        return _ambiguous(called) if called else self._unknown(record, called)

    def _unknown(self, record: ContactRecord, called: list[UnitKey]) -> Problem:
        problem = Text("登记库中没有这个单位", "this unit is not in the register")
        return Problem("unit_unknown", problem, partial(self._unit_mend, record, called))

    def _unit_mend(self, record: ContactRecord, called: list[UnitKey]) -> Text:
        if called:
            codes = listed(division for _, division in called)
            return Text(f"同名单位登记在 {codes.zh}", f"a unit of this name is registered in {codes.en}")
        here = record.unit_division
        near = nearest(record.unit, {name for name, division in self.units if here in ("", division)})
        if near:
            return Text(f"是否应为“{near}”", f"did you mean “{near}”?")
        return Text("请核对名称，或先导入台账", "check the name, or import the register first")

    def _compare(self, record: ContactRecord, post: Post) -> None:
        """Note what one record adds or changes at its post."""
        contact = self._standing(record, post)
        if contact is None:
            self._add(record, post)
            return
        said = {name: getattr(record, name) for name in CHANGEABLE}
        said = {name: value for name, value in said.items() if value is not None or _ends(record, name)}
        changed = {name: value for name, value in said.items() if getattr(contact, name) != value}
        for name, value in changed.items():
            self.tally.change(record.row, _subject(record), name, getattr(contact, name), value)
            setattr(contact, name, value)
        if changed:
            contact.changed_at = self.moment
            self.changed.append(contact)
        self.tally.counts["contacts_changed" if changed else "contacts_unchanged"] += 1

    def _standing(self, record: ContactRecord, post: Post) -> Contact | None:
        """The stored contact a record is about: of its first day, else of today, else the next."""
        stored = self._posts[post]
        if record.valid_from is not None:
            return stored.get(record.valid_from)
        open_ones = [one for one in stored.values() if one.valid_to is None or one.valid_to >= self._today]
        return min(open_ones, key=lambda one: one.valid_from, default=None)

    @property
    def _today(self) -> date:
        return self.moment.astimezone(BEIJING).date()

    def _add(self, record: ContactRecord, post: Post) -> None:
        said = {name: getattr(record, name) for name in CHANGEABLE}
        values = {name: USUAL.get(name) if value is None else value for name, value in said.items()}
        contact = Contact(
            line=post.line,
            division_id=post.division,
            unit_id=post.unit,
            person=post.person,
            valid_from=record.valid_from or self._today,
            changed_at=self.moment,
            **values,
        )
        self._posts[post][contact.valid_from] = contact
        self.new.append(contact)
        self.tally.counts["contacts_added"] += 1

    def _check_spans(self, record: ContactRecord, contacts: Iterable[Contact]) -> None:
        """The spans of one post follow one another; `record` is the last in the file that is about it."""
        spans = sorted(contacts, key=lambda contact: contact.valid_from)
        for before, after in pairwise(spans):
            if before.valid_to is None or before.valid_to >= after.valid_from:
                self._tell(record, "valid_from", _overlap(before.valid_from, after.valid_from))

    def _tell(self, record: ContactRecord, name: str, problem: Problem) -> None:
        value = getattr(record, name)
        place = record.spot.place(name, "" if value is None else str(value))
        self.faults.add(problem.kind, place, problem.text, problem.mend)
        self.faulty.add(record.row)


_OUTSIDE = Problem(
    "outside_area",
    Text("不在您的管辖范围内", "this is outside your area"),
    Text("请删去这一行，或请上级导入", "take the row out, or ask the office above to bring it in"),
)


def _ambiguous(called: list[UnitKey]) -> Problem:
    codes = listed(division for _, division in called)
    problem = Text(f"有 {len(called)} 个单位叫这个名称", f"{len(called)} units are called so")
    mend = Text(f"请填写单位行政区划代码：{codes.zh}", f"write the division of the unit, too: {codes.en}")
    return Problem("unit_ambiguous", problem, mend)


def _overlap(before: date, after: date) -> Problem:
    problem = Text(
        f"此人自 {before} 起已在这个岗位，{after} 又开始一次",
        f"stands here from {before} already when {after} begins",
    )
    mend = Text(
        f"请给 {before} 起的那一行填写 {after} 之前的失效日期",
        f"end the row from {before} with a valid_to before {after}",
    )
    return Problem("span_overlap", problem, mend)


def _ends(record: ContactRecord, name: str) -> bool:
    """Whether an empty value is said: only the last day may be none."""
    return name == "valid_to" and record.has_valid_to


def _subject(record: ContactRecord) -> str:
    place = record.division or record.unit
    return f"{LINES[record.line].zh} {visible(place)} {visible(record.person)}"

"""Who answers for a unit, out of the register file: the contact on the line `sponsor`.

A person who is not there yet answers from the day of the import, behind whoever answers already; of one who
is, telephone and e-mail are brought in line. Nobody is ended here: that takes a contacts file, or a person.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from common.faults import Faults, Place, Text, visible
from registry import bulk
from registry.models import Contact
from registry.records import SponsorContact, UnitRecord
from registry.register_units import Units
from registry.stage import Stage
from registry.tally import Tally

LINE, HOURS = "sponsor", "workdays"
SAID = ("line", "unit_id", "office", "person", "phone", "email")
COLUMNS = (*SAID, "rank", "hours", "valid_from", "changed_at")
MOST = 99
"""The last rank a contacts file knows."""

Said = Sequence[tuple[UnitRecord, SponsorContact]]


class Held(NamedTuple):
    """A contact as it is stored."""

    pk: int
    person: str
    phone: str
    email: str
    rank: int


@dataclass(frozen=True, slots=True)
class Sponsors:
    """The contacts of the units of one file."""

    units: Units
    tally: Tally
    notices: Faults
    today: date

    def take(self, stage: Stage, *, dry_run: bool) -> None:
        """Compare the contacts of the units in `stage`, and write what differs unless in a `dry_run`."""
        for batch in stage.units():
            said = [
                (record, record.contact)
                for record, _ in batch
                if record.contact and record.contact.person and record.key not in self.units.left_out
            ]
            if not said:
                continue
            new, changed = self._compared(said)
            if not dry_run:
                bulk.insert(Contact, COLUMNS, new)
                bulk.update(Contact, ("phone", "email", "changed_at"), changed)

    def _compared(self, said: Said) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
        """Rows of new contacts, and of those whose telephone or e-mail changed."""
        keys = [self.units.keys[record.key] for record, _ in said]
        held = _held(keys, self.today)
        new: list[tuple[object, ...]] = []
        changed: list[tuple[object, ...]] = []
        for (record, contact), unit in zip(said, keys, strict=True):
            before = next((one for one in held[unit] if one.person == contact.person), None)
            if before is None:
                new.append(self._new(record, contact, unit, held[unit]))
            elif row := self._changed(record, contact, before):
                changed.append(row)
        return new, changed

    def _new(
        self, record: UnitRecord, contact: SponsorContact, unit: int, others: list[Held]
    ) -> tuple[object, ...]:
        self.tally.counts["contacts_added"] += 1
        if others:
            self._tell_others(record, contact.person, others)
        rank = min(max((one.rank for one in others), default=0) + 1, MOST)
        said = contact.person, contact.phone, contact.email
        return LINE, unit, record.name, *said, rank, HOURS, self.today, self.units.moment

    def _changed(
        self, record: UnitRecord, contact: SponsorContact, before: Held
    ) -> tuple[object, ...] | None:
        after = contact.phone or before.phone, contact.email or before.email
        if after == (before.phone, before.email):
            return None
        self.tally.counts["contacts_changed"] += 1
        subject = f"{visible(record.name)} {visible(contact.person)}"
        for name, old, new in zip(
            ("contact_phone", "contact_email"), (before.phone, before.email), after, strict=True
        ):
            if old != new:
                self.tally.change((record.sheet, record.line), subject, name, old, new)
        return *after, self.units.moment, before.pk

    def _tell_others(self, record: UnitRecord, person: str, others: list[Held]) -> None:
        names = "、".join(visible(one.person) for one in others[:3])
        problem = Text(
            f"本单位已有联系人{names}，新联系人排在其后", f"{names} answers already, this person comes after"
        )
        mend = Text(
            "如需更换，请用联系人表为原联系人填写失效日期",
            "to replace somebody, give their last day in a contacts file",
        )
        self.notices.add(
            "contact_comes_after", Place(record.sheet, record.line, "contact_person", person), problem, mend
        )


def _held(units: list[int], today: date) -> defaultdict[int, list[Held]]:
    """The contacts of each unit that answer today or later, who is told first at the front."""
    found: defaultdict[int, list[Held]] = defaultdict(list)
    rows = Contact.objects.filter(line=LINE, unit_id__in=units).exclude(valid_to__lt=today)
    for unit, *rest in rows.order_by("rank", "pk").values_list("unit_id", *Held._fields):
        found[unit or 0].append(Held(*rest))
    return found

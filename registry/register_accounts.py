"""Brings the accounts of a register file in line, batch by batch: compared, noted, written.

- An account is known by platform, instance and platform_uid; everything else may change.
- An account registered under another unit is a fault, unless `moving` confirms that it changed hands. It
  changes hands within the area of whoever brings the file in.
- What the file has no column for stays as it is stored.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from common.faults import Faults, Place, Text, visible
from registry import bulk
from registry.models import Account, Unit
from registry.protection import protect_accounts, protect_new_accounts
from registry.records import AccountKey, AccountRecord
from registry.register_units import Units
from registry.stage import Stage
from registry.tally import Tally

CHANGEABLE = ("handle", "name", "certified_subject", "home_url", "opened_on", "state")
"""What a later file may change, beside the unit."""
IDENTITY = ("platform", "instance", "platform_uid")
COLUMNS = (*IDENTITY, "unit_id", *CHANGEABLE, "search", "created_at", "changed_at")


class Stored(NamedTuple):
    """An account as it is stored, or as it shall be."""

    pk: int
    unit: int
    handle: str
    name: str
    certified_subject: str
    home_url: str
    opened_on: date | None
    state: str


@dataclass(slots=True)
class Accounts:
    """The accounts of one file.

    `seen`: keys of the stored ones that the file names. `left_out`: where those stand that cannot be taken.
    `area`: the path of the division that whoever brings the file in answers for, empty for everything.
    """

    moment: datetime
    units: Units
    moving: bool
    area: str
    faults: Faults
    tally: Tally
    seen: set[int] = field(default_factory=set)
    left_out: set[tuple[str, int]] = field(default_factory=set)

    def take(self, stage: Stage, *, dry_run: bool) -> None:
        """Compare all accounts laid down in `stage`, and write what differs unless in a `dry_run`."""
        last = bulk.last_key(Account)
        for batch in stage.accounts():
            stored = _stored(record for record, _ in batch)
            sound = [(record, search) for record, search in batch if self._is_sound(record, stored)]
            new = [(record, search) for record, search in sound if record.key not in stored]
            self.tally.counts["accounts_added"] += len(new)
            changed = list(self._changed(sound, stored))
            if not dry_run:
                bulk.insert(Account, COLUMNS, [self._row(record, search) for record, search in new])
                self._update(changed)
        if not dry_run:
            protect_new_accounts(last, self.moment)

    def _is_sound(self, record: AccountRecord, stored: dict[AccountKey, Stored]) -> bool:
        """Whether an account can be taken; what cannot is counted, and noted if its unit was not before."""
        account = stored.get(record.key)
        if account is not None:
            self.seen.add(account.pk)
        if record.unit not in self.units.keys or record.unit in self.units.left_out:
            self.left_out.add((record.sheet, record.line))
            return False
        if account is None or account.unit == self.units.keys[record.unit]:
            return True
        holder = Unit.objects.select_related("line_division").get(pk=account.unit)
        if self.moving and holder.line_division.path.startswith(self.area):
            return True
        self.left_out.add((record.sheet, record.line))
        self._note_holder(record, holder)
        return False

    def _note_holder(self, record: AccountRecord, holder: Unit) -> None:
        place = Place(record.sheet, record.line, "unit", record.unit[0])
        where = f"{visible(holder.name)} {holder.line_division_id}"
        problem = Text(f"这个账号登记在“{where}”名下", f"this account is registered under “{where}”")
        if self.moving:
            mend = Text(
                "该单位不在您的管辖范围内，请由上级办理变更",
                "that unit is outside your area: have the account moved by the office above both",
            )
            self.faults.add("account_beyond_area", place, problem, mend)
            return
        mend = Text(
            "请核对主办单位；确已移交的，用 --moving 或勾选“账号可移交”确认",
            "correct the unit, or confirm with --moving that it changed hands",
        )
        self.faults.add("account_elsewhere", place, problem, mend)

    def _changed(
        self, batch: Iterable[tuple[AccountRecord, str]], stored: dict[AccountKey, Stored]
    ) -> Iterator[tuple[Stored, str]]:
        """Accounts as they shall be, with their forms, where they differ from what is stored."""
        for record, search in batch:
            before = stored.get(record.key)
            if before is None:
                continue
            after = _wanted(record, before, self.units.keys[record.unit])
            if after == before:
                self.tally.counts["accounts_unchanged"] += 1
                continue
            self.tally.counts["accounts_changed"] += 1
            self._tell(record, before, after)
            yield after, search

    def _tell(self, record: AccountRecord, before: Stored, after: Stored) -> None:
        for name, old, new in zip(Stored._fields, before, after, strict=True):
            if old == new:
                continue
            if name == "unit":
                old = "" if self.tally.is_full else Unit.objects.get(pk=before.unit).name
                new = record.unit[0]
            self.tally.change((record.sheet, record.line), subject(record.key, record.name), name, old, new)

    def _row(self, record: AccountRecord, search: str) -> tuple[object, ...]:
        wanted = _wanted(record, _NOTHING, self.units.keys[record.unit])
        return (*record.key, *wanted[1:], search, self.moment, self.moment)

    def _update(self, changed: list[tuple[Stored, str]]) -> None:
        rows = [(*after[1:], search, self.moment, after.pk) for after, search in changed]
        bulk.update(Account, ("unit_id", *CHANGEABLE, "search", "changed_at"), rows)
        accounts = [
            Account(pk=after.pk, unit_id=after.unit, name=after.name, state=after.state)
            for after, _ in changed
        ]
        protect_accounts(accounts, self.moment)


_NOTHING = Stored(0, 0, "", "", "", "", None, "")


def subject(key: AccountKey, name: str) -> str:
    """An account in words: 郑州发布 (weibo/1903424)."""
    return f"{visible(name)} ({visible('/'.join(part for part in key if part))})"


def _wanted(record: AccountRecord, before: Stored, unit: int) -> Stored:
    return Stored(
        before.pk,
        unit,
        before.handle if record.handle is None else record.handle,
        record.name,
        before.certified_subject if record.certified_subject is None else record.certified_subject,
        before.home_url if record.home_url is None else record.home_url,
        record.opened_on if record.has_opened_on else before.opened_on,
        record.state,
    )


def _stored(records: Iterable[AccountRecord]) -> dict[AccountKey, Stored]:
    """The stored accounts of these records, asked platform by platform as the index goes."""
    found: dict[AccountKey, Stored] = {}
    keys = sorted(record.key for record in records)
    for (platform, instance), group in groupby(keys, key=lambda key: key[:2]):
        rows = Account.objects.filter(
            platform=platform, instance=instance, platform_uid__in=bulk.among(uid for _, _, uid in group)
        ).values_list("platform_uid", "pk", "unit_id", *CHANGEABLE)
        found.update({(platform, instance, uid): Stored(*rest) for uid, *rest in rows})
    return found

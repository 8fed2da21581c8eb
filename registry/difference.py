"""What a register file changes: the rows to write, and each change with its old and new value.

Rows are compared and prepared here; `registry.importers` reads and writes them. No database.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from registry.entries import Entry
from registry.errors import Faults, visible
from registry.models import Account, Unit

# Everything a later file may change; the account itself is known by platform, instance and uid.
CHANGEABLE = ("handle", "name", "certified_subject", "home_url", "opened_on", "state")


@dataclass(frozen=True, slots=True)
class Change:
    """A value that a file changes: where it stands, whose it is, and both values, safe to print."""

    line: int
    subject: str
    field: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.subject}: {self.field} {self.old or '–'} → {self.new or '–'}"


@dataclass(slots=True)
class Difference:
    """Built row by row from the stored `units` and `accounts`, both by what they are known by."""

    moment: datetime
    units: dict[tuple[str, str], Unit]
    accounts: dict[tuple[str, str, str], Account]
    new_units: list[Unit] = field(default_factory=list)
    changed_units: list[Unit] = field(default_factory=list)
    new_accounts: list[Account] = field(default_factory=list)
    changed_accounts: list[Account] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def check_units(self, entries: Iterable[Entry]) -> None:
        """Raises BadRegister if an account is stored under another unit than its entry says."""
        faults = Faults()
        for entry in entries:
            account = self.accounts.get(entry.account_key)
            if account and (account.unit.name, account.unit.line_division_id) != entry.unit_key:
                problem = f"this account is registered under {account.unit} {account.unit.line_division_id}"
                mend = "correct the unit, or confirm with --moving"
                faults.add(entry.line, "unit", entry.unit, problem, mend)
        faults.raise_if_any()

    def add(self, entry: Entry) -> None:
        """Compare one entry with the rows, and note what it adds or changes."""
        unit = self._unit(entry)
        account = self.accounts.get(entry.account_key)
        if account is None:
            self.new_accounts.append(_new_account(entry, unit, self.moment))
            return
        values: dict[str, object] = {name: getattr(entry, name) for name in CHANGEABLE}
        values["unit"] = unit
        changed = {name: value for name, value in values.items() if getattr(account, name) != value}
        for name, value in changed.items():
            self.changes.append(_change(entry, name, getattr(account, name), value))
            setattr(account, name, value)
        if changed:
            account.changed_at = self.moment
            self.changed_accounts.append(account)

    def _unit(self, entry: Entry) -> Unit:
        """The unit of `entry`, found, corrected or made."""
        unit = self.units.get(entry.unit_key)
        if unit is None:
            unit = _new_unit(entry, self.moment)
            self.units[entry.unit_key] = unit
            self.new_units.append(unit)
        elif unit.kind != entry.unit_kind:
            self.changes.append(_change(entry, "unit_kind", unit.kind, entry.unit_kind))
            unit.kind = entry.unit_kind
            self.changed_units.append(unit)
        return unit


def _new_unit(entry: Entry, moment: datetime) -> Unit:
    name, code = entry.unit_key
    return Unit(name=name, kind=entry.unit_kind, line_division_id=code, created_at=moment)


def _new_account(entry: Entry, unit: Unit, moment: datetime) -> Account:
    platform, instance, uid = entry.account_key
    account = Account(platform=platform, instance=instance, platform_uid=uid, unit=unit)
    account.created_at = account.changed_at = moment
    for name in CHANGEABLE:
        setattr(account, name, getattr(entry, name))
    return account


def _change(entry: Entry, name: str, old: object, new: object) -> Change:
    key = "/".join(part for part in entry.account_key if part)
    shown = ["" if value is None else visible(str(value)) for value in (old, new)]
    return Change(entry.line, f"{visible(entry.name)} ({visible(key)})", name, *shown)

"""The register and the contacts as files that `registry.register_import` and `contact_import` read again.

Headings and words are the Chinese ones that people write; where an installation has given a word another
meaning, the value itself stands there. Brought in again, a file changes nothing. A unit without accounts has
a row of its own. Of the contacts of a unit the register names the first on its own line; the contacts file
names everybody, also former ones.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from audit_logs.record import record
from common.clock import BEIJING
from common.sheets.writing import write_csv, write_xlsx
from registry import imports, words
from registry.cells import platform, word
from registry.contacts import HOURS, LINES
from registry.headers import FileKind, fields
from registry.kinds import STATES, UNIT_KINDS
from registry.models import Account, Contact, Unit
from registry.offices import valid_on
from registry.register_accounts import IDENTITY
from registry.register_import import known
from registry.rows import ACCOUNT_FIELDS, UNIT_FIELDS
from registry.stage import BATCH

SHEETS: Mapping[FileKind, str] = {"registry": "台账", "contacts": "联系人"}
CONTACT_FIELDS = (
    "line",
    "division",
    "unit",
    "unit_division",
    "office",
    "person",
    "phone",
    "email",
    "rank",
    "hours",
    "valid_from",
    "valid_to",
)
ENDINGS = (".csv", ".xlsx")

Cells = list[str]


class Exported(NamedTuple):
    """What was written."""

    rows: int
    sha256: str


def export(kind: FileKind, path: Path, scope_path: str, actor: str, moment: datetime) -> Exported:
    """Write everything of `kind` at or below the division of `scope_path` to `path`; one audit event.

    The ending of `path` is one of ENDINGS. The file appears when it is whole. Raises OSError.
    """
    counter = _Counter(_ROWS[kind](scope_path, moment))
    columns = [fields(kind)[name].title.zh for name in _FIELDS[kind]]
    part = path.with_name(f".{path.name}.part")
    try:
        if path.suffix.lower() == ".csv":
            write_csv(part, columns, counter)
        else:
            write_xlsx(part, {SHEETS[kind]: (columns, counter)})
        digest = imports.sha256_of(part)
        with transaction.atomic():
            details = {"rows": counter.rows, "scope": scope_path}
            record(actor, f"{kind}.export", ("file", digest), details, at=moment)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return Exported(counter.rows, digest)


@dataclass
class _Counter:
    """Counts rows on their way."""

    source: Iterable[Cells]
    rows: int = 0

    def __iter__(self) -> Iterator[Cells]:
        for row in self.source:
            self.rows += 1
            yield row


def _register(scope_path: str, moment: datetime) -> Iterator[Cells]:
    """A row for each account, its unit in front; units in the order of their places."""
    say = _Words(moment)
    units = Unit.objects.filter(line_division__path__startswith=scope_path)
    keys = list(units.order_by("line_division__path", "name").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        found = Unit.objects.select_related("parent_unit").in_bulk(batch)
        accounts: defaultdict[int, list[Account]] = defaultdict(list)
        for account in Account.objects.filter(unit_id__in=batch).order_by(*IDENTITY):
            accounts[account.unit_id].append(account)
        sponsors = _sponsors(batch, moment)
        for key in batch:
            front = _unit_cells(found[key], sponsors.get(key), say)
            for account in accounts[key]:
                yield front + _account_cells(account, say)
            if not accounts[key]:
                yield front + [""] * len(ACCOUNT_FIELDS)


def _sponsors(units: Sequence[int], moment: datetime) -> dict[int, Contact]:
    """Who is told first of each unit today."""
    today = moment.astimezone(BEIJING).date()
    contacts = Contact.objects.filter(valid_on(today), line="sponsor", unit_id__in=units)
    return {contact.unit_id or 0: contact for contact in contacts.order_by("-rank", "-pk")}


def _unit_cells(unit: Unit, sponsor: Contact | None, say: "_Words") -> Cells:
    above = unit.parent_unit
    parent = [above.name, above.line_division_id] if above else ["", ""]
    contact = [sponsor.person, sponsor.phone, sponsor.email] if sponsor else ["", "", ""]
    return [unit.name, unit.line_division_id, say.unit_kinds[unit.kind], unit.uscc, *parent, *contact]


def _account_cells(account: Account, say: "_Words") -> Cells:
    return [
        say.platform(account.platform),
        account.instance,
        account.platform_uid,
        account.handle,
        account.name,
        account.certified_subject,
        account.home_url,
        _day(account.opened_on),
        say.states[account.state],
    ]


def _contacts(scope_path: str, _: datetime) -> Iterator[Cells]:
    """A row for each contact, by place, line and rank."""
    lines, hours = _words("line", LINES), _words("hours", HOURS)
    within = Q(division__path__startswith=scope_path) | Q(unit__line_division__path__startswith=scope_path)
    contacts = Contact.objects.filter(within).select_related("unit")
    for contact in contacts.order_by("division_id", "unit_id", "line", "rank", "pk").iterator(BATCH):
        unit = contact.unit
        yield [
            lines[contact.line],
            contact.division_id or "",
            *((unit.name, unit.line_division_id) if unit else ("", "")),
            contact.office,
            contact.person,
            contact.phone,
            contact.email,
            str(contact.rank),
            hours[contact.hours],
            _day(contact.valid_from),
            _day(contact.valid_to),
        ]


class _Words:
    """What people call the values of closed lists."""

    def __init__(self, moment: datetime) -> None:
        self.states, self.unit_kinds = _words("state", STATES), _words("unit_kind", UNIT_KINDS)
        self._known = known(moment)
        self._platforms: dict[str, str] = {}

    def platform(self, value: str) -> str:
        """The title of a platform, or its id where the title is read as another one, or none."""
        if value not in self._platforms:
            title = words.titles("platform").get(value, value)
            self._platforms[value] = title if platform(title, self._known) == value else value
        return self._platforms[value]


def _words(of: words.ListName, values: Iterable[str]) -> dict[str, str]:
    """The titles of values, each as it is read again."""
    titles = words.titles(of)
    return {value: titles[value] if word(titles[value], of) == value else value for value in values}


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


_ROWS: Mapping[FileKind, Callable[[str, datetime], Iterator[Cells]]] = {
    "registry": _register,
    "contacts": _contacts,
}
_FIELDS: Mapping[FileKind, Sequence[str]] = {
    "registry": (*UNIT_FIELDS, *ACCOUNT_FIELDS),
    "contacts": CONTACT_FIELDS,
}

"""What the register still lacks: offices and units nobody can be told at, units without an account.

An office is needed where a registered unit lies: the supervising office, the cyberspace office and the police
of its own place and of every place above it on that line, since an alert nobody answers climbs
(`registry.lines`; whom an alert takes in is `alerting.routing`). A unit with an account needs its sponsor
contact, and a vertical body its own upper one. Who comes out of it is a task, until somebody is entered.
Webhooks are not looked at here: where only a system answers, a person is missing still.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from registry.models import Account, Contact, Division, Unit
from registry.offices import tree_above, valid_on

NEEDED = ("supervision", "cac", "police")
"""The lines on which a place with registered units needs an office."""
# An account that is gone needs nobody any more.
STANDING = ~Q(state="deregistered")

Lack = Literal["contact", "email"]


@dataclass(frozen=True, slots=True)
class Gap:
    """Where on `line` nobody can be told: at a division's office, or at a unit; the other one is None.

    `lacks`: contact = nobody is entered for today; email = somebody is, but a message cannot be sent there.
    `units`: how many registered units rely on it.
    """

    line: str
    lacks: Lack
    units: int
    division: Division | None = None
    unit: Unit | None = None


class Office(NamedTuple):
    """The office of a division on a line."""

    line: str
    division: str


def offices_without_contact(units: QuerySet[Unit], today: date, within: str = "/CN/") -> list[Gap]:
    """The offices that `units` with accounts need and where nobody can be told, by place and line.

    `within` is the path of a division: only offices there and below are told. Five queries at most.
    """
    needed = _needed(units, today)
    reach = _reach(Contact.objects.exclude(division=None).values_list("line", "division", "email"), today)
    lacking = {office: lack for office in needed if (lack := _lack(reach, office))}
    codes = {office.division for office in lacking}
    places = Division.objects.filter(code__in=codes, path__startswith=within).in_bulk()
    here = [office for office in lacking if office.division in places]
    here.sort(key=lambda office: (places[office.division].path, NEEDED.index(office.line)))
    return [
        Gap(office.line, lacking[office], needed[office], division=places[office.division]) for office in here
    ]


def units_without_contact(units: QuerySet[Unit], today: date) -> list[Gap]:
    """Those of `units` with accounts that have no sponsor contact, or as vertical bodies no upper one.

    By place and name; two queries.
    """
    reach = _reach(Contact.objects.exclude(unit=None).values_list("line", "unit", "email"), today)
    return [
        Gap(line, lack, 1, unit=unit)
        for unit in _by_place(units.filter(_has_account()))
        for line in (("sponsor", "supervision") if unit.kind == "vertical" else ("sponsor",))
        if (lack := _lack(reach, (line, unit.pk)))
    ]


def units_without_account(units: QuerySet[Unit]) -> QuerySet[Unit]:
    """Those of `units` that have no account, or only such as are gone; by place and name."""
    return _by_place(units.exclude(_has_account()))


def _by_place(units: QuerySet[Unit]) -> QuerySet[Unit]:
    return units.select_related("line_division").order_by("line_division__path", "name", "pk")


def _has_account() -> Exists:
    return Exists(Account.objects.filter(STANDING, unit=OuterRef("pk")))


def _needed(units: QuerySet[Unit], today: date) -> Counter[Office]:
    """Each office that units with accounts need, and how many of them do."""
    alike = units.filter(_has_account()).order_by().values_list("kind", "line_division__path")
    counted = list(alike.annotate(Count("pk")))
    tree = tree_above({path for _, path, _ in counted})
    needed: Counter[Office] = Counter()
    for kind, path, number in counted:
        for line, places in tree.ways(kind, path.split("/")[-2], NEEDED, today).items():
            for place in places:
                needed[Office(line, place.code)] += number
    return needed


Key = tuple[str, str | int | None]


def _reach(contacts: QuerySet[Contact, tuple[str, str | int | None, str]], today: date) -> dict[Key, bool]:
    """Line and place of everybody who answers `today`, and whether anybody there can be written to."""
    found: dict[Key, bool] = {}
    for line, place, email in contacts.filter(valid_on(today)):
        found[line, place] = bool(email) or found.get((line, place), False)
    return found


def _lack(reach: Mapping[Key, bool], key: Key) -> Lack | None:
    if key not in reach:
        return "contact"
    return None if reach[key] else "email"

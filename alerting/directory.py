"""Rows → `routing.Directory`: who answers for a unit on a day, and `routing.Facts` of a case."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Q

from alerting.models import Recipient, Webhook
from alerting.routing import Directory, Facts, Kind, Office, Person, System, Told
from common.clock import BEIJING
from registry import lines
from registry.calendar import in_office_hours
from registry.contacts import LINES
from registry.models import Contact, Division, Unit
from review.models import Case

# The lines that lead through divisions; the sponsor's begins at the unit.
PLACED = tuple(line for line in LINES if line != "sponsor")


class _Held(NamedTuple):
    """Everybody at one place of one line."""

    persons: list[Person]
    systems: list[System]


def tree() -> lines.Tree:
    """The divisions as they are stored, with the shipped overrides. One query: keep it for a batch."""
    flags = "is_placeholder", "is_statistical_zone", "valid_from", "valid_to"
    rows = Division.objects.values_list("code", "name", "level", "parent_id", *flags)
    places = [
        lines.Place(code, name, level, parent or "", *rest) for code, name, level, parent, *rest in rows
    ]
    return lines.Tree(places, lines.shipped_overrides())


def directory(unit: Unit, now: datetime, divisions: lines.Tree | None = None) -> Directory:
    """The offices that answer for `unit` at `now`, empty ones included."""
    day = now.astimezone(BEIJING).date()
    ways = _ways(unit, day, divisions or tree())
    held = _held(unit, day, {place.code for way in ways.values() for place in way})
    sponsor = _office("sponsor", unit.name, held, unit=unit)
    own_body = _office("supervision", f"{unit.name}的上级主管", held, unit=unit)
    has_own = own_body.persons or own_body.systems or unit.kind == "vertical"
    return Directory(
        sponsor,
        {
            line: tuple(_office(line, place.name, held, place=place) for place in way)
            for line, way in ways.items()
        },
        own_body if has_own else None,
    )


def facts(case: Case, kind: Kind, now: datetime, severity: str = "") -> Facts:
    """What routing asks of `case`; `severity` other than the case's where an alert was raised."""
    unit = case.target.unit
    return Facts(
        kind,
        severity or case.severity,
        unit.name,
        unit.kind,
        crime_signs=case.crime_signs,
        in_office_hours=in_office_hours(now),
        told=told(case) if kind == "reversed" else frozenset(),
    )


def told(case: Case) -> frozenset[Told]:
    """Everybody who heard of `case` since a decision about it was last taken back."""
    recipients = Recipient.objects.filter(alert__case=case, alert__kind__in=["preliminary", "confirmed"])
    last = case.alerts.filter(kind="reversed").order_by("-opened_at").first()
    if last:
        recipients = recipients.filter(alert__opened_at__gt=last.opened_at)
    return frozenset(Told(*row) for row in recipients.values_list("alert__line", "contact_id", "webhook_id"))


def _ways(unit: Unit, day: date, divisions: lines.Tree) -> dict[str, tuple[lines.Place, ...]]:
    """Per line the places from the unit's own upwards."""
    code = unit.line_division_id
    home = divisions.home(code, day)
    ways = {line: (home, *divisions.parents(code, line, day)) for line in PLACED}
    above = divisions.supervisor(unit.kind, code, day).place
    ways["supervision"] = (above, *divisions.parents(above.code, "supervision", day)) if above else ()
    return ways


Held = dict[tuple[str, str, int | None], _Held]


def _held(unit: Unit, day: date, codes: Iterable[str]) -> Held:
    """Persons and systems by line, division and unit; those of other places are not even read."""
    found: Held = defaultdict(lambda: _Held([], []))
    here = Q(unit=unit) | Q(division__in=list(codes))
    valid = Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day))
    for contact in Contact.objects.filter(here & valid).order_by("rank", "pk"):
        found[contact.line, contact.division_id or "", contact.unit_id].persons.append(_person(contact))
    for webhook in Webhook.objects.filter(here, state="active").order_by("pk"):
        system = System(webhook.pk, webhook.label)
        found[webhook.line, webhook.division_id or "", webhook.unit_id].systems.append(system)
    return found


def _person(contact: Contact) -> Person:
    return Person(
        contact.pk,
        contact.person,
        contact.office,
        contact.email,
        contact.phone,
        contact.rank,
        contact.hours == "always",
    )


def _office(
    line: str, title: str, held: Held, *, place: lines.Place | None = None, unit: Unit | None = None
) -> Office:
    code, pk = place.code if place else "", unit.pk if unit else None
    here = held.get((line, code, pk), _Held([], []))
    return Office(line, title, code, pk, tuple(here.persons), tuple(here.systems))

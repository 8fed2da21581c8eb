"""Rows → `routing.Directory`: who answers for a unit on a day, and `routing.Facts` of a case."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple, cast

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from alerting.models import Alert, Delivery, Recipient, Webhook
from alerting.routing import Directory, Facts, Kind, Office, Person, System, Told
from common.clock import BEIJING
from registry import lines
from registry.calendar import in_office_hours
from registry.contacts import LINES
from registry.models import Contact, Unit
from registry.offices import tree_above, valid_on
from review.models import Case
from review.selectors import S1_BY_A_PERSON

# The lines that lead through divisions; the sponsor's begins at the unit.
PLACED = tuple(line for line in LINES if line != "sponsor")
TAKES_BACK = {"reversed": ("preliminary", "confirmed", "reported"), "withdrawn": ("reported",)}
"""What kinds of alert are taken back by one of another kind."""
NOT_SO = ("reversed", "not_established")
"""Why an alert was closed that proved wrong; perhaps nobody was told of it, then nor of its end."""


class _Held(NamedTuple):
    """Everybody at one place of one line."""

    persons: list[Person]
    systems: list[System]


def directory(unit: Unit, now: datetime) -> Directory:
    """The offices that answer for `unit` at `now`, empty ones included."""
    day = now.astimezone(BEIJING).date()
    ways = _ways(unit, day)
    held = _held(unit, day, {place.code for way in ways.values() for place in way})
    sponsor = _office("sponsor", unit.name, held, unit=unit)
    own_body = _office("supervision", f"{unit.name}的上级主管", held, unit=unit)
    # Vertical bodies, and the office of a province, are supervised by nobody of the division tree.
    has_own = own_body.persons or own_body.systems or unit.kind == "vertical" or not ways["supervision"]
    return Directory(
        sponsor,
        {
            line: tuple(_office(line, place.name, held, place=place) for place in way)
            for line, way in ways.items()
        },
        own_body if has_own else None,
    )


def facts(case: Case, kind: str, now: datetime, severity: str = "") -> Facts:
    """What routing asks of `case` about an alert of `kind` (`routing.Kind`).

    `severity` is the alert's, where that is another than the case's. S1 opens lines of authorities, so of a
    confirmed case it must be the word of a person; what the service raised for silence counts as S2 here.
    """
    unit, level = case.target.unit, severity or case.severity
    if kind == "confirmed" and case.confirmed and level == "S1" and not _is_said_by_a_person(case):
        level = "S2"
    return Facts(
        cast(Kind, kind),
        level,
        unit.name,
        unit.kind,
        crime_signs=case.crime_signs,
        in_office_hours=in_office_hours(now),
        told=told(case, kind) if kind in TAKES_BACK else frozenset(),
    )


def _is_said_by_a_person(case: Case) -> bool:
    return Case.objects.filter(S1_BY_A_PERSON, pk=case.pk).exists()


def told(case: Case, kind: str) -> frozenset[Told]:
    """Everybody who was told what an alert of `kind` takes back.

    Not those whose messages were all called off untried. Whoever has no message was to be phoned.
    """
    messages = Delivery.objects.filter(recipient=OuterRef("pk"))
    tried = messages.exclude(outcome="cancelled", tries=0, resends=0)
    reached = Recipient.objects.filter(~Exists(messages) | Exists(tried), alert__in=taken_back(case, kind))
    return frozenset(Told(*row) for row in reached.values_list("alert__line", "contact_id", "webhook_id"))


def taken_back(case: Case, kind: str) -> QuerySet[Alert]:
    """The alerts an alert of `kind` takes back: since the last that took back the same."""
    last = case.alerts.filter(kind__in=("reversed", kind)).aggregate(Max("pk"))["pk__max"]
    return case.alerts.filter(kind__in=TAKES_BACK[kind], pk__gt=last or 0)


def heard(case: Case, kind: Kind) -> frozenset[str]:
    """The lines that were told so of `case`, and of which nothing was taken back since."""
    told_so = taken_back(case, "reversed").filter(kind=kind).exclude(closed_reason__in=NOT_SO)
    return frozenset(told_so.values_list("line", flat=True))


def _ways(unit: Unit, day: date) -> dict[str, tuple[lines.Place, ...]]:
    """Per line the places from the unit's own upwards."""
    tree = tree_above([unit.line_division.path])
    return tree.ways(unit.kind, unit.line_division_id, PLACED, day)


Held = dict[tuple[str, str, int | None], _Held]


def _held(unit: Unit, day: date, codes: Iterable[str]) -> Held:
    """Persons and systems by line, division and unit; those of other places are not even read."""
    found: Held = defaultdict(lambda: _Held([], []))
    here = Q(unit=unit) | Q(division__in=list(codes))
    for contact in Contact.objects.filter(here, valid_on(day)).order_by("rank", "pk"):
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

"""Who answers for an office on a day, which will soon have nobody, and which stands above which."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from registry import lines
from registry.models import Contact, Division

ENDING_SOON = timedelta(days=30)


def valid_on(day: date) -> Q:
    """The contacts that answer on `day`; both their first and their last day count."""
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day))


def ending(contacts: QuerySet[Contact], day: date, within: timedelta = ENDING_SOON) -> list[Contact]:
    """Those valid on `day` who end `within` that time and leave their line at their place to nobody.

    Soonest first. A substitute who stays, or somebody who begins the day after, is a successor.
    """
    places: defaultdict[object, list[Contact]] = defaultdict(list)
    for contact in contacts.filter(Q(valid_to=None) | Q(valid_to__gte=day)):
        places[contact.line, contact.division_id, contact.unit_id].append(contact)
    found = [
        (contact.valid_to, contact.pk, contact)
        for here in places.values()
        for contact in here
        if contact.valid_from <= day and contact.valid_to and contact.valid_to <= day + within
        if not any(_follows(other, contact.valid_to) for other in here)
    ]
    return [contact for *_, contact in sorted(found)]


def _follows(other: Contact, last_day: date) -> bool:
    next_day = last_day + timedelta(days=1)
    return other.valid_from <= next_day and (other.valid_to is None or other.valid_to >= next_day)


def tree_above(paths: Iterable[str]) -> lines.Tree:
    """The divisions with these paths, all they lie in, and where overrides lead from there; two queries."""
    overrides = lines.shipped_overrides()
    codes = {code for path in paths for code in _codes(path)}
    targets = {override.target for override in overrides if override.code in codes} - codes
    for path in Division.objects.filter(code__in=targets).values_list("path", flat=True):
        codes |= set(_codes(path))
    return lines.Tree(map(_place, Division.objects.filter(code__in=codes)), overrides)


def _codes(path: str) -> list[str]:
    """The codes of `/CN/410000/410100/`."""
    return path.split("/")[2:-1]


def _place(division: Division) -> lines.Place:
    return lines.Place(
        division.code,
        division.name,
        division.level,
        division.parent_id or "",
        division.is_placeholder,
        division.is_statistical_zone,
        division.valid_from,
        division.valid_to,
    )

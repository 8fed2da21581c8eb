"""Who answers for an office on a day, and offices that will soon have nobody."""

from collections import defaultdict
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from registry.models import Contact

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

"""Whether somebody who was told of an alert still answers for that office, and who does now."""

from datetime import datetime

from django.db.models import Q

from common.clock import BEIJING
from registry.models import Contact
from registry.offices import valid_on


def answers(contact: Contact | None, now: datetime) -> bool:
    """Whether `contact` holds its post at `now`; a system, which is no contact, has no term."""
    return contact is None or Contact.objects.filter(_valid(now), pk=contact.pk).exists()


def holders(contact: Contact, now: datetime) -> list[Contact]:
    """Those who answer at `now` for the office of `contact`, the first of them first."""
    office = Q(line=contact.line, division=contact.division_id, unit=contact.unit_id)
    return list(Contact.objects.filter(office, _valid(now)).order_by("rank", "pk"))


def _valid(now: datetime) -> Q:
    return valid_on(now.astimezone(BEIJING).date())

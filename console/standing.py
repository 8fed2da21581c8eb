"""How an alert and its messages stand: the one reading of their columns, for lists, filters and pages."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q

from alerting.models import Alert, Delivery
from alerting.selectors import IS_OPEN

# The states of words.ALERT_STATES; every alert is in exactly one.
STATES: Mapping[str, Q] = {
    "waiting": IS_OPEN & Q(next_at__isnull=False),
    "unanswered": IS_OPEN & Q(next_at=None),
    "acknowledged": Q(acked_at__isnull=False, closed_at=None),
    "closed": Q(closed_at__isnull=False),
}


def of_alert(alert: Alert) -> str:
    """The key of STATES that `alert` is in."""
    if alert.closed_at:
        return "closed"
    if alert.acked_at:
        return "acknowledged"
    return "waiting" if alert.next_at else "unanswered"


def is_open(alert: Alert) -> bool:
    """Whether `alert` can be acknowledged."""
    return alert.acked_at is None and alert.closed_at is None


def of_delivery(delivery: Delivery, now: datetime) -> str:
    """The key of words.DELIVERY_STATES that `delivery` is in."""
    if delivery.done_at:
        return delivery.outcome
    if delivery.lease_until and delivery.lease_until > now:
        return "sending"
    return "retry" if delivery.tries else "queued"

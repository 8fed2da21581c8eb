"""How an alert and its messages stand: the one reading of their columns, for lists, filters and pages."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When

from alerting.models import Alert, Delivery

_OPEN = Q(acked_at=None, closed_at=None)
# The states of words.ALERT_STATES; every alert is in exactly one.
STATES: Mapping[str, Q] = {
    "waiting": _OPEN & Q(next_at__isnull=False),
    "unanswered": _OPEN & Q(next_at=None),
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


def in_order(alerts: QuerySet[Alert]) -> QuerySet[Alert]:
    """Unacknowledged first, the most severe and most urgent of them on top; then the newest."""
    urgent = Case(When(_OPEN, then=F("severity")), default=Value("–"), output_field=CharField())
    step = Case(When(_OPEN, then=F("next_at")))
    return alerts.annotate(urgent=urgent, step=step).order_by(
        Case(When(_OPEN, then=0), default=1), "urgent", F("step").asc(nulls_first=True), "-opened_at", "-pk"
    )

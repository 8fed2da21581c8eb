"""Closes alerts that have nothing more to say (`escalation.settled`), and cancels what they had to send."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat, Left

from alerting.acknowledge import CLOSED, cancel_waiting
from alerting.escalation import CASE_KINDS, settled
from alerting.models import ID_LENGTH, Alert, Delivery
from audit_logs.record import record
from common.crash import crash_point
from review.apart import apart
from review.models import Decision
from review.standing import NOT_YET

ACTOR = "system:escalate"


def close_settled(now: datetime) -> int:
    """Close every open alert that is settled, each with its audit event; how many.

    One that cannot be closed is logged and tried again with the next call; the others are closed.
    """
    found = [(alert, reason) for alert in _open(now) if (reason := _reason(alert))]
    if not found:
        return 0
    with transaction.atomic():
        closed = sum(
            bool(apart(f"alert {alert.pk}", partial(close, alert, reason, now))) for alert, reason in found
        )
        crash_point("escalate.before_close_commit")
    crash_point("escalate.after_close_commit")
    return closed


def close(alert: Alert, reason: str, now: datetime) -> bool:
    """Close `alert` for `reason`, in the caller's transaction; False if somebody did before."""
    ours = Alert.objects.filter(pk=alert.pk, closed_at=None)
    if ours.update(closed_at=now, closed_reason=reason, next_at=None) != 1:
        return False
    details = {
        "cancelled": cancel_waiting(alert, now, CLOSED),
        "case": alert.case_id,
        "kind": alert.kind,
        "line": alert.line,
        "reason": reason,
    }
    record(ACTOR, "alert.close", ("alert", str(alert.pk)), details, at=now)
    return True


def _open(now: datetime) -> QuerySet[Alert]:
    """Open alerts with what `settled` asks of their rows; gaps that end close theirs in `alerting.gaps`."""
    newer = Alert.objects.filter(
        case=OuterRef("case"), line=OuterRef("line"), kind__in=CASE_KINDS, pk__gt=OuterRef("pk")
    )
    overdue = Decision.objects.filter(case=OuterRef("case"), standing__in=NOT_YET, second_by__lte=now)
    # One that is sent again is no longer parked, but has not arrived; parked again, it has a new alert.
    parking = Concat("pk", Value("/"), Cast("resends", CharField()))
    lasts = Q(outcome="") | Q(outcome="parked", parked_as=OuterRef("about"))
    parked = Delivery.objects.annotate(parked_as=parking).filter(
        lasts, pk=Left(OuterRef("about"), ID_LENGTH), alert__acked_at=None, alert__closed_at=None
    )
    return (
        Alert.objects.filter(closed_at=None)
        .select_related("case")
        .annotate(superseded=Exists(newer), overdue=Exists(overdue), parked=Exists(parked))
        .order_by("pk")
    )


def _reason(alert: Alert) -> str:
    # `annotate` is not seen by the type checker.
    flags = vars(alert)
    cause_gone = {"second_missing": not flags["overdue"], "delivery_parked": not flags["parked"]}
    return settled(
        alert.kind,
        alert.line,
        alert.case.state,
        confirmed=alert.case.confirmed,
        superseded=flags["superseded"],
        cause_gone=cause_gone.get(alert.kind, False),
    )

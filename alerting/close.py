"""Closes alerts that have nothing more to say (`escalation.settled`), and cancels what they had to send."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat, Left

from alerting.acknowledge import CLOSED, cancel_waiting
from alerting.escalation import CASE_KINDS, ENDINGS, NOTED_AFTER, TAKING_BACK, settled
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
    found = [(alert, reason) for alert in _open(now) if (reason := _reason(alert, now))]
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
    waiting = Delivery.objects.filter(alert=OuterRef("pk"), done_at=None)
    found = Alert.objects.filter(closed_at=None).annotate(
        superseded=Exists(newer), overdue=Exists(overdue), parked=Exists(parked), waits=Exists(waiting)
    )
    return found.filter(_may_be_settled(now)).select_related("case").order_by("pk")


def _may_be_settled(now: datetime) -> Q:
    """Leaves out what surely is not: most open alerts wait, tick after tick, and are not even read."""
    taking_back = Q(kind__in=TAKING_BACK)
    told = Q(kind__in=CASE_KINDS) & ~taking_back
    is_wrong = Q(case__confirmed=False) & ~Q(kind="preliminary")
    is_noted = Q(acked_at__isnull=False) | Q(opened_at__lte=now - NOTED_AFTER, waits=False)
    return (
        Q(kind__in=CASE_KINDS, superseded=True)
        | (told & (Q(case__state__in=ENDINGS) | is_wrong | Q(kind="reported")))
        | (taking_back & (is_noted | Q(case__state="archived")))
        | Q(kind="second_missing", overdue=False)
        | Q(kind="delivery_parked", parked=False)
    )


def _reason(alert: Alert, now: datetime) -> str:
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
        noted=alert.acked_at is not None or (alert.opened_at + NOTED_AFTER <= now and not flags["waits"]),
    )

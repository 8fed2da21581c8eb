"""A person raised a case: who was told of it already has the shorter clock from now on."""

from datetime import datetime

from alerting.escalation import ACK_CLOCKS, due_at, promise_due, promise_limit
from alerting.models import Alert, Delivery
from audit_logs.record import record
from review.clocks import URGENT
from review.models import Case
from review.moves import OVER

ACTOR = "system:alerting"


def sharpen(case: Case, now: datetime) -> int:
    """Give the open alerts of `case` its severity where that is worse than theirs; how many that were.

    Each is due after its clock counted from now, or when it was due before if that is sooner; a promise ends
    at its new limit. Messages that wait for the morning leave at once if the case is urgent now. Runs in the
    caller's transaction. An alert about a missing contact has a severity of its own.
    """
    alerts = Alert.objects.filter(case=case, closed_at=None, severity__gt=case.severity)
    raised = [] if case.state in OVER else list(alerts.exclude(kind="contact_missing"))
    for alert in raised:
        Alert.objects.filter(pk=alert.pk).update(severity=case.severity, **_sooner(alert, case.severity, now))
    if not raised:
        return 0
    if case.severity in URGENT:
        waiting = Delivery.objects.filter(alert__in=raised, done_at=None, next_at__gt=now)
        waiting.update(next_at=now)
    details = {"alerts": [alert.pk for alert in raised], "severity": case.severity}
    record(ACTOR, "alert.sharpen", ("case", str(case.pk)), details, at=now)
    return len(raised)


def _sooner(alert: Alert, severity: str, now: datetime) -> dict[str, datetime | None]:
    """The times of `alert` under the worse `severity`."""
    if alert.promised_by is not None:
        until = min(alert.promised_by, promise_limit(severity, now))
        due = promise_due(alert.kind, alert.line, severity, until)
        return {"promised_by": until, "next_at": _earlier(alert.next_at, due)}
    if alert.next_at is None and ACK_CLOCKS[alert.severity] is not None:
        return {}  # everybody up the line was silent, or nothing is asked
    due = due_at(alert.kind, alert.line, severity, alert.rung, alert.rounds, now)
    return {"next_at": _earlier(alert.next_at, due)}


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((moment for moment in (one, other) if moment is not None), default=None)

"""Alerts of this service to its own duty desk: a message that reached nobody, an office without a contact.

Each is written in the transaction of whoever found it out, and stands or falls with that.
"""

from collections.abc import Iterable
from datetime import datetime

from alerting import gaps, routing
from alerting.directory import directory, facts
from alerting.enqueue import enqueue
from alerting.escalation import due_at
from alerting.models import Alert, Delivery
from alerting.routing import Directory, Gap, Kind, Ladder
from audit_logs.record import record
from review.models import Case, CaseChange

BRIDGED = "S3"
"""The severity of a missing contact in whose place another was told."""


def alert_parked(delivery: Delivery, now: datetime) -> Alert | None:
    """Tell the duty desk that `delivery` was parked: its recipient may know nothing.

    None where it is a message about a parked message itself (such an alert about alerts would never end), or
    where this parking has been told of. Call it in the transaction that parks the delivery.
    """
    if delivery.alert.kind == "delivery_parked":
        return None
    return _tell_duty(delivery.alert.case, "delivery_parked", delivery.parking, now)


def note_gaps(
    case: Case,
    missing: Iterable[Gap],
    now: datetime,
    change: CaseChange | None = None,
    *,
    bridged: bool = True,
) -> Alert | None:
    """Open those of `missing` that are not open yet, and tell the duty desk of them in one alert.

    `bridged`: on every line somebody further up was told instead. Then it is a matter for office hours.
    """
    opened = gaps.open_gaps(case, missing, now)
    if not opened:
        return None
    severity = max(case.severity, BRIDGED) if bridged else case.severity
    return _tell_duty(case, "contact_missing", str(opened[0].pk), now, change, severity)


def open_alert(
    case: Case,
    kind: Kind,
    ladder: Ladder,
    now: datetime,
    change: CaseChange | None = None,
    about: str = "",
    severity: str = "",
    offices: Directory | None = None,
) -> tuple[Alert, bool]:
    """The alert of one line with its first rung told, and whether it is new; inside a transaction.

    `severity` where it is another than the case's; `offices` where they have been read already.
    """
    severity = severity or case.severity
    alert, is_new = Alert.objects.get_or_create(
        case=case,
        change=change,
        about=about,
        kind=kind,
        line=ladder.line,
        defaults={
            "severity": severity,
            "opened_at": now,
            "rung_at": now,
            "next_at": due_at(kind, ladder.line, severity, 0, 0, now),
        },
    )
    if is_new and ladder.rungs:
        enqueue(alert, ladder.rungs[0].addressees, 0, 0, now, offices)
    return alert, is_new


def _tell_duty(
    case: Case, kind: Kind, about: str, now: datetime, change: CaseChange | None = None, severity: str = ""
) -> Alert | None:
    offices = directory(case.target.unit, now)
    way = routing.route(facts(case, kind, now, severity), offices)
    alert, is_new = open_alert(case, kind, way.ladders[0], now, change, about, severity, offices)
    if not is_new:
        return None
    # The duty desk itself may be missing: a gap to be seen, but no alert about it could get anywhere.
    gaps.open_gaps(case, way.gaps, now)
    record(gaps.ACTOR, "alert.open", ("alert", str(alert.pk)), {"case": case.pk, "kind": kind}, at=now)
    return alert

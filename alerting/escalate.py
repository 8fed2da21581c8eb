"""Tells the next in line where nobody answered: every alert whose `next_at` has come, one transaction each.

    1. Close what is settled (`alerting.close`), so that nobody is told of what is over.
    2. Per due alert: today's route → `escalation.next_step` → claim the alert by compare-and-set on where it
       stood → raise the case, tell the rung, write the audit event; all of it or nothing.

Nothing is remembered between two calls. A tick that was missed, a restart, a clock that jumps: the next call
finds the same row and takes the same one step. A kill before the commit leaves the alert as it was, after it
the alert is due later.
"""

import logging
import math
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from django.db import transaction
from django.db.models import F, Q, QuerySet

from alerting.close import close, close_settled
from alerting.directory import directory, facts
from alerting.enqueue import enqueue
from alerting.escalation import FARTHEST, Progress, Step, is_due, next_step, open_rungs, quiet_until
from alerting.internal import note_gaps
from alerting.models import Alert
from alerting.routing import Addressee, Kind, Rung, route
from alerting.selectors import roles_of
from audit_logs.record import record
from common import clock
from common.crash import crash_point
from review.clocks import URGENT
from review.models import CaseChange
from review.severity import SILENT, raise_for_silence

ACTOR = "system:escalate"
BATCH = 50  # a tick, so that a flood keeps neither sending nor the heartbeat waiting
PAUSE = timedelta(minutes=5)
"""After so long an alert that could not be escalated is tried again."""
WEIGHING = ("take", "severity", "crime_signs")
"""Moves that bring a case no nearer to its end."""
NOT_ACKNOWLEDGED = {"acked_at": None, "acked_by": "", "acked_via": "", "promise": "", "promised_by": None}
logger = logging.getLogger(__name__)


def escalate(now: datetime, until: float = math.inf) -> int:
    """Take the steps that are due at `now`, at most one an alert and `BATCH` in all; how many were taken.

    It begins none after the moment `until` of the monotonic clock: what is left is due at the next call. An
    alert that fails is logged and tried again later; it does not keep the others back.
    """
    close_settled(now)
    taken = 0
    for pk in list(_due(now).values_list("pk", flat=True)[:BATCH]):
        if taken and time.monotonic() > until:
            break
        try:
            taken += _take_step(pk, now)
        except Exception:
            logger.exception("alert %s could not be escalated", pk)
            _postpone(pk, now)
    return taken


def _due(now: datetime) -> QuerySet[Alert]:
    """What `escalation.is_due`, the oldest first; in the quiet hours only what waits for no morning."""
    due = Q(next_at__lte=now)
    for severity, farthest in FARTHEST.items():
        due |= Q(severity=severity, next_at__gt=now + farthest)
    alerts = Alert.objects.filter(due, closed_at=None).order_by("next_at", "pk")
    if quiet_until("S3", now) <= now:
        return alerts
    by_own = Q(kind="contact_missing")  # as in `_severity`
    return alerts.filter((by_own & Q(severity__in=URGENT)) | (~by_own & Q(case__severity__in=URGENT)))


def _take_step(pk: int, now: datetime) -> bool:
    with transaction.atomic():
        alert = Alert.objects.select_related("case__target__unit__line_division").get(pk=pk)
        rungs = _rungs(alert, now)
        step = next_step(_progress(alert, now), [rung.line for rung in rungs], now)
        if step is None or not _claim(alert, step, now):
            return False
        _carry_out(alert, step, rungs, now)
        crash_point("escalate.before_commit")
    crash_point("escalate.after_commit")
    return True


def _postpone(pk: int, now: datetime) -> None:
    _due(now).filter(pk=pk).update(next_at=now + PAUSE)


def _rungs(alert: Alert, now: datetime) -> tuple[Rung, ...]:
    """Today's ladder of the alert's line, as far as it is open to it."""
    kind = cast(Kind, alert.kind)
    about = facts(alert.case, kind, now, _severity(alert))
    ladder = route(about, directory(alert.case.target.unit, now)).line(alert.line)
    rungs = ladder.rungs if ladder else ()
    return rungs[: open_rungs(kind, [rung.line for rung in rungs])]


def _progress(alert: Alert, now: datetime) -> Progress:
    changes = CaseChange.objects.filter(case=alert.case_id)
    return Progress(
        kind=alert.kind,
        line=alert.line,
        severity=_severity(alert),
        rung=alert.rung,
        rounds=alert.rounds,
        next_at=now if alert.next_at and is_due(alert.severity, alert.next_at, now) else alert.next_at,
        told=alert.recipients.exists(),
        raised=changes.filter(move="severity", code=SILENT).exists(),
        promised_by=alert.promised_by,
        moved=alert.acked_at is not None and _is_progress(alert, alert.acked_at, changes),
    )


def _severity(alert: Alert) -> str:
    """What its clock goes by: the severity of the case today; of a missing contact how much that matters."""
    return alert.severity if alert.kind == "contact_missing" else alert.case.severity


def _is_progress(alert: Alert, since: datetime, changes: QuerySet[CaseChange]) -> bool:
    """Whether somebody of the alert's own line moved the case since, or anybody moved it to another state.

    To look at a case, or to weigh it anew, is not what others have promised; a judgement that still waits for
    its second person is nothing yet.
    """
    no_effect = Q(move="judge", details__standing="awaiting")
    own = Q(by__role__in=roles_of(alert.line))
    further = ~Q(from_state=F("to_state")) & ~Q(move__in=WEIGHING)
    return changes.filter(own | further, at__gt=since).exclude(by=None).exclude(no_effect).exists()


def _claim(alert: Alert, step: Step, now: datetime) -> bool:
    """Move the row on if it stands as it was read; `alert` carries the new values then."""
    stood = ("rung", "rounds", "next_at", "acked_at", "closed_at")
    after: dict[str, object] = {
        "rung": step.rung,
        "rounds": step.rounds,
        "severity": step.severity,
        "next_at": step.next_at,
    }
    if step.tells:
        after["rung_at"] = now
    if step.lapses:
        after |= NOT_ACKNOWLEDGED
    if step.severity != _severity(alert):
        after["severity_raised"] = True
    row = Alert.objects.filter(pk=alert.pk, **{field: getattr(alert, field) for field in stood})
    if row.update(**after) != 1:
        return False
    for field, value in after.items():
        setattr(alert, field, value)
    return True


def _carry_out(alert: Alert, step: Step, rungs: Sequence[Rung], now: datetime) -> None:
    if step.severity != _severity(alert):
        raise_for_silence(alert.case, now)
    told: list[Addressee] = []
    if step.tells:
        reached = rungs[: step.rung + 1]
        told = _whom(alert, reached)
        note_gaps(alert.case, reached[-1].missing, now)
        enqueue(alert, told, step.rung, step.rounds, now)
    _record(alert, step, len(told), now)
    if step.why == "kept":
        close(alert, "kept", now)


def _whom(alert: Alert, reached: Sequence[Rung]) -> list[Addressee]:
    """The people of the topmost rung, and those below whom nobody told: they came, or came on duty, since."""
    known = set(alert.recipients.values_list("contact_id", "webhook_id"))
    top, below = reached[-1].addressees, [one for rung in reached[:-1] for one in rung.addressees]
    passed_over = [one for one in below if (one.contact, one.webhook) not in known]
    return list({(one.contact, one.webhook): one for one in (*passed_over, *top)}.values())


def _record(alert: Alert, step: Step, told: int, now: datetime) -> None:
    details = {
        "case": alert.case_id,
        "kind": alert.kind,
        "line": alert.line,
        "next_at": clock.isoformat(step.next_at) if step.next_at else None,
        "round": step.rounds,
        "rung": step.rung,
        "severity": step.severity,
        "told": told,
        "why": step.why,
    }
    record(ACTOR, "alert.escalate", ("alert", str(alert.pk)), details, at=now)

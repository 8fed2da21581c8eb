"""To acknowledge an alert is to promise: who does what by when; by the link in a message or in the console.

* The link is signed, for one purpose and one recipient, and good for 30 days. Opening it acknowledges nothing
  (mail scanners open links); only sending the promise does. It names the moment its alert was opened: a
  database restored from a backup gives numbers anew, and no link may pass to another alert by that.
* Whoever has left the post the link was sent to may look, and acknowledges nothing.
* Who answers for another line than their own does so after its first message was tried, not before: the
  acknowledgement would cancel that message, and the line would never hear of the alert.
* Of several people at once exactly one acknowledges; the others are told who did, and when.
* From then on nothing of this alert is sent until the promise runs out: what waits is cancelled here, and
  what a worker has claimed is stopped by `may_send`, which it asks again right before the network. A message
  already on the wire arrives.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Literal, NamedTuple

from django.core import signing
from django.db import transaction
from django.db.models import Q

from alerting import escalation
from alerting.errors import LinkRefused, NotTheirs, PromiseRefused
from alerting.models import Acknowledgement, Alert, Delivery, Recipient
from alerting.selectors import may_acknowledge, on_behalf
from alerting.tenure import answers
from audit_logs.record import record
from common import clock
from common.crash import crash_point
from registry.errors import UNPRINTABLE
from registry.models import User

SALT = "alerting.acknowledge"
LINK_AGE = timedelta(days=30)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_TEXT, LONGEST_NAME = 500, 120
Via = Literal["link", "console"]


@dataclass(frozen=True, slots=True)
class Answer:
    """How an alert stands after somebody wanted to acknowledge it.

    acknowledged   by them, now
    already        by `by` at `at`, before them: their promise was not taken
    closed         at `at`, for the reason `closed_reason`: there is nothing to acknowledge any more
    """

    outcome: Literal["acknowledged", "already", "closed"]
    at: datetime
    by: str = ""
    promise: str = ""
    promised_by: datetime | None = None
    closed_reason: str = ""

    def __bool__(self) -> bool:
        return self.outcome == "acknowledged"


class Leave(NamedTuple):
    """Whether a delivery may still go out, and if not, why (Chinese and English)."""

    yes: bool
    zh: str = ""
    en: str = ""

    def __bool__(self) -> bool:
        return self.yes


CLOSED = Leave(False, "预警已关闭，不再发送。", "The alert is closed: not sent any more.")
ANSWERED = Leave(False, "已有人确认，不再发送。", "Somebody acknowledged it: not sent any more.")


def link_token(recipient: Recipient) -> str:
    """The signed part of the link by which `recipient`, and nobody else, acknowledges their alert."""
    return _signer().sign(_named(recipient))


def recipient_of(token: str) -> Recipient:
    """Whose link this is, with alert and case. Raises LinkRefused."""
    try:
        named = _signer().unsign(token, max_age=LINK_AGE)
    except signing.SignatureExpired:
        raise LinkRefused(
            "expired",
            "链接已超过 30 天，不能再用。请登录系统确认，或向安全值守索取。",
            "This link is older than 30 days. Sign in to acknowledge, or ask the duty desk.",
        ) from None
    except signing.BadSignature:
        raise LinkRefused(
            "forged",
            "链接不完整或已被改动。请从邮件中完整复制。",
            "This link is incomplete or was changed. Copy all of it from the message.",
        ) from None
    rows = Recipient.objects.select_related("alert__case", "contact")
    found = rows.filter(pk=named.partition("-")[0]).first()
    if found is None or _named(found) != named:
        raise LinkRefused("gone", "链接所指的预警已不存在。", "The alert of this link exists no more.")
    return found


def barred(recipient: Recipient, now: datetime) -> NotTheirs | None:
    """Why `recipient` cannot acknowledge by link any more, None if they can."""
    if answers(recipient.contact, now):
        return None
    return NotTheirs(
        "left",
        "您已不担任该联系人，不能确认此预警。请转告现任联系人，或致电安全值守。",
        "You do not hold the post any more that this alert was sent to, and cannot acknowledge it. "
        "Tell whoever holds it now, or call the duty desk.",
    )


def acknowledge(
    alert_pk: int,
    *,
    by: str,
    via: Via,
    recipient: Recipient | None = None,
    user: User | None = None,
    promise: str,
    promised_by: datetime,
    now: datetime,
) -> Answer:
    """Acknowledge the alert as `by` (office and name), with what is promised and until when.

    By link it is `recipient`'s, who must still answer, in the console `user`'s, who must be allowed to:
    NotTheirs. Raises PromiseRefused if the alert is still free and the promise cannot be taken. Nothing is
    changed then.
    """
    if (via == "link") != (recipient is not None) or (via == "console") != (user is not None):
        raise ValueError("by link a recipient acknowledges, in the console a user")
    if recipient is not None and recipient.alert_id != alert_pk:
        raise ValueError("a link acknowledges the alert it was made for, no other")
    said = Acknowledgement(
        alert_id=alert_pk,
        recipient=recipient,
        user=user,
        by=by[:LONGEST_NAME],
        via=via,
        at=now,
        promise=" ".join(promise.split()),
        promised_by=promised_by,
    )
    with transaction.atomic():
        answer = _take(said)
        crash_point("acknowledge.before_commit")
    crash_point("acknowledge.after_commit")
    return answer


def may_send(delivery: Delivery) -> Leave:
    """Whether `delivery` may go out, read afresh: ask right before the network is touched.

    What was written before an acknowledgement is not sent after it, also when the promise has run out since:
    then the next rung is told by messages of its own.
    """
    alert = Alert.objects.get(pk=delivery.alert_id)
    if alert.closed_at is not None:
        return CLOSED
    later = Acknowledgement.objects.filter(alert=alert, at__gte=delivery.created_at).exists()
    if later or alert.acked_at is not None:
        return ANSWERED
    return Leave(True)


def cancel_waiting(alert: Alert, now: datetime, why: Leave) -> int:
    """Cancel every delivery of `alert` that is not done and in no worker's hands; how many that were."""
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    waiting = Delivery.objects.filter(free, alert=alert, done_at=None)
    return waiting.update(done_at=now, outcome="cancelled", reason=f"{why.zh} {why.en}")


def _signer() -> signing.TimestampSigner:
    # A full stop, because some mail programs end a link at a colon.
    return signing.TimestampSigner(sep=".", salt=SALT)


def _named(recipient: Recipient) -> str:
    """What a link names, in letters that no mail program ends a link at."""
    return f"{recipient.pk}-{(recipient.alert.opened_at - _BEGINNING) // timedelta(microseconds=1)}"


def _take(said: Acknowledgement) -> Answer:
    """Compare-and-set: whoever finds the alert free has it."""
    alert = Alert.objects.get(pk=said.alert_id)
    if said.user is not None and not may_acknowledge(said.user, alert):
        raise NotTheirs("line", "这条预警不归您确认。", "This alert is not yours to acknowledge.")
    if (standing := _standing(alert)) is not None:
        return standing
    if said.recipient is not None and (no := barred(said.recipient, said.at)):
        raise no
    _check(said, alert.severity)
    if said.user is not None and on_behalf(said.user, alert) and _is_untold(alert):
        raise PromiseRefused(
            "untold",
            "这条预警的首条通知尚未发出，代为确认会使对方无从知悉；请待发送后再确认。",
            "No message of this alert has been tried yet; acknowledged on behalf now, its line would hear of "
            "nothing. Try again once one was sent.",
        )
    won = Alert.objects.filter(pk=alert.pk, acked_at=None, closed_at=None).update(
        acked_at=said.at,
        acked_by=said.by,
        acked_via=said.via,
        promise=said.promise,
        promised_by=said.promised_by,
        next_at=escalation.promise_due(alert.kind, alert.line, alert.severity, said.promised_by),
    )
    if won != 1:  # Somebody was faster since the line above; now it says who.
        return _take(said)
    said.save(force_insert=True)
    _record(alert, said, cancelled=cancel_waiting(alert, said.at, ANSWERED))
    return Answer("acknowledged", said.at, said.by, said.promise, said.promised_by)


def _standing(alert: Alert) -> Answer | None:
    """What stands against another acknowledgement; None if nothing does."""
    if alert.closed_at is not None:
        return Answer("closed", alert.closed_at, closed_reason=alert.closed_reason)
    if alert.acked_at is not None:
        return Answer("already", alert.acked_at, alert.acked_by, alert.promise, alert.promised_by)
    return None


def _is_untold(alert: Alert) -> bool:
    """Whether a message of `alert` still waits for its first try, and none has arrived."""
    messages = Delivery.objects.filter(alert=alert)
    waits = messages.filter(done_at=None, tries=0).exists()
    return waits and not messages.filter(outcome="delivered").exists()


def _check(said: Acknowledgement, severity: str) -> None:
    """Raises PromiseRefused unless the promise can be read, and ends within the limits of `severity`."""
    if not said.promise or len(said.promise) > LONGEST_TEXT or UNPRINTABLE.search(said.promise):
        raise PromiseRefused(
            "text",
            f"请写明将做什么：1 至 {LONGEST_TEXT} 个可见字符。",
            f"Say what will be done, in 1 to {LONGEST_TEXT} visible characters.",
        )
    if said.promised_by <= said.at:
        raise PromiseRefused(
            "past", "承诺时间已过，请另选将来的时间。", "That moment is over: choose one still to come."
        )
    if said.promised_by > (limit := escalation.promise_limit(severity, said.at)):
        shown = f"{limit.astimezone(clock.BEIJING):%Y-%m-%d %H:%M}"
        raise PromiseRefused(
            "too_late",
            f"{severity} 级预警的承诺时间最迟为 {shown}（北京时间）。",
            f"A promise for {severity} ends at the latest at {shown} (Beijing time).",
        )


def _record(alert: Alert, said: Acknowledgement, cancelled: int) -> None:
    """The log keeps the proof of the words, the row the words: they may name people."""
    actor = f"user:{said.user_id}" if said.user_id else f"recipient:{said.recipient_id}"
    details = {
        "acknowledgement": said.pk,
        "cancelled": cancelled,
        "case": alert.case_id,
        "line": alert.line,
        "promise_sha256": sha256(said.promise.encode()).hexdigest(),
        "promised_by": clock.isoformat(said.promised_by),
        "rung": alert.rung,
        "via": said.via,
    }
    record(actor, "alert.acknowledge", ("alert", str(alert.pk)), details, at=said.at)

"""What a try came to, written down: delivered, tried again, or parked and told of.

Runs in the caller's transaction. Repeating it changes nothing: an attempt ends once.
"""

from datetime import datetime, timedelta

from django.db.models import F

from alerting import schedule, webhooks
from alerting.acknowledge import may_send
from alerting.claim import ACTOR, call_off
from alerting.envelope import Outcome
from alerting.internal import alert_parked
from alerting.messages import visible
from alerting.models import Attempt, Delivery
from alerting.receipts import Receipt
from audit_logs.record import record

CODE_LENGTH, TEXT_LENGTH, REASON_LENGTH = 40, 300, 500
OTHERS_WAIT = timedelta(minutes=5)
"""How long, at most, other messages to an address wait when it asks to be left alone: then it is asked anew,
for what is urgent must not hang on one answer."""


def settle(receipt: Receipt, holder: str, now: datetime) -> None:
    """Record the outcome of one try, and what follows from it for its message."""
    attempt = Attempt.objects.filter(pk=receipt.attempt, outcome__in=("sending", "died"))
    if attempt.update(**_ended(receipt)) != 1:
        return
    delivery = Delivery.objects.select_related("alert__case", "recipient__webhook").get(pk=receipt.delivery)
    if receipt.outcome.is_gone and delivery.recipient.webhook is not None:
        webhooks.disable(delivery.recipient.webhook, receipt.outcome.reason, ACTOR, now)
    if receipt.outcome.kind == "delivered":
        _finish(delivery, "delivered", "", now)
    # Another worker may hold it by now, or a person may have sent it anew: then that try decides.
    elif delivery.lease_holder == holder and delivery.done_at is None:
        _not_delivered(delivery, receipt.outcome, now)


def postpone(pk: str, now: datetime) -> None:
    """Leave a row that cannot be dealt with for later, so that it holds up no other."""
    Delivery.objects.filter(pk=pk, done_at=None).update(
        next_at=now + OTHERS_WAIT, tries=F("tries") + 1, lease_until=None, lease_holder=""
    )


def _ended(receipt: Receipt) -> dict[str, object]:
    outcome = receipt.outcome
    return {
        "outcome": outcome.kind,
        "ended_at": receipt.at,
        "remote_code": visible(outcome.code, CODE_LENGTH)[:CODE_LENGTH],
        "remote_text": visible(outcome.text, TEXT_LENGTH)[:TEXT_LENGTH],
        "reason": outcome.reason,
    }


def _not_delivered(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    again = schedule.next_try(delivery.pk, delivery.tries, now, outcome.wait)
    if not (leave := may_send(delivery)):
        call_off(delivery.pk, f"{leave.zh} {leave.en}", now)
    elif outcome.kind == "permanent":
        _park(delivery, outcome.reason, now)
    elif again is None:
        _park(
            delivery,
            f"已试 {delivery.tries} 次，仍未送达。{delivery.tries} tries, in vain. {outcome.reason}",
            now,
        )
    else:
        Delivery.objects.filter(pk=delivery.pk).update(next_at=again, lease_until=None, lease_holder="")
        _let_others_wait(delivery, outcome, now)


def _let_others_wait(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    if outcome.wait is not None:
        until = now + min(outcome.wait, OTHERS_WAIT)
        others = Delivery.objects.filter(channel=delivery.channel, address=delivery.address, done_at=None)
        others.filter(next_at__lt=until, lease_until=None).update(next_at=until)


def _park(delivery: Delivery, reason: str, now: datetime) -> None:
    if _finish(delivery, "parked", reason, now):
        delivery.refresh_from_db()
        alert_parked(delivery, now)


def _finish(delivery: Delivery, outcome: str, reason: str, now: datetime) -> bool:
    """Whether it was not finished before."""
    done = Delivery.objects.filter(pk=delivery.pk, done_at=None).update(
        done_at=now,
        outcome=outcome,
        reason=reason[:REASON_LENGTH],
        lease_until=None,
        lease_holder="",
    )
    if done == 1:
        details = {
            "alert": delivery.alert_id,
            "recipient": delivery.recipient_id,
            "channel": delivery.channel,
            "outcome": outcome,
            "tries": delivery.tries,
        }
        record(ACTOR, "alert.deliver", ("delivery", delivery.pk), details, at=now)
    return done == 1

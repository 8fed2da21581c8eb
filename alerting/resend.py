"""Sends a message again that was given up, or has arrived and got lost there: a person's act, on record."""

from datetime import datetime

from django.db import transaction

from alerting.acknowledge import may_send
from alerting.errors import Refused
from alerting.models import Delivery
from audit_logs.record import record
from common.crash import crash_point

DONE = ("parked", "delivered")


def resend(pk: str, actor: str, now: datetime) -> Delivery:
    """Send delivery `pk` again under the same id, its tries counted anew; `actor` as in the audit log.

    Receivers that drop doubles by id drop it if they have it. Raises Refused for a message that is unknown,
    still under way or called off, or that nobody needs any more.
    """
    with transaction.atomic():
        delivery = Delivery.objects.select_related("alert").filter(pk=pk).first()
        if delivery is None:
            raise Refused("unknown", "没有这条通知。", f"there is no message {pk[:40]}")
        _check(delivery)
        if (
            Delivery.objects.filter(pk=pk, outcome__in=DONE, resends=delivery.resends).update(
                **_anew(delivery, now)
            )
            != 1
        ):
            raise Refused(
                "moved", "该通知刚被他人处理，请刷新后再看。", "somebody else has just dealt with it"
            )
        details = {"alert": delivery.alert_id, "channel": delivery.channel, "was": delivery.outcome}
        record(actor, "delivery.resend", ("delivery", pk), details, at=now)
        crash_point("resend.before_commit")
    crash_point("resend.after_commit")
    return Delivery.objects.get(pk=pk)


def _check(delivery: Delivery) -> None:
    if delivery.done_at is None:
        raise Refused("under_way", "该通知仍在发送中。", "it is still under way: wait for its outcome")
    if delivery.outcome not in DONE:
        raise Refused("cancelled", "该通知已取消，不再发送。", "it was called off and is not sent any more")
    if not (leave := may_send(delivery)):
        raise Refused("needless", leave.zh, leave.en)


def _anew(delivery: Delivery, now: datetime) -> dict[str, object]:
    return {
        "tries": 0,
        "next_at": now,
        "lease_until": None,
        "lease_holder": "",
        "done_at": None,
        "outcome": "",
        "reason": "",
        "resends": delivery.resends + 1,
    }

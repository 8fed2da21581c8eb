"""Sends a message again that was given up, or has arrived and got lost there: a person's act, on record.

It goes to where its recipient is reached today. Where that is still the address of the message, the same
bytes go out under the same id, and receivers that drop doubles by id drop it if they have it. Where it is
another, a new message is written, and the old one stays as it ended and names the new one. Whoever has left
the office is sent nothing: the refusal names who holds the post now.
"""

from datetime import datetime

from django.db import transaction

from alerting.acknowledge import may_send
from alerting.enqueue import address_now, enqueue_anew
from alerting.errors import Refused
from alerting.models import Alert, Delivery
from alerting.tenure import answers, holders
from audit_logs.record import record
from common.crash import crash_point
from registry.models import Contact

DONE = ("parked", "delivered")
REASON_LENGTH = 500


def resend(pk: str, actor: str, now: datetime) -> Delivery:
    """Send delivery `pk` again, its tries counted anew; `actor` as in the audit log. Returns what is sent.

    Raises Refused for a message that is unknown, still under way or called off, that nobody needs any more,
    or whose recipient has left or lost the address.
    """
    with transaction.atomic():
        rows = Delivery.objects.select_related("alert", "recipient__contact", "recipient__webhook")
        former = rows.filter(pk=pk).first()
        if former is None:
            raise Refused("unknown", "没有这条通知。", f"there is no message {pk[:40]}")
        _check(former)
        _check_recipient(former, now)
        again = _again(former, now)
        details = {"alert": former.alert_id, "channel": former.channel, "was": former.outcome}
        details |= {"as": again.pk} if again.pk != pk else {}
        record(actor, "delivery.resend", ("delivery", pk), details, at=now)
        crash_point("resend.before_commit")
    crash_point("resend.after_commit")
    return again


def _check(delivery: Delivery) -> None:
    if Delivery.objects.filter(recipient=delivery.recipient_id, done_at=None).exists():
        raise Refused("under_way", "该通知仍在发送中。", "it is still under way: wait for its outcome")
    if delivery.outcome not in DONE:
        raise Refused("cancelled", "该通知已取消，不再发送。", "it was called off and is not sent any more")
    if not (leave := may_send(delivery)):
        raise Refused("needless", leave.zh, leave.en)


def _check_recipient(delivery: Delivery, now: datetime) -> None:
    contact = delivery.recipient.contact
    if contact is not None and not answers(contact, now):
        raise _left(contact, now)
    if not address_now(delivery):
        raise Refused(
            "no_address", "该联系人已无邮件地址，请致电。", "this contact has no mail address: call"
        )


def _left(contact: Contact, now: datetime) -> Refused:
    held_by = "、".join(f"{one.office} {one.person}" for one in holders(contact, now))
    return Refused(
        "left",
        f"{contact.person}已不任此职，不再发送。现任：{held_by or '无'}。",
        f"{contact.person} does not hold that post now, nothing is sent. Who does: {held_by or 'nobody'}",
    )


def _again(former: Delivery, now: datetime) -> Delivery:
    """The delivery that goes out now; raises Refused if somebody else was faster."""
    if former.address == address_now(former):
        _change(former, _anew(former, now))
        return Delivery.objects.get(pk=former.pk)
    again = enqueue_anew(former, now)
    note = f"已改发至现在的地址，新编号 {again.pk[:12]}。 Sent to the address of today as {again.pk[:12]}."
    _change(former, {"reason": f"{note} {former.reason}"[:REASON_LENGTH], "resends": again.resends})
    # The duty desk was told of the old one: that stands until the new one has arrived, or was parked too.
    parked = Alert.objects.filter(kind="delivery_parked", about=former.parking, closed_at=None)
    parked.update(about=f"{again.pk}/{former.resends}")
    return again


def _change(former: Delivery, values: dict[str, object]) -> None:
    row = Delivery.objects.filter(pk=former.pk, outcome__in=DONE, resends=former.resends)
    if row.update(**values) != 1:
        raise Refused("moved", "该通知刚被他人处理，请刷新后再看。", "somebody else has just dealt with it")


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

"""An alert and the people of one rung → recipients and deliveries, rendered once.

Runs in the transaction of whoever tells them.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from alerting import contents
from alerting.acknowledge import link_token
from alerting.directory import directory
from alerting.escalation import quiet_until
from alerting.events import webhook
from alerting.grounds import Reason
from alerting.mail import mail
from alerting.messages import NO_HOST, Content, Letter
from alerting.models import ID_LENGTH, Alert, Delivery, Recipient, Webhook
from alerting.routing import Addressee, Directory
from common.clock import isoformat

NAME_LENGTH = 120


def enqueue(
    alert: Alert,
    addressees: Iterable[Addressee],
    rung: int,
    round: int,
    now: datetime,
    offices: Directory | None = None,
) -> list[Delivery]:
    """Write who is told on `rung` for the `round`-th time, and their messages; whatever is there stays.

    Returns the deliveries written, none for somebody who can only be phoned. S3 and S4 wait for the morning.
    `offices` are read if the caller has not read them.
    """
    offices = offices or directory(alert.case.target.unit, now)
    said = contents.content(alert, offices, now)
    written = []
    for addressee in addressees:
        recipient = _recipient(alert, addressee, rung, round, now)
        if (channel := _channel(addressee)) and (
            delivery := _delivery(alert, recipient, addressee, channel, said)
        ):
            written.append(delivery)
    return written


def enqueue_anew(former: Delivery, now: datetime) -> Delivery:
    """A new message in place of `former`, to where its recipient is reached now, about things as they are."""
    alert, to, resends = former.alert, former.recipient, former.resends + 1
    email = to.contact.email if to.contact else ""
    reasons = tuple(Reason(**reason) for reason in to.reasons)
    addressee = Addressee(to.name, to.office, reasons, to.contact_id, to.webhook_id, email)
    said = contents.content(alert, directory(alert.case.target.unit, now), now)
    pk = _digest(former.pk, address_now(former), resends)
    return Delivery.objects.create(
        pk=pk,
        alert=alert,
        recipient=to,
        channel=former.channel,
        address=address_now(former),
        body=_body(said, _letter(pk, to, addressee), former.channel),
        created_at=now,
        next_at=now,
        resends=resends,
    )


def address_now(delivery: Delivery) -> str:
    """Where its recipient is reached now; empty for a contact who has lost the address."""
    to = delivery.recipient
    if to.webhook is not None:
        return to.webhook.url
    return to.contact.email if to.contact else delivery.address


def delivery_id(alert: Alert, channel: str, recipient: str, rung: int, round: int) -> str:
    """The same message always has the same id.

    With the moment the alert was opened, since a database restored from a backup gives its numbers anew.
    """
    return _digest(alert.pk, isoformat(alert.opened_at), channel, recipient, rung, round)


def _digest(*named: object) -> str:
    return hashlib.sha256("|".join(map(str, named)).encode()).hexdigest()[:ID_LENGTH]


def _recipient(alert: Alert, addressee: Addressee, rung: int, round: int, now: datetime) -> Recipient:
    said = {
        "name": addressee.name[:NAME_LENGTH],
        "office": addressee.office[:NAME_LENGTH],
        "reasons": [reason._asdict() for reason in addressee.reasons],
        "told_at": now,
    }
    who: dict[str, Any] = {"contact_id": addressee.contact, "webhook_id": addressee.webhook}
    return Recipient.objects.get_or_create(alert=alert, rung=rung, round=round, **who, defaults=said)[0]


def _channel(addressee: Addressee) -> str:
    """By what a message gets to them; empty where somebody has to call."""
    if addressee.webhook is not None:
        return "webhook"
    return "mail" if addressee.email else ""


def _delivery(
    alert: Alert, recipient: Recipient, addressee: Addressee, channel: str, said: Content
) -> Delivery | None:
    """The message to `recipient`, None if it was written before."""
    key = f"{addressee.contact or ''}/{addressee.webhook or ''}"
    pk = delivery_id(alert, channel, key, recipient.rung, recipient.round)
    delivery, is_new = Delivery.objects.get_or_create(
        pk=pk,
        defaults={
            "alert": alert,
            "recipient": recipient,
            "channel": channel,
            "address": _address(addressee),
            "body": _body(said, _letter(pk, recipient, addressee), channel),
            "created_at": said.at,
            "next_at": quiet_until(alert.severity, said.at),
        },
    )
    return delivery if is_new else None


def _address(addressee: Addressee) -> str:
    if addressee.webhook is not None:
        return Webhook.objects.values_list("url", flat=True).get(pk=addressee.webhook)
    return addressee.email


def _body(said: Content, letter: Letter, channel: str) -> bytes:
    if channel == "webhook":
        return webhook(said, letter, settings.PUBLIC_URL or "urn:zhenwei")
    return mail(said, letter)


def _letter(pk: str, recipient: Recipient, addressee: Addressee) -> Letter:
    return Letter(
        pk,
        addressee.name,
        addressee.reasons,
        address=addressee.email,
        link=f"{settings.PUBLIC_URL}/acknowledge/{link_token(recipient)}/" if settings.PUBLIC_URL else "",
        sender=settings.MAIL_FROM or f"zhenwei@{NO_HOST}",
        host=_host(),
    )


def _host() -> str:
    """The right side of Message-ID: where mail comes from, or where links lead."""
    domain = parseaddr(settings.MAIL_FROM)[1].rpartition("@")[2]
    host = domain or urlsplit(settings.PUBLIC_URL).hostname or NO_HOST
    return NO_HOST if ":" in host else host

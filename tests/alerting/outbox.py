"""Messages in the outbox, for tests of what becomes of them."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from alerting import webhooks
from alerting.envelope import Envelope, Outcome, Unsendable
from alerting.models import Alert, Delivery, Recipient, Webhook
from common.egress import Egress
from review.models import Case
from tests import cast

MAIL = b"Message-ID: <x@zhenwei.invalid>\r\nSubject: test\r\n\r\nbody\r\n"
LONG_AGO = datetime.fromisoformat("2026-11-24T00:00:00+00:00")


def alert(
    case: Case, line: str = "cac", kind: str = "confirmed", severity: str = "S2", about: str = ""
) -> Alert:
    """An alert about `case`, opened long ago."""
    return Alert.objects.create(
        case=case,
        kind=kind,
        line=line,
        severity=severity,
        about=about,
        opened_at=LONG_AGO,
        rung_at=LONG_AGO,
        next_at=LONG_AGO + timedelta(days=300),
    )


def endpoint(
    place: cast.Province, url: str = "https://hook.example/in", line: str = "cac"
) -> tuple[Webhook, str]:
    """A webhook of Zhengzhou, and its secret."""
    host = url.split("/")[2]
    open_to = Egress.of(loopback=[host] if host.startswith("127.") else [], allow=["hook.example:443"])
    return webhooks.add(line, place.zhengzhou, "平台", url, open_to, "system:test", LONG_AGO)


def delivery(
    about: Alert,
    address: str = "chen@zz.example",
    webhook: Webhook | None = None,
    body: bytes = MAIL,
    name: str = "",
) -> Delivery:
    """A message that is due, by webhook if one is given."""
    number = Delivery.objects.count()
    recipient = Recipient.objects.create(
        alert=about,
        webhook=webhook,
        rung=0,
        round=number,
        name=f"收件人{number}",
        office="郑州网信办",
        reasons=[],
        told_at=LONG_AGO,
    )
    return Delivery.objects.create(
        pk=hashlib.sha256(f"{about.pk}|{number}".encode()).hexdigest()[:40],
        alert=about,
        recipient=recipient,
        channel="webhook" if webhook else "mail",
        address=webhook.url if webhook else address,
        body=body,
        created_at=LONG_AGO,
        next_at=LONG_AGO,
    )


@dataclass
class Script:
    """A transport that answers what it is told to, and keeps what it was given."""

    outcomes: list[Outcome] = field(default_factory=list)
    sent: list[Envelope] = field(default_factory=list)
    poison: str = ""

    @classmethod
    def from_settings(cls) -> Self:
        return cls()

    def host(self, address: str) -> str:
        return address.rpartition("@")[2]

    def seal(self, delivery: Delivery) -> Envelope:
        if self.poison and delivery.pk == self.poison:
            raise Unsendable("by design")
        return Envelope(delivery.pk, delivery.address, bytes(delivery.body))

    def send(self, envelope: Envelope) -> Outcome:
        self.sent.append(envelope)
        return self.outcomes.pop(0) if self.outcomes else Outcome("delivered", "delivered", "250", "ok")

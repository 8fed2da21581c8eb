"""Webhooks by Standard Webhooks 1.0.0: the stored bytes, under a new timestamp and signature on every try.

When the receiver has it is decided here. In doubt it is not delivered: the same id goes out again, and the
receiver drops what it has. A redirect is never followed.

| the receiver's answer | outcome |
| --- | --- |
| 200, 201, 202 or 204, whole; its body empty, or text of any kind | delivered |
| the same with JSON that parses and does not refuse | delivered |
| the same with JSON that refuses, it or an object of its list (below) | retry |
| the same with what begins as JSON or is called so, and cannot be read | retry: somebody there is broken |
| the same with what begins with `<`, or is called HTML | retry: a page for people, of a proxy or a sign-in |
| any other 2xx | retry: this request has no such answer |
| 2xx cut off before its announced end | retry |
| 301, 308 | permanent: it has moved, a person must change the address |
| 410 | permanent, and the endpoint is disabled: its owner wants no more |
| 400, 405, 413, 414, 415, 422, 431 | permanent: it will not take these bytes, the same on every try |
| 429, 502, 504 | retry after Retry-After or a minute; nothing else goes there meanwhile |
| any other 3xx, 4xx, 5xx | retry, not before Retry-After: sign-in pages, keys and routes get mended |
| none: refused, reset, TLS, time-out, no HTTP, name not found | retry |
| none: the address is closed to us (`common.egress`) | permanent: an operator must open or mend it |

JSON refuses by `errcode`, `errno`, `ret` or `statuscode` other than 0; `code` other than 0, 200–299, null or
a word for success; `success` or `ok` false; an `error` that is not empty; a `status`, `state` or `result`
that is a word for failure or an HTTP status of one. Names in any spelling (`ErrCode`, `err_code`), numbers
as text too. What an answer is called (Content-Type) makes it no receipt (`receipt`).
"""

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings

from alerting import sealing
from alerting.envelope import Envelope, Outcome, Unsendable
from alerting.models import Delivery
from alerting.schedule import retry_after
from alerting.transports.webhook.receipt import refusal
from alerting.transports.webhook.signing import BadSecret, check_secrets, signature
from common import clock, dial
from common.addresses import AddressRefused, split_origin
from common.egress import Egress
from common.http import TIME_S, Answer, LookUp, NoAnswer, post
from common.secrets import SecretError

CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
USER_AGENT = "Zhenwei-Alerts/1"
TAKEN = frozenset({200, 201, 202, 204})
MOVED = frozenset({301, 308})
GONE = 410
WRONG = frozenset({400, 405, 413, 414, 415, 422, 431})
SLOW_DOWN = frozenset({429, 502, 504})
SLOW_DOWN_FOR = timedelta(minutes=1)
QUOTED = 120


@dataclass(frozen=True)
class Transport:
    """Webhooks of this installation."""

    egress: Egress
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    seconds: float = TIME_S
    now: Callable[[], datetime] = clock.now
    look_up: LookUp = dial.look_up

    @classmethod
    def from_settings(cls) -> Self:
        """Loopback where it was opened for a demo or test, the allow-list, and the public internet."""
        return cls(Egress.of(settings.LOOPBACK_ADDRESSES, settings.WEBHOOK_ALLOW))

    def host(self, address: str) -> str:
        """Host and port of the receiver; an address that is none is its own."""
        try:
            return split_origin(address).pair
        except AddressRefused:
            return address

    def seal(self, delivery: Delivery) -> Envelope:
        """With the secrets of its endpoint, opened. Raises Unsendable."""
        endpoint = delivery.recipient.webhook
        if endpoint is None or endpoint.state != "active":
            raise Unsendable("the endpoint is disabled")
        try:
            secrets = sealing.secrets_of(endpoint)
            check_secrets(secrets)
        except (SecretError, BadSecret) as error:
            raise Unsendable(f"its signing secret: {error}") from None
        return Envelope(delivery.pk, delivery.address, bytes(delivery.body), secrets)

    def send(self, envelope: Envelope) -> Outcome:
        """Sign, POST once, and judge the answer by the table above."""
        now = self.now()
        try:
            answer = post(
                envelope.address,
                envelope.body,
                _headers(envelope, int(now.timestamp())),
                egress=self.egress,
                tls=self.tls,
                seconds=self.seconds,
                look_up=self.look_up,
            )
        except AddressRefused as error:
            return Outcome("permanent", "address", text=str(error))
        except NoAnswer as error:
            return Outcome("retry", error.code, text=str(error))
        return judge(answer, now)


def judge(answer: Answer, now: datetime) -> Outcome:
    """What an answer means, by the table above."""
    status, said = answer.status, (f"HTTP {answer.status}", _quote(answer))
    if status in TAKEN:
        why = refusal(answer)
        return Outcome("retry", why, *said) if why else Outcome("delivered", "delivered", *said)
    if status == GONE:
        return Outcome("permanent", "gone", *said, is_gone=True)
    if status in MOVED:
        return Outcome("permanent", "moved", *said)
    if status in WRONG:
        return Outcome("permanent", "wrong", *said)
    wait = retry_after(answer.header("retry-after"), now)
    if status in SLOW_DOWN:
        return Outcome("retry", "slow_down", *said, wait or SLOW_DOWN_FOR)
    return Outcome("retry", "not_taken", *said, wait)


def _headers(envelope: Envelope, timestamp: int) -> dict[str, str]:
    return {
        "Content-Type": CONTENT_TYPE,
        "User-Agent": USER_AGENT,
        "webhook-id": envelope.id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(envelope.id, timestamp, envelope.body, envelope.secrets),
    }


def _quote(answer: Answer) -> str:
    return answer.body[:QUOTED].decode("utf-8", "replace")

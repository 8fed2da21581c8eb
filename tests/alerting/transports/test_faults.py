"""Both channels against the fourteen faults: each ends in its documented state, none is called delivered.

Over real sockets. SMTP has no status lines of HTTP and no JSON, so each fault has an analogue there:

| fault | webhook | mail |
| --- | --- | --- |
| refused | nobody listens | nobody listens |
| reset mid-body | RST within the answer | RST within DATA |
| wrong TLS name | certificate for another name | the same, after STARTTLS |
| 3xx | 302, and 308: moved | 354 again instead of an end, for DATA's end |
| 400 | 400 | 501: syntax, to RCPT |
| 410 | 410: the endpoint goes off | 550 5.1.1: no such mailbox, to RCPT |
| 429 + Retry-After | 429, and waits as told | 450 4.7.1: too fast, to RCPT |
| 500 | 500 | 451 at DATA's end |
| 502 | 502, and waits a minute | 421 as the greeting |
| time-out | silence | silence |
| drip | a header, byte by byte | a greeting, byte by byte |
| cut JSON | 200, JSON cut off | the last reply cut off within its code |
| 200 with error code | 200, `errcode` 130101 | RCPT taken, then 554 at DATA's end |
| 200 with HTML | 200 with a page | a web server answers |
"""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
import trustme

from alerting.envelope import Envelope, Outcome
from alerting.transports.mail.transport import Relay
from alerting.transports.mail.transport import Transport as Mail
from alerting.transports.webhook.signing import new_secret
from alerting.transports.webhook.transport import Transport as Webhook
from common.egress import Egress
from tests.common.hostile_tcp import Line, Script, closed_port, serving

NAME = "receiver.example"
SHORT_S, LONG_S = 0.3, 10.0
SECRET = new_secret()
MAIL = b"Message-ID: <a@b.example>\r\nSubject: =?utf-8?q?=E6=B5=8B?=\r\n\r\n.dot first\r\nbody\r\n"


@dataclass(frozen=True)
class Fault:
    """What a receiver does, and what comes of it: kind and why of the outcome."""

    script: Script
    kind: str
    why: str
    wait: timedelta | None = None
    is_gone: bool = False
    seconds: float = LONG_S


# -- webhook


def answering(status: str, *headers: str, body: bytes = b"", length: int | None = None) -> Script:
    def script(line: Line) -> None:
        line.read_request()
        lines = (f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers)
        line.say("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    return script


def reset_within_the_answer(line: Line) -> None:
    answering("200 OK", body=b"ab", length=9)(line)
    line.reset()


JSON, HTML = "Content-Type: application/json", "Content-Type: text/html; charset=utf-8"
MINUTE = timedelta(minutes=1)
WEBHOOK = {
    "refused": Fault(answering(""), "retry", "refused"),
    "reset mid-body": Fault(reset_within_the_answer, "retry", "reset"),
    "wrong TLS name": Fault(answering("200 OK"), "retry", "tls"),
    "3xx": Fault(answering("302 Found", "Location: https://elsewhere.example/"), "retry", "not_taken"),
    "3xx moved": Fault(answering("308 Moved", "Location: https://elsewhere.example/"), "permanent", "moved"),
    "400": Fault(answering("400 Bad Request", body=b"no"), "permanent", "wrong"),
    "410": Fault(answering("410 Gone"), "permanent", "gone", is_gone=True),
    "429 + Retry-After": Fault(
        answering("429 Slow", "Retry-After: 900"), "retry", "slow_down", timedelta(minutes=15)
    ),
    "500": Fault(answering("500 Oops", body=b"oops"), "retry", "not_taken"),
    "502": Fault(answering("502 Bad Gateway", HTML, body=b"<html>"), "retry", "slow_down", MINUTE),
    "time-out": Fault(lambda line: line.hang(), "retry", "timeout", seconds=SHORT_S),
    "drip": Fault(
        lambda line: line.drip(b"X-A: b\r\n", after=b"HTTP/1.1 200 OK\r\n"),
        "retry",
        "timeout",
        seconds=SHORT_S,
    ),
    "cut JSON": Fault(answering("200 OK", JSON, body=b'{"errcode": 0, "err'), "retry", "unreadable"),
    "200 with error code": Fault(
        answering("200 OK", JSON, body=b'{"errcode": 130101, "errmsg": "too fast"}'), "retry", "error_inside"
    ),
    "200 with HTML": Fault(answering("200 OK", HTML, body=b"<!DOCTYPE html>sign in"), "retry", "page"),
}


# -- mail


def smtp(
    greeting: bytes = b"220 relay",
    rcpt: bytes = b"250 ok",
    data: bytes = b"354 go",
    end: bytes = b"250 ok",
    mail: bytes = b"250 ok",
) -> Script:
    """A relay that says so at these points; what is not a whole line closes the conversation."""

    def script(line: Line) -> None:
        if greeting and not _answer(line, greeting):
            return
        replies = {b"EHLO": b"250 relay", b"MAIL": mail, b"RCPT": rcpt, b"DATA": data}
        while command := line.read_line()[:4].upper():
            if not _answer(line, replies.get(command, b"250 ok")):
                return
            if command == b"DATA" and data.startswith(b"354"):
                while line.read_line() not in (b".\r\n", b""):
                    pass
                if not _answer(line, end):
                    return

    return script


def _answer(line: Line, reply: bytes) -> bool:
    is_whole = not reply.endswith(b"\\")
    line.say(reply + b"\r\n" if is_whole else reply[:-1])
    return is_whole


def reset_within_data(line: Line) -> None:
    smtp(data=b"354 go", end=b"\\")(line)
    line.reset()


def starttls(context: ssl.SSLContext, then: Script | None = None) -> Script:
    """A relay that changes to TLS when asked, and goes on so."""
    go_on = then or smtp(greeting=b"")

    def script(line: Line) -> None:
        line.say(b"220 relay\r\n")
        line.read_line()
        line.say(b"250-relay\r\n250 STARTTLS\r\n")
        line.read_line()
        line.say(b"220 go\r\n")
        line.socket = context.wrap_socket(line.socket, server_side=True)
        go_on(line)

    return script


MAILS = {
    "refused": Fault(smtp(), "retry", "refused"),
    "reset mid-body": Fault(reset_within_data, "retry", "cut"),
    "wrong TLS name": Fault(smtp(), "retry", "tls"),
    "3xx": Fault(smtp(end=b"354 go on"), "retry", "not_now"),
    "400": Fault(smtp(rcpt=b"501 syntax"), "permanent", "rejected"),
    "410": Fault(smtp(rcpt=b"550 5.1.1 no such mailbox"), "permanent", "rejected"),
    "429 + Retry-After": Fault(smtp(rcpt=b"450 4.7.1 too fast"), "retry", "not_now"),
    "500": Fault(smtp(end=b"451 local error"), "retry", "not_now"),
    "502": Fault(smtp(greeting=b"421 not available"), "retry", "relay"),
    "time-out": Fault(lambda line: line.hang(), "retry", "timeout", seconds=SHORT_S),
    "drip": Fault(lambda line: line.drip(b"220-a\r\n"), "retry", "timeout", seconds=SHORT_S),
    "cut JSON": Fault(smtp(end=b"25\\"), "retry", "not_now"),
    "200 with error code": Fault(smtp(end=b"554 5.7.1 refused after all"), "permanent", "rejected"),
    "200 with HTML": Fault(
        lambda line: line.say(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>"), "retry", "relay"
    ),
}
FAULTS = (
    "refused",
    "reset mid-body",
    "wrong TLS name",
    "3xx",
    "400",
    "410",
    "429 + Retry-After",
    "500",
    "502",
    "time-out",
    "drip",
    "cut JSON",
    "200 with error code",
    "200 with HTML",
)


# -- the bench


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@contextmanager
def receiver(fault: str, script: Script, wrap: bool, authority: trustme.CA) -> Iterator[int]:
    """The port of a receiver with this fault."""
    if fault == "refused":
        yield closed_port()
        return
    context = None
    if fault == "wrong TLS name":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("another.example").configure_cert(context)
    if context and not wrap:
        script = starttls(context)
    with serving(script, tls=context if wrap else None) as server:
        yield server.port


def by_webhook(fault: str, case: Fault, authority: trustme.CA, trust: ssl.SSLContext) -> Outcome:
    with receiver(fault, case.script, True, authority) as port:
        egress = Egress.of(loopback=[f"127.0.0.1:{port}"])
        scheme = "https" if fault == "wrong TLS name" else "http"
        envelope = Envelope("0" * 40, f"{scheme}://{NAME}:{port}/hook", b"{}", (SECRET,))
        return Webhook(egress, trust, case.seconds, look_up=here).send(envelope)


def by_mail(fault: str, case: Fault, authority: trustme.CA, trust: ssl.SSLContext) -> Outcome:
    with receiver(fault, case.script, False, authority) as port:
        relay = Relay(NAME, port, "starttls" if fault == "wrong TLS name" else "none")
        transport = Mail(relay, "alerts@zhenwei.example", trust, case.seconds, look_up=here)
        return transport.send(Envelope("0" * 40, "duty@zz.example", MAIL))


def here(host: str, port: int, seconds: float) -> list[str]:
    assert host == NAME
    return ["127.0.0.1"]


Channel = Callable[[str, Fault, trustme.CA, ssl.SSLContext], Outcome]
CASES = [
    *(pytest.param(by_webhook, fault, case, id=f"webhook-{fault}") for fault, case in WEBHOOK.items()),
    *(pytest.param(by_mail, fault, case, id=f"mail-{fault}") for fault, case in MAILS.items()),
]


@pytest.fixture(scope="module")
def trust(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.mark.parametrize(("send", "fault", "case"), CASES)
def test_a_fault_ends_in_its_documented_state(
    send: Channel, fault: str, case: Fault, authority: trustme.CA, trust: ssl.SSLContext
) -> None:
    outcome = send(fault, case, authority, trust)
    assert (outcome.kind, outcome.why) == (case.kind, case.why)
    assert (outcome.wait, outcome.is_gone) == (case.wait, case.is_gone)


def test_no_fault_is_left_out() -> None:
    assert set(WEBHOOK) == {*FAULTS, "3xx moved"}
    assert set(MAILS) == set(FAULTS)
    assert len(FAULTS) == 14

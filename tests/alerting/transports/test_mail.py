"""Mail by a real conversation: the very bytes arrive, nothing is said in the clear, nothing is smuggled."""

import base64
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Session
from aiosmtpd.smtp import Envelope as Received
from django.conf import LazySettings

from alerting.envelope import Envelope, Outcome, Unsendable
from alerting.transports.mail.transport import Relay, Transport
from tests import cast
from tests.alerting import outbox
from tests.alerting.transports.test_faults import smtp, starttls
from tests.common.hostile_tcp import Line, Script, closed_port, serving

NAME = "relay.example"
SENDER, TO = "alerts@zhenwei.example", "duty@zz.example"
BODY = "Subject: 测\r\nMessage-ID: <a@b.example>\r\n\r\n.\r\n..two\r\n正文\r\n".encode()
PASSWORD = "not-to-be-seen"


class Keeper:
    """Keeps what a real server took."""

    def __init__(self) -> None:
        self.kept: list[Received] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Received) -> str:
        self.kept.append(envelope)
        return "250 kept"


@contextmanager
def real_server(keeper: Keeper) -> Iterator[int]:
    controller = Controller(keeper, hostname="127.0.0.1", port=closed_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def send(
    port: int, body: bytes = BODY, tls: ssl.SSLContext | None = None, seconds: float = 5, **relay: str
) -> Outcome:
    settings = {"security": "none", **relay}
    transport = Transport(
        Relay(NAME, port, **settings), SENDER, tls or ssl.create_default_context(), seconds, look_up=here
    )
    return transport.send(Envelope("0" * 40, TO, body))


def here(host: str, port: int, seconds: float) -> list[str]:
    return ["127.0.0.1"]


def test_a_real_server_gets_the_very_bytes() -> None:
    keeper = Keeper()
    with real_server(keeper) as port:
        outcome = send(port)
    assert (outcome.kind, outcome.code, outcome.text) == ("delivered", "250", "kept")
    (got,) = keeper.kept
    assert (got.mail_from, got.rcpt_tos, got.content) == (SENDER, [TO], BODY)
    assert "BODY=8BITMIME" in got.mail_options


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def trust(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture(scope="module")
def certified(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(NAME).configure_cert(context)
    return context


def listening(script: Script, heard: list[bytes]) -> Script:
    """`script`, and every line it was told."""

    def listen(line: Line) -> None:
        read = line.read_line

        def noted() -> bytes:
            heard.append(read())
            return heard[-1]

        line.read_line = noted  # type: ignore[method-assign]
        script(line)

    return listen


def test_it_speaks_tls_from_the_first_byte(certified: ssl.SSLContext, trust: ssl.SSLContext) -> None:
    with serving(smtp(), tls=certified) as server:
        assert send(server.port, tls=trust, security="tls").kind == "delivered"


def test_it_changes_to_tls_before_anything_is_said(certified: ssl.SSLContext, trust: ssl.SSLContext) -> None:
    heard: list[bytes] = []
    with serving(listening(starttls(certified), heard)) as server:
        assert send(server.port, tls=trust, security="starttls").kind == "delivered"
    assert [line[:4].upper() for line in heard[:2]] == [b"EHLO", b"STAR"]


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_to_a_relay_without_tls_nothing_is_said_in_the_clear(security: str, trust: ssl.SSLContext) -> None:
    heard: list[bytes] = []
    with serving(listening(smtp(), heard)) as server:
        outcome = send(server.port, tls=trust, security=security, user="u", password=PASSWORD)
    assert (outcome.kind, outcome.why) == ("retry", "tls" if security == "tls" else "unsupported")
    assert not any(word in b"".join(heard) for word in (b"AUTH", b"MAIL", TO.encode()))


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_the_certificate_must_hold_for_the_name(
    security: str, authority: trustme.CA, trust: ssl.SSLContext
) -> None:
    other = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "other.example").configure_cert(other)
    script, tls = (smtp(), other) if security == "tls" else (starttls(other), None)
    with serving(script, tls=tls) as server:
        outcome = send(server.port, tls=trust, security=security)
    assert (outcome.kind, outcome.why) == ("retry", "tls")
    assert "certificate" in outcome.text


def test_a_relay_that_drips_inside_tls_is_cut_off(certified: ssl.SSLContext, trust: ssl.SSLContext) -> None:
    with serving(starttls(certified, lambda line: line.drip(b"250-a\r\n"))) as server:
        outcome = send(server.port, tls=trust, security="starttls", seconds=0.5)
    assert (outcome.kind, outcome.why) == ("retry", "timeout")


def test_a_relay_that_is_gone_after_its_receipt_has_given_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(self: smtplib.SMTP, command: str, arguments: str = "") -> None:
        if command == "quit":
            raise smtplib.SMTPServerDisconnected("by design")
        putcmd(self, command, arguments)

    putcmd = smtplib.SMTP.putcmd
    monkeypatch.setattr(smtplib.SMTP, "putcmd", gone)
    with serving(smtp()) as server:
        assert send(server.port).kind == "delivered"


def signing_in(reply: bytes) -> Script:
    def script(line: Line) -> None:
        line.say(b"220 relay\r\n")
        line.read_line()
        line.say(b"250-relay\r\n250 AUTH PLAIN\r\n")
        line.read_line()
        line.say(reply + b"\r\n")
        line.read_line()

    return script


def test_it_signs_in_where_the_settings_say_so() -> None:
    heard: list[bytes] = []

    def script(line: Line) -> None:
        line.say(b"220 relay\r\n")
        for reply in (b"250-relay\r\n250 AUTH PLAIN", b"235 in", b"250 ok", b"250 ok", b"354 go"):
            line.read_line()
            line.say(reply + b"\r\n")
        while line.read_line() not in (b".\r\n", b""):
            pass
        line.say(b"250 ok\r\n")
        line.read_line()

    with serving(listening(script, heard)) as server:
        assert send(server.port, user="alerts", password=PASSWORD).kind == "delivered"
    assert heard[1] == b"AUTH PLAIN " + base64.b64encode(b"\0alerts\0" + PASSWORD.encode()) + b"\r\n"


def test_a_refused_sign_in_is_tried_again_and_repeats_no_password() -> None:
    echo = b"535 no such " + PASSWORD.encode()
    with serving(signing_in(echo)) as server:
        outcome = send(server.port, user="alerts", password=PASSWORD)
    assert (outcome.kind, outcome.why, outcome.code) == ("retry", "sign_in", "535")
    assert PASSWORD not in repr(outcome)
    assert PASSWORD not in repr(Relay(NAME, 25, "none", "alerts", PASSWORD))


@pytest.mark.parametrize(
    ("script", "kind", "why"),
    [
        (smtp(greeting=b"554 go away"), "retry", "relay"),
        (smtp(mail=b"550 this sender never"), "retry", "relay"),
        (smtp(rcpt=b"550 no such user"), "permanent", "rejected"),
        (smtp(data=b"503 no"), "permanent", "rejected"),
        (smtp(data=b"451 later"), "retry", "not_now"),
        (smtp(rcpt=b"421 closing"), "retry", "not_now"),
        (smtp(rcpt=b"251 will forward"), "delivered", "delivered"),
        (smtp(end=b"250-kept\r\n250 truly"), "delivered", "delivered"),
        (smtp(end=b"250-kept\r\n\\"), "retry", "cut"),
        (smtp(end=b"252 perhaps"), "retry", "not_now"),
        (smtp(end=b"nonsense"), "retry", "not_now"),
        (smtp(greeting=b"2\\"), "retry", "relay"),
        (lambda line: None, "retry", "cut"),
        (lambda line: line.drip(b"250-a\r\n", 0.01, b"220 relay\r\n"), "retry", "timeout"),
    ],
)
def test_only_a_whole_250_at_the_end_is_a_receipt(script: Script, kind: str, why: str) -> None:
    with serving(script) as server:
        transport = Transport(Relay(NAME, server.port, "none"), SENDER, seconds=1, look_up=here)
        outcome = transport.send(Envelope("0" * 40, TO, BODY))
    assert (outcome.kind, outcome.why) == (kind, why)


def test_a_reply_without_end_is_not_kept() -> None:
    def endless(line: Line) -> None:
        with suppress(OSError):
            while True:
                line.say(b"250-" + b"x" * 1000 + b"\r\n")

    with serving(endless) as server:
        transport = Transport(Relay(NAME, server.port, "none"), SENDER, seconds=30, look_up=here)
        assert transport.send(Envelope("0" * 40, TO, BODY)).why == "protocol"


def test_a_name_nobody_knows_is_tried_again() -> None:
    transport = Transport(Relay("a" * 64 + ".example", 25, "none"), SENDER, seconds=5)
    assert transport.send(Envelope("0" * 40, TO, BODY)).why == "dns"


def test_mail_waits_while_no_relay_is_named(settings: LazySettings) -> None:
    settings.SMTP_HOST = ""
    assert Transport.from_settings() is None


def test_the_settings_make_the_relay(settings: LazySettings) -> None:
    settings.SMTP_HOST, settings.SMTP_PORT, settings.SMTP_SECURITY = "relay.example", 465, "tls"
    settings.SMTP_USER, settings.SMTP_PASSWORD = "alerts", PASSWORD
    settings.MAIL_FROM = "甄伪 <alerts@zhenwei.example>"
    transport = Transport.from_settings()
    assert transport is not None
    assert transport.relay == Relay("relay.example", 465, "tls", "alerts", PASSWORD)
    assert transport.sender == SENDER
    assert transport.host(TO) == "relay.example:465"
    assert PASSWORD not in repr(transport)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "body"),
    [
        (TO, b"Subject: a\n\nbare line feed\r\n"),
        (TO, b"Subject: a\r\n\r\n\r.\rMAIL FROM:<evil>\r\n"),
        ("a@b.example\r\nRCPT TO:<evil@example>", BODY),
        ("a@b.example> <evil@example", BODY),
        ("甲@b.example", BODY),
        ("", BODY),
        ("nobody", BODY),
    ],
)
def test_a_message_that_could_smuggle_another_is_unsendable(
    place: cast.Province, address: str, body: bytes
) -> None:
    message = outbox.delivery(outbox.alert(cast.case(place.zhengzhou_account)), address, body=body)
    with pytest.raises(Unsendable):
        Transport(Relay(NAME, 25, "none"), SENDER).seal(message)

"""Mail by SMTP, one recipient a conversation: the stored bytes, Date and Message-ID in them, on every try.

The relay is the operator's (settings `SMTP_*`). `tls` and `starttls` verify its certificate against its name;
`none` is for loopback, as the settings see to. In doubt a message is not delivered: the same Message-ID goes
out again.

| what happens | outcome |
| --- | --- |
| 250 to the end of DATA | delivered |
| 5xx to RCPT, DATA or its end | permanent: it will not take this message, or not for this address |
| 4xx there, or what is no such reply | retry |
| the greeting, EHLO, STARTTLS, sign-in or MAIL is refused, 5xx too | retry: no fault of this message |
| STARTTLS is not offered, or the certificate does not hold | retry; nothing was said in the clear |
| refused, reset, cut off, no SMTP, name not found | retry |
| a reply of more than 64 KiB | retry: smtplib would keep every line of an endless one |
| the time for one try is over, in silence or byte by byte | retry |
| a line of the stored bytes does not end in CRLF | unsendable: it could smuggle a second message |
| the address is no plain ASCII address | unsendable |
"""

import re
import smtplib
import socket
import ssl
from contextlib import closing, suppress
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import BinaryIO, Self

from django.conf import settings

from alerting.envelope import Envelope, Outcome, Unsendable
from alerting.models import Delivery
from common import dial
from common.egress import is_address
from common.http import TIME_S, LookUp

_BARE_LINE_END = re.compile(rb"(?<!\r)\n|\r(?!\n)")
MAX_REPLY = 64 * 1024
_ADDRESS = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")


@dataclass(frozen=True)
class Relay:
    """Where mail is handed in. `security` is tls, starttls or none."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Transport:
    """Mail of this installation."""

    relay: Relay
    sender: str
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    seconds: float = TIME_S
    look_up: LookUp = dial.look_up

    @classmethod
    def from_settings(cls) -> Self | None:
        """None while no relay is named: mail then waits."""
        if not settings.SMTP_HOST:
            return None
        relay = Relay(
            settings.SMTP_HOST,
            settings.SMTP_PORT,
            settings.SMTP_SECURITY,
            settings.SMTP_USER,
            settings.SMTP_PASSWORD,
        )
        return cls(relay, parseaddr(settings.MAIL_FROM)[1])

    def host(self, address: str) -> str:
        """The relay, whoever the mail is for."""
        return f"{self.relay.host}:{self.relay.port}"

    def seal(self, delivery: Delivery) -> Envelope:
        """As it stands in the row. Raises Unsendable."""
        body = bytes(delivery.body)
        if _BARE_LINE_END.search(body):
            raise Unsendable("a line of the stored message does not end in CRLF")
        if not _ADDRESS.fullmatch(delivery.address):
            raise Unsendable("its address is no plain mail address")
        return Envelope(delivery.pk, delivery.address, body)

    def send(self, envelope: Envelope) -> Outcome:
        """One conversation with the relay, judged by the table above."""
        with dial.Watchdog(self.seconds) as dog:
            try:
                with closing(_Conversation(self, dog)) as conversation:
                    conversation.sign_in()
                    return conversation.hand_in(envelope)
            except (OSError, smtplib.SMTPException, ValueError) as error:
                return _failed(error, dog)


class _Conversation(smtplib.SMTP):
    """smtplib, with its connection made under the eyes of a watchdog; making one greets the relay."""

    def __init__(self, transport: Transport, dog: dial.Watchdog) -> None:
        self._transport, self._dog = transport, dog
        # Our name is given: smtplib would otherwise look it up, in its own time.
        name = transport.sender.rpartition("@")[2] or "localhost"
        super().__init__(transport.relay.host, transport.relay.port, local_hostname=name)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        addresses = [host] if is_address(host) else self._transport.look_up(host, port, self._dog.left())
        connection = dial.dial(addresses, port, self._dog)
        if self._transport.relay.security == "tls":
            connection = self._transport.tls.wrap_socket(connection, server_hostname=host)
            self._dog.watch(connection)
        return connection

    def getreply(self) -> tuple[int, bytes]:
        """One reply of the relay. Raises ValueError where it has no end."""
        if self.sock is not None:
            self.file = _Reply(self.file or self.sock.makefile("rb"))
        try:
            return super().getreply()
        except ValueError:
            self.close()  # The greeting is read while this object is made: nobody could close it yet.
            raise

    def sign_in(self) -> None:
        """Into TLS, and signed in, where the settings say so. Raises OSError and SMTPException."""
        relay = self._transport.relay
        if relay.security == "starttls":
            self.starttls(context=self._transport.tls)
            if self.sock is not None:
                self._dog.watch(self.sock)
        if relay.user:
            self.login(relay.user, relay.password)
        self.ehlo_or_helo_if_needed()

    def hand_in(self, envelope: Envelope) -> Outcome:
        """MAIL, RCPT, DATA. The first refusal ends it."""
        is_eight_bit = not envelope.body.isascii() and self.has_extn("8bitmime")
        code, text = self.mail(self._transport.sender, ["BODY=8BITMIME"] if is_eight_bit else [])
        if code != 250:
            return Outcome("retry", "relay", str(code), _said(text))
        code, text = self.rcpt(envelope.address)
        if code not in (250, 251):
            return _refused(code, text)
        try:
            code, text = self.data(envelope.body)
        except smtplib.SMTPDataError as error:
            return _refused(error.smtp_code, error.smtp_error)
        with suppress(OSError, smtplib.SMTPException):
            self.putcmd("quit")  # Neither its answer nor its failure changes anything any more.
        return Outcome("delivered", "delivered", "250", _said(text)) if code == 250 else _refused(code, text)


class _Reply:
    """The lines of one reply, up to MAX_REPLY bytes."""

    def __init__(self, file: "_Reply | BinaryIO") -> None:
        self._file: BinaryIO = file._file if isinstance(file, _Reply) else file
        self._left = MAX_REPLY

    def readline(self, limit: int) -> bytes:
        line = self._file.readline(limit)
        self._left -= len(line)
        if self._left < 0:
            raise ValueError("a reply without end")
        return line

    def close(self) -> None:
        self._file.close()


def _refused(code: int, text: bytes | str) -> Outcome:
    """A reply to RCPT or DATA that is no yes."""
    if 500 <= code < 600:
        return Outcome("permanent", "rejected", str(code), _said(text))
    return Outcome("retry", "not_now", str(code), _said(text))


def _failed(error: Exception, dog: dial.Watchdog) -> Outcome:
    """A conversation that broke off, or came to nothing before the message was handed in."""
    # smtplib calls a silent relay a disconnected one; what it met stands in the context.
    if dog.is_over or any(isinstance(met, TimeoutError) for met in (error, error.__context__)):
        return Outcome("retry", "timeout")
    if isinstance(error, smtplib.SMTPAuthenticationError):
        # Not quoted: a relay might repeat what it was told.
        return Outcome("retry", "sign_in", str(error.smtp_code))
    if isinstance(error, smtplib.SMTPResponseException):
        return Outcome("retry", "relay", str(error.smtp_code), _said(error.smtp_error))
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return Outcome("retry", "cut")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Outcome("retry", "unsupported", text=str(error))
    if isinstance(error, smtplib.SMTPException) or not isinstance(error, OSError):
        return Outcome("retry", "protocol", text=type(error).__name__)
    why, text = dial.explain(error)
    return Outcome("retry", why, text=text)


def _said(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text

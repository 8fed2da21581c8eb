"""The one HTTP client outside the crawler: asks where `common.egress` lets it, once, and never for long.

* The name is resolved once, every answer is judged, and the connection goes to one of those very addresses;
  TLS is verified against the name. Proxy variables are not read.
* Redirects are never followed, cookies are neither kept nor sent, nothing is decompressed.
* Of a body at most `MAX_BODY` bytes are read; one that ends before its announced length is no answer.
* One limit over the whole, from the look-up to the last byte (`common.dial.Watchdog`).
"""

import http.client
import io
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from common import dial
from common.addresses import Origin
from common.egress import Egress, is_address

MAX_BODY = 64 * 1024
TIME_S = 15.0
LookUp = Callable[[str, int, float], Sequence[str]]


class NoAnswer(Exception):
    """There is no whole answer, and nobody knows whether the request arrived; `code` says what went wrong.

    dns, refused, reset, tls, timeout, cut (the answer ends early), protocol (it is no HTTP) or network.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class Answer:
    """What came back. `is_whole` is false where only the first `MAX_BODY` bytes of the body were read."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    is_whole: bool

    def header(self, name: str) -> str:
        """The first value of a header, empty if it is not there."""
        return next((value for key, value in self.headers if key.lower() == name), "")


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    egress: Egress,
    tls: ssl.SSLContext,
    seconds: float = TIME_S,
    look_up: LookUp = dial.look_up,
) -> Answer:
    """POST `body` to `url`. Raises AddressRefused before anything was sent, NoAnswer after that."""
    origin = egress.check_url(url)
    with dial.Watchdog(seconds) as dog:
        try:
            addresses = egress.check_answers(origin, _addresses(origin, egress, dog, look_up))
            with closing(_connect(origin, addresses, dog, tls)) as connection:
                answer = _converse(connection, origin, _target(url), body, headers)
            dog.left()  # who was cut off by the watchdog looks like one that came to its end
            return answer
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NoAnswer(*_explain(error, dog)) from error


def _addresses(origin: Origin, egress: Egress, dog: dial.Watchdog, look_up: LookUp) -> Sequence[str]:
    if is_address(origin.host):
        return [origin.host]
    return look_up(origin.host, origin.port, dog.left())


def _connect(
    origin: Origin, addresses: Sequence[str], dog: dial.Watchdog, tls: ssl.SSLContext
) -> socket.socket:
    connection = dial.dial(addresses, origin.port, dog)
    if origin.scheme == "https":
        connection = tls.wrap_socket(connection, server_hostname=origin.host)
        dog.watch(connection)
    return connection


def _target(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _converse(
    connection: socket.socket, origin: Origin, target: str, body: bytes, headers: Mapping[str, str]
) -> Answer:
    client = http.client.HTTPConnection(origin.host, origin.port)
    client.sock = connection
    client.response_class = _Response
    client.putrequest("POST", target, skip_host=True, skip_accept_encoding=True)
    fixed = {"Host": _host(origin), "Content-Length": str(len(body)), "Accept-Encoding": "identity"}
    for name, value in {**headers, **fixed, "Connection": "close"}.items():
        client.putheader(name, value)
    client.endheaders(body)
    with client.getresponse() as response:
        content = response.read(MAX_BODY)
        is_whole = not response.read(1)
        if is_whole and response.length:
            raise http.client.IncompleteRead(content, response.length)
        return Answer(response.status, tuple(response.getheaders()), content, is_whole)


class _Lines(io.BufferedReader):
    """Lines that have their end: http.client itself takes headers cut in the middle for whole ones."""

    def readline(self, limit: int | None = -1, /) -> bytes:
        line = super().readline(limit)
        if not line.endswith(b"\n") and len(line) != limit:
            raise http.client.IncompleteRead(line)
        return line


class _Response(http.client.HTTPResponse):
    """An answer whose headers must be whole."""

    def __init__(self, connection: socket.socket, **options: Any) -> None:
        super().__init__(connection, **options)
        self.fp = _Lines(self.fp.detach())


def _host(origin: Origin) -> str:
    usual = 443 if origin.scheme == "https" else 80
    return origin.pair.removesuffix(f":{usual}")


def _explain(error: Exception, dog: dial.Watchdog) -> tuple[str, str]:
    """A code and a sentence for what went wrong."""
    if dog.is_over:
        return dial.explain(TimeoutError())
    if isinstance(error, OSError):
        return dial.explain(error)
    if isinstance(error, http.client.IncompleteRead):
        return "cut", "it closed the connection before its answer was whole"
    return "protocol", f"its answer is no HTTP: {type(error).__name__}"

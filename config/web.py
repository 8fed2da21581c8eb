"""The web server of the console: waitress on loopback, IPv4 and IPv6."""

import io
import socket
import tempfile
import threading
import time
from copy import copy
from typing import TYPE_CHECKING, Any

import waitress
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.receiver import FixedStreamReceiver

from common import clock
from console import inbox
from observations.heartbeat import beat

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

HOSTS = ("127.0.0.1", "::1")
BEAT_EVERY_S = 30.0
MAX_BODY = 64 * 1024
"""The largest form is a few kilobytes; waitress would keep a gigabyte of anybody's body on disk. More is
taken only at an address signed for a file (`console.inbox`)."""
MAX_DISCARDED = 4 * 1024**3


class PortTaken(Exception):
    """The port is in use; the text says what to do."""


def serve(port: int) -> None:
    """Serve until the process is stopped. Raises PortTaken."""
    sockets = listening(port)
    # A file on its way in is kept beside the database: /tmp may be memory, and readable by others.
    tempfile.tempdir = str(settings.DATA_FOLDER)
    threading.Thread(target=_beat_for_ever, daemon=True).start()
    server(get_wsgi_application(), sockets, settings.PROXIES).run()


def server(application: "WSGIApplication", sockets: list[socket.socket], proxies: int) -> Any:
    """The server, not running yet. With `proxies` in front it believes what they say of a visitor's address
    and scheme, without any it drops such headers."""
    trusted: dict[str, Any] = {
        "trusted_proxy": "*",  # whoever reaches a loopback socket
        "trusted_proxy_count": proxies,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
    }
    parts: dict[int, Any] = {}
    made = waitress.create_server(
        application,
        map=parts,
        sockets=sockets,
        threads=8,
        ident=None,
        max_request_body_size=MAX_BODY,
        clear_untrusted_proxy_headers=True,
        **(trusted if proxies else {}),
    )
    for part in parts.values():
        if hasattr(part, "channel_class"):
            part.channel_class = Channel
    return made


class Nowhere:
    """What is appended is gone."""

    def append(self, data: bytes) -> None:
        """Drop it."""

    def __len__(self) -> int:
        return 0

    def getfile(self) -> io.BytesIO:
        """Nothing."""
        return io.BytesIO()

    def close(self) -> None:
        """Nothing is open."""


class BodyParser(HTTPRequestParser):  # type: ignore[misc]
    """Takes MAX_BODY, and at an address signed for a file as much as a file of its kind may have.

    A larger one is read there and kept nowhere: a browser that is cut off while it sends shows no page. The
    application sees from its Content-Length that it was too large.
    """

    adj: Any

    def parse_header(self, header_plus: bytes) -> None:
        """Read the header; then it is known how much body may follow."""
        super().parse_header(header_plus)
        most = inbox.largest_body(self.path, self.query) if self.command == "POST" else None
        if most is None:
            return
        self.adj = copy(self.adj)
        self.adj.max_request_body_size = most
        if most <= self.content_length <= MAX_DISCARDED:
            self.adj.max_request_body_size = MAX_DISCARDED + 1
            self.body_rcv = FixedStreamReceiver(self.content_length, Nowhere())


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection whose requests BodyParser reads."""

    parser_class = BodyParser


def listening(port: int) -> list[socket.socket]:
    """Bound sockets on every loopback address here; `port` 0 takes a free one. Raises PortTaken."""
    sockets: list[socket.socket] = []
    for host in HOSTS:
        try:
            sockets.append(_bound(host, port if not sockets else sockets[0].getsockname()[1]))
        except OSError as error:
            if host == HOSTS[0]:
                raise PortTaken(
                    f"port {port} cannot be used ({error.strerror}); choose one with --port"
                ) from None
    return sockets


def free(port: int) -> int:
    """`port`, if a console can listen there; for 0 a free one. Raises PortTaken."""
    sockets = listening(port)
    number = int(sockets[0].getsockname()[1])
    for sock in sockets:
        sock.close()
    return number


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    try:
        sock.bind((host, port))
    except OSError:
        sock.close()
        raise
    return sock


def _beat_for_ever() -> None:
    while True:
        beat("web", clock.now())
        time.sleep(BEAT_EVERY_S)

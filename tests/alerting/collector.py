"""A mail relay and a webhook receiver on loopback that take everything and count every id they were given."""

import re
import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar


class Collector:
    """What arrived: ids of mail (Message-ID) and webhooks, as often as they came."""

    def __init__(self) -> None:
        self.received: Counter[str] = Counter()
        self._lock = threading.Lock()
        self.smtp_port = self.hook_port = 0

    def note(self, found: re.Match[bytes] | None) -> None:
        """One message is here; noted before it is acknowledged."""
        with self._lock:
            self.received[found[1].decode("ascii") if found else "without an id"] += 1


class _Handler(socketserver.StreamRequestHandler):
    collector: ClassVar[Collector]
    disable_nagle_algorithm = True


class _Smtp(_Handler):
    def handle(self) -> None:
        self._say("220 collector")
        while command := self.rfile.readline()[:4].upper():
            if command == b"QUIT":
                return
            self._say("354 go" if command == b"DATA" else "250 ok")
            if command == b"DATA":
                self._take()

    def _take(self) -> None:
        message = b""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            message += line
        if line:
            self.collector.note(re.search(rb"(?i)^message-id:\s*<([^@]+)@", message, re.MULTILINE))
            self._say("250 kept")

    def _say(self, reply: str) -> None:
        self.wfile.write(f"{reply}\r\n".encode("ascii"))


class _Hook(_Handler):
    def handle(self) -> None:
        head = b""
        while (line := self.rfile.readline()) not in (b"\r\n", b""):
            head += line
        length = re.search(rb"(?i)^content-length:\s*(\d+)", head, re.MULTILINE)
        if length and len(self.rfile.read(int(length[1]))) == int(length[1]):
            self.collector.note(re.search(rb"(?im)^webhook-id:\s*(\S+)", head))
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads, request_queue_size = True, 64

    def handle_error(self, request: object, client_address: object) -> None:
        """A worker was killed in the middle of a sentence: that is what happens here."""


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector, while the block lasts."""
    collector = Collector()
    smtp, hook = (
        _Server(("127.0.0.1", 0), type(kind.__name__, (kind,), {"collector": collector}))
        for kind in (_Smtp, _Hook)
    )
    collector.smtp_port, collector.hook_port = smtp.server_address[1], hook.server_address[1]
    for server in (smtp, hook):
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield collector
    finally:
        for server in (smtp, hook):
            server.shutdown()
            server.server_close()

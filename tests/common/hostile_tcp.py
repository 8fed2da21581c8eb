"""A loopback server that says what a script makes it say, on plain sockets: for mail and for HTTP.

A script is a function of a `Line`, which reads and writes raw bytes; when it returns, the connection is
closed. Each connection runs in a thread of its own.
"""

import contextlib
import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

PATIENCE_S = 20


@dataclass
class Line:
    """One accepted connection. `over` is set when the server goes down."""

    socket: socket.socket
    over: threading.Event

    def read_line(self) -> bytes:
        """One line with its end; empty when the other side is gone."""
        line = b""
        while not line.endswith(b"\n") and (byte := self.socket.recv(1)):
            line += byte
        return line

    def read_request(self) -> bytes:
        """A whole HTTP request: head and the body that its Content-Length announces."""
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            if not (line := self.read_line()):
                return head
            head += line
        length = int(re.search(rb"(?i)content-length: *(\d+)", head)[1])  # type: ignore[index]
        body = b""
        while len(body) < length and (part := self.socket.recv(length - len(body))):
            body += part
        return head + body

    def say(self, data: bytes) -> None:
        self.socket.sendall(data)

    def close(self) -> None:
        """Also where TLS has put another socket in place of the first."""
        self.socket.close()

    def reset(self) -> None:
        """Close with RST instead of FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def drip(self, data: bytes, every_s: float = 0.01, after: bytes = b"") -> None:
        """`after` at once, then `data` one byte at a time, again and again."""
        self.say(after)
        while not self.over.is_set():
            for byte in data:
                self.say(bytes([byte]))
                if self.over.wait(every_s):
                    return

    def hang(self) -> None:
        """Say nothing until the server goes down."""
        self.over.wait(PATIENCE_S)


Script = Callable[[Line], None]


@dataclass
class Server:
    """Where it listens, and how many connections it took."""

    port: int
    lines: list[Line] = field(default_factory=list)

    @property
    def pair(self) -> str:
        return f"127.0.0.1:{self.port}"


@contextmanager
def serving(
    script: Script, tls: ssl.SSLContext | None = None, family: int = socket.AF_INET
) -> Iterator[Server]:
    """A server on a free loopback port that runs `script` for each connection."""
    over, threads = threading.Event(), list[threading.Thread]()
    with socket.socket(family) as listener:
        listener.bind(("::1" if family == socket.AF_INET6 else "127.0.0.1", 0))
        listener.listen()
        server = Server(listener.getsockname()[1])

        def talk(accepted: socket.socket) -> None:
            with contextlib.suppress(OSError):
                connection = tls.wrap_socket(accepted, server_side=True) if tls else accepted
                with connection:
                    connection.settimeout(PATIENCE_S)
                    line = Line(connection, over)
                    server.lines.append(line)
                    with contextlib.closing(line):
                        script(line)
            accepted.close()

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    thread = threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True)
                    threads.append(thread)
                    thread.start()

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield server
        finally:
            over.set()
            listener.shutdown(socket.SHUT_RDWR)
            accepting.join(PATIENCE_S)
            for line in server.lines:
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(line.socket, socket.SHUT_RDWR)
            for thread in threads:
                thread.join(PATIENCE_S)


def closed_port() -> int:
    """A loopback port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

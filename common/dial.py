"""Conversations that cannot outlast their time, whatever the other side does.

A socket's time-out counts from byte to byte: who sends one byte a second holds a reader for ever. A
`Watchdog` counts the whole and shuts the socket down at its end, from outside.
"""

import socket
import ssl
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self


class Watchdog:
    """One limit over a whole conversation. Use as a context manager around it."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self.is_over = False

    def left(self) -> float:
        """How many seconds are left. Raises TimeoutError if none are."""
        seconds = self._ends - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("no time is left")
        return seconds

    def watch(self, connection: socket.socket) -> None:
        """From now on this socket is the one to shut down (again, when TLS put a new one in its place)."""
        connection.settimeout(self.left())
        with self._lock:
            self._socket = connection
            if self.is_over:
                self._shut()

    def _end(self) -> None:
        with self._lock:
            self.is_over = True
            self._shut()

    def _shut(self) -> None:
        if self._socket is not None:
            with suppress(OSError):
                # Not `SSLSocket.shutdown`, which would take TLS down under the feet of a reader.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()


def look_up(host: str, port: int, seconds: float) -> list[str]:
    """All addresses of `host` by the system's resolver. Raises socket.gaierror or TimeoutError.

    The resolver cannot be interrupted; it is asked in a thread that is left behind when time is up.
    """
    answers: list[str] = []
    failures: list[OSError] = []

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            failures.append(error if isinstance(error, OSError) else socket.gaierror(str(error)))
        else:
            answers.extend(dict.fromkeys(str(entry[4][0]) for entry in found))

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise TimeoutError(f"no answer to the look-up of {host}")
    if failures:
        raise failures[0]
    return answers


def dial(addresses: Sequence[str], port: int, dog: Watchdog) -> socket.socket:
    """A connection to the first of `addresses` that takes one, under the eyes of `dog`. Raises OSError."""
    failure = OSError("there is no address to dial")
    for number, address in enumerate(addresses):
        try:
            # Who does not answer leaves the others their share of the time.
            connection = socket.create_connection((address, port), dog.left() / (len(addresses) - number))
        except OSError as error:
            failure = error
            continue
        # Else the second half of a request waits 40 ms for the acknowledgement of the first.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        dog.watch(connection)
        return connection
    raise failure


def explain(error: OSError) -> tuple[str, str]:
    """A code (timeout, tls, dns, refused, reset or network) and a sentence for what went wrong."""
    if isinstance(error, TimeoutError):
        return "timeout", "the time for one try was over"
    if isinstance(error, ssl.SSLCertVerificationError):
        return "tls", f"its certificate does not hold: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return "tls", f"no TLS with it: {error.reason or error}"
    if isinstance(error, socket.gaierror):
        return "dns", f"its name was not found: {error.strerror or error}"
    if isinstance(error, ConnectionRefusedError):
        return "refused", "it refused the connection"
    if isinstance(error, ConnectionError):
        return "reset", "it broke the connection off"
    return "network", f"it cannot be reached: {error.strerror or error}"

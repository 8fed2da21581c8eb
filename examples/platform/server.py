"""The platform on a socket: HTTP/1.1 with keep-alive, on 127.0.0.1 only, in a thread of its own.

    with serve(Path("examples/henan")) as server:
        urlopen(f"{server.home}/api/v2/search?q=...")

One asyncio protocol per connection reads heads and writes answers; nothing in between waits, so there are no
tasks to cancel.
"""

import asyncio
import socket
import threading
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import cast

from common.clock import now
from examples.platform import http1
from examples.platform.answers import Answer, as_error
from examples.platform.core import Platform
from examples.platform.data import load

HOST = "127.0.0.1"
DEFAULT_LIMIT = 1_000_000
"""API calls in five minutes: far more than any demonstration makes. Mastodon's own figure is 300."""
IDLE_SECONDS = 60
STOP_SECONDS = 10
BAD_REQUEST = as_error(400, "Bad Request")


class Server:
    """A running platform: its `port`, its address `home`, and `close()`."""

    def __init__(self, listener: socket.socket, platform: Platform) -> None:
        self.port: int = listener.getsockname()[1]
        self.home = home(self.port)
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, args=(listener, platform), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening, drop all connections, wait for the thread. Closing twice does nothing."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(STOP_SECONDS)

    def __enter__(self) -> "Server":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self, listener: socket.socket, platform: Platform) -> None:
        try:
            self._loop.run_until_complete(_listen(listener, platform, self._stop))
        finally:
            self._loop.close()


def serve(folder: Path, port: int = 0, limit: int = DEFAULT_LIMIT) -> Server:
    """Start the platform with the accounts of `folder` on a `port` (0: any free one).

    Raises DataError if the accounts cannot be used, OSError if the port cannot be had.
    """
    accounts = load(folder / "accounts.jsonl")
    listener = socket.create_server((HOST, port))
    return Server(listener, Platform(accounts, home(listener.getsockname()[1]), now(), limit))


def home(port: int) -> str:
    """The address of a platform on `port`, without a slash at its end."""
    return f"http://{HOST}:{port}"


async def _listen(listener: socket.socket, platform: Platform, stop: asyncio.Event) -> None:
    transports: set[asyncio.Transport] = set()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(platform, transports), sock=listener)
    await stop.wait()
    # A connection accepted a moment ago is still being set up, and a closed server would leave it half made:
    # let it arrive first, then drop all.
    while arriving := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(arriving)
    server.close()
    for transport in tuple(transports):
        transport.abort()
    # One turn of the loop, in which the aborted connections are lost and leave the set.
    await asyncio.sleep(0)
    await server.wait_closed()


class _Connection(asyncio.Protocol):
    """One client. Requests sent ahead wait in `_unread` while the client is slow to take its answers."""

    def __init__(self, platform: Platform, transports: set[asyncio.Transport]) -> None:
        self._platform = platform
        self._transports = transports
        self._unread = b""
        self._writable = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # A TCP connection always comes with a full transport; the base class only says less.
        self._transport = cast(asyncio.Transport, transport)
        self._transports.add(self._transport)
        self._wait_again()

    def connection_lost(self, exc: Exception | None) -> None:
        self._transports.discard(self._transport)
        self._deadline.cancel()

    def data_received(self, data: bytes) -> None:
        self._unread += data
        self._answer_all()

    def pause_writing(self) -> None:
        self._writable = False
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        self._writable = True
        self._transport.resume_reading()
        self._answer_all()

    def _answer_all(self) -> None:
        while self._writable and not self._transport.is_closing():
            head, end, rest = self._unread.partition(b"\r\n\r\n")
            try:
                http1.check_length(head)
                if not end:
                    return
                self._unread = rest
                self._answer_one(http1.parse(head))
            except http1.BadRequest:
                self._write(BAD_REQUEST, now(), with_body=True, keep_alive=False)

    def _answer_one(self, request: http1.Request) -> None:
        moment = now()
        answer = self._platform.answer(request.method, request.target, request.headers, moment)
        self._write(answer, moment, request.method != "HEAD", request.keep_alive)
        self._deadline.cancel()
        self._wait_again()

    def _write(self, answer: Answer, moment: datetime, with_body: bool, keep_alive: bool) -> None:
        self._transport.write(_head(answer, moment, keep_alive) + (answer.body if with_body else b""))
        if not keep_alive:
            self._transport.close()

    def _wait_again(self) -> None:
        loop = asyncio.get_running_loop()
        self._deadline = loop.call_later(IDLE_SECONDS, self._transport.abort)


def _head(answer: Answer, moment: datetime, keep_alive: bool) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    lines += [
        f"Date: {format_datetime(moment, usegmt=True)}",
        f"Content-Length: {len(answer.body)}",
        f"Connection: {'keep-alive' if keep_alive else 'close'}",
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")

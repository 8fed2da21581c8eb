"""A mail server that delivers nothing: on 127.0.0.1 only, it keeps what it is given, for a person to look at.

    with catch(Store(Path("mailbox"))) as catcher:
        smtplib.SMTP("127.0.0.1", catcher.port).send_message(message)

A mail is accepted (250) only once it is on disk; one too large is refused (552), and where it cannot be
written the sender is asked to come again (452).
"""

import asyncio
import socket
import threading
from types import TracebackType

from aiosmtpd.smtp import SMTP, Envelope, Session

from common import clock
from examples.mailbox.store import Store

HOST = "127.0.0.1"
MAX_BYTES = 1024 * 1024
IDLE_SECONDS = 30
STOP_SECONDS = 10


class Catcher:
    """A running mail server: its `port`, and `close()`."""

    def __init__(self, listener: socket.socket, store: Store) -> None:
        self.port: int = listener.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, args=(listener, store), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening and wait for the thread. Closing twice does nothing."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(STOP_SECONDS)

    def __enter__(self) -> "Catcher":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self, listener: socket.socket, store: Store) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            # The runner cancels the connections that are left and closes the loop.
            runner.run(_listen(listener, store, self._stop))


class _Handler:
    """What aiosmtpd calls with each mail."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        try:
            # On the loop's own thread: a demo's mail is small, and one writer keeps the order.
            self._store.keep(content, clock.now())
        except OSError as error:
            return f"452 not kept: {error.strerror}"
        return "250 kept"


def catch(store: Store, port: int = 0) -> Catcher:
    """Take mail on a `port` (0: any free one). Raises OSError if the port cannot be had."""
    return Catcher(socket.create_server((HOST, port)), store)


async def _listen(listener: socket.socket, store: Store, stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()

    def session() -> SMTP:
        return SMTP(
            _Handler(store), data_size_limit=MAX_BYTES, hostname="mailbox", timeout=IDLE_SECONDS, loop=loop
        )

    server = await loop.create_server(session, sock=listener)
    await stop.wait()
    server.close()
    await server.wait_closed()

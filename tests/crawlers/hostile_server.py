"""A loopback server that misbehaves by name, each misbehaviour on a port of its own.

A behaviour is an async function of a `Visit`; it answers, or does not, with raw bytes. Every host answers
`/robots.txt` with 404 unless its behaviour says otherwise. The server notes all requests, so a test can
assert what was never asked.
"""

import asyncio
import contextlib
import json
import ssl
import threading
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


@dataclass
class Visit:
    """One request, and the means to answer it."""

    target: str
    headers: dict[str, str]
    writer: asyncio.StreamWriter
    number: int
    port: int

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    def query(self, name: str) -> str:
        return parse_qs(urlsplit(self.target).query).get(name, [""])[0]

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self, status: int, body: bytes, *headers: str) -> None:
        """A well-formed answer."""
        lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", *headers]
        await self.send("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)

    async def json(self, document: object, status: int = 200, *headers: str) -> None:
        await self.answer(status, json.dumps(document).encode(), "Content-Type: application/json", *headers)


Behaviour = Callable[[Visit], Awaitable[None]]


@dataclass
class HostileServer:
    """Runs in a thread of its own; `host(behaviour)` opens one more port and gives its `address:port`."""

    visits: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def __enter__(self) -> "HostileServer":
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._servers: list[asyncio.Server] = []
        self._conversations: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        for task, writer in list(self._conversations.items()):
            task.cancel()
            writer.transport.abort()
        await asyncio.gather(*self._conversations, return_exceptions=True)
        await asyncio.sleep(0.05)  # aborted connections are taken down by the loop's next rounds

    def host(
        self, behaviour: Behaviour, robots: Behaviour | None = None, tls: ssl.SSLContext | None = None
    ) -> str:
        """A new host that behaves so, over TLS if a context is given."""
        return asyncio.run_coroutine_threadsafe(self._open(behaviour, robots, tls), self._loop).result(10)

    def close(self, pair: str) -> None:
        """The host is gone: connections are refused from now on."""
        port = int(pair.rpartition(":")[2])
        server = next(s for s in self._servers if s.sockets and s.sockets[0].getsockname()[1] == port)
        self._loop.call_soon_threadsafe(server.close)

    async def _open(self, behaviour: Behaviour, robots: Behaviour | None, tls: ssl.SSLContext | None) -> str:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            self._conversations[task] = writer
            with contextlib.suppress(ConnectionError, asyncio.CancelledError, asyncio.IncompleteReadError):
                await self._converse(pair, behaviour, robots, reader, writer)
            writer.close()
            self._conversations.pop(task, None)

        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
        self._servers.append(server)
        pair = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        return pair

    async def _converse(
        self,
        pair: str,
        behaviour: Behaviour,
        robots: Behaviour | None,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        while not writer.is_closing():
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.split("\r\n")
            target = first.split(" ")[1]
            headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines if line)}
            self.visits[pair].append(target)
            port = int(pair.rpartition(":")[2])
            visit = Visit(target, headers, writer, len(self.visits[pair]), port)
            if target != "/robots.txt":
                await behaviour(visit)
            elif robots is None:
                await writer_send(writer, MISSING)
            else:
                await robots(visit)


async def writer_send(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(data)
    await writer.drain()

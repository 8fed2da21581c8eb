"""A tap between the crawler and the example platform: it lets a number of calls through, then does harm.

    with Tap(home) as tap:
        tap.close_after(40, status=429, headers=[("Retry-After", "3600")])

Only calls of the API are counted and harmed; robots.txt and pages pass, unless the tap is shut.
"""

import http.client
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self, cast

SHUT = 0
"""As a status: stop listening, as a platform that went down."""


class Tap(ThreadingHTTPServer):
    """A server on 127.0.0.1 at `home`, before the platform at `behind` (host:port)."""

    daemon_threads = True

    def __init__(self, behind: str) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.home = f"http://127.0.0.1:{self.server_address[1]}"
        self.behind = behind.removeprefix("http://")
        self.refused = 0
        self.status, self.headers = SHUT, tuple[tuple[str, str], ...]()
        self._left = 10**9
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close_after(self, calls: int, status: int = SHUT, headers: Sequence[tuple[str, str]] = ()) -> None:
        """From now on let `calls` calls through and answer the others with `status`, or not at all."""
        with self._lock:
            self._left, self.refused, self.status, self.headers = calls, 0, status, tuple(headers)

    def may_pass(self) -> bool:
        """Count a call of the API; whether it is let through."""
        with self._lock:
            self._left -= 1
            self.refused += self._left < 0
            return self._left >= 0

    def shut(self) -> None:
        """Stop listening; who connects now is refused."""
        self.shutdown()
        self.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        self.shut()
        self._thread.join(10)


class _Connection(BaseHTTPRequestHandler):
    @property
    def tap(self) -> Tap:
        return cast(Tap, self.server)

    def do_GET(self) -> None:
        if not self.path.startswith("/api/") or self.tap.may_pass():
            self._pass_on()
        elif self.tap.status == SHUT:
            self.tap.shut()
        else:
            self._answer(self.tap.status, self.tap.headers, b'{"error":"closed"}')

    def _pass_on(self) -> None:
        connection = http.client.HTTPConnection(self.tap.behind, timeout=10)
        try:
            connection.request("GET", self.path, headers={"Accept": "*/*"})
            answer = connection.getresponse()
            self._answer(answer.status, answer.getheaders(), answer.read())
        finally:
            connection.close()

    def _answer(self, status: int, headers: Sequence[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in ("connection", "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

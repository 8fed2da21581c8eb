"""Two things Scrapy's HTTP client does that a polite and careful crawler must not.

* It reads an answer's head without limit: an endless one took 297 MiB in five seconds and 1,482 MiB in thirty
  (Scrapy 2.19.0). Here a head has 200 lines and 64 KiB. Counting lines rather than headers also ends folded
  headers and 1xx answers that never stop.
* It repeats a request by itself when a kept-alive connection turns out to be closed, past pace and budget.
"""

from scrapy.core.downloader.handlers import http11
from twisted.web.client import HTTPConnectionPool

MAX_LINES = 200
MAX_BYTES = 64 * 1024


class HeadTooLong(Exception):
    """Raised inside the HTTP client, which then fails the download."""


class CappedParser(http11._LenientHTTPClientParser):
    """Scrapy's response parser with a limit on what it reads before the body."""

    _lines = 0
    _bytes = 0

    def lineReceived(self, line: bytes) -> None:
        self._lines += 1
        self._bytes += len(line)
        if self._lines > MAX_LINES or self._bytes > MAX_BYTES:
            raise HeadTooLong(f"more than {MAX_LINES} header lines or {MAX_BYTES} bytes")
        super().lineReceived(line)


def restrain() -> None:
    """Put both into force. Scrapy looks the parser class up by name for every request."""
    http11._LenientHTTPClientParser = CappedParser  # type: ignore[misc]
    HTTPConnectionPool.retryAutomatically = False


def is_restrained() -> bool:
    """Whether both are in force."""
    return http11._LenientHTTPClientParser is CappedParser and not HTTPConnectionPool.retryAutomatically

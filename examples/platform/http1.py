"""Reading the head of an HTTP/1.1 request, strictly (RFC 9112): what is odd is refused, never guessed at."""

import re
from typing import NamedTuple

MOST_BYTES = 16_384
MOST_HEADERS = 100
REQUEST_LINE = re.compile(r"([A-Z]{1,20}) ([!-~]+) HTTP/1\.([01])")
HEADER_LINE = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*?)[ \t]*")


class BadRequest(Exception):
    """These bytes are not a request this server answers."""


class Request(NamedTuple):
    """A request without body; header names in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    keep_alive: bool


def check_length(head: bytes) -> None:
    """Raises BadRequest if `head`, complete or not, is longer than any head may be."""
    if len(head) > MOST_BYTES:
        raise BadRequest


def parse(head: bytes) -> Request:
    """The request whose head is `head`, without the blank line at its end. Raises BadRequest."""
    first, *lines = head.decode("latin-1").split("\r\n")
    match = REQUEST_LINE.fullmatch(first)
    if not match or len(lines) > MOST_HEADERS:
        raise BadRequest
    method, target, minor = match.groups()
    headers = _headers(lines)
    if minor == "1" and "host" not in headers:
        raise BadRequest
    # Nothing here takes a body; leaving one unread would make it the next request.
    if headers.get("content-length", "0") != "0" or "transfer-encoding" in headers:
        raise BadRequest
    return Request(method, target, headers, _keep_alive(minor, headers))


def _headers(lines: list[str]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        match = HEADER_LINE.fullmatch(line)
        if not match:
            raise BadRequest
        name = match[1].lower()
        if name in headers and name in ("host", "content-length", "transfer-encoding"):
            raise BadRequest
        headers[name] = match[2]
    return headers


def _keep_alive(minor: str, headers: dict[str, str]) -> bool:
    wish = headers.get("connection", "").lower()
    return wish == "keep-alive" if minor == "0" else wish != "close"

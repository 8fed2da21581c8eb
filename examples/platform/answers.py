"""What goes back to a caller, and the few forms it takes."""

import json
from typing import Any, NamedTuple

Headers = tuple[tuple[str, str], ...]


class Answer(NamedTuple):
    """An HTTP answer; the transport adds Date, Content-Length and Connection."""

    status: int
    headers: Headers
    body: bytes


def dump(content: dict[str, Any]) -> str:
    """`content` as compact JSON text."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def as_json(body: str, status: int = 200) -> Answer:
    """JSON text as an answer."""
    return as_text(status, "application/json; charset=utf-8", body)


def as_error(status: int, reason: str) -> Answer:
    """An error as Mastodon words it: {"error": reason}."""
    return as_json(dump({"error": reason}), status)


def as_html(status: int, page: str) -> Answer:
    """An HTML page as an answer."""
    return as_text(status, "text/html; charset=utf-8", page)


def as_text(status: int, kind: str, text: str) -> Answer:
    """Text of the content type `kind` as an answer."""
    return Answer(status, (("Content-Type", kind), ("X-Content-Type-Options", "nosniff")), text.encode())


def as_png(content: bytes) -> Answer:
    """A picture as an answer."""
    return Answer(200, (("Content-Type", "image/png"), ("Cache-Control", "public, max-age=3600")), content)

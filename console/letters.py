"""A stored message as a person reads it: who wrote to whom about what, and the text. Pure.

What is read may have been written by anybody: whatever the bytes are, a letter comes out, bounded in size,
and the pages escape it like every foreign text.
"""

import contextlib
import email
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message

HEADER_CHARS = 300
TEXT_CHARS = 20_000
# A link of ours as it stands in a message; the token is what its recipient acknowledges by.
LINK = re.compile(r"/acknowledge/([A-Za-z0-9][A-Za-z0-9_.:=-]{,400})/")
# What the parser of the standard library raises for headers and parts that are none.
UNREADABLE = (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in words; a field that is missing or cannot be read is "". `cut`: the text was longer."""

    sender: str
    to: str
    subject: str
    date: str
    text: str
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; `token` where it is a link to acknowledge by."""

    text: str
    token: str = ""


def read(raw: bytes) -> Letter:
    """The mail in `raw`. Raises nothing: where it is no mail, the letter is empty."""
    try:
        mail = email.message_from_bytes(raw)
        text = _text(mail)
    except UNREADABLE:
        return Letter("", "", "", "", "")
    sender, to, subject, date = (_header(mail, name) for name in ("From", "To", "Subject", "Date"))
    return Letter(sender, to, subject, date, text[:TEXT_CHARS], len(text) > TEXT_CHARS)


def read_json(raw: bytes) -> Letter:
    """The webhook body in `raw`, indented; the bytes as text where it is no JSON."""
    text = raw.decode("utf-8", "replace")
    with contextlib.suppress(ValueError, RecursionError):
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    return Letter("", "", "", "", text[:TEXT_CHARS], len(text) > TEXT_CHARS)


def without_tokens(text: str) -> str:
    """`text` with the token of every link taken out: it acknowledges in the name of its recipient."""
    return LINK.sub("/acknowledge/…/", text)


def pieces(text: str, home: str) -> Iterator[Piece]:
    """`text` cut at its links to acknowledge by that lead to `home` (`https://host`), and no others."""
    rest = 0
    for found in re.finditer(re.escape(home) + LINK.pattern, text) if home else ():
        yield Piece(text[rest : found.start()])
        yield Piece(found[0], found[1])
        rest = found.end()
    yield Piece(text[rest:])


def _header(mail: Message, name: str) -> str:
    value = mail.get(name, "")
    try:
        text = str(make_header(decode_header(value)))
    except UNREADABLE:
        text = str(value)
    return " ".join(text.split())[:HEADER_CHARS]


def _text(mail: Message) -> str:
    """The first part in plain text."""
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            # The wide space of Chinese typesetting; the pages mark it as a hidden character in names.
            return _decoded(part).replace("\r\n", "\n").replace("\u3000", "  ")
    return ""


def _decoded(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return content.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:  # a character set nobody knows
        return content.decode("utf-8", "replace")

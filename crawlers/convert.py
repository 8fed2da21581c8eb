"""From what a platform wrote to a value of one meaning: text, whole number, yes/no, UTC time, URL. Pure.

A converter takes a JSON scalar and returns the value, or raises ConvertError with a sentence; the field is
then null with that sentence beside it. Nothing is guessed: a date without a zone is refused unless the spec
names one. Texts keep bidi and zero-width characters (they are evidence); only what no store can hold,
U+0000 and lone surrogates, becomes U+FFFD.
"""

import email.utils
import html
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from common import clock
from crawlers.expressions import Pattern

MAX_TEXT = 10_000
MAX_URL = 2_048
MAX_NUMBER = 2**63 - 1
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_COUNT = re.compile(r"([0-9]+(?:\.[0-9]+)?)(万|亿|[kmbw])?\+?")
_FACTOR = {"k": 10**3, "m": 10**6, "b": 10**9, "w": 10**4, "万": 10**4, "亿": 10**8}
_YES = frozenset({True, "true", "1", "是", "已认证", "认证", "通过"})
_NO = frozenset({False, "false", "0", "否", "未认证", "无认证", "未通过"})
_EARLIEST, _LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_UNSEEN = Pattern(r"(?is)<(?:script|style)\b.*?</(?:script|style)\s*>|<!--.*?-->")
_NEW_LINE = Pattern(r"(?i)<br\s*/?>|</?(?:p|div|li|ul|ol|blockquote)\b[^>]*>")
_TAG = Pattern(r"</?[A-Za-z!][^>]*>")


class ConvertError(Exception):
    """The value does not hold what the field asks for; the text is one sentence."""


def clean(text: str) -> tuple[str, bool]:
    """`text` as it can be stored, and whether a character had to be replaced or the end cut."""
    cleaned = _UNSTORABLE.sub("\ufffd", text[:MAX_TEXT])
    return cleaned, cleaned != text


def convert(value: Any, name: str, *, tz: str | None = None, base: str = "") -> Any:
    """The scalar `value` (str, int, float, bool) by converter `name`; null stays null.

    `tz` is the zone of times written without one, `base` the URL that relative URLs belong to.
    """
    if value is None:
        return None
    if name == "datetime":
        return _datetime(_text(value), tz)
    if name == "url":
        return _url(_text(value), base)
    return _SIMPLE[name](value)


def count(value: Any) -> tuple[int, bool]:
    """A number as people write it, and whether it is approximate: 1,204 · 13.7M · 6335.7万 · 1.2亿."""
    text = unicodedata.normalize("NFKC", _text(value)).lower().replace(",", "").replace(" ", "")
    found = _COUNT.fullmatch(text[:40])
    if not found:
        raise ConvertError(f"{_short(value)} is not a count")
    number = int(Decimal(found[1]) * _FACTOR.get(found[2], 1))
    if number > MAX_NUMBER:
        raise ConvertError(f"{_short(value)} is larger than any count")
    return number, found[2] is not None or text.endswith("+")


def _text(value: Any) -> str:
    """Text with its ends stripped; a JSON number in decimal."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise ConvertError(f"{_short(value)} is not text")


def _int(value: Any) -> int:
    text = _text(value)
    if isinstance(value, float) or not re.fullmatch(r"[0-9]{1,19}", text) or int(text) > MAX_NUMBER:
        raise ConvertError(f"{_short(value)} is not a whole number")
    return int(text)


def _bool(value: Any) -> bool:
    word = value if isinstance(value, bool) else _text(value).lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ConvertError(f"{_short(value)} is neither true nor false")


def _datetime(text: str, tz: str | None) -> str:
    moment = _moment(text)
    if moment.tzinfo is None:
        if tz is None:
            raise ConvertError("no time zone in the text; add tz (for example Asia/Shanghai)")
        moment = moment.replace(tzinfo=ZoneInfo(tz))
    return _in_range(moment, text)


def _moment(text: str) -> datetime:
    """ISO 8601, RFC 2822, or `Fri Aug 28 00:00:00 +0800 2009`."""
    readers: tuple[Callable[[str], datetime], ...] = (
        datetime.fromisoformat,
        lambda words: datetime.strptime(words, "%a %b %d %H:%M:%S %z %Y"),
        email.utils.parsedate_to_datetime,
    )
    for reader in readers:
        try:
            return reader(text[:64])
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    raise ConvertError(f"{_short(text)} is not a date")


def _epoch(value: Any, per_second: int) -> str:
    text = _text(value)
    if not re.fullmatch(r"[0-9]{1,16}(\.[0-9]{1,9})?", text):
        raise ConvertError(f"{_short(value)} is not an epoch")
    try:
        moment = datetime.fromtimestamp(float(text) / per_second, UTC)
    except (ValueError, OverflowError, OSError):
        raise ConvertError(f"{_short(value)} is outside 1990 to 2100") from None
    return _in_range(moment, value)


def _in_range(moment: datetime, written: Any) -> str:
    try:
        if _EARLIEST <= moment < _LATEST:
            return clock.isoformat(moment)
    except OverflowError:
        pass
    raise ConvertError(f"{_short(written)} is outside 1990 to 2100")


def _url(text: str, base: str) -> str:
    """An http or https URL without a user part. It is only kept, so where it leads is not judged here."""
    try:
        url = urljoin(base, text)
        parts = urlsplit(url)
    except ValueError as error:
        raise ConvertError(f"{_short(text)} is not a web address: {error}") from None
    if parts.scheme not in ("http", "https") or not parts.netloc or "@" in parts.netloc:
        raise ConvertError(f"{_short(text)} is not a web address")
    if len(url) > MAX_URL:
        raise ConvertError(f"web address longer than {MAX_URL} characters")
    return url


def _html_text(value: Any) -> str:
    """The text of a scrap of HTML: breaks and paragraphs as new lines, tags out, entities decoded once."""
    text, _ = clean(_text(value)[: 4 * MAX_TEXT])
    text = _TAG.replace("", _NEW_LINE.replace("\n", _UNSEEN.replace("", text)))
    lines = (line.strip() for line in html.unescape(text).splitlines())
    return "\n".join(line for line in lines if line)


def _short(value: Any) -> str:
    return repr(value)[:40]


_SIMPLE: Mapping[str, Callable[[Any], Any]] = {
    "text": _text,
    "lower": lambda value: _text(value).lower(),
    "int": _int,
    "count": lambda value: count(value)[0],
    "bool": _bool,
    "epoch_s": lambda value: _epoch(value, 1),
    "epoch_ms": lambda value: _epoch(value, 1000),
    "html_text": _html_text,
}

"""How long a host asks us to wait: from Retry-After and X-RateLimit-Reset to seconds. Pure."""

import email.utils
import re
from collections.abc import Iterable
from datetime import UTC, datetime

from crawlers.items import Answer

SHORTEST_S, LONGEST_S = 1.0, 24 * 3600.0
_EPOCH_FROM = 10**9  # from here on a number is a moment (as X writes), below it a span (as Reddit writes)


def asks_to_wait(answer: Answer) -> bool:
    """Whether `answer` means "later": 429 and 503 always, 403 if it says when or that a quota is used up."""
    if answer.status in (429, 503):
        return True
    used_up = "0" in (value.strip() for value in answer.header("x-ratelimit-remaining"))
    return answer.status == 403 and (used_up or bool(answer.header("retry-after")))


def wait_s(answer: Answer, now: datetime) -> float | None:
    """Seconds from `now` (aware) that `answer` asks for, within a second and a day; None if it does not say.

    A header may come twice (as seconds and as a date); the first value that can be read and lies ahead
    counts.
    """
    spans = [_retry_after(value, now) for value in answer.header("retry-after")]
    spans += [_reset(value, now) for value in answer.header("x-ratelimit-reset")]
    return next((min(LONGEST_S, max(SHORTEST_S, span)) for span in _readable(spans)), None)


def _readable(spans: Iterable[float | None]) -> list[float]:
    return [span for span in spans if span is not None and span > 0]


def _retry_after(value: str, now: datetime) -> float | None:
    text = value.strip()
    return _number(text) if _number(text) is not None else _until(_http_date(text), now)


def _reset(value: str, now: datetime) -> float | None:
    number = _number(value.strip())
    if number is not None and number >= _EPOCH_FROM:
        return number - now.timestamp()
    return number if number is not None else _until(_iso(value.strip()), now)


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,6})?", text) else None


def _http_date(text: str) -> datetime | None:
    try:
        return email.utils.parsedate_to_datetime(text[:64])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text[:64])
    except ValueError:
        return None


def _until(moment: datetime | None, now: datetime) -> float | None:
    if moment is None:
        return None
    try:
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return (aware - now).total_seconds()
    except OverflowError:
        return None

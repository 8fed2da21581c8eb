"""When a message that was not delivered is tried again. Pure.

* Ten tries, at 0, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, each counted from the one before:
  75 h 35 min in all (the example schedule of Standard Webhooks 1.0.0). Then the message is parked.
* Every wait is up to a tenth shorter or longer, so that what failed together does not come back together.
  The tenth comes from the delivery's id and the try: two workers count the same, and so does a test.
* A receiver that says when to come back (`Retry-After`, seconds or a date) is not asked earlier; what it says
  counts as one second at least and 24 hours at most.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
MAX_TRIES = len(WAITS) + 1
JITTER = 0.1
SHORTEST, LONGEST = timedelta(seconds=1), timedelta(hours=24)


def next_try(
    delivery_id: str, tries: int, now: datetime, not_before: timedelta | None = None
) -> datetime | None:
    """When the next try is due after `tries` failed ones; None when there is none left.

    `not_before` is how long the receiver wants to be left alone (`retry_after`).
    """
    if tries >= MAX_TRIES:
        return None
    wait = WAITS[tries - 1] * (1 + JITTER * _shift(delivery_id, tries))
    return now + max(wait, not_before or timedelta(0))


def retry_after(value: str, now: datetime) -> timedelta | None:
    """What a Retry-After header asks for, within `SHORTEST` and `LONGEST`; None if it says nothing usable."""
    text = value.strip()
    if text.isascii() and text.isdecimal():
        # More digits than this are longer than LONGEST, and would not fit into a timedelta.
        return _clamped(timedelta(seconds=int(text[:9])))
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    return _clamped((until if until.tzinfo else until.replace(tzinfo=UTC)) - now)


def _clamped(wait: timedelta) -> timedelta:
    return min(max(wait, SHORTEST), LONGEST)


def _shift(delivery_id: str, tries: int) -> float:
    """From -1 to 1, the same for the same delivery and try."""
    digest = hashlib.sha256(f"{delivery_id}|{tries}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / (2**63) - 1

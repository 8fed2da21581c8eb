"""How many API calls a caller may make, counted as Mastodon counts: in fixed windows of five minutes."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

PERIOD = 300
"""Seconds. Mastodon allows an anonymous address 300 calls in this time."""


@dataclass(frozen=True)
class Allowance:
    """What a call was told: allowed or not, and the three headers that say so."""

    allowed: bool
    headers: tuple[tuple[str, str], ...]


class Limiter:
    """Counts calls; all callers share one count, as all come from loopback."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._window = -1
        self._count = 0

    def call(self, now: datetime) -> Allowance:
        """Count one call made at `now` (aware)."""
        window = int(now.timestamp()) // PERIOD
        if window != self._window:
            self._window, self._count = window, 0
        self._count += 1
        reset = datetime.fromtimestamp((window + 1) * PERIOD, UTC) + timedelta(microseconds=now.microsecond)
        return Allowance(
            self._count <= self._limit,
            (
                ("X-RateLimit-Limit", str(self._limit)),
                ("X-RateLimit-Remaining", str(max(0, self._limit - self._count))),
                # The fraction of the second stays in, as in Mastodon's own answers.
                ("X-RateLimit-Reset", reset.isoformat(timespec="microseconds").replace("+00:00", "Z")),
            ),
        )

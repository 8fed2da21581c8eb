"""How one host is treated during a run: when the next request may start, and when none may any more. Pure.

All times are seconds of one monotonic clock, given by the caller.
"""

from dataclasses import dataclass

FALLBACK_S, MAX_FALLBACK_S = 60.0, 3600.0
SLEPT_PAUSE_S = 60.0
"""A longer pause is not waited for: the rest of the host's tasks go back to the parent."""
LONGEST_DELAY_S = 300.0
"""A host that wants more than this between requests gets one page a run."""
FAILURES = 3
"""So many failed connections in a row, each already retried, and the host counts as unreachable."""


@dataclass
class Host:
    """One `host:port`. `relaxed` = a loopback address of a test, whose delays are left out."""

    pair: str
    delay_s: float
    relaxed: bool = False
    requests: int = 0
    _next_start: float = 0.0
    _paused_until: float = 0.0
    _pauses: int = 0
    _failures: int = 0

    def refusal(self, now: float) -> str | None:
        """Why no further request is made to this host, or None."""
        if self._failures >= FAILURES:
            return f"host unreachable: {self._failures} connections in a row failed"
        if self._paused_until - now > SLEPT_PAUSE_S:
            return f"host asked us to wait another {self._paused_until - now:.0f} s"
        if self._next_start - now > LONGEST_DELAY_S:
            return f"robots.txt asks for {self.delay_s:.0f} s between requests: one page a run"
        return None

    def take_turn(self, now: float) -> float:
        """Seconds to wait before the next request starts; the turn after it moves behind it."""
        start = max(now, self._next_start, self._paused_until)
        self._next_start = start + (0.0 if self.relaxed else self.delay_s)
        return start - now

    def want_delay(self, seconds: float) -> None:
        """Honour a Crawl-delay: never shorter than the spec's own delay."""
        self.delay_s = max(self.delay_s, seconds)

    def fallback_s(self) -> float:
        """How long to pause when the host does not say: a minute, doubling each time, an hour at most."""
        self._pauses += 1
        return float(min(MAX_FALLBACK_S, FALLBACK_S * 2 ** (self._pauses - 1)))

    def pause(self, seconds: float, now: float) -> None:
        """Make no request for so long."""
        self._paused_until = max(self._paused_until, now + seconds)

    def failed(self) -> None:
        """A connection failed, retry included."""
        self._failures += 1

    def answered(self) -> None:
        """The host answered something."""
        self._failures = 0

"""How many followers, and whether they came at once. A large count is no defence: followers are for sale."""

from collections.abc import Iterator
from datetime import date

from detection.signals import weights
from detection.signals.facts import Candidate
from detection.signals.signal import Signal, neutral, unknown

_Count = tuple[date, int]


def followers(candidate: Candidate) -> Signal:
    """A jump between two looks; a large count; or nothing to remark."""
    if jump := next(_jumps(sorted(candidate.follower_counts or ())), None):
        (first, before), (last, after) = jump
        days = max(1, (last - first).days)
        detail = {"gained": str(after - before), "days": str(days)}
        return Signal("followers_jump", "for", weights.FOLLOWER_STEP, detail)
    if candidate.followers is None or candidate.followers < 0:
        return unknown("followers_unknown")
    code = "followers_many" if candidate.followers >= weights.MANY_FOLLOWERS else "followers_few"
    return neutral(code, count=str(candidate.followers))


def _jumps(counts: list[_Count]) -> Iterator[tuple[_Count, _Count]]:
    """Pairs of looks within a few days between which the followers multiplied."""
    for at, (first, before) in enumerate(counts):
        for last, after in counts[at + 1 :]:
            if (last - first).days > weights.STEP_DAYS:
                break
            if _multiplied(before, after):
                yield (first, before), (last, after)


def _multiplied(before: int, after: int) -> bool:
    return after - before >= weights.STEP_FOLLOWERS and after >= weights.STEP_TIMES * before >= 0

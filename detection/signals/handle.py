"""Whether the handle is like the official one: `detection.compare` says how much, here it gets its weight."""

from detection.signals import weights
from detection.signals.facts import Candidate, Likeness, Official
from detection.signals.signal import Signal, neutral, unknown
from detection.signals.text import quoted


def handle(candidate: Candidate, official: Official, likeness: Likeness | None) -> Signal:
    """`likeness`: the candidate's handle compared with the official side; None where that was not done."""
    if not candidate.handle or likeness is None:
        return unknown("handle_unknown")
    detail = {"handle": quoted(candidate.handle), "official": quoted(official.handle or official.name)}
    if not likeness.accepted:
        return neutral("handle_not_alike", **detail)
    return Signal("handle_alike", "for", round(weights.HANDLE * likeness.score, 4), detail)

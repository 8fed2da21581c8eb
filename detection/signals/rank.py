"""Whom a citizen meets who searches for the official name."""

from detection.signals import weights
from detection.signals.facts import Candidate, Official
from detection.signals.signal import Signal, neutral, unknown


def rank(candidate: Candidate, official: Official) -> Signal:
    """Whether the stranger stands above the genuine account in the same search."""
    mine, theirs = candidate.rank, official.rank
    if mine is None or theirs is None or min(mine, theirs) < 1:
        return unknown("rank_unknown")
    detail = {"mine": str(mine), "theirs": str(theirs)}
    return (
        Signal("rank_above", "for", weights.RANKS_ABOVE, detail) if mine < theirs else neutral("rank_below")
    )


def vacant_slot(official: Official) -> Signal:
    """Whether the office has no account on this platform, so that the citizen finds nothing else."""
    if official.is_on_platform is None:
        return unknown("vacant_unknown")
    return neutral("vacant_not") if official.is_on_platform else Signal("vacant", "for", weights.VACANT_SLOT)

"""How old the account is, beside the official one. A renamed account is as young as its name."""

from datetime import timedelta

from detection.signals import weights
from detection.signals.facts import Candidate, Official
from detection.signals.signal import Signal, neutral, unknown


def age(candidate: Candidate, official: Official) -> Signal:
    """Older than the official account; brand new; or neither. A day after the look is no day of opening."""
    opened, seen = candidate.opened_on, candidate.seen_on
    if opened is None or (seen is not None and opened > seen):
        return unknown("age_unknown")
    detail = {"opened": opened.isoformat()}
    if candidate.former_names:
        return neutral("age_before_rename", **detail)
    if official.opened_on is not None and opened < official.opened_on:
        return Signal("age_older", "against", weights.OLDER, detail)
    if seen is None:
        return unknown("age_unknown")
    if seen - opened <= timedelta(days=weights.BRAND_NEW_DAYS):
        return Signal("age_new", "for", weights.BRAND_NEW, detail)
    # Not new, but whether the official account is younger is not known.
    return unknown("age_not_compared") if official.opened_on is None else neutral("age_ordinary", **detail)

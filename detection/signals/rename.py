"""Whether the account took a name like the official one later, having had another."""

from detection.signals import weights
from detection.signals.facts import Candidate
from detection.signals.signal import Signal, neutral, unknown
from detection.signals.text import quoted


def rename(candidate: Candidate, is_alike: bool | None) -> Signal:
    """`is_alike`: whether its name of today is like the official one; None where that was not compared."""
    former = candidate.former_names
    if former is None or (former and is_alike is None):
        return unknown("rename_unknown")
    if not former:
        return neutral("rename_none")
    if not is_alike or any(name.alike for name in former):
        return neutral("rename_elsewhere")
    if any(name.alike is None for name in former):
        return unknown("rename_unknown")
    return Signal("rename_towards", "for", weights.RENAMED, {"former": quoted(former[-1].name)})

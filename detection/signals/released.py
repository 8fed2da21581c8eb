"""Handles and names that an office gave up stay its own: who takes them up is met with an alert."""

from detection.signals import weights
from detection.signals.facts import Candidate, Official
from detection.signals.signal import Signal, neutral, unknown
from detection.signals.text import quoted, same_as_any


def released_handle(candidate: Candidate, official: Official) -> Signal:
    """Whether the handle is one the official side released; signs and capitals aside."""
    if not candidate.handle or official.released_handles is None:
        return unknown("released_handle_unknown")
    if handle := same_as_any(candidate.handle, official.released_handles):
        return Signal("released_handle", "for", weights.RELEASED_HANDLE, {"handle": quoted(handle)})
    return neutral("released_handle_none")


def released_name(candidate: Candidate, official: Official) -> Signal:
    """Whether the name is one the official side bore before."""
    if official.released_names is None:
        return unknown("released_name_unknown")
    if name := same_as_any(candidate.name, official.released_names):
        return Signal("released_name", "for", weights.RELEASED_NAME, {"name": quoted(name)})
    return neutral("released_name_none")


def closed(official: Official) -> Signal:
    """Whether the account, or its body, is no more: then nobody bears the name with right."""
    if official.is_closed is None:
        return unknown("closed_unknown")
    if official.is_closed:
        return Signal("closed", "for", weights.CLOSED, {"official": quoted(official.name)})
    return neutral("closed_not")

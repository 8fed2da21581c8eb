"""A stranger whose name or handle is like an official one, with everything that lies beside the name."""

from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from detection.compare import AccountName, Match, compare_texts
from detection.facts import Facts
from detection.rarity import Rarity
from detection.signals.beside import signals_of
from detection.signals.combine import Assessment, combine
from detection.signals.facts import FormerName
from detection.signals.signal import Signal
from observations.models import Observation
from registry.models import Account


class Assessed(NamedTuple):
    """What it came to, and every signal that was asked."""

    outcome: Assessment
    signals: tuple[Signal, ...]

    @property
    def facts(self) -> list[list[Any]]:
        """The facts the signals rest on, as plain JSON values; a fact that tells nothing new is none."""
        return [[signal.code, dict(signal.detail)] for signal in self.signals]


def assess(
    stranger: Observation, account: Account, official: AccountName, match: Match, facts: Facts, rarity: Rarity
) -> Assessed:
    """`stranger`, whose likeness to the name `official` of `account` is `match`."""
    alike = partial(compare_texts, division=official.division, rarity=rarity)
    candidate = facts.candidate(stranger, account)
    if candidate.former_names:
        former = (FormerName(n.name, alike(n.name, official.name).accepted) for n in candidate.former_names)
        candidate = replace(candidate, former_names=tuple(former))
    by_name = match if match.came_from == "name" else alike(stranger.name, official.name)
    handle = candidate.handle
    by_handle = alike(handle, account.handle or official.name) if handle else None
    signals = signals_of(candidate, facts.official(account, stranger), by_name, by_handle)
    return Assessed(combine(match, signals), signals)


def stored(assessed: Assessed) -> list[dict[str, Any]]:
    """The signals that tell something, the heaviest first, for `Suspect.reasons`."""
    return [
        {
            "code": signal.code,
            "points": signal.points,
            "detail": dict(signal.detail),
            "zh": signal.zh,
            "en": signal.en,
            "value": signal.value,
        }
        for signal in assessed.outcome.reasons
        if isinstance(signal, Signal)
    ]


def not_checked(assessed: Assessed) -> list[dict[str, Any]]:
    """The signals that had no facts, for `Suspect.not_checked`."""
    return [{"code": one.code, "zh": one.zh, "en": one.en} for one in assessed.outcome.not_checked]


def verdict(assessed: Assessed) -> dict[str, Any]:
    """The verdict that clears a stranger, as the first of the reasons beside the name."""
    outcome = assessed.outcome
    said = {"zh": outcome.zh, "en": outcome.en}
    return {"code": outcome.verdict, "points": 0.0, "detail": {}, **said, "value": "against"}

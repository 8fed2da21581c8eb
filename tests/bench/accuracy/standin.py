"""An engine that says what a test tells it to, so that figures are worked out by hand and not by rules."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bench.accuracy.desk import Desk, open_desk
from detection.compare import AccountName, Match
from detection.engine import Found
from detection.reasons import Reason

Said = tuple[str, str, float]  # a registered string, the kind and the score; no string for an office claim


def match(registered: str, kind: str, score: float = 0.9) -> Match:
    """A match as an engine would give it."""
    names = {"candidate": "x", "official": registered}
    reasons = (Reason("not_alike", score, names),)
    return Match(score, kind, reasons, accepted=bool(kind), registered=registered)


@dataclass(frozen=True)
class Oracle:
    """Says of a name what it is told to, of every official that holds the string, in the order told."""

    officials: Sequence[AccountName]
    told: Mapping[str, Sequence[Said]]
    below: Mapping[str, Sequence[Said]]

    def search(self, accounts: Sequence[AccountName], threshold: float | None = None) -> list[list[Found]]:
        """What was told, and if asked for everything also what lies below the rule."""
        return [self._found(account.name or account.handle, threshold) for account in accounts]

    def _found(self, text: str, threshold: float | None) -> list[Found]:
        said = [*self.told.get(text, ()), *(self.below.get(text, ()) if threshold is not None else ())]
        return [
            Found(at, match(registered, kind, score))
            for registered, kind, score in said
            for at in (self._at(registered) if registered else [-1])
        ]

    def _at(self, registered: str) -> list[int]:
        return [
            at for at, one in enumerate(self.officials) if registered in (one.name, one.handle) and registered
        ]


def told(
    told: Mapping[str, Sequence[Said]], below: Mapping[str, Sequence[Said]] | None = None
) -> Callable[[Sequence[AccountName]], Oracle]:
    """Builds such engines."""
    return lambda officials: Oracle(officials, told, below or {})


def desk(
    officials: Sequence[AccountName],
    said: Mapping[str, Sequence[Said]],
    below: Mapping[str, Sequence[Said]] | None = None,
) -> Desk:
    """A desk in this process over such an engine."""
    with open_desk(officials, told(said, below), workers=0) as opened:
        return opened

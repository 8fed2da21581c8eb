"""What all signs come to, in this order; each step stops.

1. Registered under its permanent id: no suspect, however alike. So is what a person allowed before.
2. The sponsor itself is the certified subject: genuine, and missing in the register (a filing finding).
3. Another lawful body is the certified subject, and the name fits it: a lawful namesake.
4. It says openly that it is a fan's, a parody or personal, claims nothing and lures nobody: recorded, low.
5. Otherwise the likeness of the name or one of the signs that lead to this office (handle, avatar, claim,
   released handle or name) nominates it, and the points of all are added up. A person decides.

What could not be checked has no points and is named in the outcome. The same input gives the same outcome.
Source: order of decision of the domain handbook.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from detection.signals import weights
from detection.signals.facts import Explained, Likeness
from detection.signals.sentences import VERDICTS
from detection.signals.signal import Signal

SIGNALS_VERSION = "2026-11.1"

Verdict = Literal[
    "registered",
    "allow_listed",
    "unfiled_genuine",
    "legit_homonym",
    "declared",
    "suspect",
    "watch",
    "unremarkable",
]

# Signs that lead to this one official account, and not only to a dubious stranger.
NOMINATING = frozenset(
    {
        "handle_alike",
        "bio_claims_unit",
        "avatar_same",
        "avatar_alike",
        "avatar_shared",
        "released_handle",
        "released_name",
    }
)
_DECIDING: dict[str, Verdict] = {
    "registered": "registered",
    "allowed": "allow_listed",
    "subject_is_sponsor": "unfiled_genuine",
    "subject_is_alias": "unfiled_genuine",
    "subject_is_other_body": "legit_homonym",
}
_CLAIMING = frozenset({"bio_claims", "bio_claims_unit", "contact_lures"})


class NameMatch(Likeness, Protocol):
    """The likeness of the names with its reasons, whose points add up to the score."""

    @property
    def reasons(self) -> Sequence[Explained]: ...


@dataclass(frozen=True)
class Assessment:
    """The verdict, and why. `reasons`: of the name if it is alike, then all signals that tell something.

    points: what the reasons' points add up to; above 1 where much comes together.
    not_checked: the signals that could not be looked at.
    """

    verdict: Verdict
    points: float
    reasons: tuple[Explained, ...]
    not_checked: tuple[Signal, ...]

    @property
    def zh(self) -> str:
        """The verdict in one Chinese sentence."""
        return VERDICTS[self.verdict][0]

    @property
    def en(self) -> str:
        """The verdict in one English sentence."""
        return VERDICTS[self.verdict][1]


def combine(match: NameMatch, signals: Sequence[Signal]) -> Assessment:
    """The assessment of one stranger against one official account. Pure."""
    # A handle that made the match must not count a second time.
    counted = match.accepted and match.came_from == "handle"
    telling = [
        s for s in signals if s.value in ("for", "against") and not (counted and s.code == "handle_alike")
    ]
    name = match.reasons if match.accepted else ()
    points = round((match.score if match.accepted else 0.0) + sum(s.points for s in telling), 4)
    verdict = _decided(telling) or _judged(match, telling, points)
    reasons = (*name, *sorted(telling, key=lambda signal: -abs(signal.points)))
    return Assessment(verdict, points, reasons, tuple(s for s in signals if s.value == "unknown"))


def _decided(telling: Sequence[Signal]) -> Verdict | None:
    """Steps 1 to 4."""
    codes = {signal.code for signal in telling}
    found = next((verdict for code, verdict in _DECIDING.items() if code in codes), None)
    if found is None and "declared" in codes and not codes & _CLAIMING:
        return "declared"
    return found


def _judged(match: NameMatch, telling: Sequence[Signal], points: float) -> Verdict:
    """Step 5."""
    if match.accepted:
        return "suspect"
    if not any(signal.code in NOMINATING for signal in telling):
        return "unremarkable"
    return "suspect" if points >= weights.SUSPECT else "watch"

"""How urgent a likeness is, and why: a proposal for the reviewer. Pure.

By name alone a suspect is S2 or S3. S1 needs evidence of what the account does (money asked, rumours in an
emergency), which no name gives; a person raises it. Source: the handbook's table of severities.
"""

from dataclasses import dataclass
from typing import Literal

from detection.compare import AccountName, Match
from detection.reasons import Reason
from names.parse import organ, parse

Level = Literal["S1", "S2", "S3", "S4"]

# From here on a reader takes one for the other at a glance: equal when folded, or one disguised character.
STRONG = 0.93
GROUPS_AT_RISK = frozenset({"police", "emergency", "finance"})


@dataclass(frozen=True)
class Severity:
    """The proposed level and its reason."""

    level: Level
    reason: Reason


def severity(match: Match, official: AccountName) -> Severity:
    """The level for `match` against `official`. Raises ValueError for a match that is no imitation."""
    if not match:
        raise ValueError("a comparison that found no imitation has no severity")
    if match.kind == "same_body":
        # Perhaps the body's own second account: nothing is urgent before its subject is known.
        return Severity("S3", Reason("subject_first", 0.0, {}))
    if group := _group_at_risk(official):
        return Severity("S2", Reason(f"protected_{group}", 0.0, {}))
    if match.score >= STRONG:
        return Severity("S2", Reason("strong_likeness", 0.0, {"score": f"{match.score:.2f}"}))
    return Severity("S3", Reason("name_alone", 0.0, {}))


def _group_at_risk(official: AccountName) -> str:
    groups = (organ(name).group for name in parse(official.name).organs)
    return next((group for group in groups if group in GROUPS_AT_RISK), "")

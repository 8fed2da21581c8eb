"""How urgent a likeness is, and why: a proposal for the reviewer. Pure.

By name alone a suspect is S2 or S3. S1 needs evidence of what the account does (money asked, rumours in an
emergency), which no name gives; a person raises it. What lies beside the name makes a likeness urgent (a
handle that the office gave up) or takes the urgency away. Source: the handbook's table of severities.
"""

from dataclasses import dataclass
from typing import Literal

from detection.compare import AccountName, Match
from detection.reasons import Reason
from detection.signals.combine import Assessment, Verdict
from names.parse import organ, parse

Level = Literal["S1", "S2", "S3", "S4"]

# From here on a reader takes one for the other at a glance: equal when folded, or one disguised character.
STRONG = 0.93
GROUPS_AT_RISK = frozenset({"police", "emergency", "finance"})
# What it says of itself anybody can say: that waits for a person no longer than a name alone does.
CLEARED: dict[Verdict, Level] = {"unfiled_genuine": "S3", "legit_homonym": "S4", "declared": "S3"}
_NO_NAMESAKE = frozenset({"subject_differs", "subject_personal"})


@dataclass(frozen=True)
class Severity:
    """The proposed level and its reason."""

    level: Level
    reason: Reason


def severity(match: Match, official: AccountName, beside: Assessment | None = None) -> Severity:
    """The level for `match` against `official`, given what lies `beside` the name (None: not looked at).

    Raises ValueError for a match that is no imitation.
    """
    if not match:
        raise ValueError("a comparison that found no imitation has no severity")
    codes = {reason.code for reason in beside.reasons} if beside else set()
    if beside and beside.verdict in CLEARED:
        return Severity(CLEARED[beside.verdict], Reason("beside_clears", 0.0, {}))
    if "released_handle" in codes:
        return Severity("S2", Reason("handle_taken_up", 0.0, {}))
    # Perhaps the body's own second account, or a lawful namesake: not urgent before its subject is known.
    if match.kind == "same_body" or (_may_be_namesake(match) and not codes & _NO_NAMESAKE):
        return Severity("S3", Reason("subject_first", 0.0, {}))
    return _by_name(match, official)


def _may_be_namesake(match: Match) -> bool:
    """The very name of an office whose place is there several times."""
    return match.kind == "identical" and any(reason.code == "repeated_place" for reason in match.reasons)


def _by_name(match: Match, official: AccountName) -> Severity:
    if group := _group_at_risk(official):
        return Severity("S2", Reason(f"protected_{group}", 0.0, {}))
    if match.score >= STRONG:
        return Severity("S2", Reason("strong_likeness", 0.0, {"score": f"{match.score:.2f}"}))
    return Severity("S3", Reason("name_alone", 0.0, {}))


def _group_at_risk(official: AccountName) -> str:
    groups = (organ(name).group for name in parse(official.name).organs)
    return next((group for group in groups if group in GROUPS_AT_RISK), "")

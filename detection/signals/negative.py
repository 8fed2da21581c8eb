"""What speaks for the stranger: the register, a decision made before, or its own plain words."""

import re

from detection.signals import weights
from detection.signals.facts import Candidate
from detection.signals.signal import Signal, neutral, unknown
from detection.signals.text import plain

# In the plain form. "fan" alone is a syllable of 防范.
_DECLARED = re.compile(
    "(?<!非)(?<!不是)(?:粉丝(?:号|账号|帐号|站|团|后援)|后援会|戏仿|恶搞|个人(?:账号|帐号|号|主页|微博|观点))"
    "|仅代表个人|(?:非|不是|并非)官方|parody|fan(?:page|account|club|site)|unofficial|notaffiliated|notofficial"
)
_REGISTERED = -1.0
_ALLOWED = -1.0


def registered(candidate: Candidate) -> Signal:
    """Whether it stands in the register under its permanent id: then it is never a suspect."""
    if candidate.is_registered is None:
        return unknown("register_unknown")
    return (
        Signal("registered", "against", _REGISTERED) if candidate.is_registered else neutral("register_not")
    )


def allow_listed(candidate: Candidate) -> Signal:
    """Whether a person decided before that it imitates nobody."""
    if candidate.is_allow_listed is None:
        return unknown("allowed_unknown")
    return Signal("allowed", "against", _ALLOWED) if candidate.is_allow_listed else neutral("allowed_not")


def declared(candidate: Candidate) -> Signal:
    """Whether name or bio say openly that it is a fan's, a parody or somebody's own."""
    if found := _DECLARED.search(f"{plain(candidate.name)}\n{plain(candidate.bio or '')}"):
        return Signal("declared", "against", weights.DECLARED, {"words": found[0]})
    return unknown("declared_unknown") if candidate.bio is None else neutral("declared_not")

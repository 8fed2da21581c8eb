"""What an answer of the engine counts as: found at which rank, missed for which cause, flagged as what."""

from collections.abc import Sequence

from bench.accuracy.desk import Answer, Question
from bench.accuracy.figures import Alarm, Miss
from detection.compare import Match
from detection.engine import Found

LOST = "lost by the candidate search; compared directly, it is a match"
REFUSED = {True: "below the rule of its kind", False: "no candidate, and no match if compared"}


def rank(found: Sequence[Found], wanted: Sequence[int]) -> int | None:
    """Which of the distinct registered strings, the best being 1, is a wanted official's; None for none.

    Hundreds of bodies may share a string; it takes one place. An office claim names no string and takes none.
    """
    seen: list[str] = []
    for one in found:
        if one.at < 0:
            continue
        if one.match.registered not in seen:
            seen.append(one.match.registered)
        if one.at in wanted:
            return seen.index(one.match.registered) + 1
    return None


def kind_found(answer: Answer, wanted: Sequence[int]) -> str:
    """The kind under which a wanted official was found first; empty where none was."""
    return next((one.match.kind for one in answer.found if one.at in wanted), "")


def is_lost(answer: Answer) -> bool:
    """Whether the comparison accepts what was wanted, and the search does not give it.

    A name equal to a registered one is reported as that and as nothing else: then nothing is lost.
    """
    if answer.shortfall is None or not answer.shortfall.match:
        return False
    return all(one.match.kind != "identical" for one in answer.found)


def miss(measure: str, group: str, question: Question, wanted: str, answer: Answer) -> Miss:
    """Why `wanted` was not found for the question, or not among the first."""
    name = question.account.name or question.account.handle
    if answer.shortfall is None:
        at = rank(answer.found, question.wanted)
        match = next(one.match for one in answer.found if one.at in question.wanted)
        cause = f"found at place {at}, behind {answer.found[0].match.registered}"
        return Miss(measure, group, name, wanted, match.score, match.kind, cause, why(match))
    match = answer.shortfall.match
    cause = LOST if is_lost(answer) else REFUSED[answer.shortfall.is_candidate]
    if answer.found:
        cause = f"{cause}; {_named(answer.found[0])} instead"
    return Miss(measure, group, name, wanted, match.score, match.kind, cause, why(match))


def alarm(measure: str, group: str, name: str, found: Found) -> Alarm:
    """A name flagged by `found`."""
    match = found.match
    return Alarm(measure, group, name, match.kind, match.score, match.registered, why(match))


def why(match: Match) -> str:
    """The reasons, in English, one after the other."""
    return " ".join(reason.en for reason in match.reasons)


def _named(found: Found) -> str:
    return f"{found.match.kind} {found.match.registered}".rstrip()

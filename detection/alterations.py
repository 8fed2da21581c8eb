"""One altered symbol as a reason: what stands where, by which means, and where in the candidate's name."""

from collections.abc import Sequence

from detection.align import Step
from detection.difference import describe
from detection.reading import Reading
from detection.reasons import Reason
from names.fold import without_invisible
from names.views import is_syllable


def alteration(step: Step, mine: Reading, points: float, at: Sequence[int] | None = None) -> Reason:
    """The reason for one step; `at` tells where the symbols of the compared form stand in the plain text."""
    places = range(len(mine.text)) if at is None else at
    spans = mine.spans(_touched(step, places, len(mine.text)))
    # As it is written: 迴, though it was compared as 回.
    said = without_invisible(mine.raw[spans[0][0] : spans[-1][1]]) if step.mine and spans else step.mine
    detail = {"mine": _told(said), "theirs": _told(step.theirs)}
    return Reason(f"char_{step.means}", round(points, 4), detail, spans)


def _touched(step: Step, places: Sequence[int], size: int) -> list[int]:
    """Where the step's symbols stand in the plain text: a syllable stands at all of its letters."""
    touched: set[int] = set()
    for place in range(step.at, step.at + max(len(step.mine), 1)):
        if place < len(places):
            after = places[place + 1] if place + 1 < len(places) else size
            is_long = is_syllable(step.mine[place - step.at : place - step.at + 1] or " ")
            touched.update(range(places[place], after if is_long else places[place] + 1))
    return sorted(touched)


def _told(text: str) -> str:
    """One character with its number, so that 曰 and 日 are told apart."""
    if any(map(is_syllable, text)):
        return "…"
    return describe(text) if len(text) == 1 else text

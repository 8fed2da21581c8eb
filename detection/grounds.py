"""What comparators give: a kind of imitation with the reason that carries its points; and counting edits."""

from typing import NamedTuple

from rapidfuzz.distance import OSA

from detection.difference import differences
from detection.reasons import Reason

# An edit that only letters explain never counts more than one that words explain.
MOST_FOR_EDITS = 0.9
# Below this share of kept characters a list of changes tells a reviewer nothing.
FEWEST_KEPT = 0.7


class Ground(NamedTuple):
    """A finding of a comparator: `reason` carries its points, `costs` take points off for disguises undone.

    `kind` is empty where the reason says why it is no imitation.
    """

    kind: str
    reason: Reason
    costs: tuple[Reason, ...] = ()

    @property
    def points(self) -> float:
        """What the ground is worth, from 0 to 1."""
        return round(max(0.0, sum(reason.points for reason in (self.reason, *self.costs))), 4)


def named(candidate: str, official: str) -> dict[str, str]:
    """The two names, for the sentence of a reason."""
    return {"candidate": candidate, "official": official}


def similarity(mine: str, theirs: str) -> float:
    """The share of characters that need no edit: 1 for equal texts, 0 for texts with nothing in common."""
    return 1 - distance(mine, theirs) / max(len(mine), len(theirs), 1)


def distance(mine: str, theirs: str) -> int:
    """Characters put in, left out, exchanged, or swapped with their neighbour (optimal string alignment)."""
    return int(OSA.distance(mine, theirs))


def edited(mine: str, theirs: str, names: dict[str, str], doubt: float = 0.0) -> Ground:
    """The ground "differs in a few characters", naming each change; no imitation where they are many.

    `doubt` is taken off the points, which are the similarity.
    """
    points = round(max(0.0, min(MOST_FOR_EDITS, similarity(mine, theirs)) - doubt), 4)
    if points < FEWEST_KEPT:
        return Ground("", Reason("not_alike", points, names))
    spans = (span for span in differences(mine, theirs) if span.op != "equal")
    changes = "，".join(f"{span.official or '＋'}→{span.candidate or '－'}" for span in spans)
    detail = {**names, "distance": str(distance(mine, theirs)), "changes": changes}
    return Ground("char_edit", Reason("edited", points, detail))

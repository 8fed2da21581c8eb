"""What comparators give: a kind of imitation with the steps that carry its score."""

from typing import NamedTuple

from detection.reasons import Reason


class Ground(NamedTuple):
    """A finding of a comparator. The points of its reasons add up to the score; the first one leads.

    `kind` is empty where the reasons say why it is no imitation.
    """

    kind: str
    reasons: tuple[Reason, ...]

    @property
    def score(self) -> float:
        """From 0 to 1, to four decimals."""
        return round(min(1.0, max(0.0, sum(reason.points for reason in self.reasons))), 4)

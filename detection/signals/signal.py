"""One thing looked at beside the name: what it says about the suspicion, how much, and in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from detection.signals.sentences import SENTENCES

Value = Literal["for", "against", "neutral", "unknown"]
"""For or against the suspicion; neutral: looked at, and it tells nothing; unknown: could not be looked at."""


@dataclass(frozen=True)
class Signal:
    """`points` are above 0 for the suspicion, below 0 against it, 0 otherwise; `detail` fills the sentence.

    Raises ValueError where value and points contradict each other: the unknown accuses and clears nobody.
    """

    code: str
    value: Value
    points: float = 0.0
    detail: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sign = (self.points > 0) - (self.points < 0)
        if sign != {"for": 1, "against": -1}.get(self.value, 0):
            raise ValueError(f"{self.code} is {self.value} with {self.points} points")

    @property
    def zh(self) -> str:
        """The reason in one Chinese sentence."""
        return SENTENCES[self.code][0].format_map(self.detail)

    @property
    def en(self) -> str:
        """The reason in one English sentence."""
        return SENTENCES[self.code][1].format_map(self.detail)


def unknown(code: str) -> Signal:
    """What could not be looked at."""
    return Signal(code, "unknown")


def neutral(code: str, **detail: str) -> Signal:
    """What was looked at and tells nothing."""
    return Signal(code, "neutral", 0.0, detail)

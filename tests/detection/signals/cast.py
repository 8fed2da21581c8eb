"""The office, a stranger who bears its name, and how names compare, for all tests of the signals."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from detection.signals.facts import Candidate, Explained, Official
from detection.signals.signal import Signal

LOOKED = date(2026, 11, 24)
OFFICE = Official(
    name="平安郑州",
    handle="pingan_zhengzhou",
    subjects=("郑州市公安局", "郑州公安"),
    names=("郑州市公安局指挥部",),
    home_hosts=("www.zhengzhou.example",),
    opened_on=date(2020, 5, 1),
)
STRANGER = Candidate(name="平安郑州", handle="pingan_zhengzhou1", seen_on=LOOKED)


@dataclass(frozen=True)
class Judged:
    """What `detection.compare` would say, as far as it is asked."""

    score: float = 0.95
    accepted: bool = True
    came_from: str = "name"
    reasons: Sequence[Explained] = (Signal("released_name", "for", 0.95, {"name": "平安郑州"}),)


ALIKE = Judged()
UNLIKE = Judged(0.2, False)


def stranger(**facts: Any) -> Candidate:
    """The stranger with other facts."""
    return replace(STRANGER, **facts)


def office(**facts: Any) -> Official:
    """The office with other facts."""
    return replace(OFFICE, **facts)

"""What is measured: figures with their goals, readings of them, and the lists of what went wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Unit = Literal["%", "per 10,000", "per 1,000", "names"]
Verdict = Literal["reached", "missed", "not measured", ""]
_SCALE: Mapping[Unit, int] = {"%": 100, "per 10,000": 10_000, "per 1,000": 1_000, "names": 1}


@dataclass(frozen=True)
class Reading:
    """A figure as measured: its value in the figure's unit, and the counts it came from."""

    value: float
    counts: str


@dataclass(frozen=True)
class Figure:
    """One thing measured. Its goal is to be at least `least` or at most `most`; without either it informs."""

    code: str
    title: str
    unit: Unit
    least: float | None = None
    most: float | None = None

    @property
    def goal(self) -> str:
        """The goal in words; empty without one."""
        if self.least is not None:
            return f"at least {self.least:g}"
        return "" if self.most is None else f"at most {self.most:g}"

    def verdict(self, reading: Reading | None) -> Verdict:
        """How the reading stands to the goal. What was not measured is neither reached nor missed."""
        if reading is None:
            return "not measured"
        if not self.goal:
            return ""
        is_low = self.least is not None and reading.value < self.least
        is_high = self.most is not None and reading.value > self.most
        return "missed" if is_low or is_high else "reached"

    def of(self, part: int, whole: int) -> dict[str, Reading]:
        """`part` of `whole` as this figure's reading; nothing where there is no whole to take a part of."""
        if not whole:
            return {}
        return {self.code: Reading(part / whole * _SCALE[self.unit], f"{part:,} of {whole:,}")}

    def count(self, part: int, whole: int) -> dict[str, Reading]:
        """`part` itself as the reading, where there was anything to count in."""
        return {self.code: Reading(part, f"{part:,} of {whole:,}")} if whole else {}


@dataclass(frozen=True)
class Table:
    """A table for people."""

    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Miss:
    """A counterfeit that was not found as it should be: how near it came, and why not nearer."""

    measure: str
    group: str
    name: str
    wanted: str
    score: float
    kind: str
    cause: str
    why: str


@dataclass(frozen=True)
class Alarm:
    """A genuine or ordinary name that was flagged, under which kind, as imitating whom, and why."""

    measure: str
    group: str
    name: str
    kind: str
    score: float
    registered: str
    why: str


@dataclass(frozen=True)
class Section:
    """What one measure brings: readings by the figures' codes, tables, and the lists behind them."""

    readings: Mapping[str, Reading]
    tables: Sequence[Table] = ()
    misses: Sequence[Miss] = ()
    alarms: Sequence[Alarm] = ()

"""Ordinary names: how many of ten thousand are flagged, and as what.

A name counts by its best match. Likeness is what a reviewer is bothered with; `identical`, `same_body` and
`office_claim`, of which only the certified subject can tell, are counted apart and shown.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bench.accuracy.desk import Desk, Question
from bench.accuracy.figures import Alarm, Figure, Reading, Section, Table
from bench.accuracy.judge import alarm
from bench.accuracy.readers import Stranger
from detection.compare import AccountName
from detection.kinds import APART

_AS = ("likeness", *sorted(APART))


@dataclass(frozen=True)
class Crowd:
    """A crowd's name, title, and how many of 10,000 may be flagged for likeness."""

    code: str
    title: str
    most: float | None = None

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Flagged for likeness, and each kind that is counted apart."""
        return tuple(
            Figure(
                f"{self.code}.{what}",
                f"{self.title}: {what}",
                "per 10,000",
                most=self.most if what == "likeness" else None,
            )
            for what in _AS
        )


SOCIAL = Crowd("social", "social names, not official", most=4)
BACKGROUND = Crowd("background", "background names", most=1.5)
ORDINARY = Crowd("ordinary", "ordinary names")


def measure(desk: Desk, crowd: Crowd, strangers: Sequence[Stranger]) -> Section:
    """Judge every stranger."""
    answers = desk.ask([Question(AccountName(stranger.name)) for stranger in strangers])
    alarms = [
        alarm(crowd.code, _group(stranger), stranger.name, answer.found[0])
        for stranger, answer in zip(strangers, answers, strict=True)
        if answer.found
    ]
    return section(crowd, strangers, alarms)


def section(crowd: Crowd, strangers: Sequence[Stranger], alarms: Sequence[Alarm]) -> Section:
    """The figures over those that are not official, and a table of all by their source."""
    ordinary = Counter(_group(one) for one in strangers if not one.is_official)
    flagged = Counter(_as(one) for one in alarms if one.group in ordinary)
    readings: dict[str, Reading] = {}
    for figure, what in zip(crowd.figures, _AS, strict=True):
        readings |= figure.of(flagged[what], ordinary.total())
    return Section(readings, tables=[_table(crowd, strangers, alarms)], alarms=alarms)


def _group(stranger: Stranger) -> str:
    kind = stranger.kind or "all"
    return f"{kind}, official" if stranger.is_official else kind


def _as(one: Alarm) -> str:
    return _kind(one.kind)


def _kind(kind: str) -> str:
    return kind if kind in APART else "likeness"


def _table(crowd: Crowd, strangers: Sequence[Stranger], alarms: Sequence[Alarm]) -> Table:
    sizes = Counter(map(_group, strangers))
    flagged: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in alarms:
        flagged[one.group][_as(one)] += 1
    rows = [
        (group, f"{size:,}", f"{flagged[group]['likeness'] / size * 10_000:.1f}", *_counts(flagged[group]))
        for group, size in sorted(sizes.items())
    ]
    headers = ("source", "names", "likeness per 10,000", *_AS)
    return Table(f"{crowd.title} flagged, by source", headers, rows)


def _counts(flagged: Counter[str]) -> list[str]:
    return [str(flagged[what]) for what in _AS]

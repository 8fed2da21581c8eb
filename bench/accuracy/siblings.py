"""Genuine names of bodies the register does not hold: how many are called an imitation of another place's?

A random 15 % of the divisions (the distinct codes of the register's column `region`) are left out with all
their rows, and their names put to the rest, for five seeds. Places are compared by code. A row without a code
belongs to a place if it holds one of the place's names; else it is another's. A name is called an imitation
if any of its matches is one of likeness with another place's row; `identical` (鼓楼发布 of two cities) and
`same_body` are counted apart.
"""

import random
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cache
from statistics import mean

from bench.accuracy.desk import Answer, Desk, Job, Question
from bench.accuracy.figures import Alarm, Figure, Reading, Section, Table
from bench.accuracy.judge import alarm
from bench.accuracy.readers import Registered, Sibling
from detection.compare import AccountName
from detection.engine import Found
from detection.kinds import APART
from names import divisions

SEEDS = (1, 2, 3, 4, 5)
SHARE = 0.15

MEAN = Figure(
    "left_out.mean", "divisions left out: called another place's, mean of five", "per 1,000", most=2
)
WORST = Figure("left_out.worst", "divisions left out: the worst of five", "per 1,000", most=2)
LISTED = Figure("siblings.flagged", "names of bodies not registered: called another place's", "per 1,000")
FIGURES = (MEAN, WORST)
LISTED_FIGURES = (LISTED,)


@dataclass(frozen=True)
class Draw:
    """One draw of divisions: how many names were asked about, and what they were flagged as."""

    seed: int
    divisions: int
    names: int
    flagged: Counter[str]

    @property
    def rate(self) -> float:
        """Names of 1,000 that were called an imitation of another place's."""
        return self.flagged["likeness"] / self.names * 1000


def measure(desk: Desk, registry: Sequence[Registered]) -> Section:
    """Leave divisions out, once a seed. Nothing is measured where the register names fewer than two."""
    regions = sorted({one.region for one in registry if one.region})
    if len(regions) < 2:
        return Section({})
    left_out = [drawn(regions, seed) for seed in SEEDS]
    answers = desk.ask_apart([_job(registry, out) for out in left_out])
    draws, alarms = [], []
    for seed, out, listed in zip(SEEDS, left_out, answers, strict=True):
        rest, asked = _split(registry, out)
        outcomes = [_outcome(answer, one.region, rest) for one, answer in zip(asked, listed, strict=True)]
        draws.append(Draw(seed, len(out), len(asked), Counter(kind for kind, _ in outcomes)))
        alarms += [
            alarm("left_out", f"seed {seed}, {one.region}", one.account.name, found)
            for one, (kind, found) in zip(asked, outcomes, strict=True)
            if found and kind == "likeness"
        ]
    return section(draws, alarms)


def section(draws: Sequence[Draw], alarms: Sequence[Alarm]) -> Section:
    """Mean and worst of the draws, and a table of them."""
    worst = max(draws, key=lambda draw: draw.rate)
    rows = [
        (str(draw.seed), str(draw.divisions), f"{draw.names:,}", f"{draw.rate:.2f}", *_counts(draw.flagged))
        for draw in draws
    ]
    headers = ("seed", "divisions", "names", "likeness per 1,000", "likeness", *sorted(APART), "own place")
    return Section(
        readings={
            MEAN.code: Reading(mean(draw.rate for draw in draws), f"{len(draws)} draws"),
            WORST.code: Reading(
                worst.rate, f"seed {worst.seed}: {worst.flagged['likeness']:,} of {worst.names:,}"
            ),
        },
        tables=[Table("divisions left out: their names flagged", headers, rows)],
        alarms=alarms,
    )


def measure_listed(desk: Desk, registry: Sequence[Registered], siblings: Sequence[Sibling]) -> Section:
    """Put genuine names that are not registered to the whole register."""
    answers = desk.ask([Question(AccountName(one.name)) for one in siblings])
    outcomes = [
        (one, *_outcome(answer, one.region, registry)) for one, answer in zip(siblings, answers, strict=True)
    ]
    alarms = [alarm("siblings", one.region, one.name, found) for one, _, found in outcomes if found]
    counts = Counter(kind for _, kind, _ in outcomes if kind)
    rows = [(kind, str(counts[kind])) for kind in sorted(counts)]
    return Section(
        readings=LISTED.of(counts["likeness"], len(siblings)),
        tables=[Table("names of bodies not registered, flagged", ("as", "names"), rows)],
        alarms=alarms,
    )


def drawn(regions: Sequence[str], seed: int) -> frozenset[str]:
    """15 % of `regions`, at least one."""
    size = max(1, round(len(regions) * SHARE))
    return frozenset(random.Random(seed).sample(regions, size))


def is_own(row: Registered, region: str) -> bool:
    """Whether a registered row is of the place with code `region`."""
    if row.region or not region:
        return bool(region) and row.region == region
    return any(name in row.account.name for name in _names_of(region))


def _split(registry: Sequence[Registered], out: Set[str]) -> tuple[list[Registered], list[Registered]]:
    return (
        [one for one in registry if one.region not in out],
        [one for one in registry if one.region in out and one.account.name],
    )


def _job(registry: Sequence[Registered], out: Set[str]) -> Job:
    rest, asked = _split(registry, out)
    return Job([one.account for one in rest], [Question(AccountName(one.account.name)) for one in asked])


def _outcome(answer: Answer, region: str, registry: Sequence[Registered]) -> tuple[str, Found | None]:
    """What a genuine name was flagged as, and by which match: likeness with another's row before all else."""
    others = [one for one in answer.found if one.at < 0 or not is_own(registry[one.at], region)]
    alike = next((one for one in others if one.match.kind not in APART), None)
    if alike:
        return "likeness", alike
    if others:
        return others[0].match.kind, others[0]
    return ("own place" if answer.found else ""), None


@cache
def _names_of(region: str) -> frozenset[str]:
    named = divisions.by_key(region.ljust(6, "0"))
    return frozenset({named.name, named.short_name} if named else ())


def _counts(flagged: Counter[str]) -> list[str]:
    return [str(flagged[what]) for what in ("likeness", *sorted(APART), "own place")]

"""Variants that other people's generators made of registered names: is the target among the first three?

The measure of the whole leaves the technique `synonym` out, most of whose rows name another body or none, and
reports it apart. Variants equal to their target after NFKC and case folding are no disguise; they count like
all others, and what share of them is found is shown.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from bench.accuracy.desk import Desk, Question
from bench.accuracy.figures import Figure, Miss, Reading, Section, Table
from bench.accuracy.judge import is_lost, miss, rank
from bench.accuracy.readers import Attack
from detection.compare import AccountName
from names.fold import has_han

FIRST = 3
FEWEST_ROWS = 50  # of a technique that has a goal of its own
NO_COUNTERFEITS = "synonym"

FOUND = Figure("attacks.found", "attacks: target in the first three, synonyms apart", "%", least=97)
LOWEST = Figure(
    "attacks.lowest_technique", f"attacks: lowest technique of {FEWEST_ROWS} rows or more", "%", least=88
)
MEAN = Figure("attacks.mean_of_techniques", "attacks: mean of the techniques' shares", "%")
HAN = Figure("attacks.han", "attacks on names with Han characters", "%")
LATIN = Figure("attacks.latin", "attacks on names without", "%")
EQUAL = Figure("attacks.equal", "attacks: equal to the target after NFKC and case folding", "%")
SYNONYM = Figure("attacks.synonym", "attacks: synonyms", "%")
GIVEN = Figure("attacks.given", "attacks the comparison accepts, given by the search", "%", least=100)
FIGURES = (FOUND, LOWEST, MEAN, HAN, LATIN, EQUAL, SYNONYM, GIVEN)


@dataclass(frozen=True)
class Outcome:
    """An attack; whether its target was found among the first, at all, or lost by the search."""

    attack: Attack
    is_found: bool
    is_given: bool
    is_lost: bool


def measure(desk: Desk, attacks: Sequence[Attack]) -> Section:
    """Judge every variant."""
    questions = [Question(AccountName(attack.variant), attack.wanted) for attack in attacks]
    outcomes, misses = [], []
    for attack, question, answer in zip(attacks, questions, desk.ask(questions), strict=True):
        place = rank(answer.found, attack.wanted)
        is_found = place is not None and place <= FIRST
        outcomes.append(Outcome(attack, is_found, is_given=place is not None, is_lost=is_lost(answer)))
        if not is_found:
            misses.append(miss("attacks", attack.technique, question, attack.target, answer))
    return section(outcomes, misses)


def is_equal(attack: Attack) -> bool:
    """Whether variant and target are the same after NFKC and case folding."""
    return _plain(attack.variant) == _plain(attack.target)


def section(outcomes: Sequence[Outcome], misses: Sequence[Miss]) -> Section:
    """The figures, and a table of the techniques."""
    counted = [one for one in outcomes if one.attack.technique != NO_COUNTERFEITS]
    techniques = _by_technique(counted)
    return Section(
        readings={
            **_share(FOUND, counted),
            **_lowest(techniques),
            **_mean(techniques),
            **_share(HAN, [one for one in counted if has_han(one.attack.target)]),
            **_share(LATIN, [one for one in counted if not has_han(one.attack.target)]),
            **_share(EQUAL, [one for one in outcomes if is_equal(one.attack)]),
            **_share(SYNONYM, [one for one in outcomes if one.attack.technique == NO_COUNTERFEITS]),
            **_given(outcomes),
        },
        tables=[_table(_by_technique(outcomes))],
        misses=misses,
    )


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _by_technique(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    found: defaultdict[str, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        found[one.attack.technique].append(one)
    return dict(found)


def _found(outcomes: Sequence[Outcome]) -> int:
    return sum(one.is_found for one in outcomes)


def _share(figure: Figure, outcomes: Sequence[Outcome]) -> dict[str, Reading]:
    return figure.of(_found(outcomes), len(outcomes))


def _given(outcomes: Sequence[Outcome]) -> dict[str, Reading]:
    given, lost = sum(one.is_given for one in outcomes), sum(one.is_lost for one in outcomes)
    return GIVEN.of(given, given + lost)


def _rate(outcomes: Sequence[Outcome]) -> float:
    return _found(outcomes) / len(outcomes)


def _lowest(techniques: Mapping[str, Sequence[Outcome]]) -> dict[str, Reading]:
    large = {name: rows for name, rows in techniques.items() if len(rows) >= FEWEST_ROWS}
    if not large:
        return {}
    name = min(large, key=lambda name: (_rate(large[name]), name))
    counts = f"{name}: {_found(large[name]):,} of {len(large[name]):,}"
    return {LOWEST.code: Reading(_rate(large[name]) * 100, counts)}


def _mean(techniques: Mapping[str, Sequence[Outcome]]) -> dict[str, Reading]:
    if not techniques:
        return {}
    return {MEAN.code: Reading(mean(map(_rate, techniques.values())) * 100, f"{len(techniques)} techniques")}


def _table(techniques: Mapping[str, Sequence[Outcome]]) -> Table:
    rows = [
        (
            name,
            f"{len(outcomes):,}",
            f"{_found(outcomes):,}",
            f"{_rate(outcomes):.1%}",
            _standing(name, outcomes),
        )
        for name, outcomes in sorted(techniques.items(), key=lambda item: (_rate(item[1]), item[0]))
    ]
    return Table("attacks by technique", ("technique", "rows", "found", "share", "goal 88 %"), rows)


def _standing(name: str, outcomes: Sequence[Outcome]) -> str:
    if name == NO_COUNTERFEITS or len(outcomes) < FEWEST_ROWS:
        return "none set"
    return LOWEST.verdict(Reading(_rate(outcomes) * 100, ""))

"""Published counterfeits beside what they imitate, and genuine names that look like counterfeits.

All genuine names are added to the register first. A counterfeit is found if one of its own pair's names is
matched, `identical` included; a match with any other body does not count. Of the genuine pairs each name is
put to a register that holds only the other one; every match but a claim of a vacant office is an alarm.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.accuracy.desk import Answer, Desk, Job, Question
from bench.accuracy.figures import Alarm, Figure, Miss, Section, Table
from bench.accuracy.judge import alarm, kind_found, miss
from bench.accuracy.readers import GenuinePair, RealPair, as_account
from detection.compare import AccountName
from names.fold import has_han

ALIKE = Figure("real.alike", "real counterfeits whose strings are alike", "%", least=85)
NOT_ALIKE = Figure("real.not_alike", "real counterfeits only knowledge of the world tells", "%")
HAN_FLAGGED = Figure("genuine.han", "genuine pairs: names with Han characters flagged", "names", most=0)
FLAGGED = Figure("genuine.all", "genuine pairs: names flagged", "names", most=2)
FIGURES = (ALIKE, NOT_ALIKE)
GENUINE_FIGURES = (HAN_FLAGGED, FLAGGED)


@dataclass(frozen=True)
class Outcome:
    """A real pair, the kind its counterfeit was found under (empty where it was not), and the miss if so."""

    pair: RealPair
    kind: str
    missed: Miss | None


def measure(desk: Desk, registered: Sequence[AccountName], pairs: Sequence[RealPair]) -> Section:
    """Judge every published counterfeit."""
    officials = [*registered, *(as_account(name) for pair in pairs for name in pair.names)]
    positions = _positions(officials)
    questions = [Question(as_account(pair.counterfeit), _wanted(pair, positions)) for pair in pairs]
    [answers] = desk.ask_apart([Job(officials, questions)])
    return section([_judged(*three) for three in zip(pairs, questions, answers, strict=True)])


def section(outcomes: Sequence[Outcome]) -> Section:
    """The shares found, by which kinds, and every miss."""
    alike = [one for one in outcomes if one.pair.is_alike]
    others = [one for one in outcomes if not one.pair.is_alike]
    missed = [one.missed for one in (*alike, *others) if one.missed]
    return Section(
        readings={
            **ALIKE.of(sum(one.missed is None for one in alike), len(alike)),
            **NOT_ALIKE.of(sum(one.missed is None for one in others), len(others)),
        },
        tables=[_kinds(alike, others), _missed(missed)],
        misses=missed,
    )


def measure_genuine(desk: Desk, pairs: Sequence[GenuinePair]) -> Section:
    """Put each genuine name to a register of the other one alone."""
    ways = [way for pair in pairs for way in ((pair.first, pair.second), (pair.second, pair.first))]
    jobs = [Job([as_account(held)], [Question(as_account(asked))]) for asked, held in ways]
    answers = [answer for [answer] in desk.ask_apart(jobs)]
    alarms = [_alarms(asked, answer) for (asked, _), answer in zip(ways, answers, strict=True)]
    return genuine_section([asked for asked, _ in ways], [listed[0] for listed in alarms if listed])


def genuine_section(asked: Sequence[str], alarms: Sequence[Alarm]) -> Section:
    """How many of the names asked about were flagged; at most one alarm a name is given."""
    flagged = [one.name for one in alarms]
    return Section(
        readings={
            **HAN_FLAGGED.count(sum(map(has_han, flagged)), sum(map(has_han, asked))),
            **FLAGGED.count(len(flagged), len(asked)),
        },
        tables=[
            Table(
                "genuine names flagged",
                ("name", "as imitating", "kind", "score"),
                [(one.name, one.registered, one.kind, f"{one.score:.2f}") for one in alarms],
            )
        ],
        alarms=alarms,
    )


def _positions(officials: Sequence[AccountName]) -> Mapping[str, Sequence[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for at, official in enumerate(officials):
        for text in {official.name, official.handle}:
            found[text].append(at)
    return found


def _wanted(pair: RealPair, positions: Mapping[str, Sequence[int]]) -> tuple[int, ...]:
    accounts = map(as_account, pair.names)
    return tuple(sorted({at for one in accounts for at in positions[one.name or one.handle]}))


def _judged(pair: RealPair, question: Question, answer: Answer) -> Outcome:
    kind = kind_found(answer, question.wanted)
    if kind:
        return Outcome(pair, kind, None)
    group = "alike" if pair.is_alike else "not alike"
    return Outcome(pair, "", miss("real", group, question, " | ".join(pair.names), answer))


def _kinds(alike: Sequence[Outcome], others: Sequence[Outcome]) -> Table:
    mine, theirs = (Counter(one.kind or "missed" for one in listed) for listed in (alike, others))
    rows = [(kind, str(mine[kind]), str(theirs[kind])) for kind in sorted(mine | theirs)]
    return Table("real counterfeits by the kind they were found under", ("kind", "alike", "not alike"), rows)


def _missed(missed: Sequence[Miss]) -> Table:
    rows = [(one.group, one.name, one.wanted, f"{one.score:.2f}", one.cause) for one in missed]
    return Table("real counterfeits missed", ("strings", "counterfeit", "genuine", "score", "why"), rows)


def _alarms(asked: str, answer: Answer) -> list[Alarm]:
    flagged = (one for one in answer.found if one.match.kind != "office_claim")
    return [alarm("genuine", "", asked, one) for one in flagged]

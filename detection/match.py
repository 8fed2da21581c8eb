"""The flow of `zhenwei match`: a register and a stream of names in, lines of JSON out. No database.

Names are compared in batches, on several processes, and never all in memory. The lines are the same whatever
the size of a batch or the number of processes.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import NamedTuple, Protocol

from detection import workers
from detection.compare import AccountName
from detection.engine import Engine, Found
from detection.matchlines import line
from detection.namesfile import Candidate
from detection.registryfile import Official

BATCH = 2000  # names: a fraction of a second of work


class Searches(Protocol):
    """What the flow needs of the engine."""

    def search(
        self, accounts: Sequence[AccountName], threshold: float | None = None
    ) -> Sequence[Sequence[Found]]: ...


Build = Callable[[Sequence[AccountName]], Searches]


@dataclass(frozen=True)
class Rule:
    """What is told: every candidate from `threshold` on (None: the product's own rule), `top` ids a name."""

    threshold: float | None = None
    top: int = 5


class Told(NamedTuple):
    """Of a batch: its lines, and how many rows it had, how many with nothing to compare, how many matched."""

    lines: bytes
    rows: int
    blank: int
    matched: int


class Matcher:
    """Compares batches of names with one register."""

    def __init__(self, officials: Sequence[Official], rule: Rule, build: Build) -> None:
        self._officials = officials
        self._rule = rule
        self._engine = build([official.name for official in officials])
        self._engine.search([])  # what the engine works out at first use is shared by forked processes

    def __call__(self, batch: Sequence[Candidate]) -> Told:
        """The lines of the rows of `batch` that match, in their order."""
        compared = [candidate for candidate in batch if not candidate.is_blank]
        found = self._engine.search([candidate.account for candidate in compared], self._rule.threshold)
        lines = [
            line(candidate, listed, self._officials)
            for candidate, one in zip(compared, found, strict=True)
            if (listed := self._listed(candidate, one))
        ]
        return Told(b"".join(lines), len(batch), len(batch) - len(compared), len(lines))

    def _listed(self, candidate: Candidate, found: Sequence[Found]) -> list[Found]:
        """What is told of a name: every registered string alike of the best ids, best first, ties by id."""
        # The very name is identical and nothing else; the very account is no suspect at all.
        identical = [one for one in found if one.match.kind == "identical"]
        if any(_is_same_account(candidate, self._officials[one.at]) for one in identical):
            return []
        best: dict[tuple[str, str], Found] = {}
        for one in sorted(identical or found, key=self._order):
            best.setdefault((self._uid(one), one.match.registered), one)
        told = list(dict.fromkeys(uid for uid, _ in best))[: self._rule.top]
        return [one for (uid, _), one in best.items() if uid in told]

    def _order(self, one: Found) -> tuple[float, bool, str, int]:
        return -one.match.score, one.at < 0, self._uid(one), one.at

    def _uid(self, one: Found) -> str:
        return self._officials[one.at].uid if one.at >= 0 else ""


def match(
    officials: Sequence[Official],
    candidates: Iterable[Candidate],
    rule: Rule,
    processes: int = 1,
    *,
    build: Build = Engine,
    batch: int = BATCH,
) -> Iterator[Told]:
    """What is told of `candidates`, batch after batch, in their order; on `processes` processes.

    Raises MatchInputError for a row that cannot be used, workers.WorkerDied.
    """
    batches = _batches(candidates, batch)
    first = list(islice(batches, processes))  # no process without work
    make = partial(Matcher, officials, rule, build)
    return workers.in_order(make, chain(first, batches), min(processes, len(first)) or 1)


def _batches(candidates: Iterable[Candidate], size: int) -> Iterator[list[Candidate]]:
    stream = iter(candidates)
    while batch := list(islice(stream, size)):
        yield batch


def _is_same_account(candidate: Candidate, official: Official) -> bool:
    known = candidate.platform and candidate.id is not None
    return bool(known) and (candidate.platform, str(candidate.id)) == (official.platform, official.uid)

"""Asks the engine many questions: workers with an engine each, over the register or over one of a job's own.

Workers are forked before any engine exists, so that no thread of a library is forked with it, and each builds
its own. An answer does not depend on how many they are.
"""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from detection.compare import AccountName, Match, compare
from detection.engine import Found
from detection.rarity import Rarity
from detection.reading import read

_CHUNK = 1000  # questions a worker takes at a time


class Searcher(Protocol):
    """What is measured: detection.engine.Engine, or a stand-in for it."""

    def search(self, accounts: Sequence[AccountName], threshold: float | None = None) -> list[list[Found]]:
        """One list an account, best first."""
        ...


Build = Callable[[Sequence[AccountName]], Searcher]


@dataclass(frozen=True)
class Question:
    """An account, and the positions of the officials of which one should be found; none for a stranger."""

    account: AccountName
    wanted: tuple[int, ...] = ()


@dataclass(frozen=True)
class Shortfall:
    """How near a wanted official came that was not found, and whether the engine compared it at all."""

    match: Match
    is_candidate: bool


@dataclass(frozen=True)
class Answer:
    """What was found, best first; `shortfall` where something was wanted and is not among it."""

    found: tuple[Found, ...]
    shortfall: Shortfall | None = None


@dataclass(frozen=True)
class Job:
    """Questions to an engine over officials of their own."""

    officials: Sequence[AccountName]
    questions: Sequence[Question]


@dataclass(frozen=True)
class Exhausted:
    """How many officials are accepted when each is compared, and the matches that the search did not give."""

    accepted: int
    lost: tuple[Match, ...]


class Desk:
    """Takes questions in any number and answers them in their order."""

    def __init__(self, call: Callable[[str, Sequence[Any]], Iterator[Any]]) -> None:
        self._call = call

    def ask(self, questions: Sequence[Question]) -> list[Answer]:
        """Each question put to the engine over the whole register."""
        chunks = [questions[at : at + _CHUNK] for at in range(0, len(questions), _CHUNK)]
        return [answer for answers in self._call("ask", chunks) for answer in answers]

    def ask_apart(self, jobs: Sequence[Job]) -> list[list[Answer]]:
        """The questions of each job put to an engine of its own."""
        return list(self._call("ask_apart", jobs))

    def exhaust(self, accounts: Sequence[AccountName]) -> list[Exhausted]:
        """Each account compared with every official of the register, beside what the search gives."""
        return list(self._call("exhaust", accounts))


@contextmanager
def open_desk(officials: Sequence[AccountName], build: Build, workers: int) -> Iterator[Desk]:
    """A desk over `officials` with so many workers; with none, this process does the work itself."""
    if not workers:
        alone = _Worker(officials, build)
        yield Desk(lambda method, items: map(getattr(alone, method), items))
        return
    fork = multiprocessing.get_context("fork")
    with fork.Pool(workers, initializer=_hire, initargs=(officials, build)) as pool:
        yield Desk(lambda method, items: pool.imap(_work, [(method, item) for item in items]))


class Register:
    """Officials, the engine over them, and the weights of their symbols for comparing without it."""

    def __init__(self, officials: Sequence[AccountName], build: Build) -> None:
        self._officials, self._build = officials, build

    def ask(self, questions: Sequence[Question]) -> list[Answer]:
        """What is found for each question, and how near came what was wanted and not found."""
        found = self._engine.search([question.account for question in questions])
        return [
            Answer(tuple(listed), self._shortfall(question, listed))
            for question, listed in zip(questions, found, strict=True)
        ]

    def exhaust(self, account: AccountName) -> Exhausted:
        """`account` compared with all officials; where some are equal, these alone, as in a search."""
        compared = enumerate(compare(account, official, self._rarity) for official in self._officials)
        accepted = {at: match for at, match in compared if match}
        if any(match.kind == "identical" for match in accepted.values()):
            accepted = {at: match for at, match in accepted.items() if match.kind == "identical"}
        found = {one.at for one in self._engine.search([account])[0]}
        return Exhausted(len(accepted), tuple(match for at, match in accepted.items() if at not in found))

    def _shortfall(self, question: Question, found: Sequence[Found]) -> Shortfall | None:
        if not question.wanted or any(one.at in question.wanted for one in found):
            return None
        [listed] = self._engine.search([question.account], threshold=0.0)
        candidates = [one.match for one in listed if one.at in question.wanted]
        others = (compare(question.account, self._officials[at], self._rarity) for at in question.wanted)
        best = max(candidates or others, key=lambda match: match.score)
        return Shortfall(best, is_candidate=bool(candidates))

    @cached_property
    def _engine(self) -> Searcher:
        return self._build(self._officials)

    @cached_property
    def _rarity(self) -> Rarity:
        texts = (text for one in self._officials for text in (one.name, one.handle) if text)
        return Rarity(read(text).text for text in dict.fromkeys(texts))


class _Worker:
    def __init__(self, officials: Sequence[AccountName], build: Build) -> None:
        self._build = build
        self._all = Register(officials, build)

    def ask(self, questions: Sequence[Question]) -> list[Answer]:
        return self._all.ask(questions)

    def ask_apart(self, job: Job) -> list[Answer]:
        return Register(job.officials, self._build).ask(job.questions)

    def exhaust(self, account: AccountName) -> Exhausted:
        return self._all.exhaust(account)


_hired: list[_Worker] = []  # in a worker's process, itself


def _hire(officials: Sequence[AccountName], build: Build) -> None:
    _hired[:] = [_Worker(officials, build)]


def _work(call: tuple[str, Any]) -> Any:
    method, item = call
    return getattr(_hired[0], method)(item)

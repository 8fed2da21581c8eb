"""Names in, registered names they are like out: index, comparison and office claims in one. No Django."""

from collections.abc import Sequence
from dataclasses import dataclass

from detection.compare import AccountName, Match, Sides, compare_read, sides_of
from detection.index import Index
from detection.offices import Offices
from detection.rarity import Rarity
from detection.reading import Reading, read_anew

NO_ONE = -1
# A segment not longer than so many times what is new is indexed anew together with it.
MERGE = 2


@dataclass(frozen=True)
class Found:
    """A match with the official at a position; NO_ONE for an office claim."""

    at: int
    match: Match


@dataclass(frozen=True)
class _Known:
    rarity: Rarity
    offices: Offices


class Engine:
    """Official accounts, ready to be asked whom a stranger imitates. Each keeps its position for good."""

    def __init__(self, officials: Sequence[AccountName]) -> None:
        self._officials: list[AccountName | None] = []
        self._holders: dict[str, set[int]] = {}
        self._segments: list[tuple[list[str], Index]] = []
        self._waiting: dict[str, None] = {}
        self._sides: dict[int, Sides] = {}
        self._readings: dict[str, Reading] = {}
        self._known: _Known | None = None
        self.add(officials)

    def add(self, officials: Sequence[AccountName]) -> range:
        """Take more officials in; returns their positions."""
        first = len(self._officials)
        self._officials.extend(officials)
        for at, official in enumerate(officials, first):
            self._hold(official, at)
        return range(first, len(self._officials))

    def rename(self, at: int, official: AccountName) -> None:
        """Put another name in the place of the one at `at`. Raises IndexError where there is none."""
        self.remove(at)
        self._officials[at] = official
        self._sides.pop(at, None)
        self._hold(official, at)

    def remove(self, at: int) -> None:
        """Forget the official at `at`; its position stays empty. Raises IndexError where there is none."""
        if at < 0:
            raise IndexError(f"no official has position {at}")
        if (official := self._officials[at]) is not None:
            for text in _texts(official):
                self._holders[text].discard(at)
        self._officials[at] = None
        self._sides.pop(at, None)
        self._known = None

    def _hold(self, official: AccountName, at: int) -> None:
        for text in _texts(official):
            if text not in self._holders:
                self._waiting[text] = None
            self._holders.setdefault(text, set()).add(at)
        self._known = None

    @property
    def rarity(self) -> Rarity:
        """How rare symbols are in this register, as `compare` asks."""
        return self._settle().rarity

    def _reading(self, text: str) -> Reading:
        """A registered text, read once."""
        reading = self._readings.get(text)
        if reading is None:
            reading = self._readings[text] = read_anew(text)
        return reading

    def _read(self, at: int) -> Sides:
        """The official at a position, read once."""
        sides = self._sides.get(at)
        if sides is None:
            official = self._officials[at]
            sides = self._sides[at] = sides_of(official, self._reading) if official is not None else ()
        return sides

    def _settle(self) -> _Known:
        """Index what is new, and count what rarity and office claims need, if anything changed."""
        if self._known is not None:
            return self._known
        waiting = list(self._waiting)
        self._waiting.clear()
        while self._segments and len(self._segments[-1][0]) <= MERGE * len(waiting):
            waiting = self._segments.pop()[0] + waiting
        for text in [text for text in waiting if not self._holders[text]]:
            del self._holders[text]
            self._readings.pop(text, None)
        waiting = [text for text in waiting if text in self._holders]
        if waiting:
            self._segments.append((waiting, Index([self._reading(text) for text in waiting])))
        held = [self._reading(text) for text, positions in self._holders.items() if positions]
        self._known = _Known(
            rarity_of(held),
            Offices(reading.parsed for reading in held if reading.is_han),
        )
        return self._known

    def search(self, accounts: Sequence[AccountName], threshold: float | None = None) -> list[list[Found]]:
        """For each account whom it imitates, best first, then by position; name and handle of one apart.

        threshold: None for what is to be reviewed; a number for every candidate with at least that score.
        """
        known = self._settle()
        asked = [sides_of(account, read_anew) for account in accounts]
        return [
            self._judged(known, one, positions, threshold)
            for one, positions in zip(asked, self._candidates(asked), strict=True)
        ]

    def candidates(self, accounts: Sequence[AccountName]) -> list[list[int]]:
        """For each account the positions of the officials that it is compared with, ascending."""
        self._settle()
        return self._candidates([sides_of(account) for account in accounts])

    def _candidates(self, asked: Sequence[Sides]) -> list[list[int]]:
        sides = [(at, reading) for at, one in enumerate(asked) for _, reading in one]
        found: list[set[int]] = [set() for _ in asked]
        for texts, index in self._segments:
            listed = index.candidates([reading for _, reading in sides])
            for (at, _), numbers in zip(sides, listed, strict=True):
                for number in numbers:
                    found[at] |= self._holders[texts[number]]
        return [sorted(positions) for positions in found]

    def _judged(
        self, known: _Known, asked: Sides, positions: list[int], threshold: float | None
    ) -> list[Found]:
        matches = [
            Found(at, m) for at in positions for m in compare_read(asked, self._read(at), known.rarity)
        ]
        matches.sort(key=lambda one: (-one.match.score, one.at, one.match.field != one.match.came_from))
        # Whoever bears a registered name is that account or a copy of it, and like no other.
        if same := [one for one in matches if one.match.kind == "identical"]:
            return same
        is_alike = any(one.match for one in matches)
        found = [one for one in matches if _is_wanted(one.match, threshold)]
        claim = None if is_alike else known.offices.claim(asked)
        return [*found, Found(NO_ONE, claim)] if claim and _is_wanted(claim, threshold) else found


def _is_wanted(match: Match, threshold: float | None) -> bool:
    return match.accepted if threshold is None else match.score >= threshold


def rarity_of(held: Sequence[Reading]) -> Rarity:
    """How rare symbols and functions are among registered readings."""
    said = (reading.parsed for reading in held if reading.is_han)
    return Rarity((reading.text for reading in held), (read.body for read in said if read.organs))


def _texts(account: AccountName) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in (account.name, account.handle) if text))

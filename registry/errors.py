"""What can be refused here, and why: every error says what is wrong and what to do. Pure."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches

SHOWN_LENGTH = 40
# Letters that turn the reading direction: a value with one of them does not read as it is stored.
TURNS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
UNPRINTABLE = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029{TURNS}]")
# Looking for the nearest word is slow: a file full of faults asks for it only where it is shown.
Mend = str | Callable[[], str]


class RegistryError(Exception):
    """The register or its people cannot be changed as asked; nothing was changed."""


class Refused(RegistryError):
    """One request that the rules forbid; the text names the mend."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a file. `line` counts from 1 (0: the whole file), `value` is safe to print."""

    line: int
    column: str
    value: str
    problem: str
    mend: str

    def __str__(self) -> str:
        place = [f"line {self.line}"] if self.line else []
        place += [self.column] if self.column else []
        place += [f"“{self.value}”"] if self.value else []
        return f"{', '.join(place) or 'the file'}: {self.problem}; {self.mend}"


class BadRegister(RegistryError):
    """A register file that was not taken: the first `faults` in file order, and how many there are in all."""

    def __init__(self, faults: tuple[Fault, ...], total: int) -> None:
        super().__init__(f"{total} faults, the first: {faults[0]}")
        self.faults = faults
        self.total = total


class Faults:
    """Collects faults; keeps the first `LIMIT`, counts all."""

    LIMIT = 200

    def __init__(self) -> None:
        self._kept: list[Fault] = []
        self._total = 0

    def __len__(self) -> int:
        return self._total

    def add(self, line: int, column: str, value: str, problem: str, mend: Mend) -> None:
        """Note a fault; `value` as it stands in the file, `mend` worked out only for those kept."""
        self._total += 1
        if self._total <= self.LIMIT:
            text = mend if isinstance(mend, str) else mend()
            self._kept.append(Fault(line, column, visible(value), problem, text))

    def raise_if_any(self) -> None:
        """Raises BadRegister if anything was noted."""
        if self._total:
            raise BadRegister(tuple(self._kept), self._total)


def visible(text: str) -> str:
    """`text` cut to 40 characters, with everything a terminal would act on or hide written as its number."""
    shown = text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"
    return "".join(mark if _is_seen(mark) else f"<U+{ord(mark):04X}>" for mark in shown)


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The one of `words` most like `word`, None if none is near."""
    near = get_close_matches(word[:SHOWN_LENGTH].lower(), list(words), n=1, cutoff=0.6)
    return near[0] if near else None


def one_of(word: str, words: Iterable[str]) -> str:
    """The mend for a `word` outside a closed list: the nearest of `words`, or all of them."""
    choices = list(words)
    near = nearest(word, choices)
    return f"did you mean {near}?" if near else f"use one of {', '.join(choices)}"


def _is_seen(mark: str) -> bool:
    return mark == " " or unicodedata.category(mark)[0] not in "CZ"

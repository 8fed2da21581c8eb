"""Fuzzing of the comparison, guided by coverage: inputs that reach new lines are kept and altered further.

Lines are counted with `sys.settrace`. A function all of whose lines were reached is traced no more, so that
the run gets faster the more it has seen.
"""

import sys
from collections.abc import Callable
from random import Random
from types import CodeType, FrameType
from typing import Any

from detection.compare import AccountName, compare_each
from names import tablefiles
from names.parse import words_of
from tests.detection.checks import check
from tests.detection.pairs import REGISTER, rows

LONGEST = 10_000
FOLDERS = ("/detection/", "/names/")
MOST_ALTERED = 4
# Of a thousand inputs so many are blown up towards LONGEST.
LONG_OF_1000 = 5

Texts = tuple[str, str, str, str]


class Coverage:
    """The lines of the product that were reached."""

    def __init__(self) -> None:
        self.reached: set[tuple[int, int]] = set()
        # By id, for to hash a code object is to hash all of it; the functions of modules stay where they are.
        self._left: dict[int, set[int]] = {}

    def run(self, act: Callable[[], None]) -> bool:
        """Do it; whether it reached a line for the first time."""
        before, outer = len(self.reached), sys.gettrace()
        sys.settrace(self._called)
        try:
            act()
        finally:
            sys.settrace(outer)
        return len(self.reached) > before

    def _called(self, frame: FrameType, _event: str, _arg: Any) -> Callable[..., Any] | None:
        code = frame.f_code
        left = self._left.get(id(code))
        if left is None:
            left = self._left[id(code)] = _lines(code)
        return self._stepped if left else None

    def _stepped(self, frame: FrameType, event: str, _arg: Any) -> Callable[..., Any]:
        if event == "line":
            code, line = id(frame.f_code), frame.f_lineno
            self._left[code].discard(line)
            self.reached.add((code, line))
        return self._stepped


def _lines(code: CodeType) -> set[int]:
    if not any(folder in code.co_filename for folder in FOLDERS) or "/tests/" in code.co_filename:
        return set()
    return {line for _, _, line in code.co_lines() if line and line > code.co_firstlineno}


class Fuzzer:
    """Makes up pairs of accounts from those that reached new lines before; the same seed, the same inputs."""

    def __init__(self, seed: int) -> None:
        self.coverage = Coverage()
        self.corpus: list[Texts] = [(row.candidate, "", row.official, "") for row in rows()]
        self.corpus += [("", row.candidate, row.official, row.official) for row in rows()[::5]]
        self._rng = Random(seed)
        self._words = _dictionary()

    def run(self, count: int) -> None:
        """Compare `count` pairs. Raises AssertionError with the pair that broke a rule or raised."""
        for _ in range(count):
            texts = self._made_up()
            try:
                is_new = self.coverage.run(lambda texts=texts: judge(texts))  # type: ignore[misc]
            except Exception as error:
                raise AssertionError(f"{error!r} for {texts!a:.500}") from error
            if is_new:
                self.corpus.append(texts)

    def _made_up(self) -> Texts:
        texts = list(self._rng.choice(self.corpus))
        for _ in range(self._rng.randint(1, MOST_ALTERED)):
            at = self._rng.randrange(4)
            texts[at] = self._altered(texts[at], texts)
        if self._rng.randrange(1000) < LONG_OF_1000:
            at = self._rng.randrange(4)
            texts[at] *= self._rng.randint(1, LONGEST)
        name, handle, official, official_handle = (text[:LONGEST] for text in texts)
        return name, handle, official, official_handle

    def _altered(self, text: str, texts: list[str]) -> str:
        rng = self._rng
        start = rng.randint(0, len(text))
        end = min(len(text), start + rng.choice((0, 1, 1, 2, 4)))
        way = rng.randrange(7)
        if way == 0:
            put = ""
        elif way == 1:
            put = chr(rng.randrange(0x110000))
        elif way == 2:
            put = rng.choice(ODD)
        elif way == 3:
            put = rng.choice(self._words)
        elif way == 4:
            put = text[start:end][::-1]
        elif way == 5:
            other = rng.choice(rng.choice(self.corpus))
            put = other[: rng.randint(0, len(other))]
        else:
            return rng.choice(texts)
        return text[:start] + put + text[end:]


def judge(texts: Texts) -> None:
    """Compare them to those who keep a register, and check all that holds for a match."""
    name, handle, official, official_handle = texts
    candidate = AccountName(name, handle)
    for match in compare_each(candidate, AccountName(official, official_handle), REGISTER):
        check(match, candidate)


ODD = (
    "\0", "\ud800", "\udfff", "\u200b", "\u202e", "\u0301", "\u1100\u1161", "\ufe0f", "\U000e0101", "\u3164",
    "@", "$", "!", "_", " ", "\n", "\u2028", "０", "Ａ", "ﬁ", "ß", "İ", "⼈", "⺼", "㈱", "𝓟", "曰", "囧",
    "のー", "a", "I", "l", "1", "rn", "100", "Q8", "\U00020000", "\U0010ffff", "\U000f0001",
)  # fmt: skip


def _dictionary() -> tuple[str, ...]:
    """Words the rules know: functions, role words, places, syllables, official words of handles."""
    organs = [form for *_, forms in tablefiles.rows("organs") for form in forms.split(" ")]
    spoken = [word for kind, _ in tablefiles.rows("words") for word in words_of(kind)]
    places = [row[1] for row in tablefiles.rows("divisions")][::20]
    syllables = [row[0] for row in tablefiles.rows("pinyin")][::3]
    return tuple(dict.fromkeys((*organs, *spoken, *places, *syllables)))

"""What is wrong with a file somebody brings in: where, what, and what to write instead; bilingual. Pure.

A fault is about one place (file, sheet, line, column, value) and has a kind of a closed list, so that ten
thousand faults can be told as five kinds. Values are shown safely: nothing a terminal or page would act on.
"""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

SHOWN_LENGTH = 40
Language = Literal["zh", "en"]


class Text(NamedTuple):
    """A sentence or a part of one, in both languages."""

    zh: str
    en: str


# Looking for the nearest word is slow: a file full of faults asks for it only where it is shown.
Mend = Text | Callable[[], Text]


class Place(NamedTuple):
    """Where something stands. `line` counts from 1 as people see it in the file, 0 is the whole sheet."""

    sheet: str = ""
    line: int = 0
    column: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong. `kind` is a short code in English words, the same for all faults of one sort."""

    kind: str
    place: Place
    problem: Text
    mend: Text

    def sentence(self, language: Language) -> str:
        """Place, problem and mend on one line."""
        return f"{_where(self.place, language)}{self.said(language)}"

    def said(self, language: Language) -> str:
        """Problem and mend, without the place."""
        if language == "zh":
            return f"{self.problem.zh}；{self.mend.zh}"
        return f"{self.problem.en}; {self.mend.en}"


class BadFile(Exception):
    """A file that was not taken: its first faults in file order, how many there are, and of which kinds."""

    def __init__(self, faults: "Faults") -> None:
        super().__init__(f"{faults.total} faults, the first: {faults.kept[0].sentence('en')}")
        self.faults = tuple(faults.kept)
        self.total = faults.total
        self.kinds = dict(faults.kinds)


class Faults:
    """Collects faults: keeps the first `keep`, counts all and their kinds.

    With `by_row` what is wrong with each row is kept as text, for a copy of the file with reasons.
    """

    def __init__(self, keep: int = 200, *, by_row: bool = False) -> None:
        self.kept: list[Fault] = []
        self.total = 0
        self.kinds: Counter[str] = Counter()
        self.rows: defaultdict[tuple[str, int], list[Text]] = defaultdict(list)
        self._keep, self._by_row = keep, by_row

    def __len__(self) -> int:
        return self.total

    def add(self, kind: str, place: Place, problem: Text, mend: Mend) -> None:
        """Note a fault; the value of `place` as it stands in the file."""
        self.total += 1
        self.kinds[kind] += 1
        if len(self.kept) < self._keep or self._by_row:
            self._note(kind, place, problem, mend if isinstance(mend, Text) else mend())

    def _note(self, kind: str, place: Place, problem: Text, mend: Text) -> None:
        fault = Fault(kind, place._replace(value=visible(place.value)), problem, mend)
        if len(self.kept) < self._keep:
            self.kept.append(fault)
        if self._by_row:
            self.rows[place.sheet, place.line].append(Text(fault.said("zh"), fault.said("en")))

    def raise_if_any(self) -> None:
        """Raises BadFile if anything was noted."""
        if self.total:
            raise BadFile(self)


def visible(text: str) -> str:
    """`text` cut to 40 characters, with everything a terminal would act on or hide written as its number."""
    shown = text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"
    return "".join(mark if _is_seen(mark) else f"<U+{ord(mark):04X}>" for mark in shown)


def _is_seen(mark: str) -> bool:
    return mark == " " or unicodedata.category(mark)[0] not in "CZ"


def _where(place: Place, language: Language) -> str:
    """The place in words, with its colon; empty for the whole file."""
    if language == "zh":
        parts = [f"工作表“{visible(place.sheet)}”"] if place.sheet else []
        parts += [f"第{place.line}行"] if place.line else []
        parts += [f"“{visible(place.column)}”列"] if place.column else []
        parts += [f"“{place.value}”"] if place.value else []
        return f"{' '.join(parts) or '整个文件'}："
    parts = [f"sheet “{visible(place.sheet)}”"] if place.sheet else []
    parts += [f"line {place.line}"] if place.line else []
    parts += [f"column “{visible(place.column)}”"] if place.column else []
    parts += [f"“{place.value}”"] if place.value else []
    return f"{', '.join(parts) or 'the file'}: "

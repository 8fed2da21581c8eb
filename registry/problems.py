"""What is wrong with a value, before it is known where it stands; and how people are told of words. Pure."""

from collections.abc import Iterable
from typing import NamedTuple

from rapidfuzz import fuzz, process

from common.faults import Mend, Text

LONGEST_LIST = 12
LEAST_ALIKE = 60
LONGEST_WORD = 40


class Problem(NamedTuple):
    """A kind of a closed list, what is wrong, and what to write instead."""

    kind: str
    text: Text
    mend: Mend


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The one of `words` most like `word`, None if none is near."""
    found = process.extractOne(word[:LONGEST_WORD], list(words), scorer=fuzz.ratio, score_cutoff=LEAST_ALIKE)
    return found[0] if found else None


def listed(words: Iterable[str]) -> Text:
    """Words one after the other, the first dozen of them."""
    shown = list(words)
    rest = len(shown) > LONGEST_LIST
    shown = shown[:LONGEST_LIST]
    return Text("、".join(shown) + " 等" * rest, ", ".join(shown) + " and others" * rest)


def one_of(word: str, words: Iterable[str]) -> Text:
    """The mend for a `word` outside a closed list: the nearest of `words`, or all of them."""
    choices = list(words)
    near = nearest(word, choices)
    if near:
        return Text(f"是否应为“{near}”", f"did you mean “{near}”?")
    return Text(f"请填写以下之一：{listed(choices).zh}", f"write one of: {listed(choices).en}")

"""What the words that offices fill into closed lists mean: platforms, states, kinds, lines, hours. Pure.

The words stand in `tables/words.tsv`. Nothing is guessed: a word that means two values is none of them.
"""

import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from names import tablefiles

FOLDER = Path(__file__).parent / "tables"
ListName = Literal["platform", "state", "unit_kind", "line", "hours"]


def key(word: str) -> str:
    """A word as it is compared: without blanks, case and full width."""
    return "".join(unicodedata.normalize("NFKC", word).casefold().split())


@cache
def _meanings(of: ListName) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, value, words in tablefiles.rows("words", FOLDER):
        if name == of:
            for word in {key(word) for word in (value, *words.split("|"))}:
                found[word] = (*found.get(word, ()), value)
    return found


def meant(word: str, of: ListName) -> tuple[str, ...]:
    """The values `word` can mean: one, none, or several where it is not clear."""
    return _meanings(of).get(key(word), ())


@cache
def titles(of: ListName) -> Mapping[str, str]:
    """What people are told the values are called, by value."""
    return {
        value: words.split("|")[0] for name, value, words in tablefiles.rows("words", FOLDER) if name == of
    }


@cache
def words(of: ListName) -> tuple[str, ...]:
    """Every word that is understood, as written in the table."""
    return tuple(
        word
        for name, value, listed in tablefiles.rows("words", FOLDER)
        if name == of
        for word in (value, *listed.split("|"))
    )

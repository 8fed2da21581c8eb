"""Undoing disguises: which characters of a candidate stand for characters of the official name, and how.

Only characters that the official name has and the candidate lacks are looked for, and only in what the
candidate's words leave unread: a real place or organ is what it says, however it sounds.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from names.characters import Likeness, likeness, sounds
from names.parse import Parsed

Means = Likeness | Literal["pinyin", "letters"]

_READ = frozenset({"place", "organ", "scope"})
_LATIN_RUN = re.compile(r"[a-z]+")
_LETTERS = re.compile(r"[a-z0-9]+")
_LONGEST_RUN = 60
# What a writer prefers to use, most deceptive first.
_PREFERENCE: tuple[Likeness, ...] = ("same_sound", "same_look", "near_sound")


class Disguise(NamedTuple):
    """What stands in the candidate, what it stands for ("" for letters merely added), and by which means."""

    mine: str
    theirs: str
    means: Means


def undo(candidate: Parsed, official: Parsed) -> tuple[str, tuple[Disguise, ...]]:
    """The candidate's text with each disguise replaced by what it stands for, and the disguises."""
    wanted = [c for c in dict.fromkeys(official.text + official.core) if c not in candidate.text]
    found: list[Disguise] = []
    text = "".join(_word(word.text, word.kind in _READ, wanted, found) for word in candidate.words)
    text = _LATIN_RUN.sub(lambda run: _spelled(run[0], official, found), text)
    if not _LETTERS.search(official.text):
        text = _LETTERS.sub(lambda run: _added(run[0], found), text)
    return text, tuple(found)


def _word(text: str, is_read: bool, wanted: list[str], found: list[Disguise]) -> str:
    return text if is_read else "".join(_character(c, wanted, found) for c in text)


def _character(character: str, wanted: list[str], found: list[Disguise]) -> str:
    # The first of `wanted` by each means; each pair is looked at once, since comparing spends its time here.
    stands_for = {likeness(character, other): other for other in reversed(wanted)}
    for means in _PREFERENCE:
        if other := stands_for.get(means):
            found.append(Disguise(character, other, means))
            return other
    return character


def _spelled(run: str, official: Parsed, found: list[Disguise]) -> str:
    """The stretch of the official name that `run` spells in pinyin, or `run` itself."""
    if 2 <= len(run) <= _LONGEST_RUN:
        for text in (official.text, official.core):
            for start in range(len(text)):
                for length in _lengths_spelled(run, text[start:]):
                    found.append(Disguise(run, text[start : start + length], "pinyin"))
                    return text[start : start + length]
    return run


def _lengths_spelled(run: str, text: str) -> Iterator[int]:
    """How many characters from the start of `text` the whole of `run` spells; the first answer counts."""
    if not run:
        yield 0
    elif text:
        for sound in sounds(text[0]):
            if run.startswith(sound):
                yield from (1 + rest for rest in _lengths_spelled(run.removeprefix(sound), text[1:]))


def _added(run: str, found: list[Disguise]) -> str:
    found.append(Disguise(run, "", "letters"))
    return ""

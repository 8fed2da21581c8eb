"""What a handle, or a name in Latin letters, is made of: words, official words around them, digits."""

import re
from dataclasses import dataclass
from functools import lru_cache

from names.fold import fold, skeleton, without_invisible, without_marks, without_width
from names.parse import words_of

# Where a word begins: after a separator, at a capital after a small letter, between letters and digits.
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|[A-Z]|\d+")
_SAID_SHORTER = {"government": "gov", "govt": "gov", "department": "dept", "dep": "dept", "centre": "center"}
_SHORTEST_GLUED = 6  # below this many letters what is left of a handle is a word anybody may use


@dataclass(frozen=True)
class Handle:
    """A handle read. `look`: its skeleton; `core`: the skeleton without official words and digits around it;
    `dress`: these words, in order; `words`: the short forms of all its words."""

    text: str
    look: str
    words: tuple[str, ...]
    core: str
    dress: tuple[str, ...]

    @property
    def has_fan_word(self) -> bool:
        """Whether it says openly that it is a fan's, a parody or unofficial."""
        return bool(frozenset(self.words) & frozenset(words_of("latin_fan")))


@lru_cache(maxsize=65_536)
def read(handle: str) -> Handle:
    """Read a handle or a Latin name; never fails."""
    text = fold(handle).text
    words = _words(handle)
    inner, dress = _undressed(words)
    core = "".join(inner)
    if len(inner) == 1:
        core, glued = _unglued(core)
        dress += glued
    return Handle(text, skeleton("".join(words)) or skeleton(text), words, skeleton(core), dress)


def _words(handle: str) -> tuple[str, ...]:
    plain = without_marks(without_width(without_invisible(handle)))
    found = (fold(word).text for word in _WORD.findall(plain))
    return tuple(_SAID_SHORTER.get(word, word) for word in found if word)


def _undressed(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """`words` without official words and digits at both ends, and what was taken off."""
    official = frozenset(words_of("latin_affix")) | frozenset(_SAID_SHORTER.values())
    first, last = 0, len(words)
    while last - first > 1 and (words[last - 1] in official or words[last - 1].isdigit()):
        last -= 1
    while last - first > 1 and words[first : first + 2] != ("city", "of") and words[first] in official:
        first += 1
    if words[first : first + 2] == ("city", "of") and last - first > 2:
        first += 2
    return words[first:last], (*words[:first], *words[last:])


def _unglued(word: str) -> tuple[str, tuple[str, ...]]:
    """One official word taken off an end of a word written in one (edemmettgov, realjeffreylord)."""
    for affix in sorted(words_of("latin_affix"), key=len, reverse=True):
        if len(word) - len(affix) >= _SHORTEST_GLUED:
            if word.endswith(affix):
                return word.removesuffix(affix), (affix,)
            if word.startswith(affix):
                return word.removeprefix(affix), (affix,)
    return word, ()

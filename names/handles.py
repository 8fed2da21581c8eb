"""What a handle, or a name in Latin letters, is made of: words, official words around them, digits."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from names import tablefiles
from names.fold import plain, skeleton, without_invisible, without_marks, without_width
from names.parse import words_of

_OFFICIAL_CLASSES = frozenset({"latin_official", "latin_government", "latin_country"})
_SIDE_CLASSES = frozenset({"latin_support", "latin_news", "latin_community"})
_SHORT_GLUED = frozenset({"us", "uk", "eu", "cn", "hk", "pd", "hq", "tv"})
# What a body calls itself by; some stand among the words of help desks, too.
_CLAIMS = frozenset({"dept", "department", "office", "official", "gov", "police", "desk"})
# Where a word begins: after a separator, at a capital after a small letter, between letters and digits.
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|[A-Z]|\d+")
_SAID_SHORTER = {
    "government": "gov",
    "govt": "gov",
    "department": "dept",
    "dep": "dept",
    "centre": "center",
    "representative": "rep",
    "congressman": "rep",
    "congresswoman": "rep",
    "senator": "sen",
    "governor": "gov",
    "president": "pres",
    "county": "co",
    "university": "univ",
    "saint": "st",
    "township": "twp",
}
_SHORTEST_GLUED = 5  # below this many letters what is left of a handle is a word anybody may use


class Handle(NamedTuple):
    """A handle read. `look`: its skeleton; `core`: the skeleton without official words and digits around it;
    `dress`: these words, in order; `words`: the short forms of all its words; `has_fan_word`: it says openly
    that it is a fan's, a parody or unofficial; `bare`: the letters of the core as they are."""

    text: str
    look: str
    words: tuple[str, ...]
    core: str
    dress: tuple[str, ...]
    has_fan_word: bool
    has_digit: bool
    bare: str


@lru_cache(maxsize=8192)
def read(handle: str) -> Handle:
    """Read a handle or a Latin name; never fails."""
    text = plain(handle)
    words = _words(handle)
    inner, dress = _undressed(words)
    inner, initials = _without_initials(inner)
    dress += initials
    core = "".join(inner)
    has_digit = any(letter.isdigit() for letter in text)
    is_fan = not _fan_words().isdisjoint(words)
    return Handle(text, skeleton(text), words, skeleton(core), dress, is_fan, has_digit, core)


def _words(handle: str) -> tuple[str, ...]:
    shown = handle if handle.isascii() else without_marks(without_width(without_invisible(handle)))
    found = (plain(word) for word in _WORD.findall(shown))
    return tuple(_SAID_SHORTER.get(word, word) for word in found if word)


def _undressed(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """`words` without official words and digits at both ends, and what was taken off."""
    first, last = 0, len(words)
    while last - first > 1 and is_dress(words[last - 1]):
        last -= 1
    while last - first > 1 and words[first : first + 2] != ("city", "of") and is_dress(words[first]):
        first += 1
    if words[first : first + 2] == ("city", "of") and last - first > 2:
        first += 2
    return words[first:last], (*words[:first], *words[last:])


def _without_initials(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """`words` without single letters between words, and these: Moses M Wetangula."""
    kept = tuple(word for word in words if len(word) > 1 or word.isdigit())
    if len(kept) < 2:
        return words, ()
    return kept, tuple(word for word in words if len(word) == 1 and not word.isdigit())


def unglued(text: str) -> Iterator[tuple[str, str]]:
    """What is left when an official word is taken off an end of a text in one, and the word (edemmettgov)."""
    for end in range(_SHORTEST_GLUED, len(text)):
        if text[end:] in glued_words():
            yield text[:end], text[end:]
        if text[: len(text) - end] in glued_words():
            yield text[len(text) - end :], text[: len(text) - end]


def is_dress(word: str) -> bool:
    """Whether a word at an end of a handle tells nothing: official words and numbers."""
    return word in official_words() or word.isdigit()


@cache
def _fan_words() -> frozenset[str]:
    return frozenset(words_of("latin_fan"))


@cache
def official_words() -> frozenset[str]:
    """The words that only dress a handle up, in their short forms."""
    listed = (word for word, kind in tablefiles.rows("generic") if kind in _OFFICIAL_CLASSES)
    return frozenset(words_of("latin_affix")) | frozenset(listed)


@cache
def glued_words() -> frozenset[str]:
    """Official words long enough to be seen in a text without spaces."""
    return frozenset(word for word in official_words() if len(word) > 2) | _SHORT_GLUED


@cache
def generic_words() -> frozenset[str]:
    """Every Latin word that tells nobody by itself, titles and official words among them."""
    listed = (word for word, kind in tablefiles.rows("generic") if kind.startswith("latin_"))
    return official_words() | frozenset(listed)


@cache
def side_words() -> frozenset[str]:
    """Words of a second account of the same body: care, help, news."""
    listed = (word for word, kind in tablefiles.rows("generic") if kind in _SIDE_CLASSES)
    return frozenset(listed) - _CLAIMS

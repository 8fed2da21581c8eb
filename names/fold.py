"""What is left of a name when everything that does not change its look or sound to a reader is taken away.

Each step removes one thing and is named for it; `fold` tells which steps changed something, so that a reason
can say "the same after removing U+200B". `skeleton` goes further: characters drawn alike become one.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from names import tablefiles

# Blank by look, though Unicode counts them as letters, marks or symbols: fillers, braille blank, joiners.
_BLANK = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0\u302a\u302b\u302c\u302d"
) | {chr(number) for number in range(0xFE00, 0xFE10)}
# Strokes that nicknames put between and around characters.
_STROKES = frozenset("丨丶丿灬彡")
_RADICALS = range(0x2E80, 0x2FE0)
_SIGNS_AS_LETTERS = str.maketrans("@$!", "asi")
_SIGN_IN_WORD = re.compile(r"(?<=[a-z0-9])[@$!](?=[a-z0-9])")
# Letters and digits that a reader takes for each other in a handle; capital I has become i before.
_DRAWN_ALIKE = {
    "i": "l",
    "1": "l",
    "0": "o",
    "5": "s",
    "3": "e",
    "4": "a",
    "8": "b",
    "7": "t",
    "9": "g",
    "2": "z",
}
_PAIRS_DRAWN_ALIKE = (("rn", "m"), ("vv", "w"))
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0010ffff]")
_MARKED_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC")


@dataclass(frozen=True)
class Change:
    """One folding that did something: its name and the characters it removed or replaced."""

    step: str
    characters: str


@dataclass(frozen=True)
class Folded:
    """A name in its plain form, and the steps that made it so."""

    text: str
    changes: tuple[Change, ...]


@lru_cache(maxsize=65_536)
def is_invisible(character: str) -> bool:
    """Whether a character leaves no mark on paper and takes part in no spelling."""
    return character in _BLANK or unicodedata.category(character) in ("Cf", "Cc", "Cn", "Co", "Cs")


def without_invisible(text: str) -> str:
    """Remove zero-width, direction and format characters, variation selectors and fillers."""
    return "".join(c for c in text if not is_invisible(c) and not 0xE0100 <= ord(c) <= 0xE01EF)


def without_radicals(text: str) -> str:
    """Write Kangxi and CJK radicals as the characters they are drawn like."""
    if not any(ord(c) in _RADICALS for c in text):
        return text
    return "".join(_radical(c) if ord(c) in _RADICALS else c for c in text)


def without_width(text: str) -> str:
    """Replace full-width, styled and enclosed forms by plain ones (NFKC)."""
    return unicodedata.normalize("NFKC", text)


def without_case(text: str) -> str:
    """Remove the difference between capital and small letters."""
    return text.casefold()


def without_marks(text: str) -> str:
    """Remove accents over Latin, Greek and Cyrillic letters; kana and Indic marks spell and stay."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", "".join(_plain(c) for c in unicodedata.normalize("NFC", text)))


def without_signs(text: str) -> str:
    """Read @, $ and ! inside a Latin word as the letters they stand for."""
    return _SIGN_IN_WORD.sub(lambda sign: sign[0].translate(_SIGNS_AS_LETTERS), text)


def without_separators(text: str) -> str:
    """Remove spaces, punctuation, symbols and emoji: all but letters, digits and the marks that spell."""
    return "".join(c for c in text if _spells(c))


def _spells(character: str) -> bool:
    if character in _STROKES:
        return False
    return character.isalnum() or unicodedata.category(character) in ("Mc", "Mn")


def without_traditional(text: str) -> str:
    """Write traditional characters in their simplified form."""
    return text.translate(_simplified())


STEPS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("invisible", without_invisible),
    ("radicals", without_radicals),
    ("width", without_width),
    ("case", without_case),
    ("marks", without_marks),
    ("signs", without_signs),
    ("separators", without_separators),
    ("traditional", without_traditional),
)


@lru_cache(maxsize=4096)
def fold(name: str) -> Folded:
    """`name` after all STEPS in order, with the steps that changed it. Folding twice changes nothing more."""
    text, changes = name, []
    for step, apply in STEPS:
        after = apply(text)
        if after != text:
            changes.append(Change(step, _lost(text, after)))
            text = after
    # On a few letters NFKC and case folding make work for each other; the plain form must be stable.
    return Folded(text, tuple(changes)) if _once(text) == text else _again(text, changes)


def plain(name: str) -> str:
    """`fold(name).text`, fast: most characters fold alike wherever they stand."""
    text = name.translate(_ALONE)
    return fold(name).text if _UNSURE in text else text


def spots(name: str) -> tuple[int, ...]:
    """For each character of `plain(name)` the offset in `name` of the character it came from.

    Where characters fold together (a letter and its accents) the offset is that of the first.
    """
    found: list[int] = []
    starts = [at for at, c in enumerate(name) if not at or unicodedata.category(c)[0] != "M"]
    for start, end in pairwise([*starts, len(name)]):
        found.extend([start] * len(plain(name[start:end])))
    text = plain(name)
    if len(found) == len(text):
        return tuple(found)
    # Signs read as letters and jamo depend on their neighbours: spread what is left over the name.
    return tuple(at * len(name) // max(len(text), 1) for at in range(len(text)))


def _again(text: str, changes: list[Change]) -> Folded:
    return Folded(fold(_once(text)).text, tuple(changes))


def _once(text: str) -> str:
    for _, apply in STEPS:
        text = apply(text)
    return text


# Stands for a character whose folding depends on its neighbours; NUL folds to nothing and is never an answer.
_UNSURE = "\0"


class _Alone(dict[int, str]):
    """Code point to its plain form, worked out when first met; at most all of Unicode."""

    def __missing__(self, number: int) -> str:
        self[number] = found = _alone(chr(number))
        return found


_ALONE = _Alone()


def _alone(character: str) -> str:
    if character in "@$!" or _joins_others(character):
        return _UNSURE
    text = _once(_once(character))
    return _UNSURE if any(map(_joins_others, text)) else text


def _joins_others(character: str) -> bool:
    """Whether normalisation may join it with what stands before it: marks and conjoining jamo."""
    is_jamo = "\u1100" <= character <= "\u11ff" or "\ua960" <= character <= "\ua97f"
    return unicodedata.category(character)[0] == "M" or is_jamo or "\ud7b0" <= character <= "\ud7ff"


def skeleton(folded: str) -> str:
    """A folded text with characters drawn alike made one: haloBCA and haIoBCA, 人民日报 and 人民曰报."""
    text = folded.translate(_one_of_each_look())
    for pair, letter in _PAIRS_DRAWN_ALIKE:
        text = text.replace(pair, letter)
    return text


def with_latin_letters(folded: str) -> str:
    """A folded text with Cyrillic, Greek and other letters as the Latin ones they are drawn like."""
    return folded if folded.isascii() else folded.translate(_latin())


def is_empty_after_folding(name: str) -> bool:
    """Whether nothing readable is left of `name`: no letter, no digit, no Han character."""
    return not fold(name).text


def is_han(character: str) -> bool:
    """Whether a single character is a Han character."""
    return "\u4e00" <= character <= "\u9fff" or "\u3400" <= character <= "\u4dbf" or character >= "\U00020000"


def has_han(text: str) -> bool:
    """Whether a Han character stands in `text`."""
    return _HAN.search(text) is not None


def _lost(before: str, after: str) -> str:
    """The distinct characters of `before` that are not in `after`, in order."""
    kept = frozenset(after)
    return "".join(dict.fromkeys(c for c in before if c not in kept))


@lru_cache(maxsize=65_536)
def _plain(character: str) -> str:
    decomposed = unicodedata.normalize("NFD", character)
    base = decomposed[0]
    if len(decomposed) > 1 and unicodedata.name(base, "").startswith(_MARKED_SCRIPTS):
        return base
    return "" if unicodedata.name(character, "").startswith("COMBINING") else character


def _radical(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character)
    return plain if plain != character else _confusable().get(character, character)


@cache
def _confusable() -> dict[str, str]:
    return dict(tablefiles.rows("confusables"))


@cache
def _latin() -> dict[int, str]:
    return {
        ord(letter): like.casefold()
        for letter, like in _confusable().items()
        if letter.isalpha() and not is_han(letter) and len(like) == 1 and like.isascii() and like.isalpha()
    }


@cache
def _simplified() -> dict[int, str]:
    pairs = dict(tablefiles.rows("traditional"))
    # Two steps where the table has two (a -> b, b -> c), so that folding twice changes nothing.
    return {ord(old): pairs.get(new, new) for old, new in pairs.items()}


@cache
def _one_of_each_look() -> dict[int, str]:
    looks = {
        character: like
        for character, like in _confusable().items()
        if like.isascii() or not is_han(character)
    }
    for characters, _ in tablefiles.rows("lookalikes_hand"):
        first = looks.get(characters[0], characters[0])
        looks.update({c: first for c in characters[1:] if c not in looks})
    looks.update(_DRAWN_ALIKE)
    return {ord(character): _resolve(character, looks) for character in looks}


def _resolve(character: str, looks: dict[str, str]) -> str:
    seen: set[str] = set()
    while character in looks and character not in seen:
        seen.add(character)
        character = looks[character]
    return character

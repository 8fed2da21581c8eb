"""A folded name as a reader sees it and as a reader hears it: one symbol a character, equal where they pass
for each other.

* look: characters drawn alike are one symbol (UTS #39 skeletons, leet, look-alike Han characters).
* sound: a Han character is its toneless syllable with the sounds merged that many speakers do not tell apart
  (zh/z, ng/n, n/l); anything else is its look.

Syllables are written as private-use code points, so that views are ordinary strings. A name that mixes Han
characters with pinyin in Latin letters (郑州fabu) has a `spelled` form with its syllables as such symbols.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import islice, product

from names import tablefiles
from names.characters import near_syllable, readings, sounds, syllables
from names.fold import has_han, is_han, skeleton

_FIRST_SYLLABLE = 0xF0000  # a private plane: no folded name holds such code points
_LONGEST_SYLLABLE = 6
MOST_WAYS = 8
_RUN = re.compile(r"[a-z]{2,}")


def look(text: str) -> str:
    """`text` with one symbol for each look."""
    return text.translate(_LOOKS)


def sound(text: str) -> str:
    """`text` with one symbol for each sound, by the commonest reading of each character."""
    return text.translate(_SOUNDS)


def sounds_of(text: str) -> tuple[str, ...]:
    """`sound(text)`, and the same by the other reading of the characters that have two."""
    first, second = text.translate(_SOUNDS), text.translate(_OTHER_SOUNDS)
    return (first,) if first == second else (first, second)


def is_syllable(symbol: str) -> bool:
    """Whether a symbol of a view or of a spelled form stands for a syllable."""
    return symbol >= "\U000f0000"


def spelled(text: str) -> str:
    """`text` with its runs of Latin letters as syllables, where Han characters stand beside them.

    Empty where there is no Han character or no run that reads as pinyin.
    """
    if text.isascii() or not _RUN.search(text) or not has_han(text):
        return ""
    alike = _RUN.sub(lambda run: typed_sound(run[0]) or run[0], text)
    return alike if alike != text else ""


@cache
def symbol(near: str) -> str:
    """The private-use code point of a merged syllable."""
    return chr(_FIRST_SYLLABLE + _numbers()[near])


@cache
def _numbers() -> dict[str, int]:
    return {near: number for number, near in enumerate(sorted({near_syllable(one) for one in syllables()}))}


def _syllables(run: str) -> list[str] | None:
    """The run as syllables, the fewest there are; None where it does not read as pinyin."""
    known = syllables()
    # For each end the way to it: from the best of the starts it can be reached from.
    best: list[list[str] | None] = [[]]
    unreached = 0
    for end in range(1, len(run) + 1):
        found: list[str] | None = None
        for start in range(max(0, end - _LONGEST_SYLLABLE), end):
            before = best[start]
            if before is not None and run[start:end] in known and (not found or len(before) < len(found) - 1):
                found = [*before, run[start:end]]
        best.append(found)
        unreached = 0 if found else unreached + 1
        if unreached == _LONGEST_SYLLABLE:
            return None
    return best[-1]


def is_typed(letters: str, text: str) -> bool:
    """Whether Latin letters spell `text` in pinyin, by any readings, near sounds merged or not."""
    reached = {0}
    for character in text:
        ways = _ways_to_type(character)
        reached = {at + len(way) for at in reached for way in ways if letters.startswith(way, at)}
        if not reached:
            return False
    return len(letters) in reached


@lru_cache(maxsize=8192)
def _ways_to_type(character: str) -> frozenset[str]:
    ways = set(sounds(character))
    for wide, narrow in (("zh", "z"), ("ch", "c"), ("sh", "s")):
        ways |= {narrow + way.removeprefix(wide) for way in ways if way.startswith(wide)}
        ways |= {
            wide + way.removeprefix(narrow) for way in ways if way.startswith(narrow) and way[1:2] != "h"
        }
    ways |= {way[:-1] for way in ways if way.endswith("ng")} | {
        way + "g" for way in ways if way.endswith("n")
    }
    return frozenset(ways | {way.replace("v", "u") for way in ways})


def typed_keys(text: str) -> frozenset[str]:
    """How `text`, Han characters only, is typed by the two commonest readings of each, as `typed_key`."""
    read = [readings(character)[:2] for character in text]
    if not text or not all(read):
        return frozenset()
    return frozenset(typed_key("".join(way)) for way in islice(product(*read), MOST_WAYS))


def typed_key(letters: str) -> str:
    """Letters of pinyin with the sounds merged that letters alone can tell; the same however they are cut."""
    for wide, narrow in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("v", "u")):
        letters = letters.replace(wide, narrow)
    return letters


def pinyin_runs(text: str) -> Iterator[tuple[int, list[str]]]:
    """The runs of Latin letters that read as pinyin: where each begins, and its syllables."""
    for run in _RUN.finditer(text):
        if read := _syllables(run[0]):
            yield run.start(), read


def typed_sound(letters: str) -> str:
    """Latin letters that read as pinyin throughout, as symbols of the sound view; empty for others."""
    read = _syllables(letters) if letters.isascii() and letters.isalpha() else None
    return "".join(symbol(near_syllable(one)) for one in read) if read else ""


class _Table(dict[int, str]):
    """Code point to symbol, worked out when first met."""


class _Looks(_Table):
    def __missing__(self, number: int) -> str:
        character = chr(number)
        self[number] = found = _look_classes().get(character) or skeleton(character)
        return found


class _Sounds(_Table):
    def __missing__(self, number: int) -> str:
        character = chr(number)
        read = readings(character) if is_han(character) else ()
        self[number] = found = symbol(near_syllable(read[0])) if read else _LOOKS[number]
        return found


class _OtherSounds(_Table):
    def __missing__(self, number: int) -> str:
        character = chr(number)
        read = readings(character) if is_han(character) else ()
        self[number] = found = symbol(near_syllable(read[1])) if len(read) > 1 else _SOUNDS[number]
        return found


_LOOKS = _Looks()
_SOUNDS = _Sounds()
_OTHER_SOUNDS = _OtherSounds()


@cache
def _look_classes() -> dict[str, str]:
    """Han character to the first of those drawn like it (made by `tables/look_classes.py`)."""
    return {
        character: characters[0]
        for (characters,) in tablefiles.rows("look_classes")
        for character in characters
    }

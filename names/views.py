"""A folded name as a reader sees it and as a reader hears it: one symbol a character, equal where they pass
for each other.

* look: characters drawn alike are one symbol (UTS #39 skeletons, leet, look-alike Han characters).
* sound: a Han character is its toneless syllable with the sounds merged that many speakers do not tell apart
  (zh/z, ng/n, n/l); anything else is its look.

Syllables are written as private-use code points, so that views are ordinary strings. A name that mixes Han
characters with pinyin in Latin letters (郑州fabu) has a `spelled` form with its syllables as such symbols.
"""

import re
from functools import cache

from names.characters import all_with_looks, looks, near_syllable, sounds, syllables
from names.fold import has_han, is_han, skeleton

_FIRST_SYLLABLE = 0xF0000  # a private plane: no folded name holds such code points
_LARGEST_LOOK = 12
_LONGEST_SYLLABLE = 6
_RUN = re.compile(r"[a-z]{2,}")
_MERGED_LETTERS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("v", "u"))


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


def is_typed(typed: str, text: str) -> bool:
    """Whether Latin letters (as `merged_letters`) spell `text`, each character by any of its readings."""
    reached = {0}
    for character in text:
        ways = {merged_letters(one) for one in sounds(character)}
        reached = {at + len(way) for at in reached for way in ways if typed.startswith(way, at)}
        if not reached:
            return False
    return len(typed) in reached


def typed_sound(letters: str) -> str:
    """Latin letters that read as pinyin throughout, as symbols of the sound view; empty for others."""
    read = _syllables(letters) if letters.isascii() and letters.isalpha() else None
    return "".join(symbol(near_syllable(one)) for one in read) if read else ""


def merged_letters(run: str) -> str:
    """Letters of pinyin with the sounds merged that `sound` merges, as far as letters alone allow."""
    for wide, narrow in _MERGED_LETTERS:
        run = run.replace(wide, narrow)
    return run


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
        read = sounds(character) if is_han(character) else frozenset()
        self[number] = found = symbol(near_syllable(min(read))) if read else _LOOKS[number]
        return found


class _OtherSounds(_Table):
    def __missing__(self, number: int) -> str:
        character = chr(number)
        read = sounds(character) if is_han(character) else frozenset()
        self[number] = found = symbol(near_syllable(max(read))) if len(read) > 1 else _SOUNDS[number]
        return found


_LOOKS = _Looks()
_SOUNDS = _Sounds()
_OTHER_SOUNDS = _OtherSounds()


@cache
def _look_classes() -> dict[str, str]:
    """Han character to the first of those drawn like it; groups that would grow large stay apart."""
    group: dict[str, set[str]] = {}
    pairs = sorted((a, b) for a in all_with_looks() for b in looks(a))
    pairs.sort(key=lambda pair: skeleton(pair[0]) != skeleton(pair[1]))
    for one, other in pairs:
        mine, theirs = group.setdefault(one, {one}), group.setdefault(other, {other})
        if mine is not theirs and len(mine) + len(theirs) <= _LARGEST_LOOK:
            mine |= theirs
            for character in theirs:
                group[character] = mine
    return {character: min(members) for character, members in group.items()}

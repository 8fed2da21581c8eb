"""How two single characters can be taken for each other: by look, by sound, or nearly by sound."""

from collections import defaultdict
from functools import cache, lru_cache
from typing import Literal

from names import tablefiles
from names.fold import skeleton

Likeness = Literal["same_look", "same_sound", "near_sound"]

_NEAR_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))


@lru_cache(maxsize=65_536)
def likeness(one: str, other: str) -> Likeness | None:
    """How `one` can stand for `other` (both folded, one character each); None if no reader takes them so.

    A pair both heard and seen alike (州, 洲) counts as heard: that is what its writer changed.
    """
    if sounds(one) & sounds(other):
        return "same_sound"
    if skeleton(one) == skeleton(other) or other in looks(one):
        return "same_look"
    return "near_sound" if near_sounds(one) & near_sounds(other) else None


def sounds(character: str) -> frozenset[str]:
    """Toneless readings of a Han character, empty for anything else."""
    return _sounds().get(character, frozenset())


def near_sounds(character: str) -> frozenset[str]:
    """Its readings, each as `near_syllable`."""
    return frozenset(near_syllable(sound) for sound in sounds(character))


def looks(character: str) -> frozenset[str]:
    """Han characters alike in strokes; symmetric, but no classes: 青 is like 清 and 情, these less so."""
    return _looks().get(character, frozenset())


def all_with_looks() -> frozenset[str]:
    """Every Han character that has another drawn like it."""
    return frozenset(_looks())


@cache
def syllables() -> frozenset[str]:
    """Every toneless syllable of Mandarin."""
    return frozenset(syllable for syllable, _ in tablefiles.rows("pinyin"))


def near_syllable(sound: str) -> str:
    """A toneless syllable with the sounds merged that many speakers do not tell apart: zh/z, n/l, ng/n."""
    for wide, narrow in _NEAR_INITIALS:
        if sound.startswith(wide):
            sound = narrow + sound.removeprefix(wide)
            break
    return sound.removesuffix("g") if sound.endswith("ng") else sound


@cache
def _sounds() -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for syllable, characters in tablefiles.rows("pinyin"):
        for character in characters:
            found[character].add(syllable)
    # Folding writes the traditional form as the simplified one: whoever sounds like either stays.
    for traditional, simplified in tablefiles.rows("traditional"):
        found[simplified] |= found.get(traditional, set())
    return {character: frozenset(readings) for character, readings in found.items()}


@cache
def _looks() -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for characters, _ in tablefiles.rows("lookalikes_hand"):
        for one in characters:
            found[one].update(characters)
    for first, others in tablefiles.rows("lookalikes_pycorrector"):
        found[first].update(others)
        for other in others:
            found[other].add(first)
    return {character: frozenset(alike - {character}) for character, alike in found.items()}

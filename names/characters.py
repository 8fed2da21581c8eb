"""How two single characters can be taken for each other: by look, by sound, or nearly by sound."""

from collections import defaultdict
from functools import cache, lru_cache
from typing import Literal

from names import tablefiles
from names.fold import skeleton

Likeness = Literal["same_look", "same_sound", "near_sound"]

# Pictures of two characters that correlate this much (of 100) are taken for each other; where they differ in
# one part only, less is enough: 沙 and 吵.
DRAWN, PARTS = 72, 55
_NEAR_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))


@lru_cache(maxsize=65_536)
def likeness(one: str, other: str) -> Likeness | None:
    """How `one` can stand for `other` (both folded, one character each); None if no reader takes them so.

    A pair both heard and seen alike (州, 洲) counts as heard: that is what its writer changed.
    """
    if sounds(one) & sounds(other):
        return "same_sound"
    if skeleton(one) == skeleton(other) or are_drawn_alike(one, other):
        return "same_look"
    return "near_sound" if near_sounds(one) & near_sounds(other) else None


def sounds(character: str) -> frozenset[str]:
    """Toneless readings of a Han character, empty for anything else."""
    return _sounds().get(character, frozenset())


def near_sounds(character: str) -> frozenset[str]:
    """Its readings, each as `near_syllable`."""
    return frozenset(near_syllable(sound) for sound in sounds(character))


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


def readings(character: str) -> tuple[str, ...]:
    """Its toneless readings, the commonest first; those of its traditional form behind."""
    first = _polyphones().get(character, ())
    return (*first, *sorted(sounds(character) - frozenset(first)))


@cache
def _polyphones() -> dict[str, tuple[str, ...]]:
    return {one: tuple(read.split(" ")) for one, read in tablefiles.rows("polyphones")}


@cache
def _sounds() -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for syllable, characters in tablefiles.rows("pinyin"):
        for character in characters:
            found[character].add(syllable)
    # Folding writes the traditional form as the simplified one: whoever sounds like either stays.
    for traditional, simplified in tablefiles.rows("traditional"):
        usual = _polyphones().get(traditional) or sorted(found.get(traditional, ()))
        found[simplified].update(usual[:1])
    return {character: frozenset(readings) for character, readings in found.items()}


def are_drawn_alike(one: str, other: str) -> bool:
    """Whether a table lists one of two Han characters among those drawn like the other."""
    likes = drawn_alike()
    return other in likes.get(one, "") or one in likes.get(other, "")


@cache
def drawn_alike() -> dict[str, str]:
    """Character to those drawn like it, the most alike first; lists need not be mutual."""
    found: defaultdict[str, str] = defaultdict(str)
    for characters, _ in tablefiles.rows("lookalikes_hand"):
        for one in characters:
            found[one] += characters.replace(one, "")
    for table, least in (
        ("lookalikes_drawn", DRAWN),
        ("lookalikes_parts", PARTS),
        ("lookalikes_rare", DRAWN),
    ):
        for one, likes, strengths in tablefiles.rows(table):
            found[one] += "".join(
                other
                for other, strength in zip(likes, strengths.split(" "), strict=True)
                if int(strength) >= least
            )
    for one, others in tablefiles.rows("lookalikes_pycorrector"):
        found[one] += others
    return dict(found)


@cache
def _split() -> dict[str, str]:
    return {
        pieces: character for character, written in tablefiles.rows("split") for pieces in written.split(" ")
    }


def joined(text: str) -> str:
    """`text` with split characters put together again: 木木 is 林. The same text where there are none."""
    firsts, seconds = _pieces()
    if firsts.isdisjoint(text) or seconds.isdisjoint(text):
        return text
    whole, at = "", 0
    split = _split()
    while at < len(text):
        character = split.get(text[at : at + 2])
        whole += character or text[at]
        at += 2 if character else 1
    return whole


@cache
def _pieces() -> tuple[frozenset[str], frozenset[str]]:
    """What stands left and what stands right in a split character."""
    return frozenset(pair[0] for pair in _split()), frozenset(pair[1:] for pair in _split())

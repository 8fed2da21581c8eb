"""Where two texts part, symbol by symbol, and what each parting costs a reader's eye or ear."""

from functools import lru_cache
from typing import Literal, NamedTuple

from rapidfuzz.distance import OSA

from detection import score
from detection.rarity import EVEN, Rarity
from names.characters import likeness, near_sounds, sounds
from names.views import is_syllable, look, sounds_of, symbol

Means = Literal["same", "same_look", "same_sound", "near_sound", "spelled", "initial", "unrelated"]
COST: dict[Means, float] = {
    "same": 0.0,
    "same_look": score.SAME_LOOK,
    "same_sound": score.SAME_SOUND,
    "near_sound": score.NEAR_SOUND,
    "spelled": score.SPELLED,
    "initial": score.INITIAL,
    "unrelated": score.UNRELATED,
}


class Step(NamedTuple):
    """One parting, at positions of the two texts; the text is empty where a symbol is put in or left out."""

    mine: str
    theirs: str
    means: Means | Literal["put_in", "left_out", "swapped"]
    at: int
    there: int
    cost: float


@lru_cache(maxsize=262_144)
def means(one: str, other: str) -> Means:
    """By what means one symbol passes for another; symmetric."""
    if one == other:
        return "same"
    if is_syllable(one) or is_syllable(other):
        return "spelled" if _syllables(one) & _syllables(other) else "unrelated"
    if one.isascii() != other.isascii():
        letter, han = (one, other) if one.isascii() else (other, one)
        return "initial" if any(sound.startswith(letter) for sound in sounds(han)) else "unrelated"
    return likeness(one, other) or "unrelated"


@lru_cache(maxsize=65_536)
def _syllables(one: str) -> frozenset[str]:
    return frozenset({one}) if is_syllable(one) else frozenset(map(symbol, near_sounds(one)))


def is_near(mine: str, theirs: str) -> bool:
    """Whether so few symbols differ in look or in sound that `likeness` may be worth working out."""
    most = score.most_edits(max(len(mine), len(theirs)))
    if abs(len(mine) - len(theirs)) > most:
        return False
    if OSA.distance(look(mine), look(theirs), score_cutoff=most) <= most:
        return True
    return any(
        OSA.distance(here, there, score_cutoff=most) <= most
        for here in sounds_of(mine)
        for there in sounds_of(theirs)
    )


def similarity(mine: str, theirs: str, rarity: Rarity) -> float:
    """1 less the cost of all partings over the weight of the heavier text; symmetric; 0 for far ones."""
    if mine == theirs:
        return 1.0
    if not is_near(mine, theirs):
        return 0.0
    whole = max(_weight(mine, rarity), _weight(theirs, rarity))
    cost = _exchanged(mine, theirs, rarity)
    if cost is None:
        cost = _table(mine, theirs, rarity)[-1][-1]
    if is_put_inside(mine, theirs):
        cost *= score.INSIDE
    return max(0.0, 1 - cost / whole)


def _exchanged(mine: str, theirs: str, rarity: Rarity) -> float | None:
    """The cost where one or two symbols are exchanged and nothing else, which is most often so; else None."""
    if len(mine) != len(theirs):
        return None
    apart = [(one, other) for one, other in zip(mine, theirs, strict=True) if one != other]
    if len(apart) > 2 or (len(apart) == 2 and apart[0] == apart[1][::-1]):
        return None
    weigh = rarity.weight
    return sum(COST[means(one, other)] * min(weigh(one), weigh(other)) for one, other in apart)


def is_put_inside(mine: str, theirs: str) -> bool:
    """Whether one text is the other with a single symbol put in between: 乐山汇中院.

    At an end it would be another word; between, nobody writes it by chance.
    """
    short, long = sorted((mine, theirs), key=len)
    if len(long) != len(short) + 1 or len(short) < score.SHORTEST_REORDERED:
        return False
    return any(long[:at] == short[:at] and long[at + 1 :] == short[at:] for at in range(1, len(short)))


def _weight(text: str, rarity: Rarity) -> float:
    return sum(map(rarity.weight, text))


def _table(mine: str, theirs: str, rarity: Rarity) -> list[list[float]]:
    """Optimal string alignment (Damerau 1964) with a cost for each pair of symbols."""
    weigh = rarity.weight
    row = [0.0]
    for other in theirs:
        row.append(row[-1] + weigh(other))
    table = [row]
    for at, one in enumerate(mine):
        heavy = weigh(one)
        row = [table[-1][0] + heavy]
        for there, other in enumerate(theirs):
            cost = COST[means(one, other)]
            if cost:
                cost *= min(heavy, weigh(other))
            best = min(table[-1][there] + cost, table[-1][there + 1] + heavy, row[there] + weigh(other))
            if at and there and one == theirs[there - 1] and other == mine[at - 1]:
                best = min(best, table[-2][there - 1] + score.SWAPPED * max(heavy, weigh(other)))
            row.append(best)
        table.append(row)
    return table


def steps(mine: str, theirs: str, rarity: Rarity) -> list[Step]:
    """The partings of the cheapest alignment, in the order of `mine`."""
    table = _table(mine, theirs, rarity)
    found: list[Step] = []
    at, there = len(mine), len(theirs)
    weigh = rarity.weight
    while at or there:
        here = table[at][there]
        one, other = mine[at - 1 : at], theirs[there - 1 : there]
        if at and there:
            how = means(one, other)
            cost = COST[how] * min(weigh(one), weigh(other))
            if _same(here, table[at - 1][there - 1] + cost):
                at, there = at - 1, there - 1
                if how != "same":
                    found.append(Step(one, other, how, at, there, cost))
                continue
            if at > 1 and there > 1 and one == theirs[there - 2] and other == mine[at - 2]:
                cost = score.SWAPPED * max(weigh(one), weigh(other))
                if _same(here, table[at - 2][there - 2] + cost):
                    at, there = at - 2, there - 2
                    found.append(
                        Step(mine[at : at + 2], theirs[there : there + 2], "swapped", at, there, cost)
                    )
                    continue
        if at and _same(here, table[at - 1][there] + weigh(one)):
            at -= 1
            found.append(Step(one, "", "put_in", at, there, weigh(one)))
        else:
            there -= 1
            found.append(Step("", other, "left_out", at, there, weigh(other)))
    return found[::-1]


def _same(one: float, other: float) -> bool:
    return abs(one - other) < 1e-9


def letters_apart(mine: str, theirs: str) -> int:
    """Letters put in, left out, exchanged, or swapped with their neighbour."""
    return int(OSA.distance(mine, theirs))


def letter_steps(mine: str, theirs: str) -> list[Step]:
    """The partings of two Latin texts, each costing alike."""
    return steps(mine, theirs, EVEN)

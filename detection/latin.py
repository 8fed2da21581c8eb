"""Comparators for handles and names in Latin letters: each gives a ground for likeness, or None."""

import re
from collections.abc import Callable
from typing import NamedTuple

from detection.grounds import Ground, edited, named
from detection.reasons import Reason
from names import handles
from names.handles import Handle

# With digits behind, a word of four letters or less is anybody's: HaloBCA45886745 imitates, arc24 need not.
SHORTEST_WITH_DIGITS = 5
SHORTEST_ROTATED = 8
# An edit beside dress is less sure than one alone: City of Norris is not morris.
DOUBT_OF_DRESS = 0.02


class Pair(NamedTuple):
    """The two as given and as read."""

    names: dict[str, str]
    mine: Handle
    theirs: Handle


def grounds(candidate: str, official: str) -> list[Ground]:
    """All grounds for likeness, at least one, perhaps a refusal."""
    pair = Pair(named(candidate, official), handles.read(candidate), handles.read(official))
    if pair.mine.has_fan_word and not pair.theirs.has_fan_word:
        return [Ground("", Reason("says_unofficial", 0.0, pair.names))]
    found = [ground for comparator in COMPARATORS if (ground := comparator(pair))]
    return found or [Ground("", Reason("not_alike", 0.0, pair.names))]


def same_look(pair: Pair) -> Ground | None:
    """haIoBCA for haloBCA."""
    if pair.mine.look != pair.theirs.look:
        return None
    return Ground("visual_homoglyph", Reason("same_look", 0.97, pair.names))


def dressed(pair: Pair) -> Ground | None:
    """BsfIndia0 for BSF_India, DSWD Announcement for DSWD, Moreno Valley Police for … Police Department."""
    mine, theirs = pair.mine, pair.theirs
    if mine.core not in (theirs.look, theirs.core) or not (mine.dress or theirs.dress):
        return None
    digits = any(word.isdigit() for word in mine.dress)
    if digits and len(theirs.look) < SHORTEST_WITH_DIGITS:
        return None
    # Both undressed: one word that is left (morris of City of Morris) is any word.
    if mine.core != theirs.look and len(theirs.words) - len(theirs.dress) < 2:
        return None
    words = "、".join(mine.dress or theirs.dress)
    return Ground(
        "handle_tricks" if digits else "affix", Reason("dressed", 0.92, {**pair.names, "words": words})
    )


def reordered(pair: Pair) -> Ground | None:
    """IndiaMEA for MEAIndia; seen in one word, too, where it is long enough."""
    mine, theirs = pair.mine, pair.theirs
    same_words = len(theirs.words) > 1 and sorted(mine.words) == sorted(theirs.words)
    is_long = len(theirs.look) >= SHORTEST_ROTATED and len(mine.look) == len(theirs.look)
    if mine.look == theirs.look or not (same_words or (is_long and mine.look in theirs.look * 2)):
        return None
    return Ground("word_transposition", Reason("reordered", 0.91, pair.names))


def few_edits(pair: Pair) -> Ground | None:
    """valvesotfware for valvesoftware; other numbers are other bodies (police110, police119)."""
    mine, theirs = pair.mine, pair.theirs
    if theirs.look in (mine.look, mine.core):
        return None
    numbers = [re.sub(r"\D", "", one.text) for one in (mine, theirs)]
    if all(numbers) and numbers[0] != numbers[1]:
        return None
    whole = edited(mine.look, theirs.look, pair.names)
    core = edited(mine.core, theirs.look, pair.names, DOUBT_OF_DRESS)
    return max(whole, core, key=lambda ground: ground.reason.points)


COMPARATORS: tuple[Callable[[Pair], Ground | None], ...] = (same_look, dressed, reordered, few_edits)

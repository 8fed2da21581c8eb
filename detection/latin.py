"""Comparators for handles and names in Latin letters. Each is symmetric in its score."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from detection import score
from detection.align import letter_steps, letters_apart
from detection.alterations import alteration
from detection.grounds import Ground
from detection.reading import Reading
from detection.reasons import Reason
from names import handles
from names.handles import Handle, generic_words, official_words, side_words

# Two letters more or less are the most that edits and slips leave.
MOST_LONGER = 2
_DIRECTION = re.compile("north|south|east|west")


class Pair(NamedTuple):
    """The two names as given and as read."""

    mine: Reading
    theirs: Reading
    here: Handle
    there: Handle


Comparator = Callable[[Pair], Iterator[Ground]]


def pair_of(mine: Reading, theirs: Reading) -> Pair:
    """Both read as handles."""
    return Pair(mine, theirs, mine.handle, theirs.handle)


def same_look(pair: Pair) -> Iterator[Ground]:
    """haIoBCA for haloBCA."""
    if pair.here.look == pair.there.look and len(pair.here.look) >= score.SHORTEST_LOOK:
        reason = Reason("same_look", score.LETTERS_ALIKE, _named(pair), pair.mine.whole)
        yield Ground("look_alike", (reason,))


def said_in_short(pair: Pair) -> Iterator[Ground]:
    """NYC_GOVERNMENT for nycgov."""
    here, there = ("".join(one.words) for one in (pair.here, pair.there))
    if here == there and pair.here.look != pair.there.look:
        kind = "extended" if len(pair.mine.text) > len(pair.theirs.text) else "abbreviated"
        reason = Reason("same_words", 1 - score.PRICE["in_short"], _named(pair), pair.mine.whole)
        yield Ground(kind, (reason,))


def dressed(pair: Pair) -> Iterator[Ground]:
    """BsfIndia0 for BSF_India, DSWD Announcement for DSWD, Moreno Valley Police for … Police Department."""
    here, there = pair.here, pair.there
    if not (here.dress or there.dress) or here.core != there.core or here.look == there.look:
        return
    added = Counter(here.dress)
    added.subtract(there.dress)
    more = [word for word, times in added.items() if times > 0]
    less = [word for word, times in added.items() if times < 0]
    if not more and not less:
        return
    inner = there if len(there.words) <= len(here.words) else here
    if _digits_apart(here, there) and len(inner.core) < score.SHORTEST_WITH_DIGITS:
        return
    # Both undressed: one word that is left (morris of City of Morris) is any word.
    if less and more and min(len(one.words) - len(one.dress) for one in (here, there)) < score.FEWEST_WORDS:
        return
    if len(inner.look) < score.SHORTEST_EXTENDED_HANDLE:
        return
    if _digits_apart(here, there):
        kind = "handle_look_alike"
    elif more:
        kind = "extended"
    else:
        # KenyaPower is the main account beside KenyaPower_Care, and one word less is a common name.
        is_main = frozenset(less) <= side_words()
        kind = "" if is_main or len(_own(here)) < score.FEWEST_WORDS else "shortened"
    words = "、".join(more or less)
    aside = Reason(
        "aside_dressed", -score.PRICE["dressed"], {**_named(pair), "words": words}, _at(pair.mine, more)
    )
    yield Ground(kind, (Reason("alike", score.DRESSED_ALIKE, _named(pair)), aside))


def reordered(pair: Pair) -> Iterator[Ground]:
    """IndiaMEA for MEAIndia; seen in one word, too, where it is long enough."""
    here, there = pair.here, pair.there
    if here.look == there.look:
        return
    same_words = len(there.words) > 1 and sorted(here.words) == sorted(there.words)
    is_long = len(there.look) >= score.SHORTEST_ROTATED and len(here.look) == len(there.look)
    if same_words or (is_long and here.look in there.look * 2):
        points = 1 - score.PRICE["reordered"]
        yield Ground("reordered", (Reason("reordered", points, _named(pair), pair.mine.whole),))


def few_edits(pair: Pair) -> Iterator[Ground]:
    """valvesotfware for valvesoftware; other numbers are other bodies (police110, police119)."""
    here, there = pair.here, pair.there
    if here.has_digit and there.has_digit and _other_number(here.text, there.text):
        return
    if _other_direction(here.text, there.text):
        return
    for mine, theirs, price in (
        (here.look, there.look, 0.0),
        (here.text, there.text, 0.0),
        (here.core if _is_dressed(here) else here.look, there.look, score.PRICE["dressed"]),
        (here.look, there.core if _is_dressed(there) else there.look, score.PRICE["dressed"]),
    ):
        if mine == theirs or (price and {mine, theirs} & {here.core, there.core} == {here.look, there.look}):
            continue
        most = score.most_letters(max(len(mine), len(theirs)))
        if abs(len(mine) - len(theirs)) > MOST_LONGER:
            continue
        apart = letters_apart(mine, theirs)
        if apart > most and not (apart <= MOST_LONGER and _is_slip(mine, theirs)):
            continue
        if _digits_added(mine, theirs, here.text, there.text):
            continue
        like = round(1 - apart / max(len(mine), len(theirs), 1) - price, 4)
        if like >= score.LATIN_THRESHOLD:
            parted = letter_steps(mine, theirs)
            cost = (like - 1) / max(len(parted), 1)
            kind = "edited" if " " in pair.theirs.raw else "handle_look_alike"
            changes = (alteration(step, pair.mine, cost) for step in parted)
            yield Ground(kind, (Reason("alike", 1.0, _named(pair)), *changes))


def _digits_added(mine: str, theirs: str, here: str, there: str) -> bool:
    """Whether a view reads many digits of one side alone as letters: corn1314 is no cornelia."""
    if (mine, theirs) == (here, there):
        return False
    digits = [sum(letter.isdigit() for letter in text) for text in (here, there)]
    return min(digits) == 0 and 2 * max(digits) >= max(len(here), len(there))


def _is_dressed(handle: Handle) -> bool:
    """Whether more than initials was taken off: Summer L. Lee wears no dress."""
    return any(len(word) > 1 for word in handle.dress)


def _is_slip(mine: str, theirs: str) -> bool:
    """Whether letters are only swapped or doubled, as a hasty reader does not see even in a short handle."""
    longest = max(len(mine), len(theirs))
    if not longest >= score.SHORTEST_SLIP:
        return False
    return sorted(mine) == sorted(theirs) or collapsed(mine) == collapsed(theirs)


def collapsed(text: str) -> str:
    """`text` with each run of one letter as a single one."""
    return re.sub(r"(.)\1+", r"\1", text, flags=re.DOTALL)


def glued(pair: Pair) -> Iterator[Ground]:
    """edemmettgov for EdEmmett: an official word written on."""
    for outer, inner, kind in ((pair.here, pair.there, "extended"), (pair.there, pair.here, "shortened")):
        if inner.text not in outer.text:
            continue
        for rest, word in handles.unglued(outer.text):
            if rest == inner.text:
                detail = {**_named(pair), "words": word}
                at = _at(pair.mine, [word] if kind == "extended" else [])
                aside = Reason("aside_dressed", -score.PRICE["dressed"], detail, at)
                # Without its official word it is a common name: Sheldon of Sheldon Whitehouse.
                is_common = kind == "shortened" and (
                    word in side_words() or len(inner.words) < score.FEWEST_WORDS
                )
                yield Ground(
                    "" if is_common else kind,
                    (Reason("alike", score.DRESSED_ALIKE, _named(pair)), aside),
                )


def _other_number(mine: str, theirs: str) -> bool:
    """police110 and police119 are two bodies; a digit more or less is an edit."""
    here, there = (re.sub(r"\D", "", text) for text in (mine, theirs))
    return here != there and len(here) == len(there) > 1


def _other_direction(mine: str, theirs: str) -> bool:
    """southernpolice and northernpolice are two bodies."""
    here, there = _DIRECTION.findall(mine), _DIRECTION.findall(theirs)
    return bool(here and there and here != there)


def all_words(pair: Pair) -> Iterator[Ground]:
    """Resila Atieno Onyango for Resila Onyango, DSWD 4Ps News Update for DSWD."""
    if frozenset(pair.here.words).isdisjoint(pair.there.words):
        return
    here, there = Counter(pair.here.words), Counter(pair.there.words)
    more, less = here - there, there - here
    if bool(more) == bool(less) or pair.here.look == pair.there.look:
        return
    inner = pair.there if more else pair.here
    added = [word for word in (more or less).elements() if not word.isdigit()]
    own = [word for word in added if word not in official_words()]
    if len(own) > 1 or not added or not _tells(inner, own, len(added) > len(own)):
        return
    outer = pair.here if more else pair.there
    is_short = len(_own(inner)) <= score.FEWEST_WORDS
    if own and is_short and len(added) == len(own) and own[0] in (outer.words[0], outer.words[-1]):
        return  # David Segal of Rhode Island, another Mike Rogers: a word at an end makes another name.
    points = 1 - score.PRICE["dressed"] - score.PRICE_OF_WORD * len(own)
    detail = {**_named(pair), "words": "、".join(added)}
    reason = Reason("all_words", points, detail, _at(pair.mine, added if more else []))
    is_main = not more and (frozenset(added) <= side_words() or len(_own(inner)) < score.FEWEST_WORDS)
    yield Ground("" if is_main else "extended" if more else "shortened", (reason,))


def one_word_more(pair: Pair) -> Iterator[Ground]:
    """HMRC_refund_govuk for HMRCgovuk: the official handle in one, with a word put in."""
    for outer, inner, kind in ((pair.here, pair.there, "extended"), (pair.there, pair.here, "shortened")):
        if len(outer.words) < score.FEWEST_WORDS or len(inner.text) < score.FEWEST_LETTERS:
            continue
        # At an end it would be another name: newhouse is not all of Dan Newhouse.
        for at, word in enumerate(outer.words[1:-1], 1):
            rest = "".join(outer.words[:at] + outer.words[at + 1 :])
            if rest == inner.text and not word.isdigit():
                points = 1 - score.PRICE["dressed"] - score.PRICE_OF_WORD
                detail = {**_named(pair), "words": word}
                at_word = _at(pair.mine, [word] if kind == "extended" else [])
                yield Ground(kind, (Reason("all_words", points, detail, at_word),))


def _own(handle: Handle) -> list[str]:
    """Its words that tell something."""
    return [word for word in handle.words if word not in generic_words() and not word.isdigit()]


def _tells(inner: Handle, own: list[str], has_official: bool) -> bool:
    said = _own(inner)
    letters = sum(map(len, said))
    if len(said) >= score.FEWEST_WORDS and letters >= score.FEWEST_LETTERS:
        return True
    is_alone = len(inner.words) == 1 and letters >= score.SHORTEST_EXTENDED_HANDLE
    return has_official and is_alone and all(len(word) <= score.SHORT_WORD for word in own)


COMPARATORS: tuple[Comparator, ...] = (
    same_look,
    said_in_short,
    dressed,
    reordered,
    few_edits,
    glued,
    all_words,
    one_word_more,
)


def grounds(mine: Reading, theirs: Reading) -> Iterator[Ground]:
    """What the comparators find, or why it is none."""
    pair = pair_of(mine, theirs)
    if pair.here.has_fan_word != pair.there.has_fan_word:
        yield Ground("", (Reason("says_unofficial", 0.0, _named(pair)),))
        return
    for comparator in COMPARATORS:
        yield from comparator(pair)


def _digits_apart(here: Handle, there: Handle) -> bool:
    digits = [[word for word in one.dress if word.isdigit()] for one in (here, there)]
    return digits[0] != digits[1]


def _named(pair: Pair) -> dict[str, str]:
    return {"candidate": pair.mine.raw, "official": pair.theirs.raw}


def _at(mine: Reading, words: list[str]) -> tuple[tuple[int, int], ...]:
    """Where the words stand in the raw name, each at its last place."""
    places: set[int] = set()
    for word in words:
        start = mine.text.rfind(word)
        if start >= 0:
            places.update(range(start, start + len(word)))
    return mine.spans(sorted(places))

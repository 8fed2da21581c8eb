"""How alike two account names are, and why: the one definition of a match. No database, network or clock.

* A name is judged by what it says (place, function, kind of institution) and by its symbols. Comparators give
  grounds; the strongest counts; the points of its reasons add up to the score. The score is symmetric, the
  kind says what was done to the official name.
* Another real place, another function or another number is another body and no imitation, however alike the
  letters: 杭州发布 does not imitate 郑州发布. A veto counts only where both are read without doubt.
* A bare place, and a name that says it is a fan's or a parody, never match by name.
* Each of name and handle of the candidate is compared with each of the official account's. Where the
  candidate's name says another body, its handle must be the very same in look, and not the spelling of its
  own place.

The comparators stand in `han.py` and `latin.py`, the numbers in `score.py`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal, NamedTuple

from detection import han, latin, score
from detection.bodies import other_body
from detection.difference import describe
from detection.grounds import Ground
from detection.rarity import EVEN, Rarity
from detection.reading import Reading, read
from detection.reasons import Reason
from names.characters import sounds
from names.divisions import display_name
from names.fold import fold, without_case, without_width
from names.parse import divisions_by_key, known_bodies

RULES_VERSION = "2026-11.2"

Side = Literal["name", "handle"]
Sides = tuple[tuple[Side, Reading], ...]

# The folding step that made two names equal, the most telling first, and the kind of imitation it shows.
KIND_OF_FOLDING = {
    "invisible": "hidden_characters",
    "radicals": "look_alike",
    "traditional": "traditional",
    "signs": "look_alike",
    "marks": "look_alike",
    "separators": "decorated",
    "width": "identical",
    "case": "identical",
}
_OTHER_BODY = frozenset({"other_place", "other_organ", "other_number"})
_MERELY_NEAR = frozenset({"alike", "reordered", "all_words"})
_NO_GROUND = ("not_alike", "empty_name")


@dataclass(frozen=True)
class AccountName:
    """What is compared of an account: its display name, and its handle where the platform has one.

    division: of an official account, the key of its unit's division: tells 鼓楼 of 开封 from that of 南京.
    """

    name: str
    handle: str = ""
    division: str = ""


class Match(NamedTuple):
    """How alike (0 to 1), by which kind of imitation ("" for none), and why.

    accepted: whether it is to be reviewed, by the rule of its kind; the match is truthy then.
    registered, field: the official string that is alike, and which of the official's it is; came_from: which
    of the candidate's. place and organ only for an office claim.
    """

    score: float
    kind: str
    reasons: tuple[Reason, ...]
    accepted: bool = False
    registered: str = ""
    field: Side = "name"
    came_from: Side = "name"
    place: str = ""
    organ: str = ""

    def __bool__(self) -> bool:
        return self.accepted


def compare(candidate: AccountName, official: AccountName, rarity: Rarity = EVEN) -> Match:
    """The strongest likeness between the names, the handles, and each name and the other's handle."""
    return compare_each(candidate, official, rarity)[0]


def compare_each(candidate: AccountName, official: AccountName, rarity: Rarity = EVEN) -> list[Match]:
    """The strongest likeness to each of the official account's name and handle, the better one first."""
    return compare_read(sides_of(candidate), sides_of(official), rarity)


def sides_of(account: AccountName, reader: Callable[[str], Reading] = read) -> Sides:
    """The account's name and handle read, those it has."""
    both: tuple[tuple[Side, str], ...] = (("name", account.name), ("handle", account.handle))
    return tuple((side, _in_division(reader(text), account.division)) for side, text in both if text)


def compare_read(candidate: Sides, official: Sides, rarity: Rarity) -> list[Match]:
    """`compare_each` of accounts already read; at least one match."""
    sides = [
        [judge(mine, theirs, rarity, field, came_from) for came_from, mine in candidate]
        for field, theirs in official
    ]
    matches = [match for side in sides for match in side]
    if not matches:
        return [Match(0.0, "", (Reason("empty_name", 0.0, {"candidate": "", "official": ""}),))]
    by_name = matches[0]
    code = by_name.reasons[0].code
    if code == "says_unofficial":
        return [by_name]
    if code in _OTHER_BODY and len(matches) > 1:
        may_outweigh = not _spells_own_place(candidate)
        sides = [
            [one for one in side if one is by_name or (may_outweigh and _outweighs_name(one))]
            for side in sides
        ]
    best = sorted((max(side, key=_strength) for side in sides if side), key=_strength, reverse=True)
    notes = tuple(_repeated_place(candidate)) if best[0] else ()
    return [match._replace(reasons=(*match.reasons, *notes)) for match in best] if notes else best


def _strength(match: Match) -> tuple[bool, float, bool, bool]:
    is_said = match.reasons[0].code not in _NO_GROUND
    return bool(match), match.score, is_said, match.field == match.came_from


def compare_texts(candidate: str, official: str, division: str = "", rarity: Rarity = EVEN) -> Match:
    """How alike two texts are, each a name or a handle, the official one of a unit in `division`."""
    return judge(read(candidate), _in_division(read(official), division), rarity)


def _in_division(reading: Reading, division: str) -> Reading:
    """The name with its place taken to be `division` where it can mean that one."""
    if not division or division not in reading.parsed.places:
        return reading
    here = Reading(reading.raw, reading.text, reading.is_han)
    here.__dict__["parsed"] = reading.parsed._replace(places=frozenset({division}))
    return here


def judge(
    mine: Reading,
    theirs: Reading,
    rarity: Rarity = EVEN,
    field: Side = "name",
    came_from: Side = "name",
) -> Match:
    """How alike two readings are: the strongest ground, a match where it reaches the threshold."""
    best = max(_grounds(mine, theirs, rarity), key=_weight, default=None)
    if best is None:
        reasons = (Reason("not_alike", 0.0, {"candidate": mine.raw, "official": theirs.raw}),)
        return Match(0.0, "", reasons, False, theirs.raw, field, came_from)
    least = score.HAN_THRESHOLD if theirs.is_han else score.LATIN_THRESHOLD
    points = best.score
    accepted = bool(best.kind) and points >= least
    return Match(points, best.kind, best.reasons, accepted, theirs.raw, field, came_from)


def _weight(ground: Ground) -> tuple[float, bool]:
    return ground.score, bool(ground.kind)


def _grounds(mine: Reading, theirs: Reading, rarity: Rarity) -> Iterator[Ground]:
    names = {"candidate": mine.raw, "official": theirs.raw}
    if not mine.text or not theirs.text:
        yield Ground("", (Reason("empty_name", 0.0, names),))
    elif mine.text == theirs.text:
        yield equal_when_folded(mine, theirs)
    elif not mine.is_han and not theirs.is_han:
        yield from latin.grounds(mine, theirs)
    elif mine.is_han and theirs.is_han:
        yield from _han_grounds(mine, theirs, rarity)
    else:
        yield from han.typed_in_pinyin(han.Pair(mine, theirs, rarity))


def _han_grounds(mine: Reading, theirs: Reading, rarity: Rarity) -> Iterator[Ground]:
    names = {"candidate": mine.raw, "official": theirs.raw}
    here, there = mine.parsed, theirs.parsed
    if here.has_fan_word != there.has_fan_word:
        yield Ground("", (Reason("says_unofficial", 0.0, names),))
        return
    for reading in (theirs, mine):
        if reading.parsed.is_bare_place:
            yield Ground("", (Reason("bare_place", 0.0, {"text": reading.raw}),))
            return
    if _are_known_apart(mine.text, theirs.text):
        yield Ground("", (Reason("known_body", 0.0, names),))
        return
    is_jumbled = _is_jumbled(mine, theirs)
    if not is_jumbled and (refused := other_body(mine, theirs)):
        yield Ground("", (refused,))
        return
    pair = han.Pair(mine, theirs, rarity)
    for comparator in han.COMPARATORS:
        yield from comparator(pair)


def _are_known_apart(mine: str, theirs: str) -> bool:
    """Whether both are names of known bodies, of different ones."""
    known = known_bodies()
    here, there = known.get(mine), known.get(theirs)
    return bool(here and there and not here & there and len(mine) > 2 < len(theirs))


def _is_jumbled(mine: Reading, theirs: Reading) -> bool:
    """Whether one has the other's characters in an order that does not read: 税华南务 names no region."""
    if len(mine.text) != len(theirs.text) or sorted(mine.text) != sorted(theirs.text):
        return False
    return any(word.kind == "rest" for one in (mine, theirs) for word in one.parsed.words)


def equal_when_folded(mine: Reading, theirs: Reading) -> Ground:
    """Equal but for foldings: the kind says by which, the most telling of those that only one side needed."""
    names = {"candidate": mine.raw, "official": theirs.raw}
    here = {change.step: change.characters for change in fold(mine.raw).changes}
    there = {change.step: change.characters for change in fold(theirs.raw).changes}
    if mine.parsed.is_bare_place:
        return Ground("", (Reason("bare_place", 0.0, {"text": mine.raw}),))
    uneven = [step for step in KIND_OF_FOLDING if here.get(step) != there.get(step)]
    if _but_for_width_and_case(mine.raw) == _but_for_width_and_case(theirs.raw):
        return Ground("identical", (Reason("same_name", 1.0, names, mine.whole),))
    step = uneven[0] if uneven and KIND_OF_FOLDING[uneven[0]] != "identical" else "separators"
    told = here.get(step) or there.get(step) or ""
    at = tuple((place, place + 1) for place, one in enumerate(mine.raw) if one in told and step in here)
    detail = {**names, "characters": "、".join(map(describe, told))}
    return Ground(KIND_OF_FOLDING[step], (Reason(step, 0.99, detail, at or mine.whole),))


def _but_for_width_and_case(text: str) -> str:
    return without_case(without_width(text))


def _outweighs_name(match: Match) -> bool:
    """Whether a handle's likeness may stand against a name that says another body."""
    return match.reasons[0].code not in _MERELY_NEAR


def _spells_own_place(candidate: Sides) -> bool:
    """linyi_fabu is what 临邑发布 would call itself, though 临沂发布 had it first."""
    texts = dict(candidate)
    if "name" not in texts or "handle" not in texts:
        return False
    place = texts["name"].parsed.place
    spellings = product(*(sounds(character) for character in place))
    letters = texts["handle"].text
    return bool(place) and any("".join(spelling) in letters for spelling in spellings)


def _repeated_place(candidate: Sides) -> Iterator[Reason]:
    """鼓楼发布 may be that of four cities: the reviewer looks at the certified subject first."""
    for side, reading in candidate:
        places = sorted(reading.parsed.places) if side == "name" else ()
        if len(places) > 1:
            names = "、".join(display_name(divisions_by_key(key)) for key in places)
            yield Reason("repeated_place", 0.0, {"places": names})

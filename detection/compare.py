"""How alike two account names are, and why: the one definition of a match. No database, network or clock.

* A name is judged by what it says (place, function, kind of institution) and by its letters. Each comparator
  gives a ground with points, the strongest counts, and every disguise undone on the way takes points off: the
  points of the reasons add up to the score.
* Another real place, another function or another number is another body and no imitation, however alike the
  letters: 杭州发布 does not imitate 郑州发布. A veto counts only where the candidate is read without doubt.
* A bare place, and a name that says it is a fan's or a parody, never match by name.
* Handles are compared like names in Latin letters; a handle that spells the official name in pinyin counts.
  Where the candidate's name says another body, its handle must be the very same in look, and not the spelling
  of the candidate's own place.

The comparators stand in `han.py` and `latin.py`. The reasons are what reviewers read and the evidence prints.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from detection import han, latin
from detection.difference import describe
from detection.grounds import Ground, named
from detection.reasons import Reason
from names.characters import sounds
from names.divisions import display_name
from names.fold import fold, has_han
from names.parse import divisions_by_key, parse

RULES_VERSION = "2026-11.1"

# One character of six may differ, one of five may not: rows "one of six" of tests/detection/name_pairs.tsv.
THRESHOLD = 0.83

# The folding step that made two names equal, the most telling first, and the kind of imitation it shows.
KIND_OF_FOLDING = {
    "invisible": "invisible",
    "radicals": "visual_homoglyph",
    "width": "fullwidth",
    "traditional": "traditional",
    "signs": "visual_homoglyph",
    "marks": "visual_homoglyph",
    "separators": "handle_tricks",
    "case": "handle_tricks",
}
_OTHER_BODY = frozenset({"other_place", "other_organ", "other_number"})
_MERELY_NEAR = frozenset({"edited", "reordered", "disguised"})


@dataclass(frozen=True)
class AccountName:
    """What is compared of an account: its display name, and its handle where the platform has one.

    division: of an official account, the key of its unit's division: tells 鼓楼 of 开封 from that of 南京.
    """

    name: str
    handle: str = ""
    division: str = ""


@dataclass(frozen=True)
class Match:
    """How alike (0 to 1), by which kind of imitation ("" for none), and why; truthy when it is one."""

    score: float
    kind: str
    reasons: tuple[Reason, ...]

    def __bool__(self) -> bool:
        return bool(self.kind)


def compare(candidate: AccountName, official: AccountName) -> Match:
    """The strongest likeness between the names, the handles, and each name and the other's handle."""
    by_name = compare_texts(candidate.name, official.name, official.division)
    code = by_name.reasons[0].code
    if code == "says_unofficial":
        return by_name
    others = [compare_texts(*pair, official.division) for pair in _further_pairs(candidate, official)]
    if code in _OTHER_BODY:
        others = [match for match in others if _outweighs_name(match, candidate)]
    matches = [by_name, *others]
    best = max(matches, key=lambda match: (bool(match), match.score, match.reasons[0].code != "empty_name"))
    besides = [match for match in matches if match and match is not best][:1]
    notes = (*map(_also_alike, besides), *_repeated_place(candidate)) if best else ()
    return Match(best.score, best.kind, (*best.reasons, *notes))


def compare_texts(candidate: str, official: str, division: str = "") -> Match:
    """How alike two texts are, each a name or a handle, the official one of a unit in `division`."""
    mine, theirs = fold(candidate).text, fold(official).text
    names = named(candidate, official)
    if not mine or not theirs:
        return _judged([Ground("", Reason("empty_name", 0.0, names))])
    bare = next((text for text in (official, candidate) if parse(text).is_bare_place), None)
    if bare is not None:
        return _judged([Ground("", Reason("bare_place", 0.0, {"text": bare}))])
    if mine == theirs:
        return _judged([_equal_when_folded(candidate, official)])
    if has_han(theirs):
        return _judged(han.grounds(candidate, official, division))
    return _judged(
        [Ground("", _not_alike(0.0, names))] if has_han(mine) else latin.grounds(candidate, official)
    )


def _further_pairs(candidate: AccountName, official: AccountName) -> Iterator[tuple[str, str]]:
    """Handle with handle; a handle that may spell the name; a Latin name that may repeat the handle."""
    if candidate.handle and official.handle:
        yield candidate.handle, official.handle
    if candidate.handle and official.name:
        yield candidate.handle, official.name
    if official.handle and candidate.name and not has_han(candidate.name):
        yield candidate.name, official.handle


def _judged(grounds: list[Ground]) -> Match:
    """The ground with most points, as a match if it reaches the threshold."""
    best = max(grounds, key=lambda ground: ground.points)
    if best.points < THRESHOLD:
        is_refusal = not best.kind and best.reason.code != "not_alike"
        reason = best.reason if is_refusal else _not_alike(best.points, best.reason.detail)
        return Match(best.points, "", (reason,))
    return Match(best.points, best.kind, (best.reason, *best.costs))


def _not_alike(score: float, names: Mapping[str, str]) -> Reason:
    return Reason("not_alike", score, names)


def _equal_when_folded(candidate: str, official: str) -> Ground:
    """Equal but for foldings: the kind says by which, the most telling of those that only one side needed."""
    names = named(candidate, official)
    mine = {change.step: change.characters for change in fold(candidate).changes}
    theirs = {change.step: change.characters for change in fold(official).changes}
    needed = mine.keys() | theirs.keys()
    steps = [step for step in KIND_OF_FOLDING if step in needed]
    uneven = [step for step in steps if mine.get(step) != theirs.get(step)]
    if candidate == official or not steps:
        return Ground("same_name", Reason("same_name", 1.0, names))
    step = (uneven or steps)[0]
    characters = "、".join(map(describe, mine.get(step) or theirs.get(step) or ""))
    return Ground(KIND_OF_FOLDING[step], Reason(step, 1.0, {**names, "characters": characters}))


def _outweighs_name(match: Match, candidate: AccountName) -> bool:
    """Whether a handle's likeness stands against a name that says another body."""
    return match.reasons[0].code not in _MERELY_NEAR and not _spells_own_place(candidate)


def _spells_own_place(candidate: AccountName) -> bool:
    """linyi_fabu is what 临邑发布 would call itself, though 临沂发布 had it first."""
    place = parse(candidate.name).place
    spellings = product(*(sounds(character) for character in place))
    letters = fold(candidate.handle).text
    return bool(place) and any("".join(spelling) in letters for spelling in spellings)


def _repeated_place(candidate: AccountName) -> Iterator[Reason]:
    """鼓楼发布 may be that of four cities: the reviewer looks at the certified subject first."""
    places = sorted(parse(candidate.name).places)
    if len(places) > 1:
        names = "、".join(display_name(divisions_by_key(key)) for key in places)
        yield Reason("repeated_place", 0.0, {"places": names})


def _also_alike(match: Match) -> Reason:
    return Reason("also_alike", 0.0, match.reasons[0].detail)

"""When two names, as read, belong to different bodies, however alike their letters: 杭州发布 and 郑州发布.

A veto counts only where both names are read without doubt: a place in disguise (郑洲) is no place, so it
vetoes nothing. Symmetric.
"""

from detection.align import means
from detection.reading import Reading
from detection.reasons import Reason
from names.divisions import ancestors, display_name
from names.parse import Parsed, divisions_by_key, organ


def other_body(one: Reading, other: Reading) -> Reason | None:
    """Why the names belong to different bodies; None if they may be one."""
    mine, theirs = one.parsed, other.parsed
    if mine.region != theirs.region and (mine.region or mine.places) and (theirs.region or theirs.places):
        here, there = mine.region or _place_names(mine), theirs.region or _place_names(theirs)
        return Reason("other_place", 0.0, {"mine": here, "theirs": there})
    if _is_elsewhere(mine, theirs):
        return Reason("other_place", 0.0, {"mine": _place_names(mine), "theirs": _place_names(theirs)})
    are_clean = mine.organs_are_clean and theirs.organs_are_clean
    if are_clean and mine.organs and theirs.organs and not set(mine.organs) & set(theirs.organs):
        here, there = organ(mine.organs[0]).short, organ(theirs.organs[0]).short
        return Reason("other_organ", 0.0, {"mine": here, "theirs": there})
    for here, there in zip(one.marks, other.marks, strict=True):
        if here and there and here != there:
            return Reason("other_number", 0.0, {"mine": here, "theirs": there})
    return None


def _is_elsewhere(mine: Parsed, theirs: Parsed) -> bool:
    if not (mine.places and theirs.places) or mine.places & theirs.places:
        return False
    if not (mine.place_is_clean and theirs.place_is_clean):
        return False
    return not (_may_go_on(mine, theirs) or _may_go_on(theirs, mine))


def _may_go_on(outer: Parsed, inner: Parsed) -> bool:
    """Whether unread characters behind a place may be the smaller place of the other name: 河北省石稼庄…"""
    if not outer.place_is_followed or not all(_lies_in(key, outer.places) for key in inner.places):
        return False
    start = outer.subject[: len(inner.place)]
    alike = sum(means(one, other) != "unrelated" for one, other in zip(start, inner.place, strict=False))
    return 2 * alike >= len(inner.place) or (start.isascii() and start.isalpha())


def _lies_in(key: str, outer: frozenset[str]) -> bool:
    return any(above.key in outer for above in ancestors(divisions_by_key(key)))


def _place_names(read: Parsed) -> str:
    return "、".join(display_name(divisions_by_key(key)) for key in sorted(read.places)) or read.scope

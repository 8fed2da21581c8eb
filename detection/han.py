"""Comparators for official names in Han characters: each gives a ground for likeness, or None.

What is another body is set aside, disguises are undone, then every comparator looks at what is left.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from detection.difference import describe
from detection.disguise import Disguise, undo
from detection.grounds import Ground, edited, named
from detection.reasons import Reason
from names.divisions import ancestors
from names.parse import INSTITUTIONS, Parsed, divisions_by_key, organ, parse

# 邮政 of 中国邮政 is the shortest core that was imitated; a shorter one is any word.
SHORTEST_CORE = 2
SHORTEST_WITHOUT_SCOPE = 3
SHORTEST_REORDERED = 4

# What an undone disguise costs, as a share of one character of the official name. Near sounds cost most: two
# of four make 平安枣院 of 平安招远 (row "ordinary word" of tests/detection/name_pairs.tsv).
COST = {"same_look": 0.15, "same_sound": 0.2, "near_sound": 0.5, "pinyin": 0.1, "letters": 0.2}
KIND_OF_DISGUISE = {
    "same_look": "visual_homoglyph",
    "same_sound": "homophone",
    "near_sound": "homophone",
    "pinyin": "homophone",
    "letters": "affix",
}
_ORDER_MARKS = frozenset("一二三四五六七八九十东南西北")
_NUMBER = re.compile(r"\d{2,}")


class Pair(NamedTuple):
    """What comparators see: the names as given, the candidate without its disguises, and the official one."""

    names: dict[str, str]
    read: Parsed
    theirs: Parsed


Comparator = Callable[[Pair], Ground | None]


def grounds(candidate: str, official: str, division: str) -> list[Ground]:
    """All grounds for likeness, at least one, perhaps a refusal.

    `division`, where it is known, says which of several places of one name the official name means.
    """
    names, mine, theirs = named(candidate, official), parse(candidate), _of_division(official, division)
    if mine.has_fan_word and not theirs.has_fan_word:
        return [Ground("", Reason("says_unofficial", 0.0, names))]
    text, disguises = undo(mine, theirs)
    read = parse(text)
    if refused := other_body(mine, theirs) or other_body(read, theirs):
        return [Ground("", refused)]
    pair = Pair(names, read, theirs)
    by_whole = _asked(IN_WHOLE, pair, disguises, len(theirs.text))
    # 文静 disguises all of 交警 in 公安局交警大队, not two characters of seven.
    in_short = _asked(IN_SHORT, pair, disguises, len(theirs.core))
    return [*by_whole, *in_short]


@lru_cache(maxsize=65_536)
def _of_division(official: str, division: str) -> Parsed:
    """The official name read, its place taken to be `division` where it can mean that one."""
    read = parse(official)
    return replace(read, places=frozenset({division})) if division in read.places else read


def other_body(mine: Parsed, theirs: Parsed) -> Reason | None:
    """Why the two names, as read, belong to different bodies; None if they may be one."""
    if _is_elsewhere(mine, theirs):
        return Reason("other_place", 0.0, {"mine": _place_names(mine), "theirs": _place_names(theirs)})
    is_clean = mine.organs_are_clean and theirs.organs_are_clean
    if is_clean and mine.organs and theirs.organs and not set(mine.organs) & set(theirs.organs):
        here, there = organ(mine.organs[0]).short, organ(theirs.organs[0]).short
        return Reason("other_organ", 0.0, {"mine": here, "theirs": there})
    return _other_number(mine, theirs)


def undisguised(pair: Pair) -> Ground | None:
    """With every disguise undone it is the official name: 人民曰报, 郑洲发布, 央广新闻TB."""
    if pair.read.text != pair.theirs.text:
        return None
    return Ground("visual_homoglyph", Reason("disguised", 1.0, pair.names))


def dressed(pair: Pair) -> Ground | None:
    """The official name with words around it: 人民日报首发, 官方郑州发布."""
    read, theirs = pair.read, pair.theirs
    worn = [word for word in (*read.dress, read.scope) if word and word not in theirs.text]
    bare = "".join(word.text for word in read.words if word.text not in worn)
    if not worn or bare != theirs.text:
        return None
    return Ground("affix", Reason("dressed", 0.94, {**pair.names, "words": "、".join(worn)}))


def same_body(pair: Pair) -> Ground | None:
    """The same body said otherwise: 南阳市疾控中心 for 南阳市疾病预防控制中心, 郑州公安 for 平安郑州."""
    read, theirs = pair.read, pair.theirs
    same_place = bool(read.places & theirs.places) or read.places == theirs.places
    same_scope = bool(read.places) or read.scope == theirs.scope
    is_said_anew = read.text != theirs.text and not _same_characters(pair)
    if not (same_place and same_scope and is_said_anew and read.body == theirs.body):
        return None
    if len(read.body) < SHORTEST_CORE:
        return None
    return Ground("official_abbrev", Reason("same_body", 0.92, {**pair.names, "body": theirs.core}))


def reordered(pair: Pair) -> Ground | None:
    """The same characters in another order: 教育考试招生院 for 教育招生考试院, 发布郑州 for 郑州发布."""
    if pair.read.text == pair.theirs.text or not _same_characters(pair):
        return None
    return Ground("word_transposition", Reason("reordered", 0.91, pair.names))


def scope_changed(pair: Pair) -> Ground | None:
    """中国 put for a place (中国经济贸易大学), left out (邮政精选 for 中国邮政), or put for 中华."""
    read, theirs = pair.read, pair.theirs
    if read.places or read.scope == theirs.scope or (theirs.places and not read.scope):
        return None
    # Bare, two characters are an ordinary word: 统计 is not 国家统计局; 邮政精选 claims more.
    shortest = SHORTEST_CORE if read.scope or read.dress else SHORTEST_WITHOUT_SCOPE
    if read.body != theirs.body or len(read.body) < shortest:
        return None
    detail = {**pair.names, "scope": read.scope or "－", "place": theirs.place or theirs.scope or "－"}
    return Ground("place_or_scope", Reason("scope_for_place", 0.88, detail))


def same_institution(pair: Pair) -> Ground | None:
    """The same proper part with another word for the kind of institution: 华北理工学院 for 华北理工大学."""
    read, theirs, core = pair.read, pair.theirs, _proper_part(pair.theirs)
    if not _kind(theirs) or _kind(read) != _kind(theirs) or _proper_part(read) != core:
        return None
    if len(core) < SHORTEST_CORE or (theirs.places and not (read.places or read.scope)):
        return None
    return Ground("char_edit", Reason("same_institution", 0.87, {**pair.names, "core": core}))


def doubled(pair: Pair) -> Ground | None:
    """A character written twice: 郑州发发布."""
    if pair.read.text == pair.theirs.text or _collapsed(pair.read.text) != _collapsed(pair.theirs.text):
        return None
    return Ground("char_edit", Reason("doubled", 0.92, pair.names))


def few_edits(pair: Pair) -> Ground | None:
    """A few characters put in, left out, swapped or exchanged."""
    mine, theirs = pair.read.text, pair.theirs.text
    return edited(mine, theirs, pair.names) if mine != theirs else None


def few_edits_in_short(pair: Pair) -> Ground | None:
    """The same in the shortest forms: a long name abbreviated and altered."""
    mine, theirs = pair.read.core, pair.theirs.core
    return edited(mine, theirs, pair.names) if mine != theirs else None


# Comparators of whole names, and of what the names say in short: a disguise weighs by what is compared.
IN_WHOLE: tuple[Comparator, ...] = (undisguised, dressed, reordered, doubled, few_edits)
IN_SHORT: tuple[Comparator, ...] = (same_body, scope_changed, same_institution, few_edits_in_short)


def _asked(
    comparators: tuple[Comparator, ...], pair: Pair, disguises: tuple[Disguise, ...], length: int
) -> list[Ground]:
    """What the comparators find, with the cost of the disguises, whose kind outranks that of the ground."""
    costs = tuple(_cost(disguise, length) for disguise in disguises)
    kind = KIND_OF_DISGUISE[disguises[0].means] if disguises else ""
    found = (ground for comparator in comparators if (ground := comparator(pair)))
    return [Ground(ground.kind and (kind or ground.kind), ground.reason, costs) for ground in found]


def _cost(disguise: Disguise, length: int) -> Reason:
    points = -round(COST[disguise.means] * (len(disguise.theirs) or 1) / max(length, 1), 4)
    mine, theirs = disguise.mine, disguise.theirs
    if len(mine) == len(theirs) == 1:
        mine, theirs = describe(mine), describe(theirs)
    return Reason(f"char_{disguise.means}", points, {"mine": mine, "theirs": theirs})


def _is_elsewhere(mine: Parsed, theirs: Parsed) -> bool:
    """Whether the candidate names another place, beyond doubt."""
    if not mine.places or not mine.place_is_clean or mine.places & theirs.places:
        return False
    # 鹰潭市余将区… may mean the district of 鹰潭市 that the official name says.
    may_go_on = mine.place_is_followed and all(_lies_in(key, mine.places) for key in theirs.places)
    return bool(theirs.scope) if not theirs.places else not may_go_on


def _lies_in(key: str, outer: frozenset[str]) -> bool:
    return any(above.key in outer for above in ancestors(divisions_by_key(key)))


def _other_number(mine: Parsed, theirs: Parsed) -> Reason | None:
    """第一中学 and 第二中学, 东区 and 西区, 12345 and 12348: one character apart, and different."""
    for marks in (_order_marks, _numbers):
        here, there = marks(mine), marks(theirs)
        if here and there and here != there and len(here) == len(there):
            return Reason("other_number", 0.0, {"mine": here, "theirs": there})
    return None


def _order_marks(read: Parsed) -> str:
    return "".join(c for c in read.subject if c in _ORDER_MARKS)


def _numbers(read: Parsed) -> str:
    return " ".join(_NUMBER.findall(read.text))


def _place_names(read: Parsed) -> str:
    return "、".join(divisions_by_key(key).name for key in sorted(read.places)) or read.scope


def _same_characters(pair: Pair) -> bool:
    mine, theirs = pair.read.text, pair.theirs.text
    return len(theirs) >= SHORTEST_REORDERED and sorted(mine) == sorted(theirs)


def _proper_part(read: Parsed) -> str:
    """Place and subject of an institution's name, without fillers like 技术 and 职业."""
    return read.place + "".join(word.text for word in read.words if word.kind in ("rest", "unit"))


def _kind(read: Parsed) -> str:
    return next((word.kind for word in reversed(read.words) if word.kind in INSTITUTIONS), "")


def _collapsed(text: str) -> str:
    return "".join(c for at, c in enumerate(text) if at == 0 or c != text[at - 1])

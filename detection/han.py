"""Comparators for names in Han characters. Each is symmetric in its score; the kind says what was done to
the official name to get the candidate's.

A comparator sets something aside in both names (role words, long forms, the kind of institution), for a
price, and aligns what is left. What names another body was refused before: see `bodies.py`.
"""

import re
from collections.abc import Callable, Iterator
from itertools import product
from typing import NamedTuple

from rapidfuzz.distance import OSA

from detection import score
from detection.align import Step, similarity, steps
from detection.alterations import alteration
from detection.grounds import Ground
from detection.rarity import Rarity
from detection.reading import Form, Reading
from detection.reasons import Reason
from names.divisions import named as named_divisions
from names.parse import LONGEST_GENERIC, Parsed, Word, generic_words, patterns_of
from names.views import is_typed, sound


class Pair(NamedTuple):
    """The candidate, the official name, and how rare symbols are in the register."""

    mine: Reading
    theirs: Reading
    rarity: Rarity


# What the full name of a public body ends in.
FORMS = ("局", "部", "厅", "委", "会", "署", "院", "办", "中心", "台", "社")
SAME_SCOPE = frozenset({"中国", "国家", "中华人民共和国", "中央"})
# What a rest ends in that makes another body of a name: 中国银行业协会, 国家电网报, 清华大学附属中学.
OTHER_BODIES = (
    "会",
    "报",
    "社",
    "院",
    "校",
    "学",
    "所",
    "公司",
    "工会",
    "财险",
    "寿险",
    "保险",
    "证券",
    "基金",
)
_RUN = re.compile(r"(.)\1+", re.DOTALL)
# What an office within a body is called at the end.
OFFICE_ENDS = ("中心", "大厅", "处", "科", "组", "办", "部", "局", "队", "所", "站", "平台")

Comparator = Callable[[Pair], Iterator[Ground]]


def in_whole(pair: Pair) -> Iterator[Ground]:
    """人民曰报, 郑洲发布, 央广新闻TB, 人民曰报首发: the names as they stand, or without what dresses them."""
    for mine, theirs in product(pair.mine.wholes, pair.theirs.wholes):
        if is_telling(pair.mine, mine) and is_telling(pair.theirs, theirs):
            yield from aligned(pair, mine, theirs)


def in_short(pair: Pair) -> Iterator[Ground]:
    """南阳市疾控中心 for 南阳市疾病预防控制中心, 郑州公安 for 平安郑州, and altered ones: 南扬疾控."""
    mine, theirs = pair.mine.short, pair.theirs.short
    if (mine.text, theirs.text) == (pair.mine.text, pair.theirs.text) or not _tells_a_body(pair):
        return
    if sorted(mine.text) != sorted(theirs.text):
        yield from aligned(pair, mine, theirs)
    elif sorted(pair.mine.text) != sorted(pair.theirs.text):
        yield said_anew(pair)


def said_anew(pair: Pair) -> Ground:
    """The same place and the same function in other words."""
    mine, theirs = pair.mine.parsed, pair.theirs.parsed
    detail = {**named(pair), "body": theirs.core}
    like = OSA.normalized_similarity(mine.text, theirs.text)
    # The closer of two names of one body first: 衡阳市公安局 before 湖南省衡阳市公安局.
    points = 1 - score.PRICE["in_short"] + score.CLOSER * (like - 0.5)
    reason = Reason("same_body", points, detail, pair.mine.whole)
    return Ground(_kind_said_anew(mine, theirs), (reason,))


def _kind_said_anew(mine: Parsed, theirs: Parsed) -> str:
    says_who = (mine.organs and mine.organs == theirs.organs) or (mine.institution and mine.places)
    same_place = bool(mine.places & theirs.places) or mine.places == theirs.places
    is_listed = says_who and mine.core == theirs.core and same_place
    if is_listed and not mine.dress and not theirs.dress and _units(mine) == _units(theirs):
        return "same_body"
    if mine.dress or _units(mine):
        return "extended"
    return "abbreviated" if len(mine.text) <= len(theirs.text) else "extended"


def _units(read: Parsed) -> list[str]:
    return [word.text for word in read.words if word.kind == "unit"]


def part_of_body(pair: Pair) -> Iterator[Ground]:
    """杭州公积金提取中心 for 杭州公积金: an invented office of the very body."""
    mine, theirs = pair.mine.parsed, pair.theirs.parsed
    if not (mine.organs == theirs.organs and mine.organs and mine.places & theirs.places):
        return
    more, less = mine.subject, theirs.subject
    if bool(more) == bool(less) or len(more or less) > score.LONGEST_OFFICE:
        return
    if not _is_office_within((mine if more else theirs).words):
        return
    detail = {
        "candidate": pair.mine.raw,
        "official": pair.theirs.raw,
        "part": theirs.core,
        "more": more or less,
    }
    points = 1 - score.PRICE["in_short"] - score.PRICE["more"]
    kind = "extended" if more else "shortened"
    yield Ground(kind, (Reason(kind, points, detail, pair.mine.whole),))


def _is_office_within(words: tuple[Word, ...]) -> bool:
    """Whether the words are a place, a function, what no table knows, and the end of an office's name."""
    kinds = [word.kind for word in words]
    at = kinds.index("organ")
    is_in_order = kinds[0] == "place" and kinds[at - 1] == "place" and kinds[at + 1 : at + 2] == ["rest"]
    # 健康 is a pattern in front of a place; behind it, it is an ordinary word (安康…健康平台).
    is_said = words[at].text not in patterns_of(words[at].meaning)
    return is_in_order and is_said and words[-1].text.endswith(OFFICE_ENDS)


def reordered(pair: Pair) -> Iterator[Ground]:
    """教育考试招生院 for 教育招生考试院, 发布郑州 for 郑州发布: the same symbols elsewhere."""
    for here, there in product(pair.mine.wholes, pair.theirs.wholes):
        if is_telling(pair.mine, here) and is_telling(pair.theirs, there):
            yield from _moved(pair, here, there)


def _moved(pair: Pair, here: Form, there: Form) -> Iterator[Ground]:
    mine, theirs = here.text, there.text
    if mine == theirs or len(mine) != len(theirs) or len(mine) < score.SHORTEST_REORDERED:
        return
    rest = _paired_off(mine, theirs)
    if rest is None or (rest and len(mine) < score.SHORTEST_REORDERED_DISGUISED):
        return
    moved = sorted(
        here.at[at] for at, (one, other) in enumerate(zip(mine, theirs, strict=True)) if one != other
    )
    reason = Reason("reordered", 1 - score.PRICE["reordered"], named(pair), pair.mine.spans(moved))
    changes = (alteration(step, pair.mine, -step.cost / len(mine), here.at) for step in rest)
    yield Ground("reordered", (reason, *_set_aside(pair, here, there), *changes))


def _paired_off(mine: str, theirs: str) -> list[Step] | None:
    """The symbols without an equal, paired by sound; None where one finds no partner."""
    here, there = list(mine), list(theirs)
    for symbol in mine:
        if symbol in there:
            there.remove(symbol)
            here.remove(symbol)
    if len(here) > score.most_edits(len(mine)):
        return None
    found = []
    for symbol in here:
        other = next((other for other in there if sound(other) == sound(symbol)), None)
        if other is None:
            return None
        there.remove(other)
        found.append(
            Step(symbol, other, "same_sound", mine.index(symbol), theirs.index(other), score.SAME_SOUND)
        )
    return found


def doubled(pair: Pair) -> Iterator[Ground]:
    """郑州发发布: a symbol written twice."""
    mine, theirs = pair.mine.text, pair.theirs.text
    if mine == theirs or collapsed(mine) != collapsed(theirs):
        return
    twice = tuple(at for at in range(1, len(mine)) if mine[at] == mine[at - 1])
    detail = named(pair)
    reason = Reason("doubled", 1 - score.PRICE["doubled"], detail, pair.mine.spans(twice))
    # 平安康 is less than 平安安康, and nobody's slip.
    yield Ground("edited" if len(mine) > len(theirs) else "", (reason,))


def said_by_scope(pair: Pair) -> Iterator[Ground]:
    """国防部发布 for 中国国防部, 邮政精选 for 中国邮政: a national body with and without 中国."""
    mine, theirs = pair.mine.parsed, pair.theirs.parsed
    if mine.body != theirs.body or mine.places or theirs.places or mine.scope == theirs.scope:
        return
    # Bare, two characters are an ordinary word: 统计 is not 国家统计局; 邮政精选 claims more.
    is_bare = not (mine.scope and theirs.scope)
    claims = mine.dress or theirs.dress
    is_plain = all(one.text == one.scope + one.body or not one.scope for one in (mine, theirs))
    least = score.SHORTEST_CORE if not is_bare or (claims and is_plain) else score.SHORTEST_WITHOUT_SCOPE
    if len(mine.body) < least or mine.institution:
        return
    if is_bare and pair.rarity.bodies(mine.body) > score.MOST_SHARING:
        return
    if not all(_leads(one) for one in (mine, theirs)):
        return
    # 华夏教育 may be any firm; it claims to be the ministry where it has its form.
    if not is_bare and mine.organs and not is_plain and not (_units(mine) or mine.text.endswith(FORMS)):
        return
    if mine.organs and not claims and (is_bare or {mine.scope, theirs.scope} <= SAME_SCOPE):
        kind = "same_body"
    elif mine.scope and theirs.scope:
        kind = "scope_changed"
    else:
        kind = "extended" if mine.scope else "shortened"
    at = _spans_of(pair.mine, ("scope", "role"))
    yield Ground(kind, (Reason("scope_for_place", 1 - score.PRICE["scope"], _scopes(pair), at),))


def _leads(read: Parsed) -> bool:
    """Whether the scope, if there is one, stands in front: 畅游神州 claims no scope."""
    return not read.scope or next(word for word in read.words if word.kind != "role").kind == "scope"


def scope_for_place(pair: Pair) -> Iterator[Ground]:
    """全国疾控 for 郑州疾控: 中国 and its like put for the place of a public body.

    Where the register holds many such bodies the name tells none of them.
    """
    mine, theirs = pair.mine.parsed, pair.theirs.parsed
    if not mine.organs or mine.organs != theirs.organs or mine.body != theirs.body:
        return
    if not _is_scope_for_place(mine, theirs) or pair.rarity.bodies(mine.body) > score.MOST_SHARING:
        return
    # A real place put for 中国 is a branch: the likeness stands, the accusation does not.
    kind = "scope_changed" if theirs.places else ""
    at = _spans_of(pair.mine, ("scope",))
    yield Ground(kind, (Reason("scope_for_place", 1 - score.PRICE["scope"], _scopes(pair), at),))


def _scopes(pair: Pair) -> dict[str, str]:
    mine, theirs = pair.mine.parsed, pair.theirs.parsed
    return {
        "candidate": pair.mine.raw,
        "official": pair.theirs.raw,
        "scope": mine.place or mine.scope or "－",
        "place": theirs.place or theirs.scope or "－",
    }


def same_institution(pair: Pair) -> Iterator[Ground]:
    """中国电子科技学院 for 电子科技大学, 中国经济贸易大学 for 首都经济贸易大学: the same own part.

    Another scope, another word for the kind of institution, other generic words: each costs.
    """
    mine, theirs = pair.mine.parsed, pair.theirs.parsed
    core, more = _common_core(pair.mine.own, pair.theirs.own)
    if not (mine.institution and theirs.institution and core) or mine.text == theirs.text:
        return
    is_moved = mine.places != theirs.places
    is_placed = is_moved and _is_place_added(mine, theirs, core)
    if is_moved and not is_placed and not _is_scope_for_place(mine, theirs):
        return
    prices = [
        score.PRICE["place_added"] if is_placed else score.PRICE["scope"] if is_moved else 0.0,
        score.PRICE["other_scope"] if not is_moved and mine.scope != theirs.scope else 0.0,
        _price_of_kind(pair),
        score.PRICE["filler"] if mine.generic != theirs.generic else 0.0,
        score.PRICE["dressed"] if mine.dress != theirs.dress else 0.0,
        score.PRICE["word_more"] if more else 0.0,
    ]
    # Two characters left of the name bear one change: 慈善 alone is not 中国慈善联合会.
    beside = min(len(one.place or one.scope) for one in (mine, theirs))
    told = len(core) + (0 if is_moved else beside)
    if len(core) < score.SHORTEST_CORE or (told < score.SHORTEST_TOLD and sum(map(bool, prices)) > 1):
        return
    # A real place put for 中国 is a branch, or another body: the likeness stands, the accusation does not.
    if is_placed:
        kind = "extended" if mine.places else ""
    elif is_moved:
        kind = "" if mine.places else "scope_changed"
    elif not any(prices):
        kind = "same_body"
    elif pair.mine.own_raw != pair.theirs.own_raw and not more:
        kind = "abbreviated" if len(mine.text) < len(theirs.text) else "extended"
    else:
        kind = "scope_changed" if prices[1] else "edited"
    detail = {**_scopes(pair), "core": core}
    at = _spans_of(pair.mine, ("scope", "filler", pair.mine.kind))
    code = "scope_for_place" if is_moved else "same_institution"
    # Said otherwise it is no more than the same body, and never the same name.
    price = sum(prices) or score.PRICE["in_short"]
    yield Ground(kind, (Reason(code, 1 - price, detail, at),))


def _common_core(mine: str, theirs: str) -> tuple[str, str]:
    """The own part the names share, and a word that one has behind it: 石油 and 化工. Empty for others.

    A word before it tells another body: 高等教育 is not 教育, 信息科技 not 科技.
    """
    short, long = sorted((mine, theirs), key=len)
    more = long.removeprefix(short)
    is_word = long.startswith(short) and len(more) <= score.LONGEST_WORD_MORE
    return (short, more) if is_word else ("", "")


def _is_place_added(mine: Parsed, theirs: Parsed, core: str) -> bool:
    """Whether a place stands before a name that tells enough without one: 北京对外经济贸易学院.

    With the kind unchanged it is a sister: 杭州电子科技大学 is not 电子科技大学.
    """
    has_scope = mine.scope or theirs.scope
    if mine.institution == theirs.institution:
        return False
    return bool(mine.places) != bool(theirs.places) and not has_scope and len(core) >= score.SHORTEST_TOLD


def _is_scope_for_place(mine: Parsed, theirs: Parsed) -> bool:
    """Whether one names a real place where the other says 中国 or its like."""
    return any(
        one.scope and not one.places and other.places and not other.scope
        for one, other in ((mine, theirs), (theirs, mine))
    )


def _price_of_kind(pair: Pair) -> float:
    if pair.mine.parsed.institution == pair.theirs.parsed.institution:
        return 0.0
    return score.PRICE["kind"] if pair.mine.kind == pair.theirs.kind else score.PRICE["other_kind"]


def generic_word_more(pair: Pair) -> Iterator[Ground]:
    """教育考试研究院 for 教育考试院: a word put in that tells no body from another."""
    short, long = sorted((pair.mine.text, pair.theirs.text), key=len)
    length = len(long) - len(short)
    if not score.SHORTEST_CORE <= length <= LONGEST_GENERIC or len(short) < score.SHORTEST_EXTENDED:
        return
    at = next((at for at in range(1, len(short)) if long[:at] + long[at + length :] == short), 0)
    if not at or not _is_generic(long[at : at + length]):
        return
    is_put_in = long == pair.mine.text
    word = long[at : at + length]
    detail = {"mine": word if is_put_in else "", "theirs": "" if is_put_in else word}
    code = "char_put_in" if is_put_in else "char_left_out"
    spans = pair.mine.spans(range(at, at + length)) if is_put_in else ()
    points = -score.PRICE["word_more"]
    yield Ground("edited", (Reason("alike", 1.0, named(pair)), Reason(code, points, detail, spans)))


def _is_generic(text: str) -> bool:
    """Whether a text is a generic word or two: 监督管理."""
    known = generic_words()
    return text in known or any(text[:at] in known and text[at:] in known for at in range(2, len(text) - 1))


def abbreviated(pair: Pair) -> Iterator[Ground]:
    """中国民航学院 for 中国民用航空飞行学院: characters left out within the proper part."""
    short, long = sorted((pair.mine, pair.theirs), key=lambda one: len(one.text))
    if not pair.mine.kind or pair.mine.kind != pair.theirs.kind or not abbreviates(short, long):
        return
    detail = named(pair)
    reason = Reason("abbreviated", 1 - score.PRICE["abbreviated"], detail, pair.mine.whole)
    yield Ground("abbreviated" if short is pair.mine else "extended", (reason,))


def abbreviates(short: Reading, long: Reading) -> bool:
    """Whether `short` keeps both ends and half of `long`, in order, and some of the middle in pieces.

    A whole word left out tells another body: 江苏大学 is not short for 江苏科技大学.
    """
    mine, theirs = short.text, long.text
    if not len(theirs) / 2 <= len(mine) < len(theirs):
        return False
    if mine[:2] != theirs[:2] or mine[-2:] != theirs[-2:]:
        return False
    own = short.parsed.subject
    if len(own) < score.SHORTEST_CORE or own in long.parsed.subject:
        return False
    rest = iter(theirs)
    return all(symbol in rest for symbol in mine)


def contained(pair: Pair) -> Iterator[Ground]:
    """中国大唐集团有限公司融资APP holds the official name whole; 联勤保障 is what is known of it."""
    for outer, inner, kind in ((pair.mine, pair.theirs, "extended"), (pair.theirs, pair.mine, "shortened")):
        at = outer.text.find(inner.text)
        more = len(outer.text) - len(inner.text)
        points = 1 - score.PRICE["more"] - score.PRICE["symbol_more"] * more
        if at < 0 or not more or points < score.HAN_THRESHOLD or not _stands_alone(inner, outer, pair.rarity):
            continue
        if inner.parsed.places and more < score.SHORTEST_CORE:
            continue
        is_closed = outer.text[at + len(inner.text) :].endswith(OTHER_BODIES)
        if outer.kind != inner.kind or (is_closed and not inner.kind):
            continue
        detail = {
            **named(pair),
            "part": inner.text,
            "more": outer.text[:at] + "…" + outer.text[at + len(inner.text) :],
        }
        places = range(at, at + len(inner.text)) if kind == "extended" else range(len(inner.text))
        # Less than the name of a body of a place is another body, or none.
        is_said = kind == "extended" or not inner.parsed.places
        yield Ground(kind if is_said else "", (Reason(kind, points, detail, pair.mine.spans(places)),))


def _stands_alone(inner: Reading, outer: Reading, rarity: Rarity) -> bool:
    """Whether a name inside another is one by itself."""
    if inner.parsed.organs and rarity.bodies(inner.parsed.body) > score.MOST_SHARING:
        return False
    if not may_stand_alone(inner) or (outer.parsed.places and not inner.parsed.places):
        return False
    return len(inner.text) >= score.SHORTEST_EXTENDED or 2 * len(inner.text) >= len(outer.text) - 2


def may_stand_alone(inner: Reading) -> bool:
    """Whether a name is long enough, and more than a place and a function, to count inside another."""
    read = inner.parsed
    if read.places:
        return bool(inner.kind) and len(inner.text) >= score.SHORTEST_EXTENDED
    is_plain = bool(read.organs and not read.subject and read.scope)
    return len(inner.text) >= (score.SHORTEST_EXTENDED if is_plain else score.SHORTEST_CONTAINED)


def typed_in_pinyin(pair: Pair) -> Iterator[Ground]:
    """zhengzhoufabu for 郑州发布."""
    for latin, han in ((pair.mine, pair.theirs), (pair.theirs, pair.mine)):
        if latin.is_han or not han.is_han or not latin.typed or han.parsed.has_fan_word:
            continue
        for typed, form in product(latin.typed, dict.fromkeys((han.text, han.short.text))):
            if len(form) >= score.SHORTEST_WITHOUT_SCOPE and is_typed(typed, form):
                yield _typed(pair, latin, han, form, is_all=typed == latin.typed[0] == latin.text)
                return


def _typed(pair: Pair, latin: Reading, han: Reading, form: str, *, is_all: bool) -> Ground:
    detail = {"mine": latin.raw, "theirs": han.raw}
    price = score.PRICE["pinyin"] + (0.0 if is_all else score.PRICE["dressed"])
    # A Latin handle may be any word; a Han name is spelled on purpose.
    is_said = latin is pair.mine or len(form) >= score.SHORTEST_TYPED_HANDLE
    reason = Reason("char_pinyin", 1 - price, detail, pair.mine.whole)
    return Ground("homophone" if is_said else "", (reason,))


COMPARATORS: tuple[Comparator, ...] = (
    in_whole,
    in_short,
    part_of_body,
    reordered,
    doubled,
    said_by_scope,
    scope_for_place,
    same_institution,
    generic_word_more,
    abbreviated,
    contained,
)


def named(pair: Pair) -> dict[str, str]:
    """The two names, for the sentence of a reason."""
    return {"candidate": pair.mine.raw, "official": pair.theirs.raw}


def aligned(pair: Pair, mine: Form, theirs: Form) -> Iterator[Ground]:
    """Two forms, symbol by symbol, less the price of what was set aside on either side."""
    like = similarity(mine.text, theirs.text, pair.rarity)
    aside = tuple(dict.fromkeys((*mine.aside, *theirs.aside)))
    if like - sum(score.PRICE[one] for one in aside) < score.HAN_THRESHOLD:
        return
    parted = steps(mine.text, theirs.text, pair.rarity)
    if not _enough_the_same(mine.text, theirs.text, parted, "in_short" in aside):
        return
    if _names_two_places(mine.text, theirs.text, parted):
        return
    kind = _kind(parted, mine, theirs)
    lost = sum(step.cost for step in parted)
    share = (1 - like) / lost if lost else 0.0
    base = (Reason("alike", 1.0, named(pair)), *_set_aside(pair, mine, theirs))
    changes = (alteration(step, pair.mine, -step.cost * share, mine.at) for step in parted)
    yield Ground(kind, (*base, *changes))


def _set_aside(pair: Pair, mine: Form, theirs: Form) -> tuple[Reason, ...]:
    """What was set aside on either side, each with its price."""
    words = "、".join(dict.fromkeys((*mine.words, *theirs.words)))
    at = _words_at(pair.mine, mine)
    return tuple(
        Reason(f"aside_{one}", -score.PRICE[one], {**named(pair), "words": words}, at)
        for one in dict.fromkeys((*mine.aside, *theirs.aside))
    )


def _kind(parted: list[Step], mine: Form, theirs: Form) -> str:
    """The kind by what costs most; without any parting by what was set aside."""
    if parted:
        worst = max(parted, key=lambda step: step.cost)
        if worst.means in ("same_look", "same_sound", "near_sound", "spelled", "initial"):
            return "look_alike" if worst.means == "same_look" else "homophone"
        if worst.means == "swapped":
            return "reordered"
        return "edited"
    if mine.aside == theirs.aside:
        return "same_body"
    if "split" in (*mine.aside, *theirs.aside):
        return "look_alike"
    return "shortened" if theirs.aside and not mine.aside else "extended"


def _enough_the_same(mine: str, theirs: str, parted: list[Step], is_short: bool) -> bool:
    changed = sum(max(len(step.mine), len(step.theirs)) for step in parted if step.means != "spelled")
    longest = max(len(mine), len(theirs))
    unrelated = sum(step.means in ("unrelated", "put_in", "left_out", "swapped") for step in parted)
    is_near = any(step.means in ("near_sound", "initial") for step in parted)
    least = score.FEWEST_SAME_BESIDE_NEAR if is_near or is_short else score.FEWEST_SAME
    # Digits tell little: of 阿喂12345 and 河南12345 all that speaks differs.
    speaking = max(sum(not symbol.isdigit() for symbol in text) for text in (mine, theirs))
    return longest - changed >= least * longest and unrelated <= score.most_edits(speaking)


def _names_two_places(mine: str, theirs: str, parted: list[Step]) -> bool:
    """Whether what differs is one real place here and another there, behind an unread start."""
    if not parted or any(step.means in ("put_in", "left_out") for step in parted):
        return False
    first, last = parted[0].at, parted[-1].at + 1
    shift = parted[0].there - first
    for start in (first, first - 1):
        for end in (last, last + 1):
            here, there = mine[max(start, 0) : end], theirs[max(start + shift, 0) : end + shift]
            if here != there and named_divisions(here) and named_divisions(there):
                return True
    return False


def is_telling(reading: Reading, form: Form) -> bool:
    """Whether a form stripped of something still tells a body: 2 symbols, and no bare place."""
    if not form.aside or form.aside == ("split",):
        return True
    return len(form.text) > score.SHORTEST_CORE and not reading.parsed.is_bare_place


def _tells_a_body(pair: Pair) -> bool:
    return all(
        len(one.short.text) > score.SHORTEST_CORE and not one.parsed.is_bare_place
        for one in (pair.mine, pair.theirs)
    )


def has_run(text: str) -> bool:
    """Whether a symbol stands twice in a row."""
    return _RUN.search(text) is not None


def collapsed(text: str) -> str:
    """`text` with each run of one symbol as a single one."""
    return _RUN.sub(r"\1", text)


def _spans_of(reading: Reading, kinds: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    places: list[int] = []
    at = 0
    for word in reading.parsed.words:
        if word.kind in kinds:
            places += range(at, at + len(word.text))
        at += len(word.text)
    return reading.spans(tuple(places))


def _words_at(reading: Reading, form: Form) -> tuple[tuple[int, int], ...]:
    """Where what was set aside stands in the raw name."""
    kept = frozenset(form.at)
    return reading.spans(tuple(at for at in range(len(reading.text)) if at not in kept))

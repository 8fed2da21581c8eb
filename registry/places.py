"""Which division a cell means: by its code, short or long, or by its full name where only one bears it. Pure.

A code that has ended, only groups others or stands in for its prefecture is refused with what to write
instead; a statistical zone (郑州经济技术开发区) may have units, which are then treated as of its prefecture.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from difflib import get_close_matches
from functools import cache, partial
from typing import NamedTuple

from common.faults import Text
from names import divisions, history
from names.divisions import Division
from registry.problems import LONGEST_LIST, Problem, nearest

COUNTY_DIGITS, TOWNSHIP_DIGITS, LONG_DIGITS = 6, 9, 12
_CODE = re.compile(r"\d+", re.ASCII)
_SEPARATORS = re.compile(r"[\s/\\>·,、—-]+")
_GROUP = "01"  # 市辖区 of GB/T 2260, which the source has no rows for below a prefecture
SIX_DIGITS = Text("请填写六位行政区划代码，如郑州市填 410100", "write six digits, as 410100 for 郑州市")


class Meant(NamedTuple):
    """The division meant; `notice` where its units need care."""

    code: str
    notice: Problem | None = None


def division(text: str, today: date) -> Meant | Problem:
    """The division that `text`, not empty, means on the day `today`."""
    joined = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    if _CODE.fullmatch(joined):
        return _by_code(joined, today)
    called = _full_names().get(joined, ())
    if len(called) == 1:
        return _checked(called[0])
    if called:
        problem = Text(f"叫“{joined}”的有 {len(called)} 个", f"{len(called)} divisions are called {joined}")
        return Problem("division_ambiguous", problem, _one_of(called))
    if joined in _former_names():
        return _ended(_former_names()[joined], today)
    problem = Text("没有这个行政区划", "there is no such division")
    return Problem("division_unknown", problem, partial(_near_names, joined))


def _by_code(code: str, today: date) -> Meant | Problem:
    short = _shortened(code)
    if len(short) in (TOWNSHIP_DIGITS, LONG_DIGITS):
        return _township(short)
    if found := divisions.by_key(short):
        return _checked(found)
    if ended := history.former(short):
        return _ended((ended,), today)
    above = divisions.by_key(f"{short[:4]}00")
    if above is not None and len(short) == COUNTY_DIGITS and short.endswith(_GROUP):
        return _grouping("市辖区", above)
    problem = Text("没有这个行政区划代码", "there is no division with this code")
    return Problem("division_unknown", problem, partial(_near_codes, short))


def _shortened(code: str) -> str:
    """A code of 9 or 12 digits without the zeros behind a county's, one of 2 or 4 filled up to six."""
    if len(code) in (TOWNSHIP_DIGITS, LONG_DIGITS) and not code[COUNTY_DIGITS:].strip("0"):
        return code[:COUNTY_DIGITS]
    return code.ljust(COUNTY_DIGITS, "0") if len(code) in (2, 4) else code


def _checked(found: Division) -> Meant | Problem:
    if found in divisions.regions_without_rows():
        problem = Text(f"{found.name}不在本系统的区划表中", f"{found.name} is not in the table of divisions")
        return Problem("division_unknown", problem, SIX_DIGITS)
    if found.is_stand_in:
        problem = Text(f"只是{found.name}在统计表中的占位", f"only stands in for {found.name} itself")
        return Problem("division_stand_in", problem, _write(found.parent))
    if found.is_placeholder:
        return _grouping(found.name, divisions.by_key(found.parent) or found)
    return Meant(found.code, _zone_notice(found) if found.is_statistical_zone else None)


def _zone_notice(zone: Division) -> Problem:
    above = divisions.by_key(zone.parent) or zone
    problem = Text(
        f"{zone.name}是统计用区划，其单位按{above.name}（{above.code}）管理",
        f"{zone.name} is a statistical zone, its units are treated as of {above.name} ({above.code})",
    )
    mend = Text("可以保留；如单位属于某个区县，请改填区县代码", "keep it, or write the county they belong to")
    return Problem("division_zone", problem, mend)


def _grouping(name: str, above: Division) -> Problem:
    problem = Text(f"“{name}”只是分组，没有单位属于它", f"{name} only groups others, no unit lies in it")
    mend = Text(
        f"请填写具体区县的代码，或{above.name}的代码 {above.code}",
        f"write the code of the district, or {above.code} for {above.name}",
    )
    return Problem("division_placeholder", problem, mend)


def _township(code: str) -> Problem:
    county = divisions.by_key(code[:COUNTY_DIGITS])
    problem = Text(
        "是乡镇级代码，登记只到区县", "is the code of a township, the register goes down to counties"
    )
    return Problem("division_township", problem, _write(county.code) if county else SIX_DIGITS)


def _ended(ended: tuple[history.Ended, ...], today: date) -> Problem:
    name = ended[-1].name
    problem = Text(f"{name}已撤销或改用别的代码", f"{name} was abolished or given another code")
    return Problem("division_ended", problem, partial(_instead_of, ended, today))


def _instead_of(ended: tuple[history.Ended, ...], today: date) -> Text:
    """What followed; where the tables do not tell, that they do not."""
    codes = {found.code for one in ended for found in history.successors(one.code, today)}
    if followed := [one for code in sorted(codes) if (one := divisions.by_key(code))]:
        return _one_of(followed)
    where = [_called(place) for place in _places_above(ended[-1])[:1]]
    zh, en = "".join(f"（在{one.zh}）" for one in where), "".join(f", in {one.en}" for one in where)
    return Text(
        f"区划表中查不到由谁接替，请填写现在所属区县的代码{zh}",
        f"the tables do not tell what followed: write the county it lies in today{en}",
    )


def _places_above(ended: history.Ended) -> list[Division]:
    """The places of today an ended division lies in, nearest first."""
    parent = divisions.by_key(ended.parent)
    above = (parent, *divisions.ancestors(parent)) if parent else ()
    return [place for place in above if not place.is_placeholder]


def _near_names(name: str) -> Text:
    meant = [one for one in divisions.named(name) if not one.is_stand_in and one.code]
    if meant:
        return _one_of(meant)
    near = nearest(name, _full_names())
    return _one_of(_full_names()[near]) if near else SIX_DIGITS


def _near_codes(code: str) -> Text:
    """The codes most alike below the same prefecture or province."""
    above = divisions.by_key(f"{code[:4]}00") or divisions.by_key(f"{code[:2]}0000")
    below = {one.code: one for one in divisions.all_divisions() if above and one.parent == above.key}
    if above is None or not below:
        return SIX_DIGITS
    near = get_close_matches(code[:COUNTY_DIGITS], below, n=5, cutoff=0.5) or list(below)[:5]
    has = "、".join(f"{one} {below[one].name}" for one in near)
    return Text(
        f"{above.name}（{above.code}）有 {has} 等", f"{above.name} ({above.code}) has {has} and others"
    )


def _one_of(choices: Iterable[Division]) -> Text:
    called = [_called(one) for one in choices][:LONGEST_LIST]
    zh, en = " 或 ".join(one.zh for one in called), " or ".join(one.en for one in called)
    return Text(f"请填写 {zh}", f"write {en}")


def _write(code: str) -> Text:
    found = divisions.by_key(code)
    return _one_of([found]) if found else SIX_DIGITS


def _called(found: Division) -> Text:
    name = divisions.display_name(found)
    return Text(f"{found.code}（{name}）", f"{found.code} ({name})")


@cache
def _full_names() -> dict[str, tuple[Division, ...]]:
    """Full names, alone or behind those of the places they lie in, to the divisions so called."""
    found: defaultdict[str, list[Division]] = defaultdict(list)
    for one in (*divisions.all_divisions(), *divisions.regions_without_rows()):
        if not one.is_placeholder and not one.is_stand_in:
            for name in set(_paths(one.name, divisions.ancestors(one))):
                found[name].append(one)
    return {name: tuple(called) for name, called in found.items()}


@cache
def _former_names() -> dict[str, tuple[history.Ended, ...]]:
    """The same for divisions that have ended."""
    found: defaultdict[str, list[history.Ended]] = defaultdict(list)
    for one in sorted(history.all_former(), key=lambda one: one.last):
        for name in set(_paths(one.name, _places_above(one))):
            found[name].append(one)
    return {name: tuple(called) for name, called in found.items()}


def _paths(name: str, above: Iterable[Division]) -> Iterator[str]:
    places = [place.name for place in above]
    yield name
    yield "".join([*reversed(places), name])
    for place in places:
        yield place + name

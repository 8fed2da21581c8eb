"""Which division a cell means: by its code, short or long, or by its full name where only one bears it. Pure.

A code that has ended, only groups others or stands in for its prefecture is refused with what to write
instead; a statistical zone (郑州经济技术开发区) may have units, which are then treated as of its prefecture.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from functools import cache, partial
from typing import NamedTuple

from common.faults import Text
from names import divisions
from names.divisions import Division
from registry.errors import nearest
from registry.problems import LONGEST_LIST, Problem

COUNTY_DIGITS, TOWNSHIP_DIGITS, LONG_DIGITS = 6, 9, 12
_CODE = re.compile(r"\d+", re.ASCII)
_SEPARATORS = re.compile(r"[\s/\\>·,、—-]+")
_GROUP = "01"  # 市辖区 of GB/T 2260, which the source has no rows for below a prefecture
SIX_DIGITS = Text("请填写六位行政区划代码，如郑州市填 410100", "write six digits, as 410100 for 郑州市")


class Meant(NamedTuple):
    """The division meant; `notice` where its units need care."""

    code: str
    notice: Problem | None = None


def division(text: str, today: str) -> Meant | Problem:
    """The division that `text`, not empty, means on the day `today` (ISO)."""
    plain = unicodedata.normalize("NFKC", text)
    joined = _SEPARATORS.sub("", plain)
    if _CODE.fullmatch(joined):
        return _by_code(joined, today)
    called = _full_names().get(joined, ())
    if len(called) == 1:
        return _checked(called[0], today)
    if called:
        return _repeated(joined, called)
    return _unknown_name(joined)


def _by_code(code: str, today: str) -> Meant | Problem:
    short = code[:COUNTY_DIGITS] if _is_filled(code) else code
    if len(short) in (2, 4):
        short = short.ljust(COUNTY_DIGITS, "0")
    if len(short) in (TOWNSHIP_DIGITS, LONG_DIGITS):
        return _township(short)
    found = divisions.by_key(short)
    if found is not None:
        return _checked(found, today)
    if ended := divisions.former(short):
        return _ended(ended[0])
    above = divisions.by_key(f"{short[:4]}00")
    if above is not None and len(short) == COUNTY_DIGITS and short.endswith(_GROUP):
        return _grouping(Text("市辖区", "市辖区"), above)
    problem = Text("没有这个行政区划代码", "there is no division with this code")
    return Problem("division_unknown", problem, partial(_near_codes, short))


def _is_filled(code: str) -> bool:
    """Whether a code of 9 or 12 digits only fills up a county's with zeros."""
    return len(code) in (TOWNSHIP_DIGITS, LONG_DIGITS) and not code[COUNTY_DIGITS:].strip("0")


def _checked(found: Division, today: str) -> Meant | Problem:
    if found in divisions.regions_without_rows():
        problem = Text(f"{found.name}不在本系统的区划表中", f"{found.name} is not in the table of divisions")
        return Problem("division_unknown", problem, SIX_DIGITS)
    if found.is_stand_in:
        problem = Text(f"只是{found.name}在统计表中的占位", f"only stands in for {found.name} itself")
        return Problem("division_stand_in", problem, _write(found.parent))
    if found.is_placeholder:
        above = divisions.by_key(found.parent)
        return _grouping(Text(found.name, found.name), above or found)
    if found.valid_to and found.valid_to < today:
        problem = Text(f"{found.name}已于 {found.valid_to} 撤销", f"{found.name} ended on {found.valid_to}")
        return Problem("division_ended", problem, SIX_DIGITS)
    return Meant(found.code, _zone_notice(found) if found.is_statistical_zone else None)


def _zone_notice(zone: Division) -> Problem:
    above = divisions.by_key(zone.parent) or zone
    problem = Text(
        f"{zone.name}是统计用区划，按{above.name}（{above.code}）管理",
        f"{zone.name} is a statistical zone and is treated as of {above.name} ({above.code})",
    )
    mend = Text("可以保留；如单位属于所在区县，请改填区县代码", "keep it, or write the county it belongs to")
    return Problem("division_zone", problem, mend)


def _grouping(name: Text, above: Division) -> Problem:
    problem = Text(
        f"“{name.zh}”只是分组，没有单位属于它", f"{name.en} only groups others, no unit lies in it"
    )
    mend = Text(
        f"请填写具体区县的代码，或{above.name}的代码 {above.code}",
        f"write the code of the district, or {above.code} for {above.name}",
    )
    return Problem("division_placeholder", problem, mend)


def _township(code: str) -> Problem:
    county = divisions.by_key(code[:COUNTY_DIGITS])
    problem = Text(
        "是乡镇级代码，登记到区县为止", "is the code of a township; the register goes down to counties"
    )
    mend = _write(county.code, county) if county else SIX_DIGITS
    return Problem("division_township", problem, mend)


def _ended(ended: divisions.Former) -> Problem:
    when = f"{ended.valid_to}起" if ended.valid_to else ""
    since = f" since {ended.valid_to}" if ended.valid_to else ""
    problem = Text(f"{ended.name}（{when}已撤销或改码）", f"{ended.name} was abolished or recoded{since}")
    return Problem("division_ended", problem, _instead_of(ended))


def _instead_of(ended: divisions.Former) -> Text:
    if ended.successors:
        return _one_of(ended.successors)
    if ended.heir is not None:
        heir = _called(ended.heir)
        return Text(
            f"今在{heir.zh}境内，请填写现属区县的代码", f"it lies in {heir.en} today: write the county there"
        )
    above = divisions.by_key(ended.parent)
    where = _called(above) if above else Text("", "")
    return Text(
        f"区划表中查不到它由谁接替，请填写现属区县的代码（原属{where.zh}）",
        f"the tables do not tell what followed: write the county it lies in today (it was in {where.en})",
    )


def _repeated(name: str, called: Sequence[Division]) -> Problem:
    problem = Text(f"叫“{name}”的有 {len(called)} 个", f"{len(called)} divisions are called {name}")
    return Problem("division_ambiguous", problem, _one_of(called))


def _unknown_name(name: str) -> Problem:
    problem = Text("没有这个行政区划", "there is no such division")
    return Problem("division_unknown", problem, partial(_near_names, name))


def _near_names(name: str) -> Text:
    meant = [one for one in divisions.named(name) if not one.is_stand_in and one.code]
    if meant:
        return _one_of(meant)
    near = nearest(name, _full_names())
    return _one_of(_full_names()[near]) if near else SIX_DIGITS


def _near_codes(code: str) -> Text:
    """The codes that are most alike below the same prefecture or province."""
    above = divisions.by_key(f"{code[:4]}00") or divisions.by_key(f"{code[:2]}0000")
    below = {one.code: one for one in divisions.all_divisions() if above and one.parent == above.key}
    if above is None or not below:
        return SIX_DIGITS
    near = get_close_matches(code[:COUNTY_DIGITS], below, n=5, cutoff=0.5) or list(below)[:5]
    zh = "、".join(f"{one} {below[one].name}" for one in near)
    return Text(f"{above.name}（{above.code}）有 {zh} 等", f"{above.name} {above.code} has {zh}")


def _one_of(choices: Iterable[Division]) -> Text:
    called = [_called(one) for one in choices][:LONGEST_LIST]
    return Text(
        "请填写 " + " 或 ".join(one.zh for one in called), "write " + " or ".join(one.en for one in called)
    )


def _write(code: str, found: Division | None = None) -> Text:
    called = _called(found) if found else Text(code, code)
    return Text(f"请填写 {called.zh}", f"write {called.en}")


def _called(found: Division) -> Text:
    name = divisions.display_name(found)
    return Text(f"{found.code}（{name}）", f"{found.code} ({name})")


@cache
def _full_names() -> dict[str, tuple[Division, ...]]:
    """Full names, alone or behind those of the places they lie in, to the divisions so called."""
    found: defaultdict[str, list[Division]] = defaultdict(list)
    for one in (*divisions.all_divisions(), *divisions.regions_without_rows()):
        if not one.is_placeholder and not one.is_stand_in:
            for name in set(_paths(one)):
                found[name].append(one)
    return {name: tuple(called) for name, called in found.items()}


def _paths(one: Division) -> Iterator[str]:
    above = [place.name for place in divisions.ancestors(one)]
    yield one.name
    yield "".join([*reversed(above), one.name])
    for place in above:
        yield place + one.name

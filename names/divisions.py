"""Administrative divisions of China: codes, parents, short names, and names that occur more than once.

Read once, on first use, from `tables/divisions.tsv` (sources and traps: `tables/SOURCES.md`). Placeholders of
the source (市辖区, 县, 省直辖县级行政区划) are kept as rows and skipped when walking up.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, cast

from names import tablefiles

Level = Literal["province", "prefecture", "county"]
LEVELS: tuple[Level, ...] = ("province", "prefecture", "county")

# Hong Kong, Macao and Taiwan: codes of GB/T 2260, no rows in the source.
WITHOUT_ROWS = (("810000", "香港特别行政区"), ("820000", "澳门特别行政区"), ("710000", "台湾省"))

# Shorter former names are words of other kinds too often.
_SHORTEST_FORMER = 2
_PEOPLES = (
    "蒙古族|回族|藏族|维吾尔族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|"
    "哈尼族|哈萨克族|哈萨克|傣族|黎族|傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|"
    "柯尔克孜族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族|锡伯|"
    "普米族|塔吉克族|塔吉克|怒族|鄂温克族|保安族|裕固族|独龙族|鄂伦春|各族|蒙古"
)
_AUTONOMOUS = re.compile(rf"(?P<base>.{{2,}}?)(?:{_PEOPLES})+自治(?P<kind>[州县旗])$")
_SUFFIX = re.compile(r"(?:特别行政区|自治区|自治州|自治县|自治旗|地区|新区|林区|矿区|省|市|区|县|旗|盟|州)$")
# Autonomous regions, whose names carry their people; 东乡, 鄂温克 and 鄂伦春 are named after nothing else.
_OWN_SHORT = {
    "内蒙古自治区": "内蒙古",
    "广西壮族自治区": "广西",
    "宁夏回族自治区": "宁夏",
    "新疆维吾尔自治区": "新疆",
    "东乡族自治县": "东乡",
    "鄂温克族自治旗": "鄂温克",
    "鄂伦春自治旗": "鄂伦春",
}


@dataclass(frozen=True)
class Division:
    """One division. `code` has six digits and is unique within its level; `key` is unique in all."""

    key: str
    code: str
    name: str
    level: Level
    parent: str
    is_placeholder: bool
    is_statistical_zone: bool
    is_stand_in: bool
    valid_from: str
    valid_to: str

    @property
    def short_name(self) -> str:
        """How people call it: 郑州 for 郑州市, 恩施 for 恩施土家族苗族自治州."""
        return short_name(self.name)


@lru_cache(maxsize=8192)
def short_name(name: str) -> str:
    """`name` without the word for its level; unchanged where one character would be left (沙县)."""
    if name in _OWN_SHORT:
        return _OWN_SHORT[name]
    if autonomous := _AUTONOMOUS.match(name):
        return autonomous["base"]
    short = _SUFFIX.sub("", name)
    return short if len(short) >= 2 else name


@cache
def all_divisions() -> tuple[Division, ...]:
    """All 3,351 rows, in the order of the source."""
    listed = tuple(tablefiles.rows("divisions"))
    names = {(level, code): name for code, name, level, *_ in listed}
    found = []
    for code, name, level, parent, placeholder, zone, valid_from, valid_to in listed:
        doubled = level == "county" and ("prefecture", code) in names
        stand_in = level == "county" and names.get(("prefecture", parent)) == name
        key = f"{code}-county" if doubled else code
        found.append(
            Division(
                key,
                code,
                name,
                cast(Level, level),
                parent,
                placeholder == "1",
                zone == "1",
                stand_in,
                valid_from,
                valid_to,
            )
        )
    return tuple(found)


@cache
def regions_without_rows() -> tuple[Division, ...]:
    """Hong Kong, Macao and Taiwan, which the source lacks: places by name, with their codes of GB/T 2260."""
    return tuple(
        Division(code, code, name, "province", "", False, False, False, "", "") for code, name in WITHOUT_ROWS
    )


@cache
def areas() -> tuple[Division, ...]:
    """Well-known places that are no divisions of the source: 雄安新区, 中关村, districts of Hong Kong.

    They lie in the division their table names and have keys of their own.
    """
    return tuple(
        Division(f"area-{name}", "", name, "county", parent, False, False, False, "", "")
        for name, _, parent, kind in tablefiles.rows("areas")
        if kind != "short"
    )


@cache
def _by_key() -> dict[str, Division]:
    return {division.key: division for division in (*all_divisions(), *regions_without_rows(), *areas())}


@cache
def spoken_names() -> dict[str, tuple[Division, ...]]:
    """Every way a division is called, to the divisions so called; no placeholders, no stand-ins."""
    found: defaultdict[str, list[Division]] = defaultdict(list)
    for division in (*all_divisions(), *regions_without_rows()):
        if not division.is_placeholder and not division.is_stand_in:
            for name in _ways_to_say(division):
                found[name].append(division)
    # A division of today goes before what is called so besides, or was once.
    for name, division in _other_names():
        if name not in found:
            found[name].append(division)
    return {name: tuple(divisions) for name, divisions in found.items()}


def _other_names() -> Iterator[tuple[str, Division]]:
    """Areas, second names (羊城 for 广州), and former names of divisions that have a successor."""
    for area in areas():
        yield area.name, area
    for name, _, parent, kind in tablefiles.rows("areas"):
        if kind == "short":
            yield name, _known(parent)
    for _, name, _, _, _, _, successor in tablefiles.rows("former_divisions"):
        if successor and len(name) > _SHORTEST_FORMER and _by_key().get(successor):
            yield name, _known(successor)


def _known(key: str) -> Division:
    return _by_key()[key]


def _ways_to_say(division: Division) -> set[str]:
    if division.is_statistical_zone:
        return {division.name}
    autonomous = _AUTONOMOUS.match(division.name)
    middle = {autonomous["base"] + autonomous["kind"]} if autonomous else set()
    return {division.name, division.short_name, *middle}


def by_key(key: str) -> Division | None:
    """The division with this key (a six-digit code, or `441900-county`), or None."""
    return _by_key().get(key)


def named(text: str) -> tuple[Division, ...]:
    """The divisions called `text`, in full or short; several where a name repeats (鼓楼区)."""
    return spoken_names().get(text, ())


def ancestors(division: Division) -> tuple[Division, ...]:
    """The divisions `division` lies in, nearest first, placeholders skipped."""
    above = by_key(division.parent)
    if above is None:
        return ()
    return ancestors(above) if above.is_placeholder else (above, *ancestors(above))


def lies_in(division: Division, other: Division) -> bool:
    """Whether `other` is above `division`."""
    return other in ancestors(division)


def display_name(division: Division) -> str:
    """The name with what it needs to be told apart: 郑州市金水区, 北京市朝阳区; never a bare county."""
    above = ancestors(division)
    return above[0].name + division.name if division.level == "county" and above else division.name

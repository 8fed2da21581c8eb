"""What followed the divisions that ended between two lists of the standard, and how that is known. Pure.

A division is a code with a name. Of those that the earlier list alone has, in this order:
- renamed: the later list has its code under a name that nobody on its level bore before;
- recoded: the later list has its name, on its level, under a new code;
- upgraded: a new one of its level has its name but for the word for its kind (县 → 市, 地区 → 市), or its one
  letter and another (密县 → 新密市, 沙县 → 沙县区);
- merged: the same, but that one stood there before as well (a county into the city around which it lay);
- replaced: a county, city or suburb alone ended in its prefecture, all others accounted for, and one alone is
  new there (汲县 → 卫辉市); not where a prefecture began, which it may have gone to;
- divided: a prefecture whose counties lie in these prefectures now.
A county is looked for where its prefecture is now, and among those outside prefectures; under its full name
in the whole province, but for districts (区), whose names repeat. Where two could be meant, nothing is said.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from names.divisions import short_name

# Hainan left Guangdong in 1988, Chongqing left Sichuan in 1997.
_MOVED_PROVINCES = {"44": ("44", "46"), "51": ("51", "50")}
_ONE_LETTER = re.compile(r"(.)[县市区]")
# Groups of the standard (1101 districts, 1102 counties), no prefectures.
_MUNICIPALITIES = ("11", "12", "31", "50")
_LEVELS = ("province", "prefecture", "county")


class Pair(NamedTuple):
    """A code and the name it had."""

    code: str
    name: str

    @property
    def level(self) -> str:
        """As the code says it; the lists of the standard have no other word for it."""
        if self.code[2:] == "0000":
            return "province"
        return "prefecture" if self.code[4:] == "00" else "county"

    @property
    def stem(self) -> str:
        """The name without the word for its kind, down to one letter (通 for 通县)."""
        alone = _ONE_LETTER.fullmatch(self.name)
        return alone[1] if alone else short_name(self.name)

    @property
    def prefecture(self) -> str:
        """The code of the prefecture; of the municipality where that has none."""
        return f"{self.code[:2]}0000" if self.code[:2] in _MUNICIPALITIES else f"{self.code[:4]}00"

    @property
    def outside(self) -> str:
        """The block of its province for counties that lie in no prefecture; from 1989 to 1995 most cities."""
        return f"{self.code[:2]}9000"


class Following(NamedTuple):
    """The codes that followed, and the rule they were found by."""

    codes: tuple[str, ...]
    how: str


@dataclass
class _Change:
    """Two lists and what is known so far; what ended and what began shrink as they are matched."""

    before: frozenset[Pair]
    after: frozenset[Pair]
    found: dict[Pair, Following] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ended = set(self.before - self.after)
        self.begun = set(self.after - self.before)
        self._prefectures: dict[str, str] = {}

    @cached_property
    def borne(self) -> frozenset[tuple[str, str]]:
        """Level and name of everybody before."""
        return frozenset((pair.level, pair.name) for pair in self.before)

    @cached_property
    def stayed(self) -> frozenset[Pair]:
        """Everybody in both lists."""
        return self.before & self.after

    def home(self, pair: Pair) -> str:
        """The prefecture of a pair that ended, as the later list has it."""
        return self._prefectures.get(pair.prefecture, pair.prefecture)

    def settle(self, old: Pair, new: Pair, how: str) -> None:
        """`new` followed `old`."""
        self.found[old] = Following((new.code,), how)
        self.ended.discard(old)
        self.begun.discard(new)
        if old.level == new.level == "prefecture":
            self._prefectures[old.code] = new.code


Candidates = Callable[[_Change, Pair], Iterable[Pair]]


def followings(before: Mapping[str, str], after: Mapping[str, str]) -> dict[Pair, Following]:
    """Each pair of `before` that ended and whose following is known. Both: code → name, of bodies only."""
    change = _Change(_pairs(before), _pairs(after))
    for level in _LEVELS:
        for how, candidates in _RULES.items():
            _match(change, level, how, candidates)
    for old in change.ended:
        if old.level == "prefecture" and (codes := _homes_of_counties(change, old)):
            change.found[old] = Following(codes, "divided")
    return change.found


def _match(change: _Change, level: str, how: str, candidates: Candidates) -> None:
    """Settle every pair of `level` with one candidate, whom nobody else claims unless it was there before."""
    listed = {old: list(candidates(change, old)) for old in change.ended if old.level == level}
    claims = Counter(new for news in listed.values() for new in news)
    for old, news in listed.items():
        if len(news) == 1 and (claims[news[0]] == 1 or how == "merged"):
            change.settle(old, news[0], how)


def _renamed(change: _Change, old: Pair) -> Iterable[Pair]:
    same_code = (new for new in change.begun if new.code == old.code)
    return (new for new in same_code if (new.level, new.name) not in change.borne)


def _recoded(change: _Change, old: Pair) -> Iterable[Pair]:
    same_name = (new for new in change.begun if new.name == old.name and _is_near(new, old))
    if old.level == "county" and old.name.endswith("区"):
        return (new for new in same_name if new.prefecture == change.home(old))
    return same_name


def _upgraded(change: _Change, old: Pair) -> Iterable[Pair]:
    same_stem = [new for new in change.begun if _is_of_its_stem(change, new, old)]
    if same_stem or len(old.stem) > 1:
        return same_stem
    here = (new for new in change.begun if _is_near(new, old) and _lies_there(change, new, old))
    return (new for new in here if old.stem in new.stem)


def _merged(change: _Change, old: Pair) -> Iterable[Pair]:
    if not old.name.endswith(("县", "地区")):  # a city does not end in the county of its name
        return ()
    upper = (new for new in change.stayed if not new.name.endswith(("县", "地区")))
    return (new for new in upper if _is_of_its_stem(change, new, old))


def _replaced(change: _Change, old: Pair) -> Iterable[Pair]:
    # A district that ends is usually shared out, and what is new beside it is another.
    is_whole = old.level == "county" and (old.name.endswith("郊区") or not old.name.endswith("区"))
    if not is_whole or any(new.level == "prefecture" and _is_of_province(new, old) for new in change.begun):
        return ()
    here = (new for new in change.begun if _is_near(new, old) and _lies_there(change, new, old))
    return (new for new in here if new.name != "郊区" and not _is_zone(new))


_RULES: Mapping[str, Candidates] = {
    "renamed": _renamed,
    "recoded": _recoded,
    "upgraded": _upgraded,
    "merged": _merged,
    "replaced": _replaced,
}


def _is_of_its_stem(change: _Change, new: Pair, old: Pair) -> bool:
    is_here = old.level != "county" or _lies_there(change, new, old)
    return is_here and new.stem in (old.stem, old.name) and _is_near(new, old)


def _lies_there(change: _Change, new: Pair, old: Pair) -> bool:
    return new.prefecture in (change.home(old), new.outside)


def _is_near(new: Pair, old: Pair) -> bool:
    """Whether it is of the same level and province."""
    return new.level == old.level and _is_of_province(new, old)


def _is_of_province(new: Pair, old: Pair) -> bool:
    return new.code[:2] in _MOVED_PROVINCES.get(old.code[:2], (old.code[:2],))


def _is_zone(pair: Pair) -> bool:
    """A statistical zone (handbook: codes), which follows nobody."""
    return pair.code[4] == "7"


def _homes_of_counties(change: _Change, old: Pair) -> tuple[str, ...]:
    """The prefectures the counties of the prefecture `old` lie in now, as far as that is known."""
    counties = (pair for pair in change.before if pair.prefecture == old.code and pair != old)
    codes = {code for county in counties for code in _now(change, county)}
    listed = {pair.code for pair in change.after}
    return tuple(sorted({f"{code[:4]}00" for code in codes} & listed))


def _now(change: _Change, county: Pair) -> tuple[str, ...]:
    if county in change.after:
        return (county.code,)
    return change.found[county].codes if county in change.found else ()


def _pairs(listed: Mapping[str, str]) -> frozenset[Pair]:
    return frozenset(Pair(*pair) for pair in listed.items())

"""Which place answers for a unit, and which places lie above it on a line of offices. Pure.

The ordinary way up is county → prefecture → province. On a line it may differ: a county managed by its
province reports past its prefecture (`tables/reports_to.csv`, dated). What is no government of its own is
skipped: groups of the source (市辖区, 省直辖县级行政区划), statistical zones such as 郑州经济技术开发区, the
county rows that stand in for a prefecture without counties (东莞), and places that have ended. Whoever stands
on an ended place is answered for by the one that followed it: it lies below that one, on its own level.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

REPORTS_TO = Path(__file__).parent / "tables" / "reports_to.csv"
TOWNSHIP_DIGITS, COUNTY_DIGITS = 9, 6


@dataclass(frozen=True, slots=True)
class Place:
    """A division as far as the lines need it; `parent` is a code, empty for a province."""

    code: str
    name: str
    level: str
    parent: str
    is_placeholder: bool = False
    is_statistical_zone: bool = False
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """On `line`, the place `code` reports to `target` between two days, both included."""

    code: str
    line: str
    target: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Supervisor:
    """Whose government office supervises a unit (主管单位).

    `place` is None above a province, which the State Council's office supervises: no place of ours. With
    `own_body` the unit answers to the upper body of its own line (vertical management), known only from a
    supervision contact of the unit itself; the office of `place` then gets a copy.
    """

    place: Place | None
    own_body: bool = False


class Tree:
    """The places by code with the overrides, asked as of a day in Beijing.

    A code of nine digits (township) stands for its county. KeyError for a code that is not in the tree.
    """

    def __init__(self, places: Iterable[Place], overrides: Iterable[Override]) -> None:
        self._places = {place.code: place for place in places}
        self._overrides = tuple(overrides)

    def home(self, code: str, day: date) -> Place:
        """The place whose offices answer for `code`: itself, or the nearest above that has offices.

        Where nothing above has offices it is the place itself, so that it shows as one without contacts.
        """
        places = list(self._upwards(_county(code)))
        if not places:
            raise KeyError(code)
        return next((place for place in places if self._has_offices(place, day)), places[0])

    def parents(self, code: str, line: str, day: date) -> tuple[Place, ...]:
        """The places above the home of `code` on `line`, nearest first; empty for a province."""
        line_up = [self.home(code, day)]
        # An override may lead in a circle: it ends where it meets.
        while (above := self._above(line_up[-1], line, day)) and above not in line_up:
            line_up.append(above)
        return tuple(line_up[1:])

    def supervisor(self, kind: str, code: str, day: date) -> Supervisor:
        """Who supervises a unit of `kind` (`registry.kinds.UNIT_KINDS`) whose line division is `code`.

        The office of a government is supervised by the government above it on the supervision line, a
        vertical body by its own line, every other unit by the office of its own government; a unit of a zone
        by the prefecture that owns the zone (domain handbook 2.2).
        """
        home = self.home(code, day)
        is_own_office = kind == "government_office" and self._is_same_government(code, home)
        if not is_own_office:
            return Supervisor(home, own_body=kind == "vertical")
        return Supervisor(next(iter(self.parents(home.code, "supervision", day)), None))

    def ways(self, kind: str, code: str, lines: Iterable[str], day: date) -> dict[str, tuple[Place, ...]]:
        """On each of `lines` the places an alert about a unit climbs through, nearest first.

        They begin at the unit's own place, but on the supervision line at the place that supervises it.
        """
        home = self.home(code, day)
        ways = {line: (home, *self.parents(code, line, day)) for line in lines}
        if "supervision" in ways:
            above = self.supervisor(kind, code, day).place
            ways["supervision"] = (above, *self.parents(above.code, "supervision", day)) if above else ()
        return ways

    def _upwards(self, code: str) -> Iterator[Place]:
        """The place `code` and everything above it in the ordinary tree."""
        place = self._places.get(code)
        while place is not None:
            yield place
            place = self._places.get(place.parent)

    def _above(self, place: Place, line: str, day: date) -> Place | None:
        """The next place up on `line` that has offices."""
        codes = {place.code, place.parent} if self._is_forerunner(place) else {place.code}
        for override in self._overrides:
            if override.code in codes and override.line == line and _holds(override, day):
                return self.home(override.target, day)
        return next((up for up in self._upwards(place.parent) if self._has_offices(up, day)), None)

    def _has_offices(self, place: Place, day: date) -> bool:
        is_government = not (place.is_placeholder or place.is_statistical_zone or self._is_stand_in(place))
        return is_government and _holds(place, day)

    def _is_stand_in(self, place: Place) -> bool:
        """A county row that repeats its prefecture: 441900-county, and 620201 嘉峪关市 below 620200."""
        above = self._places.get(place.parent)
        is_doubled = above is not None and above.name == place.name
        return place.level == "county" and is_doubled and not self._is_forerunner(place)

    def _is_forerunner(self, place: Place) -> bool:
        """Whether what it lies in is what followed it: 长垣县 410728 below 长垣市 410783."""
        above = self._places.get(place.parent)
        return above is not None and above.level == place.level

    def _is_same_government(self, code: str, home: Place) -> bool:
        place = self._places[_county(code)]
        is_below = place.parent == home.code and (self._is_stand_in(place) or self._is_forerunner(place))
        return place == home or is_below


@cache
def shipped_overrides() -> tuple[Override, ...]:
    """The rows of `tables/reports_to.csv`."""
    with REPORTS_TO.open(encoding="utf-8", newline="") as file:
        return tuple(map(_override, csv.DictReader(file)))


def _override(row: dict[str, str]) -> Override:
    valid_to = date.fromisoformat(row["valid_to"]) if row["valid_to"] else None
    valid_from = date.fromisoformat(row["valid_from"])
    return Override(row["code"], row["line"], row["target"], valid_from, valid_to)


def _county(code: str) -> str:
    return code[:COUNTY_DIGITS] if len(code) == TOWNSHIP_DIGITS and code.isdecimal() else code


def _holds(dated: Place | Override, day: date) -> bool:
    began = dated.valid_from is None or dated.valid_from <= day
    return began and (dated.valid_to is None or day <= dated.valid_to)

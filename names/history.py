"""Divisions that have ended, and what followed them, as of a day.

Read from `tables/former_divisions.tsv` and `tables/successions.tsv` (sources, rules and limits:
`tables/SOURCES.md`). Days are those of the lists, not of the decisions: a division counts to the day before
the first list without it. What followed is said only where a rule of `tables/succession.py` shows it.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import cast

from names import tablefiles
from names.divisions import Division, Level, by_key

# The first list after the last one of the standard: today's table.
TODAYS_LIST = date(2023, 6, 1)
_ONE_TO_ONE = frozenset({"renamed", "recoded", "upgraded", "replaced"})


@dataclass(frozen=True, slots=True)
class Ended:
    """A code with the name it had between two days; `first` is None where it stood in the oldest list.

    `parent` is the division of today it lies in.
    """

    code: str
    name: str
    level: Level
    parent: str
    first: date | None
    last: date


@dataclass(frozen=True, slots=True)
class Successor:
    """What followed a division: its code and name, since when, and by which rules one after the other."""

    code: str
    name: str
    level: Level
    since: date
    how: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """What one list has in place of a division of the list before."""

    codes: tuple[str, ...]
    since: date
    how: str


def division_on(code: str, day: date) -> Ended | Division | None:
    """The division that bore `code` on `day`; None if none is known."""
    for ended in _ended_by_code().get(code, ()):
        if (ended.first is None or ended.first <= day) and day <= ended.last:
            return ended
    today = by_key(code)
    first = began(code)
    return today if today and (first is None or first <= day) else None


def former(code: str) -> Ended | None:
    """The last division that bore a code which nobody bears today, None for any other code."""
    borne = _ended_by_code().get(code, ()) if by_key(code) is None else ()
    return borne[-1] if borne else None


@cache
def all_former() -> tuple[Ended, ...]:
    """The last bearer of every code that is out of use, in the order of the codes."""
    return tuple(found for code in sorted(_ended_by_code()) if (found := former(code)))


def successors(code: str, day: date) -> tuple[Successor, ...]:
    """What stands on `day` for the division that bore `code` last before, by code.

    Empty where `code` itself is in force that day, never was, or the lists do not tell what followed, be it
    of a part only.
    """
    past = [ended for ended in _ended_by_code().get(code, ()) if ended.last < day]
    if not past or division_on(code, day):
        return ()
    return tuple(sorted(_followed(past[-1], day), key=lambda successor: successor.code))


def began(code: str) -> date | None:
    """The first day of a division of today, None where it stood in the oldest list or that is not known."""
    return _beginnings().get(code)


def _followed(ended: Ended, day: date, how: tuple[str, ...] = ()) -> list[Successor]:
    step = _steps().get((ended.code, ended.name))
    if step is None:
        return []
    found = [_standing(code, step, day, (*how, step.how)) for code in step.codes]
    return [one for branch in found for one in branch] if all(found) else []


def _standing(code: str, step: _Step, day: date, how: tuple[str, ...]) -> list[Successor]:
    """What of the successor `code` stands on `day`: itself, or what followed it in turn."""
    # A few lists leave out who is in the ones before and after.
    then = division_on(code, step.since) or by_key(code)
    if isinstance(then, Ended) and then.last < day:
        return _followed(then, day, how)
    return [Successor(code, then.name, then.level, step.since, how)] if then else []


@cache
def _beginnings() -> dict[str, date]:
    """Since when a code is borne by who bears it today, as far as another bore it or a step led to it."""
    found: dict[str, date] = {}
    for step in _steps().values():
        if step.how in _ONE_TO_ONE:
            (code,) = step.codes
            found[code] = min(step.since, found.get(code, step.since))
    borne = {code: borne[-1].last + timedelta(days=1) for code, borne in _ended_by_code().items()}
    return {**found, **borne}


@cache
def _ended_by_code() -> dict[str, tuple[Ended, ...]]:
    """Who bore a code and no longer does, the last one last."""
    found: defaultdict[str, list[Ended]] = defaultdict(list)
    for code, name, level, parent, begins, ends, _ in tablefiles.rows("former_divisions"):
        last = (_first_of(ends) if ends else TODAYS_LIST) - timedelta(days=1)
        first = _first_of(begins) if begins else None
        found[code].append(Ended(code, name, cast(Level, level), parent, first, last))
    return {code: tuple(sorted(borne, key=lambda one: one.last)) for code, borne in found.items()}


@cache
def _steps() -> dict[tuple[str, str], _Step]:
    """What followed a code and name."""
    return {
        (code, name): _Step(tuple(codes.split(" ")), _first_of(until), how)
        for code, name, until, codes, how in tablefiles.rows("successions")
    }


def _first_of(month: str) -> date:
    return date.fromisoformat(f"{month}-01")

"""Vacant slots: names that claim to be the office of a place where nobody is registered for it.

Whoever looks for 某县公安 finds nothing else. It is likeness to no registered name, and reported apart.
"""

from collections import defaultdict
from collections.abc import Iterable

from detection.compare import Match, Sides
from detection.reasons import Reason
from names.divisions import display_name
from names.parse import Parsed, divisions_by_key, organ

# Between a likeness and nothing: an official name by all rules, of a body we do not know.
POINTS = 0.8


class Offices:
    """Which functions of which places are registered."""

    def __init__(self, registered: Iterable[Parsed]) -> None:
        self._taken: defaultdict[str, set[str]] = defaultdict(set)
        for read_as in registered:
            for place in read_as.places:
                self._taken[place].update(read_as.organs)

    def claim(self, account: Sides) -> Match | None:
        """The office claimed by a name that says a place and a function and nothing else, if it is free."""
        reading = next((one for side, one in account if side == "name"), None)
        if reading is None or not reading.is_han or not is_office(reading.parsed):
            return None
        said = reading.parsed
        if any(self._taken.get(place, frozenset()) & set(said.organs) for place in said.places):
            return None
        place = "、".join(display_name(divisions_by_key(key)) for key in sorted(said.places))
        function = "、".join(organ(one).short for one in said.organs)
        detail = {"candidate": reading.raw, "place": place, "organ": function}
        reason = Reason("office_claim", POINTS, detail, reading.whole)
        return Match(POINTS, "office_claim", (reason,), accepted=True, place=place, organ=function)


def is_office(said: Parsed) -> bool:
    """Whether a name reads without a rest as a place and a function."""
    is_clean = said.place_is_clean and said.organs_are_clean and not said.has_fan_word
    return bool(said.places and said.organs) and is_clean and not said.subject and not said.institution

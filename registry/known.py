"""What a register file is read against: the day, the account kinds there are, the units stored. Pure."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from registry.records import UnitKey

NO_UNIT: UnitKey = ("", "")
"""The parent of a unit whose cell for it is empty: it has none, whatever is stored."""


def _nothing_stored(_name: str) -> Mapping[UnitKey, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Known:
    """What is true before the file is read.

    `today`: the day in Beijing. `platforms`: the account kinds of this installation, and `titles` what it
    calls them (title → platform). `units`: by a unit's name, its key → its kind for every stored unit so
    called, without regard to the scope of who asks; asked once a name.
    """

    today: date
    platforms: Collection[str] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    units: Callable[[str], Mapping[UnitKey, str]] = _nothing_stored

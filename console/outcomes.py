"""What an import came to, as its row has it, for a page: figures, changes, faults by kind, notices.

The row holds JSON: of an outcome, of a refusal, or of a worker's end. What newer or older code wrote into it
and this one does not know is left out, never fatal.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from common.faults import Fault, Place, Text
from common.sheets.kinds import KINDS
from console import words
from registry.outcome import Change

# What changes the database, by the ending of its name.
EFFECTS = ("added", "changed", "moved", "retired")
# What these say to do at a command line is done on the page itself: see `console.columns`.
COLUMN_KINDS = frozenset(
    {"column_unknown", "column_ambiguous", "column_doubled", "column_missing", "column_overridden"}
)


@dataclass(frozen=True, slots=True)
class Count:
    """A figure of an outcome; `effect` is added, changed, retired, or "" for what changes nothing."""

    name: str
    number: int
    effect: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The first of some faults or notices, how many there are, and of which kinds, most first."""

    first: tuple[Fault, ...]
    total: int
    kinds: tuple[tuple[str, int], ...]

    @property
    def rest(self) -> int:
        """How many are not among the first."""
        return self.total - len(self.first)

    @property
    def has_columns(self) -> bool:
        """Whether any of them is mended by saying what a column means."""
        return any(kind in COLUMN_KINDS for kind, _ in self.kinds)


@dataclass(frozen=True, slots=True)
class Shown:
    """All of it. `retired` is what is typed to confirm a retirement."""

    counts: tuple[Count, ...]
    changes: tuple[Change, ...]
    changes_total: int
    faults: Listing
    notices: Listing
    skipped: int
    written: str
    """How the file is written: CSV, UTF-8 …"""

    @property
    def anything(self) -> bool:
        """Whether taking it would change anything."""
        return any(count.effect and count.number for count in self.counts)

    @property
    def more_changes(self) -> int:
        """How many changes are not among the first."""
        return self.changes_total - len(self.changes)

    @property
    def retired(self) -> int:
        """How many accounts would end."""
        return sum(count.number for count in self.counts if count.effect == "retired")


def read(outcome: Mapping[str, Any]) -> Shown:
    """The outcome of a row; one that holds nothing gives one with nothing in it."""
    counts: Mapping[str, int] = outcome.get("counts", {})
    changes = tuple(Change(**change) for change in outcome.get("changes", ()))
    skipped = outcome.get("fault_kinds", {})
    total = outcome.get("faults_total", sum(skipped.values()))
    notices = outcome.get("notices", ())
    return Shown(
        counts=tuple(Count(name, number, _effect(name)) for name, number in counts.items()),
        changes=changes,
        changes_total=outcome.get("changes_total", len(changes)),
        faults=_listing(outcome.get("faults", ()), total, skipped),
        notices=_listing(
            notices, outcome.get("notices_total", len(notices)), outcome.get("notice_kinds", {})
        ),
        skipped=outcome.get("skipped", 0),
        written=", ".join(filter(None, (outcome.get("kind", "").upper(), outcome.get("encoding", "")))),
    )


def title_of_kind(kind: str, listing: Listing) -> str:
    """What the faults of a kind are called: its heading, or else what the first of them says."""
    if kind in KINDS:
        return words.spoken(KINDS[kind])
    first = next((fault for fault in listing.first if fault.kind == kind), None)
    return words.spoken(first.problem) if first else kind.replace("_", " ")


def _effect(name: str) -> str:
    ending = name.rpartition("_")[2]
    return ending if ending in EFFECTS else ""


def _listing(faults: Iterable[Mapping[str, Any]], total: int, kinds: Mapping[str, int]) -> Listing:
    most_first = sorted(kinds.items(), key=lambda kind: (-kind[1], kind[0]))
    return Listing(tuple(_fault(fault) for fault in faults), total, tuple(most_first))


def _fault(given: Mapping[str, Any]) -> Fault:
    place, problem, mend = (_named(given[name]) for name in ("place", "problem", "mend"))
    return Fault(given["kind"], Place(*place), Text(*problem), Text(*mend))


def _named(given: Mapping[str, Any] | list[Any]) -> Iterable[Any]:
    """The parts of a named tuple, which JSON holds by name or in order."""
    return given.values() if isinstance(given, Mapping) else given

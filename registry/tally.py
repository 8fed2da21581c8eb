"""What an import counts and shows while it compares: the first changes, and how many of everything. Pure."""

from collections import Counter
from dataclasses import dataclass, field

from common.faults import visible
from registry.outcome import Change

SHOWN_CHANGES = 500


@dataclass(slots=True)
class Tally:
    """Counts by name, and the first of the changes in the order in which they were met."""

    counts: Counter[str] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)
    changes_total: int = 0

    @property
    def is_full(self) -> bool:
        """Whether further changes are only counted."""
        return len(self.changes) >= SHOWN_CHANGES

    def change(self, place: tuple[str, int], subject: str, name: str, old: object, new: object) -> None:
        """Note one changed value of `subject`, met at `place` (sheet, line)."""
        self.changes_total += 1
        if not self.is_full:
            before, after = (visible("" if value is None else str(value)) for value in (old, new))
            self.changes.append(Change(*place, subject, name, before, after))

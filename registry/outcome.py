"""What bringing a file in came to, in one shape for every kind of file. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from common.faults import Fault


@dataclass(frozen=True, slots=True)
class Change:
    """A value that a file changes: where it stands, whose it is, and both values, safe to print."""

    sheet: str
    line: int
    subject: str
    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did (or, as a dry run, would do).

    `counts`: by what was counted, as accounts_added; only `anything` of them changes the database. `changes`
    and `notices` hold the first of `changes_total` and `notices_total`; a notice needs care, stops nothing.
    `skipped`: rows with faults that were left out on request, with their first `faults`.
    """

    file_sha256: str
    dry_run: bool
    kind: str
    encoding: str
    counts: Mapping[str, int]
    changes: tuple[Change, ...] = ()
    changes_total: int = 0
    notices: tuple[Fault, ...] = ()
    notices_total: int = 0
    notice_kinds: Mapping[str, int] = field(default_factory=dict)
    skipped: int = 0
    faults: tuple[Fault, ...] = ()
    fault_kinds: Mapping[str, int] = field(default_factory=dict)
    """Kinds of the faults of skipped rows."""

    @property
    def anything(self) -> bool:
        """Whether anything is added, changed or retired."""
        return any(n for name, n in self.counts.items() if name.endswith(("_added", "_changed", "_retired")))

    def as_json(self) -> dict[str, Any]:
        """For `--json`, the preview of the console and the record of the import."""
        told = {
            name: [fault_as_json(fault) for fault in getattr(self, name)] for name in ("notices", "faults")
        }
        return asdict(self) | told


def fault_as_json(fault: Fault) -> dict[str, Any]:
    """Kind, place, problem and mend, each by the names of its parts."""
    parts = {name: getattr(fault, name)._asdict() for name in ("place", "problem", "mend")}
    return {"kind": fault.kind, **parts}

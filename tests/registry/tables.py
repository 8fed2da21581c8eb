"""Tables as a reader of files hands them over, and what reading them comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from common.faults import BadFile, Faults
from common.sheets.model import Row, Table
from registry.kinds import ACCOUNT_KINDS
from registry.known import Known
from registry.reading import read
from registry.records import AccountRecord, Record, UnitKey, UnitRecord

TODAY = date(2026, 11, 24)
PLATFORMS = tuple(kind.platform for kind in ACCOUNT_KINDS)
STORED: dict[UnitKey, str] = {
    ("河南省教育厅", "410000"): "department",
    ("教育局", "410100"): "department",
    ("教育局", "410200"): "institution",
}
KNOWN = Known(
    TODAY,
    PLATFORMS,
    {"本省政务平台": "mastodon"},
    lambda name: {key: kind for key, kind in STORED.items() if key[0] == name},
)


@dataclass(frozen=True)
class Reading:
    """What came out of a file."""

    records: list[Record]
    faults: Faults
    notices: Faults
    broke_off: bool

    @property
    def units(self) -> list[UnitRecord]:
        return [record for record in self.records if isinstance(record, UnitRecord)]

    @property
    def accounts(self) -> list[AccountRecord]:
        return [record for record in self.records if isinstance(record, AccountRecord)]

    @property
    def kinds(self) -> list[str]:
        """The kinds of the faults, in file order."""
        return [fault.kind for fault in self.faults.kept]


def sheet(columns: Sequence[str], *rows: Sequence[str], name: str = "") -> Table:
    """A table whose header is in line 1."""
    lines = (Row(at, dict(zip(columns, row, strict=True))) for at, row in enumerate(rows, start=2))
    return Table(name, columns, 1, lines)


def objects(*rows: Mapping[str, Any]) -> Table:
    """JSON Lines."""
    return Table("", (), 0, (Row(at, row) for at, row in enumerate(rows, start=1)))


def reading(*tables: Table, mapping: Mapping[str, str] | None = None, known: Known = KNOWN) -> Reading:
    """Read everything; whether a table ended the reading."""
    faults, notices = Faults(), Faults()
    records: list[Record] = []
    try:
        records.extend(read(tables, mapping or {}, known, faults, notices))
    except BadFile:
        return Reading(records, faults, notices, True)
    return Reading(records, faults, notices, False)

"""What a register file says, row by row, once its words are understood and its values are sound. Pure.

None means that the file has no such column: what is stored stays. An empty text means that the cell is empty.
"""

from dataclasses import dataclass
from datetime import date

UnitKey = tuple[str, str]
"""Name and division code."""
AccountKey = tuple[str, str, str]
"""Platform, instance, platform_uid."""


@dataclass(frozen=True, slots=True)
class SponsorContact:
    """Who answers for a unit; phone, e-mail or both."""

    person: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """A unit, as the first of its rows has it; all rows of one file agree."""

    sheet: str
    line: int
    name: str
    division: str
    kind: str
    uscc: str | None = None
    parent: UnitKey | None = None
    contact: SponsorContact | None = None

    @property
    def key(self) -> UnitKey:
        """What the unit is known by."""
        return self.name, self.division


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """An account and the unit it belongs to."""

    sheet: str
    line: int
    platform: str
    instance: str
    platform_uid: str
    name: str
    state: str
    unit: UnitKey
    handle: str | None = None
    certified_subject: str | None = None
    home_url: str | None = None
    opened_on: date | None = None
    has_opened_on: bool = False
    """Whether the file has the column `opened_on`, whose cell may be empty."""

    @property
    def key(self) -> AccountKey:
        """What the account is known by."""
        return self.platform, self.instance, self.platform_uid


Record = UnitRecord | AccountRecord

"""Sound records laid down in a temporary file, to be gone through as often as wanted, a batch in memory.

The file has no name and goes with the process, however that ends.
"""

import json
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from typing import IO, Any, Self

from common.datafolder import folder
from registry.records import AccountRecord, SponsorContact, UnitRecord

BATCH = 500
"""Records in memory at a time; SQLite takes a limited number of parameters in one statement."""


class _Laid:
    """One sort of records, a batch a line."""

    def __init__(self) -> None:
        self._file: IO[str] = tempfile.TemporaryFile("w+", encoding="utf-8", dir=folder())  # noqa: SIM115
        self._open: list[Sequence[Any]] = []
        self.count = 0

    def add(self, values: Sequence[Any]) -> None:
        """Lay one record down."""
        self._open.append(values)
        self.count += 1
        if len(self._open) == BATCH:
            self._flush()

    def batches(self) -> Iterator[list[Any]]:
        """All records, in the order in which they came."""
        self._flush()
        self._file.seek(0)
        for line in self._file:
            yield json.loads(line)

    def close(self) -> None:
        """Give the room back."""
        self._file.close()

    def _flush(self) -> None:
        if self._open:
            self._file.write(json.dumps(self._open, ensure_ascii=False))
            self._file.write("\n")
            self._open.clear()


class Stage:
    """The records of a register file. Use as a context manager."""

    def __init__(self) -> None:
        self._units, self._accounts = _Laid(), _Laid()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._units.close()
        self._accounts.close()

    @property
    def unit_count(self) -> int:
        """How many units were laid down."""
        return self._units.count

    @property
    def account_count(self) -> int:
        """How many accounts were laid down."""
        return self._accounts.count

    def add_unit(self, record: UnitRecord, search: str) -> None:
        """Lay down a unit and the forms it is searched by."""
        contact = record.contact
        known = contact and (contact.person, contact.phone, contact.email)
        place = record.sheet, record.line
        self._units.add(
            (*place, record.name, record.division, record.kind, record.uscc, record.parent, known, search)
        )

    def add_account(self, record: AccountRecord, search: str) -> None:
        """Lay down an account and the forms it is searched by."""
        opened_on = record.opened_on.isoformat() if record.opened_on else None
        self._accounts.add(
            (
                record.sheet,
                record.line,
                record.platform,
                record.instance,
                record.platform_uid,
                record.name,
                record.state,
                record.unit,
                record.handle,
                record.certified_subject,
                record.home_url,
                opened_on,
                record.has_opened_on,
                search,
            )
        )

    def units(self) -> Iterator[list[tuple[UnitRecord, str]]]:
        """The units, batch by batch, each with its forms."""
        return ([_unit(values) for values in batch] for batch in self._units.batches())

    def accounts(self) -> Iterator[list[tuple[AccountRecord, str]]]:
        """The accounts, batch by batch, each with its forms."""
        return ([_account(values) for values in batch] for batch in self._accounts.batches())


def _unit(values: list[Any]) -> tuple[UnitRecord, str]:
    sheet, line, name, division, kind, uscc, parent, contact, search = values
    above = None if parent is None else (parent[0], parent[1])
    person = None if contact is None else SponsorContact(*contact)
    return UnitRecord(sheet, line, name, division, kind, uscc, above, person), search


def _account(values: list[Any]) -> tuple[AccountRecord, str]:
    sheet, line, platform, instance, uid, name, state, unit, *said, opened_on, has_opened, search = values
    handle, subject, url = said
    day = None if opened_on is None else date.fromisoformat(opened_on)
    known = handle, subject, url, day, has_opened
    return (
        AccountRecord(sheet, line, platform, instance, uid, name, state, (unit[0], unit[1]), *known),
        search,
    )

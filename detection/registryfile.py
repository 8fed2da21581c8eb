"""The register file of `zhenwei match`: what is official, as somebody wrote it down.

Columns `id` and `name`, perhaps `handle platform region`; others are passed over. The register that
`zhenwei import registry` takes serves too: there the id is `platform_uid`, the region `unit_division`. An id
may repeat, once for each name of an account; a row may have a handle alone.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from detection.compare import AccountName
from detection.rowfiles import MatchInputError, Row, format_of, rows_of
from names.divisions import by_key

REQUIRED = (("id", "platform_uid"), ("name",))

Warn = Callable[[str], None]


@dataclass(frozen=True)
class Official:
    """One row: the id as written, what is compared, and the handle as written, perhaps with an @."""

    id: str | int
    name: AccountName
    platform: str = ""
    handle_as_written: str = ""

    @property
    def uid(self) -> str:
        """The id as text."""
        return str(self.id)


class _Oddities:
    """What was passed over: counted, told once each with the first place."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, str]] = {}

    def add(self, kind: str, example: str) -> None:
        number, first = self._seen.get(kind, (0, example))
        self._seen[kind] = number + 1, first

    def tell(self, warn: Warn) -> None:
        for kind, (number, first) in self._seen.items():
            warn(f"{number:,} {'row' if number == 1 else 'rows'} {kind}, the first: {first}")


def _silently(_: str) -> None:
    """Nobody wants to hear."""


def read_register(path: Path, warn: Warn = _silently) -> list[Official]:
    """The accounts of a CSV, TSV or JSON Lines file, perhaps `.gz`; `warn` hears what was passed over.

    Raises MatchInputError if it cannot be read, lacks a column, or has no row with a name or handle.
    """
    form = format_of(path)
    if form is None or form == "txt":
        raise MatchInputError(f"{path}: a register ends in .csv, .tsv or .jsonl, perhaps with .gz; rename it")
    oddities = _Oddities()
    found = [official for row in rows_of(path, form, REQUIRED) for official in _read(row, oddities)]
    oddities.tell(warn)
    if not found:
        raise MatchInputError(f"{path}: no row has a name or a handle")
    return found


def _read(row: Row, oddities: _Oddities) -> Iterator[Official]:
    identity = row.identity("id" if "id" in row.cells else "platform_uid")
    if identity is None or identity == "":
        raise MatchInputError(f"{row.place}: no id; every registered row needs one")
    name, handle = row.text("name"), row.text("handle")
    if not name.strip() and not handle.strip():
        oddities.add("passed over, with neither name nor handle", row.place)
        return
    account = AccountName(name, handle.removeprefix("@"), _division(row, oddities))
    yield Official(identity, account, row.text("platform"), handle)


def _division(row: Row, oddities: _Oddities) -> str:
    """The key of the division that `region` names; empty, and told, where no table has it."""
    column = "region" if "region" in row.cells else "unit_division"
    region = str(row.cells.get(column) or "").strip()
    if not region:
        return ""
    # Codes of provinces and prefectures are often written without the zeros at their end.
    key = region.ljust(6, "0") if len(region) in (2, 4) else region
    if by_key(key) is None:
        oddities.add("with a region that is no division code, ignored", f"{region!r} in {row.place}")
        return ""
    return key

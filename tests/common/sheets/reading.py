"""Reads bytes as a file somebody brings."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from common.faults import BadFile, Fault, Faults
from common.sheets.header import IsHeader
from common.sheets.opening import opened


class Read(NamedTuple):
    """What a file came to; `refused` if nothing of it was read to its end."""

    rows: list[tuple[str, int, Mapping[str, Any]]]
    faults: list[Fault]
    kind: str = ""
    encoding: str = ""
    member: str = ""
    refused: bool = False

    @property
    def cells(self) -> list[list[Any]]:
        return [list(cells.values()) for _, _, cells in self.rows]

    @property
    def kinds(self) -> list[str]:
        return [fault.kind for fault in self.faults]


def read(
    folder: Path, data: str | bytes, name: str, *, is_header: IsHeader | None = None, list_at: str = ""
) -> Read:
    """Everything in a file of these bytes."""
    path, faults = folder / "file", Faults()
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    rows: list[tuple[str, int, Mapping[str, Any]]] = []
    try:
        with opened(path, name, faults, is_header=is_header, list_at=list_at) as file:
            for table in file.tables:
                rows += [(table.name, row.line, row.cells) for row in table.rows]
            return Read(rows, faults.kept, file.kind, file.encoding, file.member)
    except BadFile as error:
        return Read(rows, list(error.faults), refused=True)

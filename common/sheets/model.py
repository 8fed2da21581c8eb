"""What every table file comes to, whatever its format: tables of rows of cells. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One row with content. `line` is its number in the file or sheet, from 1, as people see it.

    `cells` by the column's name as written: texts without blanks around them (CSV, TSV, XLSX), or JSON
    values.
    """

    line: int
    cells: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet of a workbook (`name`), or a whole file ("").

    `columns` as the header row names them, in order; empty for JSON, whose rows name their own. `rows` can be
    read once, and only until the next table is asked for.
    """

    name: str
    columns: Sequence[str]
    header_line: int
    rows: Iterator[Row]


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that can be read. `kind`: csv, tsv, xlsx, json or jsonl; `encoding`: how its text is written,
    in the field's words (UTF-8, UTF-16LE, GB18030), empty for a workbook; `member`: its name in an
    archive."""

    kind: str
    encoding: str
    member: str
    tables: Iterator[Table]

"""Tables → CSV and XLSX files that a spreadsheet shows as they are, and that read back to the same cells.

Cells lose the blanks around them, as they do when read. Nothing a spreadsheet would run is written bare: in
CSV an apostrophe is put before it, in XLSX every cell is a text. NUL and halves of surrogate pairs, which
neither format can hold, become U+FFFD; in CSV a line break within a cell becomes a blank, so that every line
is a row whatever reads it.
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped]

from common.sheets.guard import guarded
from common.sheets.limits import MAX_CELL

_IMPOSSIBLE = re.compile("[\0\ud800-\udfff]")
_BREAKS = re.compile("[\r\n]+")

Cells = Sequence[str]


def write_csv(path: Path, columns: Cells, rows: Iterable[Cells]) -> None:
    """Writes UTF-8 with a byte order mark and CRLF, as spreadsheets expect it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([csv_cell(column) for column in columns])
        for row in rows:
            writer.writerow([csv_cell(cell) for cell in row])


def write_xlsx(path: Path, sheets: Mapping[str, tuple[Cells, Iterable[Cells]]]) -> None:
    """Writes a workbook with a sheet for each name (at most 31 characters), row by row."""
    options = {"constant_memory": True, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        for name, (columns, rows) in sheets.items():
            sheet = workbook.add_worksheet(name)
            _write_row(sheet, 0, columns)
            for number, row in enumerate(rows, start=1):
                _write_row(sheet, number, row)
            sheet.freeze_panes(1, 0)


def _write_row(sheet: "xlsxwriter.worksheet.Worksheet", number: int, cells: Cells) -> None:
    for column, cell in enumerate(cells):
        if text := xlsx_cell(cell):
            sheet.write_string(number, column, text)


def csv_cell(cell: str) -> str:
    """A cell as it is written into a CSV file."""
    return guarded(_BREAKS.sub(" ", possible(cell)))


def xlsx_cell(cell: str) -> str:
    """A cell as it is written into a workbook; where reading would take an apostrophe off, one is added."""
    text = possible(cell).replace("\r\n", "\n").replace("\r", "\n")
    return guarded(text) if text.startswith("'") else text


def possible(cell: str) -> str:
    """`cell` without what no format can hold, cut to what a cell takes beside an apostrophe."""
    return _IMPOSSIBLE.sub("\ufffd", cell).strip()[: MAX_CELL - 1]

"""XLSX files with a title above the header and cells merged downwards; the same bytes for the same rows."""

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import NamedTuple

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

WRITTEN = datetime(2026, 10, 31, 9, 0, tzinfo=UTC)


class Sheet(NamedTuple):
    """`title`: the line above the header, if any; `merged`: so many first columns, where rows agree."""

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    merged: int = 0


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """The file; every cell is text, so that no id of many digits is rounded."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_numbers": False})
    book.set_properties({"created": WRITTEN})
    heading = book.add_format({"bold": True, "align": "center", "valign": "vcenter"})
    middle = book.add_format({"valign": "vcenter"})
    for sheet in sheets:
        _write(book.add_worksheet(sheet.name), sheet, heading, middle)
    book.close()
    return file.getvalue()


def _write(page: Worksheet, sheet: Sheet, heading: Format, middle: Format) -> None:
    at = 0
    if sheet.title:
        page.merge_range(0, 0, 0, len(sheet.columns) - 1, sheet.title, heading)
        at = 1
    for column, name in enumerate(sheet.columns):
        page.write_string(at, column, name, heading)
    at += 1
    for _, group in groupby(sheet.rows, key=lambda row: tuple(row[: sheet.merged]) or id(row)):
        rows = list(group)
        _write_rows(page, at, rows, sheet.merged if len(rows) > 1 else 0, middle)
        at += len(rows)


def _write_rows(page: Worksheet, at: int, rows: list[Sequence[str]], merged: int, middle: Format) -> None:
    for column in range(merged):
        page.merge_range(at, column, at + len(rows) - 1, column, rows[0][column], middle)
    for line, row in enumerate(rows, at):
        for column, cell in enumerate(row[merged:], merged):
            if cell:
                page.write_string(line, column, cell)

"""XLSX → lines of cells, as people see them.

The rules:
- whole numbers come without a point; 16 or more digits are a fault, for a spreadsheet keeps only 15;
- a date is an ISO day, with a time if it has one; TRUE and FALSE; a percentage is the plain number;
- the value of a merged range stands in each of its cells. A row with nothing of its own is no row;
- a formula counts as the value saved with it, which is what the person sees: no fault, nothing to mend. One
  saved without a value (by a program that does not calculate) is a fault, and so is an error such as #REF!;
- sheets without content and charts are left out, and hidden sheets whose first rows name no columns known
  here: lists for drop-down cells live there. Other hidden sheets are read.
"""

import datetime as dt
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from common.faults import BadFile, Faults, Place, Text
from common.sheets import kinds
from common.sheets.delimited import LONG_CELL
from common.sheets.guard import unguarded
from common.sheets.header import IsHeader, Line, table_of
from common.sheets.limits import MAX_CELL, MAX_CELLS
from common.sheets.model import Table
from common.sheets.parts import Sheet, column_name, copied, damaged_workbook, mark_at

_EXACT = 10**15
"""Whole numbers below it have all their digits in a spreadsheet."""

T = TypeVar("T")
Range = tuple[tuple[int, int], tuple[int, int]]


def tables_of(archive: zipfile.ZipFile, is_header: IsHeader | None, faults: Faults) -> Iterator[Table]:
    """The sheets that hold something. Raises BadFile."""
    for name, is_hidden, lines in sheets_of(archive, faults):
        try:
            table = table_of(name, lines, is_header, faults)
        except BadFile as error:
            if is_hidden and kinds.NO_HEADER in error.kinds:
                continue
            raise
        if table is not None:
            yield table


def sheets_of(
    archive: zipfile.ZipFile, faults: Faults, *, keep_faulty: bool = False
) -> Iterator[tuple[str, bool, Iterator[Line]]]:
    """Name, whether it is hidden, and lines of each sheet; lines to be read before the next sheet.

    `keep_faulty`: lines with faults come too.
    """
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as copy:
        parts = copied(archive, copy.file)
        copy.flush()
        workbook = _from_reader(lambda: CalamineWorkbook.from_path(copy.name))
        for index, meta in enumerate(workbook.sheets_metadata):
            if meta.typ == SheetTypeEnum.WorkSheet:
                sheet = _from_reader(partial(workbook.get_sheet_by_index, index))
                lines = _Lines(sheet, parts.sheet(index), faults).read(keep_faulty)
                yield meta.name, meta.visible != SheetVisibleEnum.Visible, lines


class _Lines:
    """Reads one sheet."""

    def __init__(self, sheet: CalamineSheet, seen: Sheet, faults: Faults) -> None:
        self._sheet, self._faults = sheet, faults
        self._left = sheet.start[1] if sheet.start else 0
        self._marks = sorted(seen.marks, reverse=True)
        self._merges = _Merges(sheet, self._left)
        self._rounded: list[float] = []

    def read(self, keep_faulty: bool) -> Iterator[Line]:
        rows = _from_reader(self._sheet.iter_rows)
        for index, row in enumerate(rows):
            cells = [cell.strip() if type(cell) is str else self._plain(cell) for cell in row]
            is_sound = self._has_no_marks(index, cells) if self._marks else True
            if any(cells):
                is_sound = self._has_sound_cells(index, cells) and is_sound
                filled = self._merges.filled(index, cells)
                if is_sound or keep_faulty:
                    yield index + 1, filled
        while self._marks:
            self._note_mark(self._marks.pop())

    def _plain(self, value: object) -> str:
        """A value other than a text, as people see it."""
        if type(value) is float:
            if value.is_integer() and abs(value) < _EXACT:
                return str(int(value))
            if abs(value) >= _EXACT or value != value:
                self._rounded.append(value)
            return f"{value:.15g}"
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, dt.datetime):
            return value.isoformat(sep=" ", timespec="seconds")
        if isinstance(value, dt.date | dt.time):
            return value.isoformat()[:10] if isinstance(value, dt.date) else value.isoformat("seconds")
        return str(value)

    def _has_no_marks(self, index: int, cells: list[str]) -> bool:
        """Whether no error and no formula without a value stands in this row; notes them."""
        before = len(self._faults)
        while self._marks and self._marks[-1] < mark_at(index + 1, 0, False):
            mark = self._marks.pop()
            column = (mark >> 1 & 0x7FFF) - self._left
            if mark & 1 or not (0 <= column < len(cells) and cells[column]):
                self._note_mark(mark)
        return len(self._faults) == before

    def _note_mark(self, mark: int) -> None:
        place = Place(self._sheet.name, (mark >> 16) + 1, column_name(mark >> 1 & 0x7FFF))
        self._faults.add(
            *(_ERROR if mark & 1 else _FORMULA)[:1], place, *(_ERROR if mark & 1 else _FORMULA)[1:]
        )

    def _has_sound_cells(self, index: int, cells: list[str]) -> bool:
        whole = "".join(cells)
        if "'" in whole:
            cells[:] = [unguarded(cell).strip() for cell in cells]
        if len(whole) <= MAX_CELL and "\0" not in whole and not self._rounded:
            return True
        before = len(self._faults)
        for column, cell in enumerate(cells):
            place = Place(self._sheet.name, index + 1, column_name(column + self._left), cell[:200])
            if len(cell) > MAX_CELL:
                self._faults.add(LONG_CELL[0], place, *LONG_CELL[1:])
            if "\0" in cell:
                self._faults.add(kinds.NUL, place, *_NUL)
            if self._rounded and cell == f"{self._rounded[0]:.15g}":
                self._rounded.pop(0)
                self._faults.add(kinds.ROUNDED, place, *_ROUNDED)
        return len(self._faults) == before


class _Merges:
    """Merged ranges of a sheet, whose value is written into each of their cells as rows go by."""

    def __init__(self, sheet: CalamineSheet, left: int) -> None:
        ranges = sheet.merged_cell_ranges or []
        height, width = (sheet.end[0] + 1, sheet.end[1] + 1) if sheet.end else (0, 0)
        clipped = [_clipped(r, height, width, left) for r in ranges]
        if sum((r[1][0] - r[0][0] + 1) * max(r[1][1] - r[0][1] + 1, 0) for r in clipped) > MAX_CELLS:
            raise damaged_workbook()
        self._waiting = sorted(clipped, reverse=True)
        self._open: list[tuple[Range, str]] = []

    def filled(self, index: int, cells: list[str]) -> list[str]:
        """`cells` of the row with this number, those in merged ranges filled."""
        if not self._waiting and not self._open:
            return cells
        while self._waiting and self._waiting[-1][0][0] <= index:
            merged = self._waiting.pop()
            (top, first), (_, last) = merged
            if top == index and 0 <= first <= last < len(cells):
                self._open.append((merged, cells[first]))
        self._open = [pair for pair in self._open if pair[0][1][0] >= index]
        for ((_, first), (_, last)), value in self._open:
            cells[first : last + 1] = [value] * (last + 1 - first)
        return cells


def _clipped(merged: Range, height: int, width: int, left: int) -> Range:
    """The part of a merged range that lies in the sheet, its columns counted as in the rows."""
    (top, first), (bottom, last) = merged
    return (top, first - left), (min(bottom, height - 1), min(last, width - 1) - left)


def _from_reader(call: Callable[[], T]) -> T:
    """What the reader answers. Raises BadFile where it fails, or panics, which is no Exception."""
    try:
        return call()
    except BaseException as error:
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise damaged_workbook() from error
        raise


_ERROR = (
    kinds.ERROR_VALUE,
    Text("单元格显示错误值（如 #REF!、#N/A）", "the cell shows an error such as #REF! or #N/A"),
    Text("请改正公式，或直接填写内容", "correct the formula, or write the value itself"),
)
_FORMULA = (
    kinds.FORMULA,
    Text("公式没有保存计算结果", "the formula was saved without its result"),
    Text(
        "请在 Excel 或 WPS 中打开，保存一次后重新导入，或直接填写内容",
        "open the file in a spreadsheet and save it again, or write the value itself",
    ),
)
_NUL = (
    Text("含有空字符（NUL）", "there is a NUL character"),
    Text("请删除该字符", "remove it"),
)
_ROUNDED = (
    Text(
        "数字超过 15 位，Excel 已把后面的数位改成 0，原来的号码已丢失",
        "a number of more than 15 digits: the spreadsheet has replaced the last ones by 0",
    ),
    Text(
        "请先把该列设为“文本”格式（设置单元格格式→文本），再重新填写完整号码",
        "format the column as text (Format Cells → Text), then fill the numbers in anew",
    ),
)

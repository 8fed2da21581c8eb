"""CSV and TSV → lines of cells. Pure.

The rules:
- cells are separated by commas; in a .csv or .txt also by tabs or semicolons, whichever the beginning shows;
- a cell in quotes may hold separators, doubled quotes and line breaks. A quote without its partner spoils its
  own line only: a row over several lines is taken as one only if it comes out with as many cells as the
  header, and none of its lines after the first could be a row by itself;
- cells lose the blanks around them (no-break and ideographic ones too) and the apostrophe of `guard.py`;
- lines without content are skipped.
"""

import csv
from collections import deque
from collections.abc import Iterator
from itertools import chain, islice

from common.faults import Faults, Place, Text
from common.sheets import kinds
from common.sheets.guard import unguarded
from common.sheets.header import IsHeader, Line
from common.sheets.limits import HEADER_WITHIN, MAX_CELL, MAX_LINE

MAX_LINES_OF_ROW = 100
"""Lines that one row may take."""
MAX_FAILURES = 1_000
"""Quotes without partner after which no more lines are looked at for one: the file is beyond that."""
_SEPARATORS = ",\t;"

NumberedText = tuple[int, str]


def separated(
    lines: Iterator[NumberedText], is_header: IsHeader | None
) -> tuple[str, Iterator[NumberedText]]:
    """The separator that the first lines show, and the lines."""
    beginning = list(islice(lines, HEADER_WITHIN))
    if separator := _named_separator(beginning):
        return separator, chain(beginning[1:], lines)
    return _separator_of([text for _, text in beginning], is_header), chain(beginning, lines)


def _separator_of(beginning: list[str], is_header: IsHeader | None) -> str:
    """The separator that makes a header of one of these lines, else the one found most often in them."""
    if is_header:
        for mark in _SEPARATORS:
            if any(is_header(_stripped(_split(line, mark) or [])) for line in beginning):
                return mark
    return max(_SEPARATORS, key=lambda mark: sum(line.count(mark) for line in beginning))


def cells_of(lines: Iterator[NumberedText], separator: str, faults: Faults) -> Iterator[Line]:
    """Number of the first line and cells of each row with content. Notes what is broken."""
    return _Rows(lines, separator, faults).read()


def _named_separator(beginning: list[NumberedText]) -> str:
    """The separator of a first line as `sep=;`, which Excel reads and hides."""
    first = beginning[0][1].lower() if beginning else ""
    return first[4] if len(first) == 5 and first.startswith("sep=") and first[4] in _SEPARATORS else ""


class _Rows:
    """Reads rows from lines; lines looked at for a row over several of them wait in `_ahead`."""

    def __init__(self, lines: Iterator[NumberedText], separator: str, faults: Faults) -> None:
        self._lines, self._separator, self._faults = lines, separator, faults
        self._ahead: deque[NumberedText] = deque()
        self._width = 0
        self._patience = MAX_FAILURES

    def read(self) -> Iterator[Line]:
        separator = self._separator
        while (item := self._next()) is not None:
            number, text = item
            if '"' in text:
                cells = self._quoted(number, text)
            elif "\r" in text:
                cells = self._refused(number, text, *_LONE_CR)
            else:
                cells = text.split(separator)
            if cells is None or (len(text) > MAX_CELL and not self._are_short(number, cells)):
                continue
            cells = _stripped(cells)
            if any(cells):
                self._width = self._width or (len(cells) if len(cells) > 1 else 0)
                yield number, cells

    def _next(self) -> NumberedText | None:
        return self._ahead.popleft() if self._ahead else next(self._lines, None)

    def _quoted(self, number: int, text: str) -> list[str] | None:
        cells = _split(text, self._separator)
        if cells is None and text.count('"') % 2 and self._patience:
            cells = self._over_lines(text)
            self._patience -= cells is None
        if cells is None:
            is_long = len(text) > csv.field_size_limit()
            return self._refused(number, text, *(LONG_CELL if is_long else _LONE_QUOTE))
        if any("\r" in cell for cell in cells):
            return self._refused(number, text, *_LONE_CR)
        return cells

    def _over_lines(self, text: str) -> list[str] | None:
        """The cells of a row that begins with `text` and goes on in the next lines, which it uses up."""
        whole, length = [text], len(text)
        while len(whole) < MAX_LINES_OF_ROW and length < MAX_LINE:
            following = self._looked_at(len(whole) - 1)
            if following is None or self._is_row(following):
                return None
            whole.append(following)
            length += len(following)
            if following.count('"') % 2:
                return self._joined(whole)
        return None

    def _joined(self, whole: list[str]) -> list[str] | None:
        cells = _split("\n".join(whole), self._separator)
        if cells is None or len(cells) < self._width:
            return None
        for _ in whole[1:]:
            self._ahead.popleft()
        return cells

    def _looked_at(self, index: int) -> str | None:
        """The text of a line after this one, left where it is."""
        if len(self._ahead) == index and (item := next(self._lines, None)) is not None:
            self._ahead.append(item)
        return self._ahead[index][1] if index < len(self._ahead) else None

    def _is_row(self, text: str) -> bool:
        """Whether this line could be a row by itself."""
        if not self._width or text.count(self._separator) + 1 < self._width or text.count('"') % 2:
            return False
        return len(_split(text, self._separator) or []) >= self._width

    def _are_short(self, number: int, cells: list[str]) -> bool:
        for cell in cells:
            if len(cell) > MAX_CELL:
                self._refused(number, cell, *LONG_CELL)
                return False
        return True

    def _refused(self, number: int, text: str, kind: str, problem: Text, mend: Text) -> list[str] | None:
        self._faults.add(kind, Place(line=number, value=text[:200]), problem, mend)
        return None


def _split(text: str, separator: str) -> list[str] | None:
    """The cells of a row, None if its quotes do not pair."""
    try:
        return next(csv.reader([text], delimiter=separator, strict=True), [])
    except csv.Error:
        return None


def _stripped(cells: list[str]) -> list[str]:
    stripped = [cell.strip() for cell in cells]
    if any(cell[:1] == "'" for cell in stripped):
        return [unguarded(cell).strip() for cell in stripped]
    return stripped


LONG_CELL = (
    kinds.LONG_CELL,
    Text(f"单元格超过 {MAX_CELL:,} 个字符", f"the cell has more than {MAX_CELL:,} characters"),
    Text("请缩短内容", "shorten it"),
)
_LONE_QUOTE = (
    kinds.QUOTE,
    Text("英文双引号不成对，或引号后还有文字", "a quotation mark has no partner, or text follows it"),
    Text(
        '请补上或删除引号；内容本身的引号要写成两个（""）',
        'add or remove the mark; write "" for one that belongs to the text',
    ),
)
_LONE_CR = (
    kinds.LINE_ENDS,
    Text("行中有单独的回车符（CR）", "there is a lone carriage return in the line"),
    Text(
        "请删除该字符；每行应以 LF 或 CRLF 结尾",
        "remove it; lines end with LF or CRLF",
    ),
)

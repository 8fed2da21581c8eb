"""The parts of an XLSX workbook, looked at before the reader sees them, and copied for it.

The reader (a Rust library) holds a sheet whole, as a rectangle, with every shared text written out in each of
its cells: a few kilobytes could ask it for any amount of memory. So each part that it needs is parsed here
first, as a stream: no DTD, bounded in size, cells, texts and the rectangle around them. What was looked at is
written to a new archive and nothing else is: there is no second opinion on what the original holds.

On the way the places of error values and of formulas are noted, since the reader gives nothing for them.
"""

import posixpath
import zipfile
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from common.faults import BadFile, Place, Text
from common.sheets import kinds
from common.sheets.containers import BROKEN, damaged_archive, too_large
from common.sheets.limits import MAX_CELL_TEXT, MAX_CELLS, MAX_PARTS, MAX_RATIO, MAX_TOKEN, MIB, RATIO_FROM
from common.sheets.plainrows import PlainRows

_CHUNK = 1 << 16
_LONGEST_PART = 32 * MIB
"""Bytes of a part, or of a stretch of a sheet, that has no cells."""
_NOT_READ = ("docprops/", "customxml/", "xl/theme/", "xl/drawings/", "xl/charts/", "xl/worksheets/_rels/")
_DIGITS = "0123456789"

Start = Callable[[str, list[str]], None]


@dataclass(slots=True)
class Sheet:
    """What was seen of a sheet. `marks`: places of errors and formulas, as `mark_at` writes them."""

    marks: "array[int]" = field(default_factory=lambda: array("Q"))
    height: int = 0
    width: int = 0
    values: int = 0
    shared: int = 0


@dataclass(slots=True)
class Parts:
    """What was seen of a workbook: its sheets by part and the parts by sheet, in the workbook's order."""

    sheets: dict[str, Sheet] = field(default_factory=dict)
    names: list[tuple[str, str]] = field(default_factory=list)
    targets: dict[str, str] = field(default_factory=dict)
    text_sizes: "array[int]" = field(default_factory=lambda: array("I"))

    def sheet(self, index: int) -> Sheet:
        """What was seen of the sheet with this number, from 0."""
        target = self.targets.get(self.names[index][1], "") if index < len(self.names) else ""
        return self.sheets.get(target, Sheet())


def mark_at(row: int, column: int, is_error: bool) -> int:
    """One number for a place (from 0) and what is there."""
    return row << 16 | column << 1 | is_error


def copied(archive: zipfile.ZipFile, target: IO[bytes]) -> Parts:
    """Copies what the reader needs into a new archive in `target`. Raises BadFile."""
    parts = Parts()
    needed = [info for info in archive.infolist() if _is_needed(info.filename)]
    if sum(info.file_size for info in needed) > MAX_PARTS or any(map(_is_bomb, needed)):
        raise too_large(MAX_PARTS)
    if len({info.filename.lower() for info in needed}) != len(needed):
        raise damaged_workbook()
    with zipfile.ZipFile(target, "w") as copy:
        for info in needed:
            _copy(archive, info, copy, parts)
    _check_texts(archive, needed, parts)
    return parts


def _is_needed(name: str) -> bool:
    lower = name.lower()
    return lower.endswith((".xml", ".rels")) and not lower.startswith(_NOT_READ)


def _is_bomb(info: zipfile.ZipInfo) -> bool:
    return info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * info.compress_size


def _copy(archive: zipfile.ZipFile, info: zipfile.ZipInfo, copy: zipfile.ZipFile, parts: Parts) -> None:
    scan = _Scan(info.filename, parts)
    with copy.open(zipfile.ZipInfo(info.filename), "w", force_zip64=True) as target:
        for chunk in _chunks(archive, info):
            scan.feed(chunk)
            target.write(chunk)
    scan.finish()


def _chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(info) as source:
            while chunk := source.read(_CHUNK):
                yield chunk
    except BROKEN as error:
        raise damaged_archive() from error


class _Scan:
    """Parses one part; which handler it needs is told by its first tag."""

    def __init__(self, name: str, parts: Parts) -> None:
        self._name, self._parts = name, parts
        self._parser = expat.ParserCreate("UTF-8")  # whatever the part says of itself, as the reader does
        self._parser.ordered_attributes = True
        self._parser.StartDoctypeDeclHandler = _refuse_doctype
        self._parser.StartElementHandler = self._root
        self._fed = 0
        self._quiet_since = 0
        self._longest = _LONGEST_PART
        self._plain: PlainRows | None = None
        self._finish: Callable[[], None] = lambda: None

    def feed(self, chunk: bytes) -> None:
        if self._plain:
            chunk = self._plain.without(chunk)
        self._parse(chunk, False)
        self._fed += len(chunk)
        if self._fed - self._quiet_since > self._longest:
            raise _long_text()
        if self._fed - self._parser.CurrentByteIndex > MAX_TOKEN:
            raise _long_text()

    def finish(self) -> None:
        self._parse(self._plain.rest() if self._plain else b"", True)
        self._finish()

    def _parse(self, chunk: bytes, is_last: bool) -> None:
        try:
            self._parser.Parse(chunk, is_last)
        except expat.ExpatError as error:
            raise damaged_workbook() from error

    def _root(self, name: str, attributes: list[str]) -> None:
        local = name.rpartition(":")[2]
        if local == "worksheet":
            self._plain = PlainRows()
            self._parser.StartElementHandler = self._in_sheet(self._plain)
        elif local == "sst":
            self._longest = MAX_TOKEN
            self._parser.StartElementHandler = self._in_texts
            self._finish = self._end_text
        elif local == "workbook":
            self._parser.StartElementHandler = self._in_workbook
        elif local == "Relationships" and self._name.lower() == "xl/_rels/workbook.xml.rels":
            self._parser.StartElementHandler = self._in_relations
        else:
            self._parser.StartElementHandler = None

    def _in_workbook(self, name: str, attributes: list[str]) -> None:
        if name.rpartition(":")[2] == "sheet":
            given = _attributes(attributes)
            self._parts.names.append((given.get("name", ""), given.get("id", "")))

    def _in_relations(self, name: str, attributes: list[str]) -> None:
        given = _attributes(attributes)
        path = posixpath.normpath(posixpath.join("/xl", given.get("Target", "")))
        self._parts.targets[given.get("Id", "")] = path.lstrip("/").lower()

    def _in_texts(self, name: str, attributes: list[str]) -> None:
        if name == "si" or name.endswith(":si"):
            self._end_text()

    def _end_text(self) -> None:
        """Note the bytes up to here, of the text before; the first are of what precedes all texts."""
        index = self._parser.CurrentByteIndex
        if index - self._quiet_since > MAX_TOKEN:
            raise _long_text()
        self._parts.text_sizes.append(index - self._quiet_since)
        self._quiet_since = index

    def _in_sheet(self, plain: PlainRows) -> Start:
        """The handler for the tags of a sheet: called millions of times, hence in local variables."""
        parser, sheet = self._parser, Sheet()
        self._parts.sheets[self._name.lower()] = sheet
        columns: set[str] = set()
        cell: list[str] = []
        row, column, last_row, bottom, last = 0, 0, "", 0, 0
        marks = sheet.marks

        def start(name: str, attributes: list[str]) -> None:
            nonlocal cell, row, column, last_row, bottom, last
            if name == "c":
                index = parser.CurrentByteIndex
                if last and index - last > MAX_TOKEN:
                    raise _long_text()
                self._quiet_since = last = index
                cell = attributes
                column += 1
            elif name == "v" or name == "is":
                sheet.values += 1
                reference = cell[1] if cell and cell[0] == "r" else reference_of(cell)
                letters = reference.rstrip(_DIGITS)
                columns.add(letters)
                digits = reference[len(letters) :]
                if digits != last_row:
                    last_row = digits
                    bottom = max(bottom, _number(digits))
                if "s" in cell:
                    sheet.shared += 1
                elif "e" in cell:
                    marks.append(mark_at(_number(digits) - 1, _column(letters), True))
            elif name == "row":
                row, column = _row_number(attributes, row), 0
            elif name == "f" and "str" not in cell and "e" not in cell:
                reference = reference_of(cell)
                letters = reference.rstrip(_DIGITS)
                marks.append(mark_at(_number(reference[len(letters) :]) - 1, _column(letters), False))
            elif ":" in name:
                start(name.rpartition(":")[2], attributes)

        def reference_of(cell: list[str]) -> str:
            return _attributes(cell).get("r") or f"{_letters(column)}{row}"

        def finish() -> None:
            sheet.values += plain.values
            sheet.shared += plain.shared
            sheet.height = max(bottom, plain.bottom)
            columns.update(letters.decode() for letters in plain.letters)
            sheet.width = max(map(_column, columns), default=-1) + 1
            _check_size(sheet)

        self._finish = finish
        return start


def _attributes(flat: list[str]) -> dict[str, str]:
    return {name.rpartition(":")[2]: value for name, value in zip(flat[::2], flat[1::2], strict=True)}


def _row_number(attributes: list[str], before: int) -> int:
    given = _attributes(attributes).get("r")
    return before + 1 if given is None else _number(given)


def _number(digits: str) -> int:
    if not digits.isdecimal() or not digits.isascii() or len(digits) > 7 or not 0 < int(digits) <= 1 << 20:
        raise damaged_workbook()
    return int(digits)


def _column(letters: str) -> int:
    """A column's number from its letters, from 0."""
    number = 0
    for letter in letters[:4]:
        number = number * 26 + ord(letter) - 64
    if not letters.isascii() or not letters.isalpha() or not letters.isupper() or number > 1 << 14:
        raise damaged_workbook()
    return number - 1


def _letters(number: int) -> str:
    """A column's letters from its number, from 1."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_name(number: int) -> str:
    """How a spreadsheet calls a column, by its number from 0."""
    return _letters(number + 1)


def _check_size(sheet: Sheet) -> None:
    if sheet.values > MAX_CELLS or sheet.height * sheet.width > MAX_CELLS:
        last = f"{column_name(sheet.width - 1)}{sheet.height}"
        problem = Text(
            f"工作表延伸到 {last}，超过 {MAX_CELLS:,} 个单元格",
            f"a sheet reaches to {last}, which makes more than {MAX_CELLS:,} cells",
        )
        mend = Text(
            "请删除数据之外的内容（按 Ctrl+End 可跳到最后一个单元格），或拆分成几个文件",
            "delete what stands outside the data (Ctrl+End goes to the last cell), or split it",
        )
        raise kinds.refusal(kinds.TOO_LARGE, problem, mend, Place(value=last))


def _check_texts(archive: zipfile.ZipFile, needed: list[zipfile.ZipInfo], parts: Parts) -> None:
    """Refuses sheets whose texts, each written out in all of its cells, would fill the memory."""
    longest = max(parts.text_sizes, default=0)
    for info in needed:
        sheet = parts.sheets.get(info.filename.lower())
        if sheet and sheet.shared * longest > MAX_CELL_TEXT:
            size = _text_size(archive, info, parts.text_sizes)
            if size > MAX_CELL_TEXT:
                raise too_large(MAX_CELL_TEXT)


def _text_size(archive: zipfile.ZipFile, info: zipfile.ZipInfo, sizes: "array[int]") -> int:
    """Bytes of the shared texts of a sheet, as often as its cells name them."""
    parser = expat.ParserCreate("UTF-8")
    parser.ordered_attributes = parser.buffer_text = True
    total, digits, is_shared = 0, "", False

    def start(name: str, attributes: list[str]) -> None:
        nonlocal digits, is_shared
        digits = ""
        if name.rpartition(":")[2] == "c":
            is_shared = "s" in attributes[1::2]

    def end(name: str) -> None:
        nonlocal total
        if is_shared and name.rpartition(":")[2] == "v" and digits.strip().isdecimal():
            index = int(digits[:12]) + 1
            total += sizes[index] if index < len(sizes) else MAX_TOKEN

    def text(run: str) -> None:
        nonlocal digits
        digits += run[:12]

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    for chunk in _chunks(archive, info):
        parser.Parse(chunk, False)
    return total


def _refuse_doctype(*_: object) -> None:
    problem = Text(
        "工作簿内部含有 DTD 声明，这不是办公软件写出的文件",
        "its XML declares a DTD, which no office program writes",
    )
    raise kinds.refusal(kinds.DAMAGED, problem, SAVE_AGAIN)


def _long_text() -> BadFile:
    problem = Text(
        "有单元格的内容过长（超过 32,767 个字符）",
        "a cell has more than 32,767 characters, more than a cell can",
    )
    mend = Text("请缩短内容后重新保存", "shorten it and save the file again")
    return kinds.refusal(kinds.LONG_CELL, problem, mend)


SAVE_AGAIN = Text(
    "请在 Excel 或 WPS 中打开，另存为新的 .xlsx 文件后重新导入",
    "open it in a spreadsheet, save it as a new .xlsx file and bring that in",
)


def damaged_workbook() -> BadFile:
    """The error for a workbook that cannot be read."""
    problem = Text("工作簿损坏或不完整，无法读取", "the workbook is damaged or cut short and cannot be read")
    return kinds.refusal(kinds.DAMAGED, problem, SAVE_AGAIN)

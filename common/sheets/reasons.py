"""A copy of a table file with a column 错误原因: what is wrong with each row, to be mended and read again.

All rows are in it, in their order: a list that is meant to be whole stays whole. The column comes first,
where it is seen without scrolling, and is left out when the copy is read (`header.py`). Values stay as they
are in the file, and a line that is no row stands in one cell; only the encoding becomes UTF-8, and what a
spreadsheet would run becomes a text.
"""

import csv
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped]

from common.faults import BadFile, Faults, Language, Text
from common.sheets.delimited import cells_of, separated
from common.sheets.encoding import lines_of, texts_of
from common.sheets.guard import guarded
from common.sheets.header import REASONS, IsHeader, Line
from common.sheets.limits import HEADER_WITHIN
from common.sheets.opening import Source, source_of
from common.sheets.records import entries
from common.sheets.workbook import sheets_of
from common.sheets.writing import possible, xlsx_cell

RowReasons = Mapping[tuple[str, int], Sequence[Text]]
"""What is wrong with rows, by sheet and line, as `Faults.rows` has it."""


def write_reasons(
    path: Path,
    file_name: str,
    reasons: RowReasons,
    target: Path,
    *,
    is_header: IsHeader | None = None,
    list_at: str = "",
    language: Language = "zh",
) -> Path | None:
    """Writes the copy beside `target`, with the ending of its format: .csv, .tsv, .xlsx or .jsonl.

    `is_header` and `list_at` as for `opened`; without `is_header` the first of the fullest rows counts as the
    header. Returns the path written, None (and writes nothing) for a file that cannot be read to its end.
    """
    written = None
    try:
        with source_of(path, file_name) as source, source_of(path, file_name) as again:
            kind = "jsonl" if source.kind == "json" else source.kind
            written = target.with_suffix(f".{kind}")
            _Copy(source, again, _Reasons(reasons, language), is_header, list_at).write(written)
    except BadFile:
        if written:
            written.unlink(missing_ok=True)
        return None
    return written


class _Reasons:
    """What to write beside a row."""

    def __init__(self, reasons: RowReasons, language: Language) -> None:
        self._reasons, self._language = reasons, language
        self.heading: str = getattr(REASONS, language)

    def of(self, sheet: str, line: int) -> str:
        """The reasons for a row, empty if there are none."""
        texts = self._reasons.get((sheet, line), ())
        return " ".join(getattr(text, self._language) for text in texts)


class _Copy:
    """Writes one copy. The source is open twice: for its texts as they are, and for the rows they make."""

    def __init__(
        self, source: Source, again: Source, reasons: _Reasons, is_header: IsHeader | None, list_at: str
    ) -> None:
        self._source, self._again, self._reasons = source, again, reasons
        self._is_header, self._list_at = is_header, list_at

    def write(self, target: Path) -> None:
        if self._source.archive:
            self._write_workbook(self._source.archive, target)
        elif target.suffix == ".jsonl":
            with target.open("w", encoding="utf-8", newline="\n", errors="replace") as file:
                file.writelines(f"{line}\n" for line in self._objects())
        else:
            with target.open("w", encoding="utf-8-sig", newline="", errors="replace") as file:
                separator = "\t" if target.suffix == ".tsv" else ","
                csv.writer(file, delimiter=separator, lineterminator="\r\n").writerows(self._delimited())

    def _delimited(self) -> Iterator[list[str]]:
        """The cells of each row, and each line that is none, in one cell, with their reasons."""
        broken = Faults(keep=0, by_row=True)
        lines = lines_of(self._source.file, self._source.encoding, broken)
        separator, lines = ("\t", lines) if self._source.kind == "tsv" else separated(lines, self._is_header)
        rows = self._headed(cells_of(lines, separator, broken))
        row = next(rows, None)
        for number, text in texts_of(self._again.file, self._again.encoding):
            if row and row[0] == number:
                yield [_safe(row[2] or self._reasons.of("", number)), *map(_safe, row[1])]
                row = next(rows, None)
            elif ("", number) in broken.rows:
                yield [_safe(self._reasons.of("", number)), _safe(text)]

    def _headed(self, lines: Iterator[Line]) -> Iterator[tuple[int, list[str], str]]:
        """The lines, with the column's name for the one that is the header and empty for the others."""
        beginning = list(islice(lines, HEADER_WITHIN))
        for index, (number, cells) in enumerate(beginning):
            yield number, cells, self._reasons.heading if index == self._header_in(beginning) else ""
        yield from ((number, cells, "") for number, cells in lines)

    def _header_in(self, beginning: list[Line]) -> int:
        is_header = self._is_header or (lambda _: False)
        fullest = max(range(len(beginning)), key=lambda index: sum(map(bool, beginning[index][1])))
        return next((i for i, (_, cells) in enumerate(beginning) if is_header(cells)), fullest)

    def _objects(self) -> Iterator[str]:
        if self._source.kind == "json":
            for number, entry in entries(self._source.file, self._source.encoding, self._list_at):
                yield self._object(number, json.dumps(entry, ensure_ascii=False))
            return
        for number, text in texts_of(self._source.file, self._source.encoding):
            yield self._object(number, text)

    def _object(self, number: int, text: str) -> str:
        """The line as it is if nothing is wrong with it; else as an object with its reasons."""
        reasons = self._reasons.of("", number)
        if not reasons:
            return text
        value: object = None
        with suppress(ValueError, RecursionError):
            value = json.loads(text)
        whole = value if isinstance(value, dict) else {"原文": text}
        return json.dumps({self._reasons.heading: reasons, **whole}, ensure_ascii=False)

    def _write_workbook(self, archive: zipfile.ZipFile, target: Path) -> None:
        options = {"constant_memory": True, "strings_to_urls": False}
        with xlsxwriter.Workbook(str(target), options) as workbook:
            for name, _, lines in sheets_of(archive, Faults(keep=0), keep_faulty=True):
                sheet = workbook.add_worksheet(name)
                for number, cells, heading in self._headed(lines):
                    reasons = heading or self._reasons.of(name, number)
                    for column, cell in enumerate([reasons, *cells]):
                        if cell:
                            sheet.write_string(number - 1, column, xlsx_cell(cell))


def _safe(cell: str) -> str:
    return guarded(possible(cell))

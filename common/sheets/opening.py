"""A table file of any kind that is read → its tables.

The content decides what a file is; the ending of its name must agree, so that nobody is surprised: a wrong
one is refused with the right one named. Nothing is read into memory whole but JSON documents and the
sheet of a workbook that is being read, both bounded.
"""

import io
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from common.faults import Faults, Place, Text
from common.sheets import kinds
from common.sheets.containers import GZIP, ZIP, Content, archive_in, member_of, too_large, unpacked
from common.sheets.delimited import cells_of, separated
from common.sheets.encoding import as_utf8, lines_of, recognised
from common.sheets.formats import check_ending, is_workbook, refuse_foreign, text_kind
from common.sheets.header import REASONS, IsHeader, table_of
from common.sheets.limits import MAX_WORKBOOK, MIB
from common.sheets.model import Opened, Row, Table
from common.sheets.records import document, json_lines
from common.sheets.workbook import tables_of

_SAMPLE = MIB


@dataclass(frozen=True, slots=True)
class Source:
    """A file of a kind that is read: `archive` for a workbook, `file` (UTF-16 as UTF-8) for text."""

    kind: str
    encoding: str
    member: str
    file: BinaryIO
    archive: zipfile.ZipFile | None


@contextmanager
def opened(
    path: Path,
    file_name: str,
    faults: Faults,
    *,
    is_header: IsHeader | None = None,
    list_at: str = "",
) -> Iterator[Opened]:
    """The tables in the file at `path`, which people know as `file_name`.

    `is_header`: whether a row names the columns; without it the first row with content does. `list_at`: where
    in a JSON document the list of objects stands, as `data.list`; empty if the document is the list. Raises
    BadFile, here or while rows are read, for what leaves nothing to read; notes what is wrong with single
    rows in `faults`, and a file without rows.
    """
    with source_of(path, file_name) as source:
        tables = _not_empty(_tables(source, is_header, list_at, faults), faults)
        yield Opened(source.kind, source.encoding, source.member, tables)


@contextmanager
def opened_lines(
    path: Path, file_name: str, faults: Faults
) -> Iterator[Iterator[tuple[int, dict[str, Any]]]]:
    """Line number and object of each row of a JSON Lines file, as decoded: the short way to a million.

    Raises BadFile and notes faults as `opened` does.
    """
    with source_of(path, file_name) as source:
        if source.kind != "jsonl":
            raise kinds.refusal(kinds.FOREIGN, *_NOT_LINES)
        yield json_lines(source.file, source.encoding, faults)


@contextmanager
def source_of(path: Path, file_name: str) -> Iterator[Source]:
    """What the file is, opened. Raises BadFile for everything that is not read."""
    with ExitStack() as stack:
        content = unpacked(stack.enter_context(path.open("rb")), file_name, stack)
        archive = _archive(content, stack)
        if archive and not is_workbook(archive):
            if content.member or not content.name.lower().endswith(".zip"):
                raise kinds.refusal(kinds.ARCHIVE, *_ODD_ZIP)
            content = member_of(archive, stack)
            archive = _archive(content, stack)
            if archive and not is_workbook(archive):
                raise kinds.refusal(kinds.ARCHIVE, *_NESTED)
        if archive:
            check_ending(content.name, "xlsx")
            yield Source("xlsx", "", content.member, io.BufferedReader(content.file), archive)
        else:
            yield _text_source(content)


def _archive(content: Content, stack: ExitStack) -> zipfile.ZipFile | None:
    """The content as a zip, None if it is none."""
    if not content.file.beginning(4).startswith(ZIP):
        return None
    if content.plain:
        return archive_in(content.plain)
    return archive_in(_copied(content, stack))


def _copied(content: Content, stack: ExitStack) -> BinaryIO:
    """The content in a file of its own, for a zip is read from its end."""
    copy = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 -- the stack closes it
    while chunk := content.file.read(MIB):
        if copy.tell() + len(chunk) > MAX_WORKBOOK:
            raise too_large(MAX_WORKBOOK)
        copy.write(chunk)
    return copy


def _text_source(content: Content) -> Source:
    beginning = content.file.beginning(_SAMPLE)
    if not beginning.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise kinds.refusal(kinds.EMPTY, *_EMPTY)
    if content.member and beginning.startswith(GZIP):
        raise kinds.refusal(kinds.ARCHIVE, *_NESTED)
    refuse_foreign(beginning)
    encoding = recognised(beginning, is_whole=len(beginning) < _SAMPLE)
    text = as_utf8(io.BytesIO(beginning), encoding).read().decode(_CODECS.get(encoding, "utf-8"), "replace")
    kind = text_kind(text.lstrip("\ufeff"), content.name)
    check_ending(content.name, kind)
    file = as_utf8(io.BufferedReader(content.file, 1 << 18), encoding)
    return Source(kind, encoding, content.member, file, None)


def _tables(source: Source, is_header: IsHeader | None, list_at: str, faults: Faults) -> Iterator[Table]:
    if source.archive:
        yield from tables_of(source.archive, is_header, faults)
    elif source.kind == "jsonl":
        yield _of_objects(json_lines(source.file, source.encoding, faults))
    elif source.kind == "json":
        yield _of_objects(document(source.file, source.encoding, list_at, faults))
    else:
        lines = lines_of(source.file, source.encoding, faults)
        separator, lines = ("\t", lines) if source.kind == "tsv" else separated(lines, is_header)
        table = table_of("", cells_of(lines, separator, faults), is_header, faults)
        if table:
            yield table


def _of_objects(objects: Iterator[tuple[int, dict[str, Any]]]) -> Table:
    return Table("", (), 0, _rows(objects))


def _rows(objects: Iterator[tuple[int, dict[str, Any]]]) -> Iterator[Row]:
    for number, value in objects:
        for column in REASONS:
            value.pop(column, None)
        yield Row(number, value)


def _not_empty(tables: Iterator[Table], faults: Faults) -> Iterator[Table]:
    """The tables; a fault if none of them had a row, and none was told."""
    had_rows = False
    for table in tables:
        first = next(table.rows, None)
        if first is not None:
            had_rows = True
            table = replace(table, rows=chain((first,), table.rows))
        yield table
    if not had_rows and not faults:
        faults.add(kinds.NO_ROWS, Place(), *_NO_ROWS)


_CODECS = {"GB18030": "gb18030"}
_NOT_LINES = (
    Text("不是 JSON Lines 文件", "this is no JSON Lines file"),
    Text("请导出 .jsonl 文件", "export a .jsonl file"),
)
_EMPTY = (
    Text("文件是空的", "the file is empty"),
    Text("请确认选对了文件", "make sure that this is the right file"),
)
_NO_ROWS = (
    Text("只有表头，没有数据", "there is no row of data"),
    Text(
        "请确认选对了文件，并在表头下填写数据", "make sure that this is the right file, and fill in its rows"
    ),
)
_ODD_ZIP = (
    Text("内容是 .zip 压缩包", "the content is a zip archive"),
    Text(
        "请将扩展名改为 .zip，或直接导入其中的文件", "rename it to .zip, or bring in the file that is in it"
    ),
)
_NESTED = (
    Text("压缩包中还有压缩包", "there is an archive in the archive"),
    Text("请解压后直接导入其中的文件", "unpack it and bring in the file itself"),
)

"""Rows of a text, CSV, TSV or JSON Lines file, plain or gzip, read one at a time.

* UTF-8, a byte-order mark at the start dropped. A lone surrogate and NUL are characters like any other.
* Lines end at \\n alone, perhaps with \\r before it: U+2028, U+0085 and their like belong to the text.
* CSV and TSV begin with a line that names the columns; cells are quoted as CSV does, in both.
* Whatever is wrong ends in MatchInputError, which names the file, the line and the remedy.
"""

import csv
import gzip
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast, get_args

Format = Literal["txt", "csv", "tsv", "jsonl"]
FORMATS: tuple[Format, ...] = get_args(Format)
Required = Sequence[Sequence[str]]  # the columns a table must have, each with the other words for it

MOST_CHARACTERS = 10_000  # of one cell that is read; no platform allows a hundredth of it for a name
_LONGEST_LINE = 1 << 24  # bytes; a file without line breaks must not fill the memory
_BOM = "\ufeff".encode()
_DELIMITERS = {"csv": ",", "tsv": "\t"}


class MatchInputError(Exception):
    """An input file cannot be used; the text names the place and the remedy."""


@dataclass(frozen=True)
class Row:
    """One row: its number among the rows, from 1; where it stands, for messages; its cells by column.

    A line of text has the one column `name`. Cells of a CSV or TSV file are texts, of JSON Lines anything.
    """

    number: int
    place: str
    cells: Mapping[str, Any]

    def text(self, column: str) -> str:
        """The text in `column`, as read; empty where there is none. Raises MatchInputError if it is none."""
        value = self.cells.get(column)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise MatchInputError(f"{self.place}: {column} must be a text in quotes")
        if len(value) > MOST_CHARACTERS:
            raise MatchInputError(
                f"{self.place}: {column} is longer than {MOST_CHARACTERS:,} characters; shorten or remove it"
            )
        return value

    def identity(self, column: str) -> str | int | None:
        """The text or whole number in `column`; None where there is none."""
        value = self.cells.get(column)
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return cast(int, value) if is_number else (None if value is None else self.text(column))


def format_of(path: Path) -> Format | None:
    """The format that the file's name ends with, `.gz` left aside; None for any other ending."""
    name = path.name.lower().removesuffix(".gz")
    return next((form for form in FORMATS if name.endswith(f".{form}")), None)


def rows_of(path: Path, form: Format, required: Required) -> Iterator[Row]:
    """The rows of the file at `path`, decompressed if its name ends in `.gz`.

    A table must have the columns `required`. Raises MatchInputError.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise MatchInputError(f"{path}: cannot be read: {why_unreadable(error)}") from error
    with file:
        is_compressed = path.name.lower().endswith(".gz")
        content = cast(BinaryIO, gzip.GzipFile(fileobj=file)) if is_compressed else file
        yield from rows_in(content, form, required, str(path))


def rows_in(file: BinaryIO, form: Format, required: Required, source: str) -> Iterator[Row]:
    """The rows of an open file that messages call `source`. Raises MatchInputError."""
    lines = _lines(file, source)
    if form == "txt":
        return _of_text(lines, source)
    if form == "jsonl":
        return _of_json(lines, source)
    return _of_table(lines, source, _DELIMITERS[form], required)


def why_unreadable(error: Exception) -> str:
    """What the system, the decoder or the CSV reader says, for a person."""
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start} is not UTF-8 (the file may be GB18030 or UTF-16); save it as UTF-8"
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def _lines(file: BinaryIO, source: str) -> Iterator[str]:
    """The lines with their line breaks."""
    for number in count(1):
        try:
            line = file.readline(_LONGEST_LINE + 1)
        except (OSError, EOFError, zlib.error) as error:  # a damaged or truncated .gz among them
            raise MatchInputError(f"{source}, line {number}: unreadable: {why_unreadable(error)}") from error
        if not line.removeprefix(_BOM if number == 1 else b""):
            return
        if len(line) > _LONGEST_LINE:
            raise MatchInputError(f"{source}, line {number}: longer than {_LONGEST_LINE:,} bytes")
        try:
            yield _decoded(line.removeprefix(_BOM if number == 1 else b""))
        except UnicodeDecodeError as error:
            raise MatchInputError(f"{source}, line {number}: {why_unreadable(error)}") from error


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        # Surrogates encoded one by one (CESU-8): a pair is the character it stands for, as JSON has it too.
        lone = line.decode("utf-8", "surrogatepass")
        return lone.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _of_text(lines: Iterator[str], source: str) -> Iterator[Row]:
    for number, line in enumerate(lines, 1):
        yield Row(number, f"{source}, line {number}", {"name": line.removesuffix("\n").removesuffix("\r")})


def _of_json(lines: Iterator[str], source: str) -> Iterator[Row]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            place = f"{source}, line {number}"
            yield Row(number, place, _json_object(line, place))


def _json_object(line: str, place: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise MatchInputError(f"{place}: not JSON: {error}") from error
    if not isinstance(value, dict):
        raise MatchInputError(f"{place}: not a JSON object, which is written in {{ }}")
    return value


def _of_table(lines: Iterator[str], source: str, delimiter: str, required: Required) -> Iterator[Row]:
    read: list[str] = []
    reader = csv.reader(_noted(lines, read), delimiter=delimiter, strict=True)
    try:
        columns = _columns(next(reader, []), source, required)
        number = 0
        for cells in _records(reader, read, delimiter):
            if not cells:  # an empty line is no row
                continue
            number += 1
            place = f"{source}, line {reader.line_num}"
            if len(cells) > len(columns):
                raise MatchInputError(f"{place}: {len(cells)} cells, but the first line names {len(columns)}")
            yield Row(number, place, dict(zip(columns, cells, strict=False)))
    except csv.Error as error:
        raise MatchInputError(
            f"{source}, line {reader.line_num}: {error}; quote a cell that begins with a quotation mark"
        ) from error


def _noted(lines: Iterator[str], read: list[str]) -> Iterator[str]:
    for line in lines:
        read.append(line)
        yield line


def _records(reader: Iterator[list[str]], read: list[str], delimiter: str) -> Iterator[list[str]]:
    """The records; a line with tabs whose quotation marks quote no whole cell is taken as it stands.

    Names that others chose are often written without any quoting: "Bobby" Scott must not end the run.
    """
    while True:
        read.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            if delimiter != "\t" or len(read) != 1 or read[0].count('"') % 2:
                raise
            cells = read[0].removesuffix("\n").removesuffix("\r").split(delimiter)
        yield cells


def _columns(cells: list[str], source: str, required: Required) -> list[str]:
    columns = [cell.strip().lower() for cell in cells]
    if missing := [words for words in required if not set(words) & set(columns)]:
        wanted = ", ".join(" or ".join(words) for words in missing)
        raise MatchInputError(f"{source}: the first line must name the columns; missing there: {wanted}")
    known = [word for words in required for word in words]
    if twice := [column for column in known if columns.count(column) > 1]:
        raise MatchInputError(f"{source}: the first line names the column {twice[0]} twice")
    return columns

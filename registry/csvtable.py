"""Hostile bytes → rows of named fields. Pure.

The rules, in order:
- at most 32 MiB and 250,000 lines, UTF-8 with or without a byte order mark;
- lines end with LF or CRLF; a line has at most 8,000 characters and no NUL;
- one line is one row: a quoted value may hold commas and doubled quotes, never a line break, so that a
  forgotten quote spoils its own line and not the rest of the file;
- the first line names the columns, each exactly once, in any order; every row has as many fields as it;
- fields lose the blanks around them; rows without any content are skipped, spreadsheets leave them behind.
Whatever breaks a rule is noted as a fault; reading goes on where the rest can still be understood.
"""

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from registry.errors import Faults, nearest

MAX_BYTES = 32 * 1024 * 1024
MAX_LINES = 250_000
MAX_LINE = 8_000
AS_UTF8 = "save it as UTF-8 (in a spreadsheet: “CSV UTF-8”)"
# What other programs write, by its first bytes.
FOREIGN = {
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"PK\x03\x04": "a spreadsheet workbook or ZIP archive",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet workbook",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands and its fields by column name."""

    line: int
    fields: dict[str, str]


def read(data: bytes, columns: Collection[str], faults: Faults) -> Iterator[Row]:
    """The sound rows of the CSV file `data`, which must have exactly `columns`; the rest goes to `faults`."""
    text = _decoded(data, faults)
    if text is None:
        return
    lines = _split(text, faults)
    first = next(lines, None)
    if faults:  # without its first line the rest means nothing
        return
    if first is None:
        faults.add(0, "", "", "the file is empty", f"the first line names the columns: {','.join(columns)}")
        return
    header = _header(*first, columns, faults)
    if header is None:
        return
    for line, fields in lines:
        if len(fields) == len(header):
            yield Row(line, dict(zip(header, fields, strict=True)))
        else:
            problem = f"{len(fields)} fields, the first line names {len(header)} columns"
            few = len(fields) < len(header)
            mend = "add the commas of empty values" if few else "put a value with a comma in quotes"
            faults.add(line, "", ",".join(fields), problem, mend)


def _decoded(data: bytes, faults: Faults) -> str | None:
    """The text of the file, None if it cannot be read at all."""
    if len(data) > MAX_BYTES:
        faults.add(0, "", "", f"larger than {MAX_BYTES >> 20} MiB", "split it into several files")
        return None
    if data.count(b"\n") > MAX_LINES:
        faults.add(0, "", "", f"more than {MAX_LINES} lines", "split it into several files")
        return None
    for start, kind in FOREIGN.items():
        if data.startswith(start):
            faults.add(0, "", "", f"begins with byte 0x{data[0]:02X}, this is {kind}", AS_UTF8)
            return None
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        position = error.start - data.rfind(b"\n", 0, error.start)
        problem = f"byte {position} of the line is 0x{data[error.start]:02X}, which is not UTF-8"
        faults.add(line, "", "", problem + _other_encoding(data), AS_UTF8)
        return None


def _other_encoding(data: bytes) -> str:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return " (the file may be GB18030)"


def _split(text: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """Line number and fields of every line that has content and can be split."""
    for line, raw in enumerate(text.split("\n"), start=1):
        content = raw.removesuffix("\r")
        problem = _line_problem(content)
        if problem is not None:
            faults.add(line, "", content, *problem)
            continue
        try:
            fields = next(csv.reader([content], strict=True), [])
        except csv.Error:
            broken = "a quote has no partner in this line, or text follows it"
            faults.add(line, "", content, broken, 'close it, or write "" for a quote within a value')
            continue
        fields = [field.strip() for field in fields]
        if any(fields):
            yield line, fields


def _line_problem(content: str) -> tuple[str, str] | None:
    if len(content) > MAX_LINE:
        return f"{len(content)} characters, at most {MAX_LINE} are read", "shorten it"
    if "\0" in content:
        return "contains a NUL character", "export the file again as text"
    if "\r" in content:
        return "contains a lone carriage return", "end lines with LF or CRLF"
    return None


def _header(line: int, names: list[str], columns: Collection[str], faults: Faults) -> tuple[str, ...] | None:
    """The column names if they are exactly `columns`, in whatever order."""
    if len(names) == 1 and any(mark in names[0] for mark in ";\t|"):
        faults.add(line, "", names[0], "the columns are not separated by commas", "export with commas")
        return None
    unknown = [name for name in names if name not in columns]
    missing = [name for name in columns if name not in names]
    for name in unknown:
        near = nearest(name, missing)
        mend = f"did you mean {near}?" if near else f"remove it; known are {', '.join(columns)}"
        faults.add(line, "", name, "unknown column", mend)
    for name in missing:
        faults.add(line, name, "", "this column is missing", "add it; its values may be empty if optional")
    for name in sorted({name for name in names if name in columns and names.count(name) > 1}):
        faults.add(line, name, "", "this column stands there twice", "keep one of them")
    sound = not unknown and not missing and len(names) == len(columns)
    return tuple(names) if sound else None

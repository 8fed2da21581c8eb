"""From a row of an export to fields: which column is which field, and what its value means. Pure.

A value that says that nothing is known ("-", "无", "N/A") is no value. A value that cannot be read leaves its
field unknown, with a sentence; only a row that names nobody is no row, which is for the caller to say. What
no column maps stays with the row under its own name.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from string import Formatter
from typing import Any, NamedTuple
from urllib.parse import quote
from zoneinfo import ZoneInfo

from crawlers.convert import MAX_URL, ConvertError, convert, count
from crawlers.dates import moment
from crawlers.mapping import Column, ImportMapping, folded
from crawlers.spec_rules import IMPORT_TARGETS

UNKNOWN = frozenset({
    "", "-", "--", "---", "—", "——", "/", "无", "未知", "暂无", "不详", "未填写", "N/A", "n/a", "NA", "#N/A",
    "NULL", "Null", "null", "None", "NaN", "nan", "\\N", "undefined",
})  # fmt: skip
MAX_TEXT = 10_000
MAX_REMEMBERED = 1000
SAFE_DIGITS = 18
"""A number of so many digits fits everywhere."""
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:[/?#][!-?A-~]*)?")
Row = dict[str, Any]
Value = Callable[[Any, Row], None]
"""Puts what a cell says into the row: the field with its companions (`_raw`, `_approx`). ConvertError."""


class Unread(NamedTuple):
    """A cell that could not be read: its column as written, its value, and why."""

    column: str
    value: str
    reason: str


class _Cell(NamedTuple):
    """Where a field may stand: the key of a row, and the keys below it where rows are nested."""

    key: str
    below: tuple[str, ...]


class _Field(NamedTuple):
    target: str
    cells: tuple[_Cell, ...]
    value: Value


class Layout(NamedTuple):
    """How rows with the same columns are read.

    `texts`: fields that are the plain text of one cell, as (field, key); `values`: other fields of one cell;
    `fields`: those that have several, or nested ones. `unmapped` keeps the order of the file.
    """

    texts: tuple[tuple[str, str], ...]
    values: tuple[tuple[str, Value], ...]
    fields: tuple[_Field, ...]
    unmapped: tuple[str, ...]
    targets: frozenset[str]
    """The fields that have a column."""


class Reader:
    """Reads the rows of one export. What is known of its columns is found out once per set of columns."""

    def __init__(self, mapping: ImportMapping, exported_at: datetime, chosen: Mapping[str, str]) -> None:
        """`chosen`: column as written → field, where the mapping's own names do not do."""
        own = {column.target for column in mapping.columns}
        more = [_column_of(target) for target in IMPORT_TARGETS if target in {*chosen.values()} - own]
        self._columns = tuple(_also(column, chosen) for column in (*mapping.columns, *more))
        self._template = _template(mapping.profile_url)
        self._exported_at = exported_at
        self._layouts: dict[tuple[str, ...], Layout] = {}

    def is_header(self, cells: Sequence[str]) -> bool:
        """Whether `cells` name columns: one for the name, and one for id or handle."""
        found = self.layout(tuple(cells)).targets
        return "name" in found and bool(found & {"id", "handle"})

    def layout(self, keys: tuple[str, ...]) -> Layout:
        """What the columns `keys` mean."""
        found = self._layouts.get(keys)
        if found is None:
            found = self._layouts[keys] = self._laid_out(keys)
            if len(self._layouts) > 1000:
                self._layouts.clear()  # a file whose rows all differ must not fill the memory
        return found

    def read(self, cells: Mapping[str, Any], unread: list[Unread]) -> Row:
        """The fields of one row; what is unknown is left out. What could not be read is added to `unread`."""
        layout = self.layout(tuple(cells))
        row: Row = {}
        for target, key in layout.texts:
            value = cells[key]
            if value.__class__ is str:
                value = value.strip()
                if value not in UNKNOWN:
                    row[target] = value if len(value) <= MAX_TEXT else value[:MAX_TEXT]
            elif value is not None:
                _read(_Field(target, (_Cell(key, ()),), _text_of(target)), cells, row, unread)
        for key, value_of in layout.values:
            value = cells[key]
            if value.__class__ is str:
                value = value.strip()
                if value in UNKNOWN:
                    continue
            elif value is None:
                continue
            try:
                value_of(value, row)
            except ConvertError as error:
                unread.append(Unread(key, str(value), str(error)))
        for field in layout.fields:
            _read(field, cells, row, unread)
        if self._template is not None and "profile_url" not in row:
            self._fill(row)
        for key in layout.unmapped:
            value = cells[key]
            if value is not None and value != "":
                row.setdefault("other", {})[key] = value
        return row

    def _fill(self, row: Row) -> None:
        """The address of the account, made of its id."""
        assert self._template is not None  # noqa: S101
        before, target, after = self._template
        value = row.get(target)
        if value is not None:
            is_plain = value.isascii() and value.isalnum()
            row["profile_url"] = f"{before}{value if is_plain else quote(value, safe='@')}{after}"

    def _laid_out(self, keys: tuple[str, ...]) -> Layout:
        by_name = {folded(key): key for key in reversed(keys)}
        texts, values, fields, used = [], [], [], set()
        for column in self._columns:
            cells = tuple(_cells(column, by_name))
            used |= {cell.key for cell in cells}
            if len(cells) != 1 or cells[0].below:
                fields += [_Field(column.target, cells, self._value(column))] if cells else []
            elif _is_text(column):
                texts.append((column.target, cells[0].key))
            else:
                values.append((cells[0].key, self._value(column)))
        unmapped = tuple(key for key in keys if key not in used)
        targets = frozenset(column.target for column in self._columns if any(_cells(column, by_name)))
        return Layout(tuple(texts), tuple(values), tuple(fields), unmapped, targets)

    def _value(self, column: Column) -> Value:
        if column.regex is None and column.table is None:
            if column.convert == "datetime" and column.tz is not None:
                return _time_of(column.target, ZoneInfo(column.tz), self._exported_at)
            if column.convert == "count":
                return _count_of(column.target)
            if column.convert == "url":
                return _url_of(column.target)
            if column.convert == "text":
                return _text_of(column.target)
        return _remembered(column)


def _read(field: _Field, cells: Mapping[str, Any], row: Row, unread: list[Unread]) -> None:
    """Put `field` into `row`, from the first of its cells that says something."""
    for key, below in field.cells:
        value = cells[key]
        for inner in below:
            value = value.get(inner) if isinstance(value, dict) else None
        if value.__class__ is str:
            value = value.strip()
        if value is None or (value.__class__ is str and value in UNKNOWN):
            continue
        try:
            field.value(value, row)
        except ConvertError as error:
            unread.append(Unread(key, str(value), str(error)))
        else:
            return


def _is_text(column: Column) -> bool:
    return column.convert == "text" and column.regex is None and column.table is None


def _column_of(target: str) -> Column:
    """A field for which the mapping has no column; times without a zone are China's."""
    return Column(target, (), IMPORT_TARGETS[target][0], "Asia/Shanghai", None, None)


def _also(column: Column, chosen: Mapping[str, str]) -> Column:
    """`column` with the names that a person chose for it, before its own."""
    names = [folded(name) for name, target in chosen.items() if target == column.target]
    others = [name for name in column.names if name not in {folded(taken) for taken in chosen}]
    return replace(column, names=(*names, *others))


def _cells(column: Column, by_name: Mapping[str, str]) -> Iterator[_Cell]:
    """Where `column` stands, the preferred name first: as a column, or nested below one."""
    for name in column.names:
        head, *below = name.split(".")
        if name in by_name:
            yield _Cell(by_name[name], ())
        elif below and head in by_name:
            yield _Cell(by_name[head], tuple(below))


def _template(url: str | None) -> tuple[str, str, str] | None:
    """What stands before the placeholder, which field it is, and what stands behind."""
    if url is None:
        return None
    parts = list(Formatter().parse(url))
    return parts[0][0], parts[0][1] or "", parts[1][0] if len(parts) > 1 else ""


def _text_of(target: str) -> Value:
    def put(value: Any, row: Row) -> None:
        row[target] = str(convert(value, "text"))[:MAX_TEXT]

    return put


def _time_of(target: str, zone: ZoneInfo, exported_at: datetime) -> Value:
    approximate = f"{target}_approx"

    def put(value: Any, row: Row) -> None:
        row[target], is_near = moment(value, zone, exported_at)
        if is_near:
            row[approximate] = True

    return put


def _count_of(target: str) -> Value:
    approximate = f"{target}_approx"

    def put(value: Any, row: Row) -> None:
        if value.__class__ is str and value.isascii() and value.isdigit() and len(value) <= SAFE_DIGITS:
            row[target] = int(value)
            return
        row[target], is_near = count(value)
        if is_near:
            row[approximate] = True

    return put


def _url_of(target: str) -> Value:
    """The usual address as it is; any other as every address is judged."""
    is_plain = _PLAIN_URL.fullmatch

    def put(value: Any, row: Row) -> None:
        usual = value.__class__ is str and len(value) <= MAX_URL and is_plain(value)
        row[target] = value if usual else convert(value, "url")

    return put


def _remembered(column: Column) -> Value:
    """For values of a few kinds, such as types: each is converted once."""
    known: dict[Any, Row] = {}

    def put(value: Any, row: Row) -> None:
        if isinstance(value, list | dict):
            raise ConvertError("a list or an object where one value is wanted")
        key = value.__class__, value
        found = known.get(key)
        if found is None:
            found = _converted(column, value)
            if len(known) < MAX_REMEMBERED:
                known[key] = found
        row.update(found)

    return put


def _converted(column: Column, value: Any) -> Row:
    if column.regex is not None:
        found = column.regex.search(str(value))
        value = found.group(1) if found else None
    result = convert(value, column.convert, tz=column.tz)
    if column.table is None:
        return {} if result is None else {column.target: result}
    return {column.target: column.table.get(str(result)), f"{column.target}_raw": str(result)}

"""From a row of an export to fields: which column is which field, and what its value means. Pure.

A value that says that nothing is known ("-", "无", "N/A") is no value. A value that cannot be read leaves its
field unknown, with a sentence; only a row that names nobody is no row, which is for the caller to say. What
no column maps stays with the row under its own name.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from string import Formatter
from typing import Any, NamedTuple
from urllib.parse import quote

from crawlers.convert import ConvertError, convert, count
from crawlers.dates import moment
from crawlers.mapping import Column, ImportMapping, folded
from crawlers.spec_rules import IMPORT_TARGETS

UNKNOWN = frozenset({
    "", "-", "--", "---", "—", "——", "/", "无", "未知", "暂无", "不详", "未填写", "N/A", "n/a", "NA", "#N/A",
    "NULL", "Null", "null", "None", "NaN", "nan", "\\N", "undefined",
})  # fmt: skip
MAX_TEXT = 10_000
Row = dict[str, Any]
Value = Callable[[Any], Row]
"""A cell → the field with its companions (`_raw`, `_approx`)."""


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
    value: Value | None
    """None for plain text."""


class Layout(NamedTuple):
    """How rows with the same columns are read. `unmapped` keeps the order of the file."""

    fields: tuple[_Field, ...]
    unmapped: tuple[str, ...]


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
        """Whether `cells` name columns: one for the name and one more."""
        found = {field.target for field in self.layout(tuple(cells)).fields}
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
        for target, places, value_of in layout.fields:
            for place in places:
                value = cells[place.key]
                for key in place.below:
                    value = value.get(key) if isinstance(value, dict) else None
                if value.__class__ is str:
                    value = value.strip()
                if value is None or (value.__class__ is str and value in UNKNOWN):
                    continue
                if value_of is None and value.__class__ is str and len(value) <= MAX_TEXT:
                    row[target] = value
                    break
                try:
                    row |= (value_of or _text_of(target))(value)
                    break
                except ConvertError as error:
                    unread.append(Unread(place.key, str(value), str(error)))
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
            row["profile_url"] = f"{before}{quote(value, safe='@')}{after}"

    def _laid_out(self, keys: tuple[str, ...]) -> Layout:
        by_name = {folded(key): key for key in reversed(keys)}
        fields, used = [], set()
        for column in self._columns:
            cells = tuple(_cells(column, by_name))
            used |= {cell.key for cell in cells}
            if cells:
                fields.append(_Field(column.target, cells, self._value(column)))
        return Layout(tuple(fields), tuple(key for key in keys if key not in used))

    def _value(self, column: Column) -> Value | None:
        target, tz, exported_at = column.target, column.tz, self._exported_at
        if column.convert == "datetime" and tz is not None:
            return lambda value: _with_approx(target, *moment(_plain(value), tz, exported_at))
        if column.convert == "count":
            return lambda value: _with_approx(target, *count(_plain(value)))
        if column.regex or column.table is not None or column.convert != "text":
            return lambda value: _converted(column, _plain(value))
        return None


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
    return lambda value: {target: str(convert(_plain(value), "text"))[:MAX_TEXT]}


def _with_approx(target: str, value: Any, is_near: bool) -> Row:
    return {target: value, f"{target}_approx": True} if is_near else {target: value}


def _converted(column: Column, value: Any) -> Row:
    if column.regex is not None:
        found = column.regex.search(str(value))
        value = found.group(1) if found else None
    result = convert(value, column.convert, tz=column.tz)
    if column.table is None:
        return {} if result is None else {column.target: result}
    return {column.target: column.table.get(str(result)), f"{column.target}_raw": str(result)}


def _plain(value: Any) -> Any:
    if isinstance(value, list | dict):
        raise ConvertError("a list or an object where one value is wanted")
    return value


def unmapped(layouts: Iterable[Layout]) -> list[str]:
    """The columns that no field takes, in the order they were met."""
    return list(dict.fromkeys(key for layout in layouts for key in layout.unmapped))

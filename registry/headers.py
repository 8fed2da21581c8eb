"""Which field each column of a table means, by the words offices head their columns with. Pure.

The words stand in `tables/headers.tsv`, Chinese and English. They are compared without case, blanks, width
and punctuation, then also without hints in brackets: “ 主办单位 （必填）” is 主办单位. What means two fields
is told and taken for neither; what means none is passed over and told. A mapping given by a person goes
before the words.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from common.faults import Faults, Place, Text
from names import tablefiles
from registry.problems import listed, nearest, one_of

FOLDER = Path(__file__).parent / "tables"
FileKind = Literal["registry", "contacts"]
PASSED_OVER = "-"
LEAST_KNOWN = 2
LONGEST_HEADER = 80

_HINT = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕|<[^<>]*>")
_NO_LETTER = re.compile(r"[\W_]+")


class Field(NamedTuple):
    """A field of a kind of file, and the words for it; the first of each language is its title."""

    name: str
    chinese: tuple[str, ...]
    english: tuple[str, ...]

    @property
    def title(self) -> Text:
        """What people are told the field is called."""
        return Text(self.chinese[0], self.name)


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one table that are understood: field → column as written."""

    columns: Mapping[str, str]

    def column(self, field: str) -> str:
        """The column of a field as written, or the field where the table has none."""
        return self.columns.get(field, field)


class Heading(NamedTuple):
    """Where a header row stands."""

    sheet: str
    line: int


@cache
def fields(kind: FileKind) -> Mapping[str, Field]:
    """The fields of a kind of file by their names."""
    found = {}
    for file, name, chinese, english in tablefiles.rows("headers", FOLDER):
        if file == kind and name != PASSED_OVER:
            found[name] = Field(name, tuple(chinese.split("|")), tuple(english.split("|")))
    return found


@cache
def _meanings(kind: FileKind) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for file, name, chinese, english in tablefiles.rows("headers", FOLDER):
        if file == kind:
            for word in {_key(word) for word in (*chinese.split("|"), *english.split("|"), name)} - {""}:
                found[word] = (*found.get(word, ()), name)
    # A field's own name means that field: exported files are headed with these.
    return found | {_key(name): (name,) for name in fields(kind)}


def _key(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold().replace("帐", "账").replace("帳", "账")
    return _NO_LETTER.sub("", plain)


@lru_cache(maxsize=4096)
def meanings(header: str, kind: FileKind = "registry") -> tuple[str, ...]:
    """The fields a column's heading can mean; PASSED_OVER for one that is known to mean nothing here."""
    known = _meanings(kind)
    short = header[:LONGEST_HEADER]
    hintless = _HINT.sub("", unicodedata.normalize("NFKC", short))
    return known.get(_key(short)) or known.get(_key(hintless), ())


def is_header(
    cells: Sequence[str], kind: FileKind = "registry", mapping: Collection[str] | None = None
) -> bool:
    """Whether a row names columns: at least two of its cells are headings, known or mapped by a person."""
    named = mapping or ()
    return sum(cell in named or bool(meanings(cell, kind)) for cell in cells) >= LEAST_KNOWN


def checked_mapping(mapping: Mapping[str, str], kind: FileKind, faults: Faults) -> bool:
    """Whether every field that a person mapped a column to is one; what is wrong is noted."""
    known, before = fields(kind), len(faults)
    for column, field in mapping.items():
        if field not in known and field != PASSED_OVER:
            problem = Text(f"没有“{field}”这个字段", f"there is no field “{field}”")
            faults.add("map_field_unknown", Place(column=column, value=field), problem, one_of(field, known))
    taken = [field for field in mapping.values() if field != PASSED_OVER]
    for field in sorted({field for field in taken if taken.count(field) > 1}):
        both = listed(column for column, mapped in mapping.items() if mapped == field)
        problem = Text(f"两列都对应到“{field}”：{both.zh}", f"two columns are mapped to “{field}”: {both.en}")
        mend = Text("只保留其中一列的对应关系", "map only one of them")
        faults.add("map_field_twice", Place(value=field), problem, mend)
    return len(faults) == before


def tell_unused(mapping: Mapping[str, str], columns: Iterable[str], notices: Faults) -> None:
    """Note what was mapped, but is the heading of none of `columns`."""
    seen = {_key(column) for column in columns}
    for column in mapping:
        if _key(column) not in seen:
            problem = Text("文件中没有这一列", "the file has no such column")
            mend = Text("请核对 --map 中的列名", "check the name of the column in --map")
            notices.add("map_column_absent", Place(column=column), problem, mend)


def layout(
    columns: Sequence[str],
    mapping: Mapping[str, str],
    kind: FileKind,
    heading: Heading,
    faults: Faults,
    notices: Faults,
) -> Layout:
    """The layout of a table with `columns`; columns that cannot be used are noted, sheet and line named."""
    by_key = {_key(column): field for column, field in mapping.items()}
    by_person = {
        column: mapping.get(column) or by_key[_key(column)]
        for column in columns
        if column in mapping or _key(column) in by_key
    }
    found: dict[str, str] = {}
    for column in dict.fromkeys(columns):
        if not column.strip():
            continue
        place = Place(heading.sheet, heading.line, column)
        field = by_person.get(column) or _understood(column, kind, place, faults, notices)
        if field is None or field == PASSED_OVER:
            continue
        if column not in by_person and field in by_person.values():
            _tell_overridden(field, place, notices)
        elif field in found:
            _tell_doubled(field, found[field], place, faults)
        else:
            found[field] = column
    for column in sorted({column for column in columns if column.strip() and columns.count(column) > 1}):
        _tell_doubled(column, column, Place(heading.sheet, heading.line, column), faults)
    return Layout(found)


def _understood(column: str, kind: FileKind, place: Place, faults: Faults, notices: Faults) -> str | None:
    """The one field a heading means; None, told, where it means none or more than one."""
    meant = meanings(column, kind)
    if len(meant) == 1:
        return meant[0]
    if meant:
        titles = [fields(kind)[field].title for field in meant]
        problem = Text(
            f"这一列可能是{'，也可能是'.join(title.zh for title in titles)}",
            f"this column may be {' or '.join(title.en for title in titles)}",
        )
        faults.add("column_ambiguous", place, problem, _rename_or_map(column, meant[0], kind))
    else:
        problem = Text("不认识这一列，已略过", "this column is not known and was passed over")
        notices.add("column_unknown", place, problem, lambda: _unknown_mend(column, kind))
    return None


def _unknown_mend(column: str, kind: FileKind) -> Text:
    near = nearest(_key(column), _meanings(kind))
    field = _meanings(kind)[near][0] if near else PASSED_OVER
    if field == PASSED_OVER:
        return Text(
            f'如需导入，请指明字段：--map "{column}=字段"',
            f'to bring it in, say which field it is: --map "{column}=field"',
        )
    return _rename_or_map(column, field, kind)


def _rename_or_map(column: str, field: str, kind: FileKind) -> Text:
    title = fields(kind)[field].title
    return Text(
        f'如果是{title.zh}，请把列名改为“{title.zh}”，或写 --map "{column}={field}"',
        f'if it is {field}, rename it “{field}”, or write --map "{column}={field}"',
    )


def _tell_overridden(field: str, place: Place, notices: Faults) -> None:
    problem = Text(
        f"另有一列已指定为“{field}”，这一列已略过",
        f"another column was mapped to {field}, this one was passed over",
    )
    mend = Text("如不对，请改变 --map", "change --map if that is wrong")
    notices.add("column_overridden", place, problem, mend)


def _tell_doubled(field: str, first: str, place: Place, faults: Faults) -> None:
    problem = Text(
        f"与“{first}”列表示同一内容（{field}）", f"means the same as the column “{first}” ({field})"
    )
    mend = Text(
        f'只保留一列，或用 --map "{place.column}=-" 略过一列',
        f'keep one of them, or pass one over with --map "{place.column}=-"',
    )
    faults.add("column_doubled", place, problem, mend)


def tell_missing(kind: FileKind, needed: Iterable[str], heading: Heading, faults: Faults) -> None:
    """Note the fields a table needs and has no column for, with the headings that are accepted."""
    for name in needed:
        field = fields(kind)[name]
        clear = [word for word in field.chinese if meanings(word, kind) == (name,)]
        words = listed((*clear[:6], name))
        problem = Text(f"缺少“{field.title.zh}”列", f"there is no column for {name}")
        mend = Text(
            f'请加上这一列，可用列名：{words.zh}；或用 --map "列名={name}" 指明是哪一列',
            f'add it, headed by one of: {words.en}; or say which it is: --map "column={name}"',
        )
        faults.add("column_missing", Place(heading.sheet, heading.line), problem, mend)

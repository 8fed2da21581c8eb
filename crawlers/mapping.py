"""Which column of an export means which field: the `import` section of a spec, compiled. Pure."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crawlers.expressions import Pattern
from crawlers.spec_rules import IMPORT_TARGETS


@dataclass(frozen=True)
class Column:
    """One field of a row: the names of its columns, the preferred first, and how a value is read."""

    target: str
    names: Sequence[str]
    convert: str
    tz: str | None
    regex: Pattern | None
    table: Mapping[str, str] | None


@dataclass(frozen=True)
class ImportMapping:
    """How exports of a platform are read. `list_at`: where the rows of a JSON document lie ("" = itself)."""

    formats: Sequence[str]
    list_at: str
    columns: Sequence[Column]
    profile_url: str | None


def folded(header: str) -> str:
    """A column's name as it is compared: without case, blanks and full width."""
    return "".join(unicodedata.normalize("NFKC", header).casefold().split())


def build(given: Mapping[str, Any], verified_map: Mapping[str, str] | None) -> ImportMapping:
    """From an `import` section already found right."""
    ways = given.get("convert", {})
    return ImportMapping(
        formats=tuple(given["formats"]),
        list_at=given.get("list", ""),
        columns=tuple(
            _column(target, names, ways.get(target, {}), verified_map)
            for target, names in given["columns"].items()
        ),
        profile_url=given.get("profile_url"),
    )


def _column(
    target: str, names: Sequence[str], way: Mapping[str, Any], table: Mapping[str, str] | None
) -> Column:
    return Column(
        target=target,
        names=tuple(dict.fromkeys(folded(name) for name in names)),
        convert=way.get("as", IMPORT_TARGETS[target][0]),
        tz=way.get("tz"),
        regex=Pattern(way["regex"], groups=1) if "regex" in way else None,
        table=table if "map" in way else None,
    )

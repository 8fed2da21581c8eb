"""The contract test of a platform: its spec tried on its fixtures, offline. Each must come out as it says.

A fixture of the stage `import` is an export.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from common.faults import BadFile, Faults
from common.sheets.opening import opened
from crawlers.exported import Reader, Row, Unread
from crawlers.extract import extract
from crawlers.items import Answer, Extracted
from crawlers.mapping import ImportMapping
from crawlers.spec_source import Problem
from crawlers.specs import Fixture, Spec

FOLDER = "fixtures"
IMPORT = "import"
MAX_BYTES = 5 * 2**20
EXPORTED_AT = "2026-11-24T00:00:00+00:00"
"""When an export was made whose fixture does not say it."""


def check(spec: Spec, folder: Path) -> list[Problem]:
    """What is wrong with the fixtures of `spec`, whose files lie in `folder`; empty if all come out right."""
    problems = []
    for n, fixture in enumerate(spec.fixtures):
        problems += [Problem(0, 0, f"fixtures[{n}]", text) for text in _wrong(spec, fixture, folder)]
    named = {fixture.stage for fixture in spec.fixtures}
    stages = [*spec.stages, *([IMPORT] if spec.mapping else [])]
    missing = [stage for stage in stages if stage not in named]
    return problems + [Problem(0, 0, "fixtures", f"stage {stage} has none") for stage in missing]


def _wrong(spec: Spec, fixture: Fixture, folder: Path) -> Iterator[str]:
    if fixture.stage == IMPORT and spec.mapping is not None:
        yield from _wrong_export(spec.mapping, fixture, folder / fixture.file)
        return
    try:
        with (folder / fixture.file).open("rb") as file:
            body = file.read(MAX_BYTES)
    except OSError as error:
        yield f"{fixture.file}: {error.strerror}"
        return
    url = fixture.url or _url(spec)
    found = extract(spec, spec.stages[fixture.stage], Answer(url, fixture.status, (), body))
    yield from _differences(fixture.expected, found)
    yield from found.field_errors


def _wrong_export(mapping: ImportMapping, fixture: Fixture, path: Path) -> Iterator[str]:
    """A row counts as read if it names somebody; the others are refused."""
    reader = Reader(mapping, datetime.fromisoformat(fixture.exported_at or EXPORTED_AT), {})
    faults, unread, rows = Faults(), list[Unread](), list[Row]()
    try:
        with opened(path, path.name, faults, is_header=reader.is_header, list_at=mapping.list_at) as file:
            rows += [reader.read(row.cells, unread) for table in file.tables for row in table.rows]
    except OSError as error:
        yield f"{fixture.file}: {error.strerror}"
        return
    except BadFile as error:
        yield f"{fixture.file}: {error}"
        return
    whole = [row for row in rows if row.get("name") and (row.get("id") or row.get("handle"))]
    found = {"rows": len(whole), "refused": faults.total + len(rows) - len(whole)}
    for name, number in found.items():
        if name in fixture.expected and fixture.expected[name] != number:
            yield f"expected {fixture.expected[name]} {name}, got {number}"
    yield from _first(fixture.expected, whole)
    yield from (f"{cell.column} {cell.value!r}: {cell.reason}" for cell in unread)


def _url(spec: Spec) -> str:
    """An address for answers whose own does not matter."""
    return "https://instance.example" if spec.base_url == "{instance}" else spec.base_url


def _differences(expected: Mapping[str, Any], found: Extracted) -> Iterator[str]:
    reason = f": {found.reason}" if found.reason else ""
    state = expected.get("state", "ok")
    if found.state != state:
        yield f"expected state {state}, got {found.state}{reason}"
    if "rows" in expected and len(found.rows) != expected["rows"]:
        yield f"expected {expected['rows']} rows, got {len(found.rows)} (state {found.state}{reason})"
    if "next" in expected and (found.following is not None) != expected["next"]:
        yield (
            "expected a further page, found none"
            if expected["next"]
            else "expected no further page, found one"
        )
    yield from _first(expected, found.rows)


def _first(expected: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    first = rows[0] if rows else {}
    for name, value in expected.get("first", {}).items():
        if first.get(name) != value:
            yield f"first row: {name} is {first.get(name)!r}, not {value!r}"
            return

"""The contract test of a platform: its spec tried on its fixtures, offline. Each must come out as it says."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from crawlers.extract import extract
from crawlers.items import Answer, Extracted
from crawlers.spec_source import Problem
from crawlers.specs import Fixture, Spec

FOLDER = "fixtures"
MAX_BYTES = 5 * 2**20


def check(spec: Spec, folder: Path) -> list[Problem]:
    """What is wrong with the fixtures of `spec`, whose files lie in `folder`; empty if all come out right."""
    problems = []
    for n, fixture in enumerate(spec.fixtures):
        problems += [Problem(0, 0, f"fixtures[{n}]", text) for text in _wrong(spec, fixture, folder)]
    named = {fixture.stage for fixture in spec.fixtures}
    missing = [stage for stage in spec.stages if stage not in named]
    return problems + [Problem(0, 0, "fixtures", f"stage {stage} has none") for stage in missing]


def _wrong(spec: Spec, fixture: Fixture, folder: Path) -> Iterator[str]:
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
    first = found.rows[0] if found.rows else {}
    for name, value in expected.get("first", {}).items():
        if first.get(name) != value:
            yield f"first row: {name} is {first.get(name)!r}, not {value!r}"
            return

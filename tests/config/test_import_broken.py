"""Broken and hostile files at the command line: words in both languages, exit code 2, nothing written."""

import json
from pathlib import Path

import pytest
from django.db import connection

from config.cli import main
from tests.common.sheets.broken import FILES
from tests.registry.reference import reference_rows, started  # noqa: F401  (fixtures)
from tests.registry.register import register, row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_rows", "started")]


def changes() -> int:
    """How many rows of any table were written, changed or deleted so far."""
    connection.ensure_connection()
    total: int = connection.connection.total_changes
    return total


@pytest.mark.parametrize("name", FILES)
def test_it_ends_in_words_and_changes_nothing(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make, file_name, _, _ = FILES[name]
    data = make()
    path = tmp_path / file_name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    before = changes()
    assert main(["import", "registry", str(path), "--json"]) == 2
    assert changes() == before
    out, err = capsys.readouterr()
    assert err == ""
    result = json.loads(out)
    assert result["faults_total"] >= len(result["faults"]) > 0
    for fault in result["faults"]:
        for part in ("problem", "mend"):
            assert any("\u4e00" <= mark <= "\u9fff" for mark in fault[part]["zh"])
            assert fault[part]["en"].isprintable() and fault[part]["en"]


def test_changes_are_seen(tmp_path: Path) -> None:
    before = changes()
    path = tmp_path / "register.csv"
    path.write_bytes(register(row()))
    assert main(["import", "registry", str(path)]) == 0
    assert changes() > before

"""Imports in processes of their own, killed at every commit boundary or run at the same time."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.registry.contacts import contact, contacts
from tests.registry.register import register, row

CHECKOUT = Path(__file__).resolve().parents[2]
ROWS = 40
DATA = register(*(row(platform_uid=str(n), name=f"发布{n}", unit=f"单位{n % 7}") for n in range(ROWS)))
PEOPLE = contacts(*(contact(person=f"周{n}") for n in range(ROWS)))
pytestmark = pytest.mark.django_db
TABLES = ("registry_unit", "registry_account", "registry_protectedname", "audit_logs_event")


@pytest.fixture
def folder(migrated: Path, tmp_path: Path) -> Path:
    """A data folder of the test's own, with the files in it."""
    copy = tmp_path / "var"
    shutil.copytree(migrated, copy)
    (copy / "registry.csv").write_bytes(DATA)
    (copy / "contacts.csv").write_bytes(PEOPLE)
    return copy


def start(folder: Path, crash_at: str = "", kind: str = "registry") -> subprocess.Popen[str]:
    words = ["import", kind, str(folder / f"{kind}.csv"), "--json"]
    return subprocess.Popen(
        [sys.executable, "-m", "config.cli", *words],
        cwd=CHECKOUT,
        env={**os.environ, "ZHENWEI_VAR": str(folder), "ZHENWEI_CRASH_AT": crash_at},
        stdout=subprocess.PIPE,
        text=True,
    )


def finished(process: subprocess.Popen[str]) -> dict[str, object]:
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    result: dict[str, object] = json.loads(output)
    return result


def counts(folder: Path, tables: Sequence[str] = TABLES) -> list[int]:
    database = sqlite3.connect(folder / "zhenwei.sqlite3")
    try:
        return [database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]  # noqa: S608
    finally:
        database.close()


NOTHING = [0, 0, 0, 0]
ALL = [7, ROWS, 7 + ROWS, 2]


@pytest.mark.parametrize(
    "point",
    [
        "import.between_units_and_accounts",
        "import.between_accounts_and_names",
        "import.before_commit",
    ],
)
def test_a_kill_before_the_commit_leaves_nothing(folder: Path, point: str) -> None:
    process = start(folder, point)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert counts(folder) == NOTHING
    assert finished(start(folder))["added"] == ROWS
    assert counts(folder) == ALL


def test_a_kill_after_the_commit_leaves_everything(folder: Path) -> None:
    process = start(folder, "import.after_commit")
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert counts(folder) == ALL
    assert finished(start(folder))["unchanged"] == ROWS


@pytest.mark.parametrize(("point", "kept"), [("contacts.before_commit", 0), ("contacts.after_commit", ROWS)])
def test_contacts_are_kept_by_the_commit_and_by_nothing_else(folder: Path, point: str, kept: int) -> None:
    process = start(folder, point, "contacts")
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert counts(folder, ["registry_contact", "audit_logs_event"]) == [kept, 2 * bool(kept)]
    assert finished(start(folder, kind="contacts"))["added"] == ROWS - kept
    assert counts(folder, ["registry_contact"]) == [ROWS]


def test_two_imports_at_once_follow_one_another(folder: Path) -> None:
    results = [finished(process) for process in [start(folder), start(folder)]]
    assert sorted((result["added"], result["unchanged"]) for result in results) == [(0, ROWS), (ROWS, 0)]
    assert counts(folder) == [*ALL[:3], ALL[3] + 1]

"""Killed for real at every commit of the fan-out: nobody is left out, nobody is told twice."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from common.datafolder import CHECKOUT

pytestmark = pytest.mark.django_db
DRIVER = "tests.alerting.fan_out_driver"
TABLES = ("alerting_fanout", "alerting_alert", "alerting_recipient", "alerting_delivery")
IDS = "SELECT id FROM alerting_delivery ORDER BY id"
RECORDED = "SELECT action, subject_id, count(*) FROM audit_logs_event GROUP BY 1, 2 ORDER BY 1, 2"


def run(folder: Path, *words: str, crash_at: str = "") -> int:
    ran = subprocess.run(
        [sys.executable, *words],
        cwd=CHECKOUT,
        env={**os.environ, "ZHENWEI_VAR": str(folder), "ZHENWEI_CRASH_AT": crash_at},
        stdout=subprocess.DEVNULL,
        check=False,
        timeout=60,
    )
    return ran.returncode


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    database = sqlite3.connect(folder / "zhenwei.sqlite3")
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()


def counts(folder: Path) -> list[object]:
    return [rows(folder, f"SELECT count(*) FROM {table}")[0][0] for table in TABLES]  # noqa: S608


@pytest.fixture(scope="module")
def filled(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two cases nobody was told of."""
    folder = tmp_path_factory.mktemp("filled") / "var"
    shutil.copytree(migrated, folder)
    assert run(folder, "-m", DRIVER, "fill") == 0
    return folder


@pytest.fixture(scope="module")
def undisturbed(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What becomes of it without a kill; run twice, since the move to `warned` is a change of its own."""
    folder = tmp_path_factory.mktemp("undisturbed") / "var"
    shutil.copytree(filled, folder)
    for _ in range(2):
        assert run(folder, "-m", DRIVER, "fan_out") == 0
    return folder


# The new S1 goes first: sponsor and duty desk are to be told, and the desk that the sponsor has no contact.
@pytest.mark.parametrize(
    ("point", "left"), [("fan_out.before_commit", [0, 0, 0, 0]), ("fan_out.after_commit", [1, 3, 2, 2])]
)
def test_a_kill_leaves_a_whole_change_or_none_and_the_next_run_tells_the_rest(
    filled: Path, undisturbed: Path, tmp_path: Path, point: str, left: list[int]
) -> None:
    folder = tmp_path / "var"
    shutil.copytree(filled, folder)
    assert run(folder, "-m", DRIVER, "fan_out", crash_at=point) == -signal.SIGKILL
    assert counts(folder) == left
    while "after" in point and run(folder, "-m", DRIVER, "fan_out", crash_at=point) == -signal.SIGKILL:
        pass  # killed after every change, each leaves one more behind it
    for _ in range(2):
        assert run(folder, "-m", DRIVER, "fan_out") == 0
    assert counts(folder) == counts(undisturbed)
    assert rows(folder, IDS) == rows(undisturbed, IDS)
    assert rows(folder, RECORDED) == rows(undisturbed, RECORDED)


@pytest.mark.parametrize(("point", "resends"), [("resend.before_commit", 0), ("resend.after_commit", 1)])
def test_a_resend_that_is_killed_was_made_and_recorded_or_neither(
    undisturbed: Path, tmp_path: Path, point: str, resends: int
) -> None:
    folder = tmp_path / "var"
    shutil.copytree(undisturbed, folder)
    assert run(folder, "-m", DRIVER, "resend", crash_at=point) == -signal.SIGKILL
    assert rows(folder, "SELECT sum(resends) FROM alerting_delivery") == [(resends,)]
    recorded = "SELECT count(*) FROM audit_logs_event WHERE action = 'delivery.resend'"
    assert rows(folder, recorded) == [(resends,)]

"""Killed at any named point, an import leaves everything or nothing, and the next try makes it good."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from common.datafolder import CHECKOUT
from tests.observations.handin_driver import POINTS

KILLED = -9
SETUP = """
from config import boot; boot.django()
from config.database import prepare; prepare()
from common import clock; from crawlers import specs; from observations import sources
sources.enable(specs.load("weibo"), "", "", 0, None, clock.now())
"""
TABLES = ("crawlrun", "capture", "response", "handover", "observation", "sighting")


def python(var: Path, *words: str, crash_at: str = "") -> int:
    env = os.environ | {"ZHENWEI_VAR": str(var), "ZHENWEI_CRASH_AT": crash_at}
    return subprocess.run([sys.executable, *words], env=env, cwd=CHECKOUT, check=False).returncode


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database with Weibo switched on."""
    var = tmp_path_factory.mktemp("prepared") / "var"
    var.mkdir()
    (var / "MODE").write_text("test", encoding="utf-8")
    assert python(var, "-c", SETUP) == 0
    return (var / "zhenwei.sqlite3").read_bytes()


def stored(var: Path) -> list[int]:
    with closing(sqlite3.connect(var / "zhenwei.sqlite3")) as database:
        counts = " UNION ALL ".join(f"SELECT count(*) FROM observations_{name}" for name in TABLES)  # noqa: S608
        return [number for (number,) in database.execute(counts)]


@pytest.mark.parametrize("point", POINTS)
def test_an_import_killed_anywhere_is_all_or_nothing(tmp_path: Path, prepared: bytes, point: str) -> None:
    (tmp_path / "zhenwei.sqlite3").write_bytes(prepared)
    (tmp_path / "MODE").write_text("test", encoding="utf-8")
    export = tmp_path / "export.csv"
    export.write_text("用户ID,昵称\n1,郑州发布\n2,郑州发布厅\n", encoding="utf-8")
    driver = ("-m", "tests.observations.handin_driver", str(export))
    assert python(tmp_path, *driver, crash_at=point) == KILLED
    everything = [1, 1, 1, 1, 2, 2]
    assert stored(tmp_path) == (everything if point == "handin.after_commit" else [0] * 6)
    assert python(tmp_path, *driver) == 0
    assert stored(tmp_path) == everything
    assert len(list((tmp_path / "captures").iterdir())) == 1

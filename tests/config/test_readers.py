"""Readers of files as processes: started while something waits, ended if they take too long, killed."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from common.datafolder import CHECKOUT
from config.readers import Readers
from registry.models import FileImport
from tests.cast import Cast
from tests.console import filed

pytestmark = pytest.mark.django_db
ENDS_AT_ONCE = (sys.executable, "-c", "")
FAILS = (sys.executable, "-c", "raise SystemExit('planted')")
NEVER_ENDS = (sys.executable, "-c", "import time; time.sleep(600)")
REGISTER = (
    "账号名称,平台,账号ID,主办单位,行政区划代码,单位类别,运行状态\n"
    "郑州卫健委,微博,5500000001,郑州市卫生健康委员会,410100,部门,运行\n"
)
# What the console does, in an installation of its own: a file has arrived, and was confirmed.
ARRIVED = """
import sys; from uuid import uuid4; from config import boot; boot.django()
from common import clock; from registry import uploads; from registry.models import User
class File: name, size, sha256 = "台账.csv", 1, "0" * 64
upload = uploads.Upload(uuid4(), "registry")
folder = uploads.folder_of(upload.key); folder.mkdir(parents=True)
(folder / "file").write_text(sys.argv[1], encoding="utf-8")
by = User.objects.create(username="gao", role="supervisor")
uploads.receive(upload, File(), {"scope_path": "/CN/410000/"}, by, clock.now())
"""


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A data folder of the test's own."""
    monkeypatch.setenv("ZHENWEI_VAR", str(tmp_path))
    yield
    filed.let_go()


def test_nothing_is_started_while_nothing_waits() -> None:
    Readers(command=("/does/not/exist",)).run()


def test_a_reader_that_fails_is_logged_and_not_started_again_at_once(
    everybody: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    filed.received(everybody.supervisor)
    Readers(command=FAILS).run()
    assert caplog.text.count("planted") == 1
    assert FileImport.objects.get().state == "received"


def test_a_reader_that_cannot_be_started_ends_no_ticker(
    everybody: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    filed.received(everybody.supervisor)
    Readers(command=("/does/not/exist",)).run()
    assert "the next tick tries again" in caplog.text


def test_who_reads_too_long_is_ended_and_the_page_says_why(
    everybody: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = filed.received(everybody.supervisor)
    started = subprocess.Popen

    def starts(*words: Any, **how: Any) -> "subprocess.Popen[bytes]":
        process = started(*words, **how)
        FileImport.objects.filter(pk=job.pk).update(state="checking", worker=f"host/{process.pid}")
        return process

    monkeypatch.setattr(subprocess, "Popen", starts)
    Readers(deadline_s=0.2, command=NEVER_ENDS).run()
    job.refresh_from_db()
    assert (job.state, list(job.outcome["fault_kinds"])) == ("refused", ["too_much_time"])


def test_a_stop_ends_the_reader_at_work(everybody: Cast) -> None:
    filed.received(everybody.supervisor)
    readers = Readers(command=NEVER_ENDS)
    began = time.monotonic()
    threading.Timer(0.5, readers.stop).start()
    readers.run()
    assert time.monotonic() - began < 30


def test_what_a_dead_reader_left_is_told(everybody: Cast) -> None:
    job = filed.received(everybody.supervisor)
    with filed.claimed(job):
        pass
    Readers(command=ENDS_AT_ONCE).run()
    assert FileImport.objects.get().state == "broken_off"


class Place:
    """An installation of its own with one file that has arrived."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python(ARRIVED, REGISTER)

    def python(self, *words: str) -> None:
        """Run code beside it."""
        subprocess.run([sys.executable, "-c", *words], cwd=CHECKOUT, env=self._environment(), check=True)

    def work(self, crash_at: str = "") -> int:
        """Let a reader read one file; its exit code."""
        command = [sys.executable, "-m", "config.cli", "imports", "work", "--one"]
        return subprocess.run(command, cwd=CHECKOUT, env=self._environment(crash_at), check=False).returncode

    def confirm(self) -> None:
        """What was shown is to be taken."""
        with closing(sqlite3.connect(self.folder / "zhenwei.sqlite3")) as database, database:
            database.execute("UPDATE registry_fileimport SET state = 'confirmed'")

    def state(self) -> tuple[str, int]:
        """How the import stands, and how many accounts there are."""
        with closing(sqlite3.connect(self.folder / "zhenwei.sqlite3")) as database:
            ((state,),) = database.execute("SELECT state FROM registry_fileimport").fetchall()
            ((accounts,),) = database.execute("SELECT count(*) FROM registry_account").fetchall()
        return state, accounts

    def _environment(self, crash_at: str = "") -> dict[str, str]:
        return {**os.environ, "ZHENWEI_VAR": str(self.folder), "ZHENWEI_CRASH_AT": crash_at}


@pytest.fixture
def apart(migrated: Path, tmp_path: Path) -> Place:
    """A `Place` of the test's own."""
    shutil.copytree(migrated, tmp_path / "var")
    return Place(tmp_path / "var")


def test_a_kill_while_it_is_taken_leaves_nothing_and_is_told_and_mended(apart: Place) -> None:
    apart.confirm()
    assert apart.work("import.before_commit") == -signal.SIGKILL
    assert apart.state() == ("taking", 0)
    assert apart.work() == 0  # whoever looks next finds that nobody works on it
    assert apart.state() == ("broken_off", 0)
    apart.confirm()
    assert apart.work() == 0
    assert apart.state() == ("taken", 1)


def test_a_kill_after_the_commit_leaves_all_of_it(apart: Place) -> None:
    apart.confirm()
    assert apart.work("import.after_commit") == -signal.SIGKILL
    assert apart.state() == ("taken", 1)


def test_a_reader_gets_no_more_memory_than_it_is_given() -> None:
    code = "from config import boot; boot.django(); from config import importing; importing.bound(1 << 30)"
    process = subprocess.run(
        [sys.executable, "-c", f"{code}; bytearray(1 << 31)"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.stderr.rstrip().endswith("MemoryError")

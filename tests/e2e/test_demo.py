"""The demo as a newcomer starts it: what it prints and serves, how it ends, and that its log is proof."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from audit_logs import triggers
from common.datafolder import CHECKOUT
from tests.installation import Installation

pytestmark = [pytest.mark.e2e, pytest.mark.smoke]
PORT = re.compile(r"http://127\.0\.0\.1:(\d+)/ +\(also http://\[::1\]")


def command(folder: Path, *words: str) -> subprocess.Popen[str]:
    """`zhenwei WORDS` on a data folder of its own, in a session of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ZHENWEI_")}
    return subprocess.Popen(
        [sys.executable, "-m", "config.cli", *words],
        cwd=CHECKOUT,
        env=inherited | {"ZHENWEI_VAR": str(folder), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def run(folder: Path, *words: str) -> tuple[int, str]:
    """Run a command to its end: exit code and output."""
    with command(folder, *words) as process:
        output, _ = process.communicate(timeout=300)
    return process.returncode, output


@dataclass(frozen=True)
class Once:
    """A demo that was run with --once: its folder, what it printed, and how long it took."""

    folder: Path
    output: str
    seconds: float


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    folder = tmp_path_factory.mktemp("demo")
    began = time.monotonic()
    code, output = run(folder, "demo", "--once")
    assert code == 0, output
    return Once(folder, output, time.monotonic() - began)


def processes_of(folder: Path) -> set[int]:
    """Every process that works on the data folder."""
    mine = f"ZHENWEI_VAR={folder}".encode()
    found = set()
    for environ in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if any(value.startswith(mine) for value in environ.read_bytes().split(b"\0")):
                found.add(int(environ.parent.name))
    return found


def test_it_prints_the_suspects_and_measures_itself_against_the_answer_key(once: Once) -> None:
    assert "Register: 1686 official accounts of 362 units, 1686 new." in once.output
    assert "Export weibo-export.xlsx: 9648" in once.output and "Export douyin-export.csv: 6531" in once.output
    assert re.search(r"^Asked \d{3,} questions in \d+ s, \d{3,} answers\.$", once.output, re.MULTILINE)
    assert re.search(r"^\d+ suspects among \d{3,} strangers seen, \d+ new:$", once.output, re.MULTILINE)
    assert re.search(r"^S[12] +1\.00 +\S+ +@\S+ +\S+ +\S", once.output, re.MULTILINE)
    measured = re.search(
        r"Answer key: 150 counterfeits planted, (\d+) reached by a query, (\d+) of those found", once.output
    )
    assert measured is not None, once.output
    reached, found = map(int, measured.groups())
    assert reached >= 145
    assert found >= 118
    assert processes_of(once.folder) == set()


def test_a_second_start_asks_nothing_again_and_is_quick(once: Once) -> None:
    began = time.monotonic()
    code, output = run(once.folder, "demo", "--once")
    took = time.monotonic() - began
    assert code == 0, output
    assert "1686 official accounts of 362 units, 0 new" in output
    assert "weibo-export.xlsx: 此前已导入" in output
    assert "the next question can be asked at" in output
    assert took < once.seconds / 2


@pytest.fixture
def serving(once: Once) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The demo with its console, and the port of that."""
    process = command(once.folder, "demo", "--port", "0")
    with process:
        try:
            assert process.stdout is not None
            port = next(int(found[1]) for line in process.stdout if (found := PORT.search(line)))
            yield process, port
        finally:
            process.kill()


def status(url: str) -> int:
    """The status a page answers with, once it answers at all."""
    ends = time.monotonic() + 30
    while True:
        try:
            with urlopen(url, timeout=5) as answer:  # noqa: S310
                return int(answer.status)
        except URLError:
            assert time.monotonic() < ends, f"{url} does not answer"
            time.sleep(0.1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_on_both_loopbacks_and_one_signal_ends_it_all(
    once: Once, serving: tuple[subprocess.Popen[str], int], number: signal.Signals
) -> None:
    process, port = serving
    assert status(f"http://127.0.0.1:{port}/") == 200
    if Path("/proc/net/if_inet6").exists():
        assert status(f"http://[::1]:{port}/") == 200
    assert len(processes_of(once.folder)) >= 6  # the demo, platform, mailbox, console, ticker, deliver
    process.send_signal(number)
    assert process.wait(20) == 0
    assert processes_of(once.folder) == set()


def test_a_killed_demo_leaves_nothing_running(once: Once, serving: tuple[subprocess.Popen[str], int]) -> None:
    process, port = serving
    assert status(f"http://127.0.0.1:{port}/") == 200
    process.kill()
    ends = time.monotonic() + 20
    while left := processes_of(once.folder) - {process.pid}:
        assert time.monotonic() < ends, f"still running: {left}"
        time.sleep(0.1)


def test_its_audit_log_is_intact_and_a_flipped_byte_is_named(once: Once, tmp_path: Path) -> None:
    code, output = run(once.folder / "demo", "audit", "checkpoint")
    assert code == 0, output
    code, output = run(once.folder / "demo", "audit", "verify")
    assert (code, output.split(" (")[0].startswith("intact to ")) == (0, True), output

    shutil.copytree(once.folder / "demo", tmp_path / "demo")
    tampered = Installation(tmp_path / "demo")
    for drop in triggers.DROP:
        tampered.query(drop)
    ((leaf,),) = tampered.query('SELECT leaf FROM audit_logs_entry WHERE "index" = 7')
    flipped = bytes([*leaf[:-9], leaf[-9] ^ 1, *leaf[-8:]])
    tampered.query('UPDATE audit_logs_entry SET leaf = ? WHERE "index" = 7', flipped)
    code, output = run(tmp_path / "demo", "audit", "verify")
    assert code == 1, output
    assert "broken at entry 7" in output

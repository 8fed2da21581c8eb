"""The shipped Mastodon spec, unchanged, against somebody else's Mastodon API: mastodon_mock from PyPI.

It is installed into an environment of its own, below the test's folder; skipped by name where that fails. Its
accounts are those of the small province, so what is found must be what is found on our own example platform.
It differs from Mastodon in ways a crawler must bear: robots.txt is a 404 with JSON, avatars are SVG, times
carry microseconds and an offset, `X-RateLimit-Reset` is epoch seconds.
"""

import csv
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from tests.installation import (
    REGISTERED,
    Installation,
    empty,
    example_platform,
    fill,
    loopback,
    small_province,
)

PACKAGE = "mastodon_mock==0.6.1"
pytestmark = [pytest.mark.e2e, pytest.mark.smoke]
SUSPECTS = """SELECT o.handle, s.kind, s.severity FROM detection_suspect s
    JOIN observations_observation o ON o.id = s.observation_id"""


@dataclass
class Mock:
    """A running mastodon_mock."""

    home: str

    def ask(self, path: str, body: object = None) -> Any:
        """GET, or POST with a body; its JSON."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(self.home + path, data, {"Content-Type": "application/json"})  # noqa: S310
        with urlopen(request, timeout=10) as answer:  # noqa: S310
            return json.load(answer)

    def fail(self, path: str, status: int, seconds: int, count: int) -> None:
        """Let the next `count` calls of `path` fail with `status` and a Retry-After."""
        effect = {"type": "status", "status": status, "headers": {"Retry-After": str(seconds)}}
        self.ask("/api/v1/_mock/faults", {"match": {"path": path}, "effect": effect, "count": count})


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installed mastodon_mock."""
    folder = tmp_path_factory.mktemp("mastodon_mock") / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    install = [str(folder / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", PACKAGE]
    done = subprocess.run(install, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        pytest.skip(f"{PACKAGE} cannot be installed: {done.stderr.strip().splitlines()[-1]}")
    return folder / "bin" / "mastodon_mock"


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_province(tmp_path_factory.mktemp("province") / "henan", REGISTERED[:2])


@pytest.fixture(scope="module")
def mock(program: Path, province: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mock]:
    """mastodon_mock with the accounts of the small province."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = tmp_path_factory.mktemp("mock") / "mock.toml"
    config.write_text(_configuration(province, port), encoding="utf-8")
    log = config.with_suffix(".log").open("w", encoding="utf-8")
    command = [str(program), "serve", "--config", str(config), "--log-level", "warning"]
    with log, subprocess.Popen(command, cwd=config.parent, stdout=log, stderr=log) as process:
        try:
            yield _started(Mock(f"http://127.0.0.1:{port}"), process)
        finally:
            process.terminate()


def _configuration(province: Path, port: int) -> str:
    """TOML; JSON writes its strings the same way."""
    lines = [f'domain = "127.0.0.1:{port}"', 'url_scheme = "http"', "[server]", 'host = "127.0.0.1"']
    lines += [f"port = {port}", "[database]", 'path = ":memory:"', "[ratelimit]", "enabled = false"]
    for line in (province / "accounts.jsonl").read_text(encoding="utf-8").splitlines():
        account = json.loads(line)
        lines.append("[[seed.accounts]]")
        for field, name in (("username", "handle"), ("display_name", "name"), ("note", "bio")):
            lines.append(f"{field} = {json.dumps(account[name], ensure_ascii=False)}")
        if account["posts_hours_ago"]:
            text = json.dumps("今日通告", ensure_ascii=False)
            lines += ["[[seed.statuses]]", f'account = "{account["handle"]}"', f"text = {text}"]
    return "\n".join(lines) + "\n"


def _started(mock: Mock, process: subprocess.Popen[bytes]) -> Mock:
    for _ in range(300):
        assert process.poll() is None, "mastodon_mock ended"
        try:
            mock.ask("/api/v1/instance")
        except (URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return mock
    raise AssertionError("mastodon_mock does not answer")


@pytest.fixture(scope="module")
def ready(mock: Mock, province: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation whose register knows the accounts by the ids they have on the mock."""
    folder = tmp_path_factory.mktemp("ready")
    with (province / "registry.csv").open(encoding="utf-8", newline="") as file:
        register = list(csv.DictReader(file))
    for row in register:
        row["platform_uid"] = mock.ask(f"/api/v1/accounts/lookup?acct={row['handle']}")["id"]
    with (folder / "registry.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(register[0]))
        writer.writeheader()
        writer.writerows(register)
    installation = empty(folder / "var", loopback(mock.home))
    fill(installation.run, folder, mock.home)
    return installation


@pytest.fixture
def installation(mock: Mock, ready: Installation, tmp_path: Path) -> Installation:
    """A copy that has not scanned yet, and a mock without faults."""
    return ready.copy(tmp_path / "var")


def found_at_home(province: Path, folder: Path) -> list[tuple[str, str, str]]:
    """The suspects among the same accounts on our own example platform."""
    with example_platform(province) as home:
        own = empty(folder, loopback(home))
        fill(own.run, province, home)
        own.run("scan")
    return sorted(own.query(SUSPECTS))


def test_it_finds_on_a_foreign_server_what_it_finds_on_ours(
    installation: Installation, province: Path, tmp_path: Path
) -> None:
    installation.run("scan")
    installation.run("sequence", "--once")
    assert installation.leftovers() == []
    found = sorted(installation.query(SUSPECTS))
    with (province / "answers.csv").open(encoding="utf-8", newline="") as file:
        planted = sum(row["label"] == "counterfeit" for row in csv.DictReader(file))
    assert len(found) >= planted > 2
    assert found == found_at_home(province, tmp_path / "own")


def test_its_quirks_leave_marks_but_no_gaps(installation: Installation) -> None:
    installation.run("scan")
    assert installation.query("SELECT DISTINCT state FROM observations_coverage") == [("checked",)]
    robots = """SELECT DISTINCT url LIKE '%/robots.txt', json_extract(robots, '$.verdict')
        FROM observations_response"""
    assert set(installation.query(robots)) == {(1, "none"), (0, "none")}
    undated = "SELECT count(*) FROM observations_observation WHERE opened_at IS NULL"
    assert installation.query(undated) == [(0,)]
    published = "SELECT count(DISTINCT account_id) FROM observations_publication"
    assert installation.query(published) == [(2,)]


@pytest.mark.parametrize("status", [429, 503])
def test_a_fault_in_the_middle_is_deferred_and_not_clean(
    installation: Installation, mock: Mock, status: int
) -> None:
    mock.fail("/api/v2/search", status, seconds=900, count=1)
    output = installation.run("scan")
    assert "deferred" in output or "partial" in output
    searched = installation.query("SELECT state, reason FROM observations_coverage WHERE purpose = 'search'")
    assert {state for state, _ in searched} <= {"partial", "deferred"}
    assert all("已推迟" in json.loads(reason)["zh"] for _, reason in searched)
    asked = dict(
        installation.query("SELECT state, count(*) FROM observations_task WHERE stage = 'search' GROUP BY 1")
    )
    assert asked == {"deferred": sum(asked.values())}
    # The host is left alone as long as it asked for, by this scan and by the next.
    pause = "SELECT (julianday(not_before) - julianday('now')) * 86400 FROM observations_hostlease"
    ((seconds,),) = installation.query(pause)
    assert 600 < seconds <= 900
    assert "the next question can be asked at" in installation.run("scan")

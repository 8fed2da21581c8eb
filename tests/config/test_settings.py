"""Settings that contradict each other stop the start."""

import os
import subprocess
import sys
from pathlib import Path

from common.datafolder import CHECKOUT


def started(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`zhenwei doctor` in a production data folder with this environment."""
    return subprocess.run(
        [sys.executable, "-m", "config.cli", "doctor"],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], "ZHENWEI_VAR": str(folder), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_https_without_a_proxy_is_refused_as_it_could_only_redirect_for_ever(tmp_path: Path) -> None:
    answer = started(tmp_path / "var", ZHENWEI_HTTPS="on")
    assert answer.returncode == 2
    assert "ZHENWEI_PROXIES=1" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_an_installation_for_others_has_no_open_point_of_django_s_own_list(tmp_path: Path) -> None:
    environment = {"ZHENWEI_HTTPS": "on", "ZHENWEI_PROXIES": "1", "ZHENWEI_HOSTS": "zhenwei.example.gov.cn"}
    answer = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "INFO"],
        cwd=CHECKOUT,
        env={
            "PATH": os.environ["PATH"],
            "ZHENWEI_VAR": str(tmp_path),
            "ZHENWEI_CONTACT_URL": "https://zhenwei.example.gov.cn/about",
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr


def test_nothing_in_an_open_data_folder_can_be_read_by_others(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    answer = started(tmp_path)
    assert f"{tmp_path} is open to others" in answer.stdout
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.name for path in written} >= {"zhenwei.sqlite3", "web.key"}
    assert not [path for path in written if path.stat().st_mode & 0o077]


def test_an_argument_that_is_no_text_is_bad_input() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "config.cli", "users", "reset", b"li\xff"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answer.returncode == 2
    assert "UTF-8" in answer.stderr
    assert "Traceback" not in answer.stderr

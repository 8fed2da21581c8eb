"""Settings that contradict each other stop the start."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from alerting.channels import TRANSPORTS
from common.datafolder import CHECKOUT
from config import checks


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
    environment = {
        "ZHENWEI_HTTPS": "on",
        "ZHENWEI_PROXIES": "1",
        "ZHENWEI_PUBLIC_URL": "https://zhenwei.example.gov.cn",
        "ZHENWEI_SMTP_HOST": "smtp.example.gov.cn",
        "ZHENWEI_MAIL_FROM": "alerts@example.gov.cn",
    }
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
    found = set(re.findall(r"\((\w+\.[A-Z]\d+)\)", answer.stderr))
    # Whether a year's holidays are known is a matter of the date, not of this installation.
    assert found <= {"zhenwei.W005"}
    assert answer.returncode == bool(found), answer.stderr


def test_an_office_without_mail_or_address_for_its_links_is_warned(tmp_path: Path) -> None:
    answer = started(tmp_path / "var")
    assert (
        "warning: no mail server: alerts wait and reach nobody by mail: set ZHENWEI_SMTP_HOST"
        in answer.stdout
    )
    mail = {"ZHENWEI_SMTP_HOST": "smtp.example.gov.cn", "ZHENWEI_MAIL_FROM": "alerts@example.gov.cn"}
    answer = started(tmp_path / "var", **mail)
    assert "no mail server" not in answer.stdout
    assert "warning: alerts carry no link to acknowledge by: set ZHENWEI_PUBLIC_URL" in answer.stdout


def test_a_bad_setting_stops_the_start_in_one_line(tmp_path: Path) -> None:
    answer = started(tmp_path / "var", ZHENWEI_PUBLIC_URL="http://zhenwei.example.gov.cn")
    assert answer.returncode == 2
    assert answer.stderr.startswith(
        "zhenwei: ZHENWEI_PUBLIC_URL='http://zhenwei.example.gov.cn': write https://"
    )
    assert answer.stderr.count("\n") == 1


def test_a_folder_without_its_channel_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.channels(None) == []
    monkeypatch.delitem(TRANSPORTS, "mail")
    (error,) = checks.channels(None)
    assert (error.id, "channel mail" in str(error.msg)) == ("zhenwei.E003", True)


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

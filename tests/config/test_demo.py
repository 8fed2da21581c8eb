"""The demo's folder and its platform; the demo as a whole runs in tests/e2e/test_demo.py."""

import os
import smtplib
import socket
from pathlib import Path

import pytest

from common.datafolder import DataFolderError, folder, mode
from config import demo, outward
from config.processes import Group


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that nobody marked."""
    for name in ("ZHENWEI_LOOPBACK_ADDRESSES", "ZHENWEI_LOOPBACK_POLITENESS", *demo.OF_AN_OFFICE):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("ZHENWEI_VAR", str(tmp_path))
    return tmp_path


def test_the_demo_lives_below_the_data_folder_and_is_marked(data_folder: Path) -> None:
    demo.enter()
    assert folder() == data_folder / "demo"
    assert mode() == "demo"
    assert folder().stat().st_mode & 0o777 == 0o700
    assert not (data_folder / "MODE").exists()


def test_an_offices_database_is_never_made_a_demo(data_folder: Path) -> None:
    (data_folder / "demo").mkdir()
    database = data_folder / "demo" / "zhenwei.sqlite3"
    database.write_bytes(b"an office's own")
    with pytest.raises(DataFolderError, match="production data folder"):
        demo.enter()
    assert not (data_folder / "demo" / "MODE").exists()
    assert database.read_bytes() == b"an office's own"


def test_a_tests_folder_is_never_made_a_demo(data_folder: Path) -> None:
    (data_folder / "demo").mkdir()
    (data_folder / "demo" / "MODE").write_text("test\n", encoding="ascii")
    with pytest.raises(DataFolderError, match="test data folder"):
        demo.enter()


def test_a_port_in_use_is_replaced_by_a_free_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert demo.free_port(port) not in (0, port)


def test_a_platform_that_does_not_start_is_told(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo, "HENAN", data_folder / "nowhere")
    demo.enter()
    group = Group()
    try:
        with pytest.raises(demo.DemoError, match="message is above"):
            demo.start_platform(group)
    finally:
        group.stop()
    assert "cannot be read" in capfd.readouterr().err


def test_the_demos_mail_goes_to_its_own_mailbox_whatever_was_set(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHENWEI_SMTP_HOST", "smtp.example.gov.cn")
    monkeypatch.setenv("ZHENWEI_SMTP_USER", "alerts")
    monkeypatch.setenv("ZHENWEI_MASTER_KEY", "an office's own")
    demo.enter()
    assert not {name for name in demo.OF_AN_OFFICE if name in os.environ}
    group = Group()
    try:
        demo.start_mailbox(group, "http://127.0.0.1:8700")
        sends = outward.mail("demo")
        with smtplib.SMTP(sends.host, sends.port) as client:
            client.sendmail("a@example.invalid", "b@example.invalid", b"Subject: hello\r\n\r\n")
    finally:
        group.stop()
    assert [mail.read_bytes() for mail in (folder() / "mailbox").iterdir()] == [b"Subject: hello\r\n\r\n"]
    assert outward.public_url("ZHENWEI_PUBLIC_URL") == "http://127.0.0.1:8700"


def test_a_second_demo_in_the_same_folder_is_told_of_the_first(data_folder: Path) -> None:
    demo.enter()
    with demo.alone(), pytest.raises(demo.DemoError, match="runs already"), demo.alone():
        pass
    with demo.alone():  # the first one has ended
        pass

"""The mailbox on a real socket, in a thread and as a program."""

import json
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from common.datafolder import CHECKOUT
from examples.mailbox.__main__ import main
from examples.mailbox.catcher import Catcher, catch
from examples.mailbox.store import Store


def letter(body: str = "甲方\n.一个点开头的行\n") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.invalid", "b@example.invalid", "【甄伪】疑似仿冒"
    mail.set_content(body)
    return mail


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "box")


@pytest.fixture
def catcher(store: Store) -> Iterator[Catcher]:
    with catch(store) as running:
        yield running


def test_a_chinese_mail_arrives_as_it_was_sent(store: Store, catcher: Catcher) -> None:
    with smtplib.SMTP("127.0.0.1", catcher.port) as client:
        client.send_message(letter())
    (file,) = store.mails()
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert mail["Subject"] == "【甄伪】疑似仿冒"
    assert mail.get_content() == "甲方\r\n.一个点开头的行\r\n"


def test_one_connection_carries_many_mails(store: Store, catcher: Catcher) -> None:
    with smtplib.SMTP("127.0.0.1", catcher.port) as client:
        for number in range(20):
            client.send_message(letter(str(number)))
    assert [mail.read_bytes().split(b"\r\n\r\n")[1] for mail in store.mails()] == [
        b"%d\r\n" % number for number in range(20)
    ]


def test_a_mail_too_large_is_refused(store: Store, catcher: Catcher) -> None:
    with smtplib.SMTP("127.0.0.1", catcher.port) as client:
        client.ehlo()
        client.mail("a@example.invalid")
        client.rcpt("b@example.invalid")
        assert client.data(b"x" * 70 + b"\r\n" + (b"y" * 70 + b"\r\n") * 15_000)[0] == 552
    assert store.mails() == []


def test_where_nothing_can_be_written_the_sender_is_asked_to_come_again(
    store: Store, catcher: Catcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Store, content: bytes, now: datetime) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Store, "keep", full)
    with smtplib.SMTP("127.0.0.1", catcher.port) as client, pytest.raises(smtplib.SMTPDataError) as refused:
        client.send_message(letter())
    assert refused.value.smtp_code == 452


def test_it_closes_although_somebody_is_connected(store: Store) -> None:
    with catch(store) as running, socket.create_connection(("127.0.0.1", running.port), timeout=5) as client:
        assert client.recv(100).startswith(b"220 ")
        running.close()
        running.close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", running.port), timeout=1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_as_a_program_it_says_where_it_listens_and_ends_when_told(
    number: signal.Signals, tmp_path: Path
) -> None:
    where = tmp_path / "mailbox.json"
    command = [sys.executable, "-m", "examples.mailbox", "--folder", str(tmp_path / "box")]
    with subprocess.Popen([*command, "--announce", str(where)], cwd=CHECKOUT) as process:
        try:
            _wait_until(where.exists)
            with smtplib.SMTP("127.0.0.1", json.loads(where.read_text(encoding="ascii"))["port"]) as client:
                client.send_message(letter())
            process.send_signal(number)
            assert process.wait(10) == 0
        finally:
            process.kill()
    assert not where.exists()
    assert len(Store(tmp_path / "box").mails()) == 1


def test_it_ends_with_its_parent(tmp_path: Path) -> None:
    where = tmp_path / "mailbox.json"
    words = ["-m", "examples.mailbox", "--folder", str(tmp_path / "box"), "--announce", str(where)]
    script = (
        "import os, subprocess, sys; from common import parent; "
        "subprocess.Popen([sys.executable, *sys.argv[1:]], env=os.environ | parent.environment()).wait()"
    )
    with subprocess.Popen([sys.executable, "-c", script, *words], cwd=CHECKOUT) as elder:
        _wait_until(where.exists)
        elder.kill()
    _wait_until(lambda: not where.exists())


def test_a_port_in_use_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["--folder", str(tmp_path / "box"), "--port", port]) == 2
    assert "the example mailbox cannot start" in capsys.readouterr().err


def _wait_until(happened: Callable[[], bool]) -> None:
    ends = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < ends
        time.sleep(0.05)

"""The demo's mailbox."""

from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from console.views import mailbox
from tests.cast import Cast
from tests.console.conftest import SignedIn

HOME = "http://127.0.0.1:8700"


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    """The folder of a demo's catcher."""
    settings.MODE, settings.PUBLIC_URL, settings.DATA_FOLDER = "demo", HOME, tmp_path
    (tmp_path / "mailbox").mkdir()
    return tmp_path / "mailbox"


@pytest.fixture
def reviewer(everybody: Cast, signed_in: SignedIn) -> Client:
    """Li's browser, in English."""
    return signed_in(everybody.reviewer)


def keep(
    folder: Path, number: int, text: str = "x", subject: str = "预警", sender: str = "a@b.example"
) -> None:
    """A mail as the catcher keeps it."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = subject, sender, "c@d.example"
    mail.set_content(text)
    (folder / f"20261124T0600{number:02}.000000Z.eml").write_bytes(mail.as_bytes())


def shown(browser: Client) -> str:
    """The page."""
    answer = browser.get("/mailbox/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("mode", ["test", "production"])
def test_only_the_demo_has_one(mode: str, settings: Settings, reviewer: Client) -> None:
    settings.MODE = mode
    assert reviewer.get("/mailbox/").status_code == 404
    assert 'href="/mailbox/"' not in reviewer.get("/").content.decode()


def test_the_demo_has_it_in_the_menu(folder: Path, reviewer: Client) -> None:
    assert 'href="/mailbox/"' in reviewer.get("/").content.decode()


def test_an_empty_one_and_a_missing_folder_say_so(folder: Path, reviewer: Client) -> None:
    assert "No mail yet." in shown(reviewer)
    folder.rmdir()
    assert "No mail yet." in shown(reviewer)


def test_the_newest_comes_first_with_who_wrote_to_whom(folder: Path, reviewer: Client) -> None:
    keep(folder, 1, "first", subject="第一封")
    keep(folder, 2, "second", subject="第二封", sender="甄伪 <alerts@zhenwei.example>")
    text = shown(reviewer)
    assert text.index("第二封") < text.index("第一封")
    assert "甄伪 &lt;alerts@zhenwei.example&gt;" in text
    assert "second" in text and "c@d.example" in text


def test_the_link_to_acknowledge_is_one_and_no_other(folder: Path, reviewer: Client) -> None:
    keep(
        folder, 1, f"{HOME}/acknowledge/7.1xVn.s-g/ and https://evil.example/acknowledge/7.1xVn.s-g/ {HOME}/x"
    )
    text = shown(reviewer)
    assert text.count('href="/acknowledge/') == 1
    assert f'<a href="/acknowledge/7.1xVn.s-g/">{HOME}/acknowledge/7.1xVn.s-g/</a>' in text
    assert "evil.example/acknowledge" in text and 'href="https://evil' not in text


def test_hostile_mail_is_shown_and_does_nothing(folder: Path, reviewer: Client) -> None:
    keep(folder, 1, "<script>alert(1)</script>\u202e", subject="<img src=x>\u202e")
    (folder / "20261124T070000.000000Z.eml").write_bytes(b"\xff\x00<script>" * 9)
    text = shown(reviewer)
    assert "<script>alert" not in text and "<img src=x>" not in text and "\u202e" not in text
    assert "&lt;script&gt;alert(1)" in text and "[U+202E]" in text


def test_it_is_bounded(folder: Path, reviewer: Client) -> None:
    for number in range(mailbox.SHOWN + 3):
        keep(folder, number, subject=f"mail {number:02}")
    (folder / "20261124T080000.000000Z.eml").write_bytes(b"Subject: huge\n\n" + b"y" * (mailbox.BYTES * 3))
    text = shown(reviewer)
    assert text.count("<details") == mailbox.SHOWN
    assert "mail 03" not in text and "mail 04" in text
    assert len(text) < 200_000
    assert "Cut here: the text is longer." in text
    assert f"The newest {mailbox.SHOWN}." in text


def test_a_mail_that_goes_meanwhile_is_no_error(
    folder: Path, reviewer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(folder, 1, subject="stays")
    keep(folder, 2, subject="goes")
    opened = Path.open

    def gone(self: Path, *args: object, **kwargs: object) -> object:
        if self.name.endswith("02.000000Z.eml"):
            self.unlink()
        return opened(self, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", gone)
    text = shown(reviewer)
    assert "stays" in text and "goes" not in text

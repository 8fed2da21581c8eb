"""Mail on disk: whole, in the order it came, not more than was meant."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from examples.mailbox.store import Store

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_a_mail_is_kept_as_it_came_for_its_owner(tmp_path: Path) -> None:
    path = Store(tmp_path / "box").keep(b"Subject: \xff\r\n\r\nbody\r\n", NOON)
    assert path.read_bytes() == b"Subject: \xff\r\n\r\nbody\r\n"
    assert path.name == "20261124T120000.000000Z.eml"
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_two_mails_of_one_moment_are_two(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for body in (b"1", b"2", b"3"):
        store.keep(body, NOON)
    assert [mail.read_bytes() for mail in store.mails()] == [b"1", b"2", b"3"]


def test_the_oldest_go_when_there_are_too_many(tmp_path: Path) -> None:
    store = Store(tmp_path, kept=3)
    for minute in range(5):
        store.keep(b"%d" % minute, NOON + timedelta(minutes=minute))
    assert [mail.read_bytes() for mail in store.mails()] == [b"2", b"3", b"4"]


def test_half_a_mail_is_never_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        store.keep(b"lost", NOON)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_half_written_is_cleared(tmp_path: Path) -> None:
    (tmp_path / "20261124T120000.000000Z.part").write_bytes(b"ha")
    assert Store(tmp_path).mails() == []
    assert list(tmp_path.iterdir()) == []

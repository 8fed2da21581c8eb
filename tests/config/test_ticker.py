"""What the ticker does each minute, and that one failure does not end it."""

from datetime import datetime

import pytest

from config import ticker
from observations.models import Heartbeat
from registry import uploads
from review import sweep

pytestmark = pytest.mark.django_db


def test_a_sweep_is_heard_of() -> None:
    ticker._sweep()
    assert Heartbeat.objects.get(name="sweep").detail == "0 countersignatures overdue"


def test_a_sweep_that_fails_is_silent_and_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(now: datetime) -> sweep.Swept:
        raise RuntimeError("planted")

    monkeypatch.setattr(sweep, "sweep", fails)
    ticker._sweep()
    assert not Heartbeat.objects.filter(name="sweep").exists()
    assert "planted" in caplog.text


def test_old_files_are_removed_and_a_failure_ends_no_ticker(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[datetime] = []
    monkeypatch.setattr(uploads, "purge", asked.append)
    ticker._purge()
    assert len(asked) == 1

    def fails(now: datetime) -> int:
        raise RuntimeError("planted")

    monkeypatch.setattr(uploads, "purge", fails)
    ticker._purge()
    assert "planted" in caplog.text

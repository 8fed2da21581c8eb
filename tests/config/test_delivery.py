"""`zhenwei deliver`: from a confirmed case to mail, once and until it is stopped."""

import logging
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import OperationalError

from alerting.models import Delivery
from common import clock
from config import delivery
from config.cli import main
from observations.models import Heartbeat
from tests import cast
from tests.alerting import outbox, world
from tests.alerting.collector import Collector, collecting
from tests.registry.reference import started  # noqa: F401  (fixture)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("started")]


@pytest.fixture
def collector(settings: LazySettings, tmp_path: Path) -> Iterator[Collector]:
    with collecting() as made:
        settings.SMTP_HOST, settings.SMTP_PORT, settings.SMTP_SECURITY = "127.0.0.1", made.smtp_port, "none"
        settings.MAIL_FROM = "alerts@zhenwei.example"
        settings.LOOPBACK_ADDRESSES = [f"127.0.0.1:{made.hook_port}"]
        settings.DATA_FOLDER = tmp_path
        yield made


@pytest.fixture
def incident(place: cast.Province, everybody: cast.Cast, collector: Collector) -> None:
    """A case of Zhengzhou, confirmed now; its cyberspace office has a system too."""
    world.contacts(place)
    outbox.endpoint(place, f"http://127.0.0.1:{collector.hook_port}/hook")
    cast.case(place.zhengzhou_account, "confirmed", at=clock.now())


def test_once_tells_everybody_and_says_what_it_did(
    incident: None, collector: Collector, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["deliver", "--once"]) == 0
    assert capsys.readouterr().out == "5 delivered, 0 retry, 0 permanent; 0 wait for their time\n"
    assert collector.received == dict.fromkeys(Delivery.objects.values_list("pk", flat=True), 1)
    assert main(["deliver", "--once"]) == 0
    assert collector.received.total() == 5


def test_without_a_relay_mail_waits_and_it_is_said(
    incident: None, collector: Collector, settings: LazySettings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.SMTP_HOST = ""
    assert main(["deliver", "--once"]) == 0
    said = capsys.readouterr().out
    assert (
        said == "1 delivered, 0 retry, 0 permanent; 4 wait for their time, 4 of them until mail is set up\n"
    )


def stopped_after(condition: object, monkeypatch: pytest.MonkeyPatch, turns: int) -> threading.Event:
    """A stop that is set after so many looks at the tables."""
    stop, left = threading.Event(), [turns]

    def look(*_: object) -> int:
        left[0] -= 1
        if left[0] == 0:
            stop.set()
        if callable(condition):
            condition()
        return 0

    monkeypatch.setattr(delivery, "escalate", look)
    monkeypatch.setattr(delivery, "EVERY_S", 0.01)
    monkeypatch.setattr(delivery, "close_old_connections", lambda: None)
    return stop


def test_it_works_and_beats_until_it_is_stopped(
    incident: None, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery.run(stopped_after(None, monkeypatch, turns=20))
    assert collector.received.total() == 5
    assert set(Delivery.objects.values_list("outcome", flat=True)) == {"delivered"}
    assert Heartbeat.objects.filter(name="deliver").exists()


@pytest.mark.parametrize("error", [OperationalError("database is locked"), ZeroDivisionError("by design")])
def test_a_stage_that_fails_keeps_no_other_from_its_work(
    incident: None,
    collector: Collector,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    def fail() -> None:
        raise error

    with caplog.at_level(logging.WARNING):
        delivery.run(stopped_after(fail, monkeypatch, turns=20))
    assert collector.received.total() == 5
    assert str(error) in caplog.text


def test_a_signal_stops_it(
    collector: Collector, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    monkeypatch.setattr(delivery, "close_old_connections", lambda: None)
    monkeypatch.setattr(delivery, "escalate", lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    try:
        assert main(["deliver"]) == 0
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_once_is_not_over_before_everything_is_fanned_out(
    incident: None, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alerting.fan_out.BATCH", 1)
    delivery.once()
    assert collector.received.total() == 5

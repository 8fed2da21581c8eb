"""What one run allows a platform."""

from pathlib import Path

import pytest

from common import clock
from crawlers import run
from crawlers.exchange import Exchange, Received, Refused
from crawlers.plan import PlannedSource
from crawlers.run import Run
from crawlers.spool import SpoolWriter
from tests.crawlers import child

ONE, OTHER = "127.0.0.1:1", "127.0.0.1:2"


def receive(running: Run, source: PlannedSource, body: bytes) -> None:
    """The platform answers with `body`."""
    asked = Exchange(source, "page")
    asked.received = Received(source.base_url, 200, (), body, None, None, clock.now())
    running.write_response(asked, source.base_url, None)


def test_a_platform_that_sends_too_much_is_left_alone_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "MAX_RECEIVED", 2**20)
    plan = child.plan({ONE: [("search", "a")], OTHER: [("search", "b")]}, spec=child.spec())
    running = Run(plan, SpoolWriter(tmp_path, plan.run))
    flood, other = plan.sources
    receive(running, flood, b"x" * (2**20 - 1))
    running.check_open(flood, flood.origin)
    receive(running, flood, b"x")
    with pytest.raises(Refused, match="1 MiB in one crawl") as refused:
        running.check_open(flood, flood.origin)
    assert refused.value.state == "deferred"
    running.check_open(other, other.origin)

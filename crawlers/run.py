"""The state of one crawl run, shared by spider and middlewares: pace, budget, what is closed, spool."""

import asyncio
import base64
import hashlib
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from common import clock
from common.addresses import Origin
from crawlers.exchange import Exchange, Refused
from crawlers.hosts import Host
from crawlers.items import Extracted, State
from crawlers.plan import Plan, PlannedSource, PlannedTask
from crawlers.spool import SpoolError, SpoolWriter

CLOCK_SOURCE = "system"
MAX_STORED_HEADERS = 16 * 1024
MAX_RECEIVED = 2**30
"""Bytes one platform may send in a run; 5,000 answers of 60 KiB are a third of it, of 5 MiB a full disk."""


class Run:
    """Everything that changes while a plan is carried out. Lives in one event loop; not thread-safe."""

    def __init__(self, plan: Plan, spool: SpoolWriter) -> None:
        self.plan = plan
        self.hosts: dict[str, Host] = {}
        self.stopping = asyncio.Event()
        self.stop_reason: str | None = None
        self.spool_error: SpoolError | None = None
        self.finished = False
        self._spool = spool
        self._responses = 0
        self._accounted: set[int] = set()
        self._budget = {source.source: source.budget for source in plan.sources}
        self._closed: dict[str, str] = {}
        self._received = dict.fromkeys(self._budget, 0)

    # -- pace and limits

    def host(self, origin: Origin, delay_s: float) -> Host:
        """The host of `origin`, made with `delay_s` when it is met first."""
        loopback = self.plan.loopback
        relaxed = loopback.politeness_off and origin.pair in loopback.addresses
        return self.hosts.setdefault(origin.pair, Host(origin.pair, delay_s, relaxed))

    def check_open(self, source: PlannedSource, origin: Origin) -> Host:
        """The host, if a request to it may be made now. Raises Refused: the reason why not."""
        host = self.host(origin, source.spec.politeness.delay_s)
        if self.stopping.is_set():
            raise Refused("deferred", f"the run was stopped: {self.stop_reason}")
        if source.source in self._closed:
            raise Refused("deferred", self._closed[source.source])
        if reason := host.refusal(time.monotonic()):
            raise Refused("deferred", reason)
        if self._budget[source.source] <= 0:
            raise Refused("budget", f"the budget of {source.budget} requests is spent")
        return host

    async def turn(self, source: PlannedSource, origin: Origin) -> None:
        """Wait for the moment when the next request to the host may start, and count it. Raises Refused."""
        host = self.check_open(source, origin)
        self._budget[source.source] -= 1
        wait = host.take_turn(time.monotonic())
        if wait > 0 and await self._stopped_within(wait):
            self._budget[source.source] += 1
            raise Refused("deferred", f"the run was stopped: {self.stop_reason}")
        host.requests += 1

    async def _stopped_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self.stopping.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def stop(self, reason: str) -> None:
        """Make no further request; what is in flight is finished, the rest goes back to the parent."""
        if not self.stopping.is_set():
            self.stop_reason = reason
            self.stopping.set()

    def pause(self, source: PlannedSource, origin: Origin, seconds: float, reason: str) -> datetime:
        """Leave a host alone for so long, and tell the parent until when."""
        host = self.host(origin, source.spec.politeness.delay_s)
        host.pause(seconds, time.monotonic())
        not_before = clock.now() + timedelta(seconds=seconds)
        self.write(
            {"event": "host", "host": host.pair, "not_before": clock.isoformat(not_before), "reason": reason}
        )
        return not_before

    def close(self, source: PlannedSource, reason: str) -> None:
        """Leave a platform alone for the rest of the run, and tell the parent until when. Once is enough."""
        if source.source in self._closed:
            return
        self._closed[source.source] = f"the platform is closed for now: {reason}"
        until = clock.now() + timedelta(hours=source.spec.politeness.pause_h)
        self.write(
            {
                "event": "challenge",
                "source": source.source,
                "until": clock.isoformat(until),
                "reason": reason,
            }
        )

    # -- spool

    def write(self, event: dict[str, Any]) -> None:
        """One event into the spool. Raises SpoolError, and then the run is over."""
        if self.spool_error is not None:
            raise self.spool_error
        try:
            self._spool.write(event)
        except SpoolError as error:
            self._give_up(error)
            raise

    def _give_up(self, error: SpoolError) -> None:
        self.spool_error = error
        self.stop("the spool cannot be written")

    def begin(self) -> None:
        """The first event."""
        self.write(
            {
                "event": "start",
                "run": self.plan.run,
                "at": clock.isoformat(clock.now()),
                "clock_source": CLOCK_SOURCE,
            }
        )

    def write_response(self, exchange: Exchange, url: str, task: int | None) -> int:
        """What was received, byte for byte; gives the number that its rows refer to."""
        received = exchange.received
        assert received is not None  # noqa: S101
        robots = exchange.robots
        self._responses += 1
        self._count(exchange.source.source, len(received.body))
        self.write(
            {
                "event": "response",
                "kind": exchange.kind,
                "seq": self._responses,
                "task": task,
                "url": url,
                "final_url": received.url,
                "method": "GET",
                "status": received.status,
                "headers": _stored(received.headers),
                "peer": received.peer,
                "robots": robots
                and {
                    "verdict": robots.verdict,
                    "sha256": robots.sha256,
                    "fetched_at": robots.fetched_at and clock.isoformat(robots.fetched_at),
                },
                "at": clock.isoformat(received.at),
                "clock_source": CLOCK_SOURCE,
                "tls_certificate_sha256": received.certificate_sha256,
                "body_sha256": hashlib.sha256(received.body).hexdigest(),
                "body": base64.b64encode(received.body).decode("ascii"),
            }
        )
        return self._responses

    def _count(self, source: str, size: int) -> None:
        """Ask a platform nothing more in this run once it has sent MAX_RECEIVED."""
        self._received[source] += size
        if self._received[source] >= MAX_RECEIVED:
            self._closed.setdefault(source, f"the platform sent {MAX_RECEIVED >> 20} MiB in one crawl")

    def write_rows(self, seq: int, task: int, page: int, found: Extracted) -> None:
        """What the extractor made of response number `seq`."""
        self.write(
            {
                "event": "rows",
                "seq": seq,
                "task": task,
                "page": page,
                "state": found.state,
                "rows": list(found.rows),
                "field_errors": list(found.field_errors),
                "reason": found.reason,
            }
        )

    def account(
        self, task: PlannedTask, state: State, reason: str | None, pages: int, complete: bool
    ) -> None:
        """The one line that says how `task` ended."""
        assert task.task not in self._accounted  # noqa: S101
        self._accounted.add(task.task)
        self.write(
            {
                "event": "task",
                "task": task.task,
                "state": state,
                "reason": reason,
                "pages": pages,
                "complete": complete,
            }
        )

    def sync(self) -> None:
        """Make the spool survive a power cut; called each second. A disk that refuses ends the run."""
        try:
            self._spool.sync()
        except SpoolError as error:
            self._give_up(error)

    def finish(self) -> None:
        """The last event; the spool gets its final name."""
        self.write(
            {
                "event": "end",
                "run": self.plan.run,
                "at": clock.isoformat(clock.now()),
                "tasks_given": len(self.plan.tasks),
                "tasks_accounted": len(self._accounted),
                "requests": {host.pair: host.requests for host in self.hosts.values() if host.requests},
            }
        )
        self._spool.finish()
        self.finished = True


def _stored(headers: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The headers in order, up to 16 KiB."""
    kept: list[tuple[str, str]] = []
    room = MAX_STORED_HEADERS
    for name, value in headers:
        room -= len(name) + len(value)
        if room < 0:
            break
        kept.append((name, value))
    return kept

"""A small world: one registered account on one platform, and a spool to write answers into."""

import base64
import hashlib
import itertools
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from common.clock import isoformat
from observations import ingest
from observations.models import CrawlRun, Source, Task
from registry.models import Account, AccountKind, Division, Unit

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


@dataclass
class World:
    """The rows most tests need."""

    account: Account
    source: Source
    run: CrawlRun

    def task(self, stage: str, value: str) -> Task:
        """A question on behalf of the account, leased to the run."""
        task = Task.objects.create(source=self.source, stage=stage, value=value, due_at=NOW, run=self.run)
        task.accounts.add(self.account)
        return task


@dataclass
class Spool:
    """Writes a run's spool by hand, as a test needs it."""

    run: CrawlRun
    lines: list[bytes] = field(default_factory=list)
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def answer(self, task: Task, rows: list[dict[str, Any]], **changes: Any) -> None:
        """A response with its rows and the task's end."""
        seq = next(self.numbers)
        self.event(response(seq, task.pk, json.dumps(rows).encode()))
        told = {"event": "rows", "seq": seq, "task": task.pk, "page": 1, "state": "ok", "rows": rows}
        self.event({**told, "field_errors": [], "reason": None, **changes})
        end = {
            "event": "task",
            "task": task.pk,
            "state": changes.get("state", "ok"),
            "reason": None,
            "pages": 1,
        }
        self.event({**end, "complete": changes.get("complete", True)})

    def event(self, event: dict[str, Any]) -> None:
        self.raw(json.dumps(event).encode() + b"\n")

    def raw(self, line: bytes) -> None:
        self.lines.append(line)
        path = ingest.spool_folder() / f"{self.run.key}.jsonl.part"
        path.write_bytes(b"".join(self.lines))


def response(seq: int, task: int | None, body: bytes) -> dict[str, Any]:
    """A response event with a true hash."""
    return {
        "event": "response",
        "seq": seq,
        "task": task,
        "url": "http://127.0.0.1:1/x",
        "final_url": "http://127.0.0.1:1/x",
        "method": "GET",
        "status": 200,
        "headers": [["content-type", "application/json"]],
        "peer": "127.0.0.1:1",
        "robots": {"verdict": "allow", "sha256": None, "fetched_at": None},
        "at": isoformat(NOW),
        "clock_source": "system",
        "tls_certificate_sha256": None,
        "body_sha256": hashlib.sha256(body).hexdigest(),
        "body": base64.b64encode(body).decode(),
    }


def row(uid: str, name: str, handle: str = "x", **more: Any) -> dict[str, Any]:
    """An extracted account row."""
    return {"id": uid, "name": name, "handle": handle, **more}


@pytest.fixture
def world(db: None) -> World:
    """郑州发布, registered on the platform that is asked."""
    country = Division.objects.create(
        code="410100", name="郑州市", level="prefecture", path="/CN/410000/410100/"
    )
    unit = Unit.objects.create(
        name="郑州市人民政府", kind="government_office", line_division=country, created_at=NOW
    )
    AccountKind.objects.create(platform="mastodon", title_zh="长毛象", title_en="Mastodon", is_core=False)
    account = Account.objects.create(
        platform="mastodon", instance="example", platform_uid="1", handle="zhengzhou", name="郑州发布",
        state="in_service", unit=unit, created_at=NOW, changed_at=NOW,
    )  # fmt: skip
    source = Source.objects.create(
        platform="mastodon", instance="example", base_url="http://127.0.0.1:1", enabled=True, daily_budget=100
    )
    run = CrawlRun.objects.create(
        key=uuid.uuid4(), worker="elsewhere/1", state="crawling", started_at=NOW, heartbeat_at=NOW
    )
    return World(account, source, run)


@pytest.fixture
def spool(world: World) -> Spool:
    """The spool of the world's run."""
    return Spool(world.run)


@pytest.fixture
def drain(world: World) -> Callable[[], int]:
    """Ingest what the spool holds."""
    return lambda: ingest.drain(world.run, NOW)

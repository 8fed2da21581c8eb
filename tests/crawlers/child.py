"""Runs the real crawl process on a plan and gives back what it put into its spool."""

import copy
import re
import subprocess
import time
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawlers import launch, specs, spool
from crawlers.plan import Loopback, Plan, PlannedSource, PlannedTask

FIELDS = {"id": "id", "handle": "handle", "name": "name"}
DOCUMENT: dict[str, Any] = {
    "id": "testing",
    "version": 1,
    "access": "official_api",
    "base_url": "{instance}",
    "instances": [],
    "politeness": {"robots": "obey", "delay_s": 1, "daily_budget": 1000, "pause_h": 12},
    "search": {
        "request": {"method": "GET", "path": "/search", "params": {"q": "{keyword}"}},
        "format": "json",
        "paginate": {"type": "cursor", "param": "cursor", "next": "cursor", "max_pages": 3},
        "list": "accounts",
        "fields": FIELDS,
    },
    "lookup": {
        "request": {"method": "GET", "path": "/lookup", "params": {"acct": "{handle}"}},
        "format": "json",
        "fields": FIELDS,
    },
    "posts": {
        "request": {"method": "GET", "path": "/posts/{id}"},
        "format": "json",
        "paginate": {"type": "none", "page_size": 3},
        "list": "@",
        "fields": {"time": {"jmes": "time", "as": "datetime"}},
    },
    "not_found": [{"status": 404, "jmes": "error == 'Record not found'"}],
    "blocked_if": [{"url_contains": "/verify"}, {"text": "请完成验证"}],
    "errors": [{"jmes": "error", "message": "error"}],
}
"""A small platform that speaks JSON."""


def spec(**changes: Any) -> specs.Spec:
    """The test platform with some top-level keys changed."""
    return specs.parse(copy.deepcopy(DOCUMENT) | changes)


def plan(
    hosts: Mapping[str, Iterable[tuple[str, str]]],
    *,
    spec: specs.Spec,
    polite: bool = False,
    also_open: Iterable[str] = (),
    budget: int = 1000,
    **limits: float,
) -> Plan:
    """A plan that asks each `host:port` its questions (stage, value): a source a host, tasks in order."""
    asked = [(pair, stage, value) for pair, questions in hosts.items() for stage, value in questions]
    return Plan(
        run=str(uuid.uuid4()),
        user_agent="Zhenwei/0.1 (+test)",
        loopback=Loopback(not polite, sorted({*hosts, *also_open})),
        sources=[
            PlannedSource(pair, spec.id, f"i{n}", f"http://{pair}", spec, budget)
            for n, pair in enumerate(hosts)
        ],
        tasks=[PlannedTask(n, pair, stage, value) for n, (pair, stage, value) in enumerate(asked)],
        **limits,
    )


@dataclass
class Told:
    """What a run told: its exit code, its log, its events."""

    code: int
    log: str
    events: list[dict[str, Any]]
    peak_kib: int = 0

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["event"] == kind]

    def by_task(self, kind: str) -> dict[int, list[dict[str, Any]]]:
        found = defaultdict(list)
        for event in self.of(kind):
            found[event["task"]].append(event)
        return found

    def states(self) -> list[str]:
        return [event["state"] for event in sorted(self.of("task"), key=lambda event: int(event["task"]))]


def spool_path(plan: Plan, folder: Path) -> Path:
    """Where the run's events lie: the complete spool, or the `.part` of a run that goes on or died."""
    whole = spool.whole_path(folder, plan.run)
    return whole if whole.exists() else spool.part_path(folder, plan.run)


def run(plan: Plan, folder: Path, wait_s: float = 60) -> Told:
    """Carry `plan` out in a child of its own."""
    return told(plan, folder, launch.start(plan, folder), wait_s)


def told(plan: Plan, folder: Path, process: subprocess.Popen[bytes], wait_s: float = 60) -> Told:
    """Wait for the child of `plan`, and read what it left behind."""
    try:
        peak_kib = _peak_memory(process, wait_s)
    finally:
        process.kill()
        code = process.wait()
    path = spool_path(plan, folder)
    events = [event for _, event in spool.read(path)] if path.exists() else []
    return Told(code, (folder / f"{plan.run}.log").read_text(encoding="utf-8"), events, peak_kib)


def _peak_memory(process: "subprocess.Popen[bytes]", wait_s: float) -> int:
    """Wait for the process and say how many KiB it held at most: it alone, whatever else was started."""
    deadline, peak_kib = time.monotonic() + wait_s, 0
    while process.poll() is None:
        if time.monotonic() > deadline:
            raise subprocess.TimeoutExpired(process.args, wait_s)
        # Not ru_maxrss of wait4: there Linux counts what this process held when it started the child.
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        peak_kib = int(found[1]) if found else peak_kib
        time.sleep(0.02)
    return peak_kib

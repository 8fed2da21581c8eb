"""Spool → store: what a crawl wrote becomes rows, each exactly once.

One batch is at most 500 answers, 32 MiB or one second of reading, and one transaction; the run's
`spool_offset` moves in the same transaction and only from where the batch began, so a kill repeats nothing
and two ingesters cannot both store a batch. Bodies are put under their hash before the transaction: a kill in
between leaves a capture nobody refers to, which the next try finds in place.

An unreadable line or row is quarantined with its place and never stops the rest.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from audit_logs.record import record
from common.crash import crash_point
from common.datafolder import folder
from crawlers import spool
from observations import captures, events, store
from observations.models import CrawlRun, Quarantine

MAX_ANSWERS = 500
MAX_BYTES = 32 * 2**20  # bodies and rows of a batch are held in memory several times over
MAX_SECONDS = 1.0
Event = dict[str, Any]


class Superseded(Exception):
    """Another ingester stored this batch first; nothing was changed here."""


@dataclass
class Batch:
    """Events from one offset to another, with the lines that are not events; `is_full`: there may be more."""

    start: int
    end: int
    is_full: bool = False
    events: list[Event] = field(default_factory=list)
    broken: list[tuple[int, str]] = field(default_factory=list)


def spool_folder() -> Path:
    """Where crawls write and ingest reads; made on first use, for its owner only."""
    path = folder() / "spool"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def spool_file(run: CrawlRun) -> Path | None:
    """The run's spool, whole or partial; None if it never wrote one."""
    candidates = (
        spool.whole_path(spool_folder(), str(run.key)),
        spool.part_path(spool_folder(), str(run.key)),
    )
    return next((path for path in candidates if path.exists()), None)


def drain(run: CrawlRun, now: datetime) -> int:
    """Store everything the run's spool holds now, up to its last whole line; returns the number of events."""
    total = 0
    while (path := spool_file(run)) is not None:
        batch = _next_batch(path, run.spool_offset)
        if batch.end == batch.start:
            break
        _store(run, batch, now)
        total += len(batch.events)
        if not batch.is_full:
            # The end was reached. What a living crawl has added since is one larger batch of the next call.
            break
    return total


def _store(run: CrawlRun, batch: Batch, now: datetime) -> None:
    counts = store.Counts()
    kept = store.keep_bodies(batch.events)
    # Before the commit: after a power cut no row may name a capture that is not there.
    captures.sync()
    crash_point("ingest.after_captures")
    with transaction.atomic():
        moved = CrawlRun.objects.filter(pk=run.pk, spool_offset=batch.start).update(spool_offset=batch.end)
        if moved != 1:
            raise Superseded(f"run {run.key}: the spool was read past {batch.start} elsewhere")
        store.Writer(run, kept, counts, now).write(batch.events)
        _quarantine(run, batch, now)
        details = {
            "from": batch.start,
            "to": batch.end,
            "broken_lines": len(batch.broken),
            **counts.as_dict(),
        }
        record("system:ingest", "observations.ingest", ("crawl_run", str(run.key)), details, at=now)
        crash_point("ingest.before_commit")
    crash_point("ingest.after_commit")
    run.refresh_from_db(fields=["spool_offset"])


def _quarantine(run: CrawlRun, batch: Batch, now: datetime) -> None:
    Quarantine.objects.bulk_create(
        [Quarantine(run=run, offset=offset, reason=reason[:500], at=now) for offset, reason in batch.broken],
        ignore_conflicts=True,
    )


def _next_batch(path: Path, offset: int) -> Batch:
    batch, deadline, answers = Batch(offset, offset), time.monotonic() + MAX_SECONDS, 0
    for end, event in _events(path, offset, batch):
        batch.events.append(event)
        batch.end = end
        answers += event["event"] == "response"
        if answers >= MAX_ANSWERS or end - offset >= MAX_BYTES or time.monotonic() > deadline:
            batch.is_full = True
            break
    return batch


def _events(path: Path, offset: int, batch: Batch) -> Iterator[tuple[int, Event]]:
    """The events from `offset`; a line that is none is noted in `batch` and passed over."""
    while True:
        try:
            for end, event in spool.read(path, offset):
                problem = events.problem(event)
                if problem:
                    batch.broken.append((offset, problem))
                    batch.end = end
                else:
                    yield end, event
                offset = end
            return
        except spool.SpoolError as error:
            batch.broken.append((offset, str(error)))
            offset = batch.end = spool.behind_line(path, offset)

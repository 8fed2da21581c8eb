"""Numbers the waiting events, one sequencer at a time, and signs what it has numbered.

1. Nothing waits and no checkpoint is due: leave without writing.
2. Take the lease, or leave: somebody else is at it.
3. In one transaction a batch: renew the lease, read the edge, append the waiting events in the order of their
   rows, store entries and edge. After each batch sign a checkpoint if one is due (`checkpoint.py`).

Events are taken in row order because SQLite has one writer at a time, so a row with a lower number was never
committed after a higher one. A row that turns up behind the sequencer is not numbered; verification names it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from audit_logs import checkpoint, lease, tree
from audit_logs.errors import LogBroken
from audit_logs.models import Edge, Entry, Event
from common import clock
from common.crash import crash_point

BATCH = 1_000  # events in one transaction; others wait about 0.1 s to write
LEASE = "sequencer"


@dataclass(frozen=True, slots=True)
class Sequenced:
    """What one pass did: events numbered, and the last head signed, if one was due."""

    numbered: int
    signed: tree.Head | None


@dataclass(frozen=True, slots=True)
class Busy:
    """Another sequencer holds the lease; nothing was done."""


def sequence(now: Callable[[], datetime] = clock.now, *, force: bool = False) -> Sequenced | Busy:
    """Number all waiting events and sign a checkpoint if one is due, or anyway with `force`.

    The clock is read once per transaction. Raises LogBroken if the stored log contradicts itself, KeyProblem
    if the signing key cannot be used, LeaseLost if another sequencer took over: then this batch left nothing.
    """
    if not force and not _waiting_after(_last_entry()[1], limit=1) and not checkpoint.due(now()):
        return Sequenced(0, None)
    with lease.taken(LEASE, now) as held:
        if held is None:
            return Busy()
        # A kill here leaves the lease, which ends after its term. Nothing is numbered.
        crash_point("audit.leased")
        return _number_all(held, now, force)


def _number_all(held: lease.Held, now: Callable[[], datetime], force: bool) -> Sequenced:
    numbered, signed = 0, None
    while True:
        count = _number_batch(held, now)
        numbered += count
        at_end = count < BATCH
        if (force and at_end) or checkpoint.due(now()):
            signed = checkpoint.sign(held, now)
        if at_end:
            return Sequenced(numbered, signed)


def _number_batch(held: lease.Held, now: Callable[[], datetime]) -> int:
    with transaction.atomic():
        moment = now()  # read inside: waiting for the write lock may have taken a while
        held.renew(moment)
        edge, last_event = _consistent_edge()
        entries, grown = _appended(edge, _waiting_after(last_event, limit=BATCH), moment)
        if entries:
            Entry.objects.bulk_create(entries)
            _store_edge(edge, grown)
        # A kill here leaves the batch unwritten: its events wait as before.
        crash_point("audit.batch_before_commit")
    # A kill here leaves the batch whole: entries and edge were committed together.
    crash_point("audit.batch_after_commit")
    return len(entries)


def _consistent_edge() -> tuple[tree.Edge, int]:
    """The stored edge and the row of the last numbered event. Raises LogBroken if edge and entries differ."""
    edge, (index, last_event) = checkpoint.stored_edge(), _last_entry()
    if index + 1 != edge.size:
        raise LogBroken(f"the edge stands at {edge.size}, the last entry is {index}: zhenwei audit verify")
    return edge, last_event


def _last_entry() -> tuple[int, int]:
    """Index and event row of the last entry; (-1, 0) in an empty log."""
    last = Entry.objects.order_by("-index").values_list("index", "event_id").first()
    return last or (-1, 0)


def _waiting_after(event_row: int, limit: int) -> list[tuple[int, bytes]]:
    """Row and body of the next events without a number."""
    rows = Event.objects.filter(pk__gt=event_row).order_by("pk").values_list("pk", "body")[:limit]
    return [(row, bytes(body)) for row, body in rows]


def _appended(
    edge: tree.Edge, waiting: list[tuple[int, bytes]], moment: datetime
) -> tuple[list[Entry], tree.Edge]:
    # The wall clock may be set back; the time in the log stands still until it has caught up.
    when = max(moment, clock.parse(edge.time)) if edge.time else moment
    entries = []
    for row, body in waiting:
        entry, edge = tree.append(edge, body, when)
        leaf = entry.leaf()
        entries.append(Entry(index=entry.index, event_id=row, leaf=leaf, leaf_hash=tree.leaf_hash(leaf)))
    return entries, edge


def _store_edge(old: tree.Edge, new: tree.Edge) -> None:
    """Move the edge by compare-and-set, so that no two entries ever claim one place."""
    Edge.objects.get_or_create(pk=Edge.THE_ROW, defaults={"size": 0, "time": "", "peaks": b""})
    row = Edge.objects.filter(pk=Edge.THE_ROW, size=old.size)
    if row.update(size=new.size, time=new.time, peaks=new.packed()) != 1:
        raise LogBroken(f"the edge moved from {old.size} while this sequencer held the lease")

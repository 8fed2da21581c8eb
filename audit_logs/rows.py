"""The log's rows as SQLite has them, for verification alone.

* Text is read as bytes: a changed byte may be no UTF-8, no date and no UUID any more, yet must be named.
* Rows come a thousand at a time in key order, so a long check neither holds everything nor blocks a writer.
* A snapshot is read in one statement; what is added after it belongs to the next check.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import connection

_CHUNK = 1_000
_BEFORE_ALL = -(2**63)

_SNAPSHOT = """
    SELECT edge.size, CAST(edge.time AS BLOB), CAST(edge.peaks AS BLOB),
           (SELECT max("index") FROM audit_logs_entry), (SELECT max(id) FROM audit_logs_event)
    FROM (SELECT 1) LEFT JOIN audit_logs_edge AS edge ON edge.id = 1
"""
_CHECKPOINTS = """
    SELECT size, CAST(root AS BLOB), CAST(peaks AS BLOB), CAST(note AS BLOB)
    FROM audit_logs_checkpoint ORDER BY size
"""
_ENTRIES = """
    SELECT "index", event_id, CAST(leaf AS BLOB), CAST(leaf_hash AS BLOB)
    FROM audit_logs_entry WHERE "index" > %s AND "index" <= %s ORDER BY "index" LIMIT %s
"""
_EVENTS = """
    SELECT id, CAST(event_id AS BLOB), CAST(at AS BLOB), CAST(actor AS BLOB), CAST(action AS BLOB),
           CAST(subject_kind AS BLOB), CAST(subject_id AS BLOB), CAST(body AS BLOB)
    FROM audit_logs_event WHERE id > %s AND id <= %s ORDER BY id LIMIT %s
"""


class Snapshot(NamedTuple):
    """The edge row (all None if there is none), the highest entry index and the highest event row."""

    size: int | None
    time: bytes | None
    peaks: bytes | None
    last_index: int | None
    last_event: int | None


class CheckpointRow(NamedTuple):
    """A stored checkpoint."""

    size: int
    root: bytes
    peaks: bytes
    note: bytes


class EntryRow(NamedTuple):
    """A stored entry; `event` is the row of its event."""

    number: int
    event: int
    leaf: bytes
    leaf_hash: bytes


class EventRow(NamedTuple):
    """A stored event; text columns as bytes."""

    row: int
    event_id: bytes
    at: bytes
    actor: bytes
    action: bytes
    subject_kind: bytes
    subject_id: bytes
    body: bytes


def snapshot() -> Snapshot:
    """How far the log goes at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(_SNAPSHOT)
        return Snapshot(*cursor.fetchone())


def checkpoints() -> list[CheckpointRow]:
    """All checkpoints, by size."""
    with connection.cursor() as cursor:
        cursor.execute(_CHECKPOINTS)
        return [CheckpointRow(*row) for row in cursor.fetchall()]


def entries(last_index: int | None) -> Iterator[EntryRow]:
    """Entries up to `last_index`, by index."""
    for row in _chunked(_ENTRIES, last_index):
        yield EntryRow(*row)


def events(last_row: int | None) -> Iterator[EventRow]:
    """Events up to `last_row`, by row."""
    for row in _chunked(_EVENTS, last_row):
        yield EventRow(*row)


def _chunked(query: str, last: int | None) -> Iterator[tuple[Any, ...]]:
    reached = _BEFORE_ALL
    while last is not None:
        with connection.cursor() as cursor:
            cursor.execute(query, [reached, last, _CHUNK])
            found = cursor.fetchall()
        if not found:
            return
        yield from found
        reached = found[-1][0]

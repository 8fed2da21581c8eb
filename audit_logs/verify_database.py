"""Checks the log in the database: rows against each other, against the tree, against every checkpoint.

* Entries and events are walked side by side, both in the order in which they were numbered. An event row that
  was edited, removed, or put in behind the sequencer is named by the entry at which it shows.
* Every checkpoint must be signed by this log's key, say what its row says, and have the root of the entries;
  so must the last one, which is kept beside the key too (`memory.py`).
* An event that waits for its number is checked against itself only: until then nothing else holds it.
* Columns no proof covers: a checkpoint's `signed_at` and the lease.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from django.db import DatabaseError

from audit_logs import keys, memory, note, rows, tree
from audit_logs.errors import FormatError, NotChecked
from audit_logs.event import EventBody, parse_body
from audit_logs.tree import Stored, Wrong
from common import clock


def verify_database(key: note.VerifierKey | None = None, also: Iterable[tree.Head] = ()) -> tree.Verdict:
    """Judge the log in the database by its checkpoints, checked with `key` (default: this installation's).

    `also` are heads signed by this log and kept elsewhere. Entries added meanwhile wait for the next check.
    Raises KeyProblem if there are checkpoints and no key to check them with, NotChecked if the database
    cannot be read at all.
    """
    try:
        # Checkpoints first: one that is signed while this runs would seem to promise missing entries.
        heads = _heads(key)
        now = rows.snapshot()
        events = rows.events(now.last_event)
        verdict = tree.verify(_stored(now, events), [*heads, *also])
        if isinstance(verdict, tree.Broken):
            return verdict
        _check_edge(now, verdict.edge)
        return replace(verdict, waiting=_count_waiting(events))
    except Wrong as wrong:
        return wrong.verdict
    except DatabaseError as error:
        raise NotChecked(f"the database cannot be read: {error}") from error


def _heads(key: note.VerifierKey | None) -> list[tree.Head]:
    """What all stored checkpoints promise, and the one kept beside the key. Without any, no key is needed."""
    found = rows.checkpoints()
    if not found and not memory.exists():
        return []
    trusted = key or keys.verifier_key()
    return [*(_head(row, trusted) for row in found), *_remembered(trusted)]


def _remembered(key: note.VerifierKey) -> list[tree.Head]:
    try:
        head = memory.head(key)
    except FormatError as error:
        raise Wrong(None, str(error)) from error
    return [head] if head else []


def _head(row: rows.CheckpointRow, key: note.VerifierKey) -> tree.Head:
    """What the checkpoint in `row` promises. Raises Wrong unless the row says the same as its signed note."""
    try:
        head = note.open_checkpoint(row.note, key)
        edge = tree.unpacked(row.size, "", row.peaks)
    except FormatError as error:
        raise Wrong(None, f"the checkpoint of {row.size} entries is not good: {error}") from error
    if head != tree.Head(row.size, row.root) or head.root != edge.root():
        raise Wrong(None, f"the checkpoint row of {row.size} entries says otherwise than its signed note")
    return head


def _stored(now: rows.Snapshot, events: Iterator[rows.EventRow]) -> Iterator[Stored]:
    """Every entry, each with its event, the next of `events`."""
    for expected, entry in enumerate(rows.entries(now.last_index)):
        event = _event_of(expected, entry, next(events, None))
        yield Stored(entry.leaf, entry.leaf_hash, event.body, partial(_contradiction, event))


def _event_of(expected: int, entry: rows.EntryRow, event: rows.EventRow | None) -> rows.EventRow:
    """`event`, if it is the one `entry` numbers. Raises Wrong if rows are missing, spare or out of order."""
    if entry.number != expected:
        raise Wrong(expected, f"gap or wrong order: here stands the row of entry {entry.number}")
    if event is None or event.row > entry.event:
        raise Wrong(expected, f"its event, row {entry.event}, is gone")
    if event.row < entry.event:
        raise Wrong(expected, f"event row {event.row} before it has no number: put in behind the sequencer")
    return event


def _contradiction(event: rows.EventRow, said: EventBody) -> str | None:
    """How the columns of an event contradict what its body says."""
    for column, value in _columns(said).items():
        if getattr(event, column) != value.encode():
            return f"column {column} of event row {event.row} does not say what its body says"
    return None


def _columns(said: EventBody) -> dict[str, str]:
    """The columns of an event as Django writes them to SQLite."""
    moment = clock.isoformat(said.at).removesuffix("Z").replace("T", " ").removesuffix(".000000")
    return {
        "event_id": said.id.hex,
        "at": moment,
        "actor": said.actor,
        "action": said.action,
        "subject_kind": said.subject[0],
        "subject_id": said.subject[1],
    }


def _check_edge(now: rows.Snapshot, edge: tree.Edge) -> None:
    stored = (now.size or 0, now.time or b"", now.peaks or b"")
    if stored != (edge.size, edge.time.encode(), edge.packed()):
        raise Wrong(None, f"the edge row, at {stored[0]}, is not the edge of the {edge.size} entries")


def _count_waiting(events: Iterator[rows.EventRow]) -> int:
    count = 0
    for event in events:
        try:
            reason = _contradiction(event, parse_body(event.body))
        except FormatError as error:
            reason = f"body of event row {event.row}: {error}"
        if reason:
            raise Wrong(None, f"an event that waits for its number was changed: {reason}")
        count += 1
    return count

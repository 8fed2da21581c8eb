"""The sequencer: every event once, in order, without gaps."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from audit_logs import lease, tree
from audit_logs import sequence as sequencing
from audit_logs.checkpoint import stored_edge
from audit_logs.errors import LeaseLost, LogBroken
from audit_logs.models import Checkpoint, Edge, Entry, Event
from audit_logs.sequence import Busy, Sequenced, sequence
from audit_logs.verify_database import verify_database
from tests.audit_logs.database import record_some, sequenced, tampered
from tests.audit_logs.log import NOON, intact

pytestmark = pytest.mark.django_db


def test_it_numbers_what_waits_in_the_order_it_was_recorded() -> None:
    record_some(3)
    assert sequenced().numbered == 3
    record_some(2)
    assert sequenced().numbered == 2
    rows = list(Entry.objects.order_by("index").values_list("index", "event_id"))
    assert rows == list(enumerate(Event.objects.order_by("pk").values_list("pk", flat=True)))


def test_it_numbers_more_than_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequencing, "BATCH", 4)
    for count in (3, 4, 5, 8, 0):
        record_some(count)
        assert sequenced(force=True).numbered == count
    assert intact(verify_database()).signed == 20


def test_with_nothing_to_do_it_writes_nothing() -> None:
    record_some(1)
    sequenced()
    with CaptureQueriesContext(connection) as queries:
        assert sequenced() == Sequenced(0, None)
    assert all(query["sql"].startswith("SELECT") for query in queries)


def test_another_sequencer_leaves_it_busy() -> None:
    record_some(1)
    with lease.taken(sequencing.LEASE, lambda: NOON):
        assert sequence(lambda: NOON) == Busy()
    assert not Entry.objects.exists()


def test_a_sequencer_that_lost_its_lease_writes_nothing() -> None:
    record_some(1)
    with lease.taken(sequencing.LEASE, lambda: NOON) as dead:
        assert dead
        assert sequenced(NOON + lease.TERM).numbered == 1
        record_some(1)
        with pytest.raises(LeaseLost, match="took over"):
            sequencing._number_batch(dead, lambda: NOON + lease.TERM)
    assert Entry.objects.count() == 1


def test_time_in_the_log_stands_still_while_the_clock_is_set_back() -> None:
    record_some(1)
    sequenced(NOON)
    record_some(1)
    sequenced(NOON - timedelta(hours=1))
    assert [tree.parse_leaf(bytes(entry.leaf))[0].logged_at for entry in Entry.objects.order_by("index")] == [
        "2026-11-24T12:00:00.000000Z"
    ] * 2
    assert intact(verify_database()).edge.size == 2


def test_entries_missing_behind_the_edge_stop_it() -> None:
    record_some(3)
    sequenced()
    record_some(1)
    with tampered('DELETE FROM audit_logs_entry WHERE "index" = 2'), pytest.raises(LogBroken, match="edge"):
        sequenced()


@pytest.mark.parametrize(("column", "value"), [("size", 9), ("time", "yesterday"), ("peaks", b"x")])
def test_a_damaged_edge_stops_it(column: str, value: object) -> None:
    record_some(3)
    sequenced()
    record_some(1)
    Edge.objects.update(**{column: value})
    with pytest.raises(LogBroken):
        sequenced()
    assert Entry.objects.count() == 3


def test_a_failing_batch_leaves_its_events_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    record_some(3)

    def fail(old: tree.Edge, new: tree.Edge) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patched, pytest.raises(OSError, match="disk full"), transaction.atomic():
        patched.setattr(sequencing, "_store_edge", fail)
        sequenced()
    assert (Entry.objects.count(), Checkpoint.objects.count()) == (0, 0)
    assert sequenced().numbered == 3


def test_the_edge_is_that_of_the_entries() -> None:
    record_some(6)
    sequenced()
    edge = tree.Edge()
    for entry in Entry.objects.order_by("index"):
        edge = tree.grow(edge, tree.leaf_hash(bytes(entry.leaf)), stored_edge().time)
    assert stored_edge() == edge

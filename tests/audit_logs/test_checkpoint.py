"""Checkpoints: signed when due, and never against an earlier one."""

from datetime import timedelta

import pytest

from audit_logs import checkpoint, keys, note, tree
from audit_logs.errors import KeyProblem, LogBroken
from audit_logs.models import Checkpoint, Edge
from tests.audit_logs.database import record_some, sequenced, tampered
from tests.audit_logs.log import NOON

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def sizes() -> list[int]:
    return list(Checkpoint.objects.order_by("size").values_list("size", flat=True))


def test_the_first_entries_are_signed_at_once_and_then_once_a_minute() -> None:
    for seconds, signed in [(0, [1]), (1, [1]), (59, [1]), (60, [1, 4]), (61, [1, 4])]:
        record_some(1)
        sequenced(NOON + timedelta(seconds=seconds))
        assert sizes() == signed


def test_without_news_nothing_is_signed() -> None:
    record_some(1)
    sequenced(NOON)
    sequenced(NOON + 5 * MINUTE)
    assert sizes() == [1]


def test_a_clock_set_back_does_not_silence_it() -> None:
    record_some(1)
    sequenced(NOON)
    record_some(1)
    sequenced(NOON - timedelta(days=1))
    assert sizes() == [1, 2]


def test_asked_to_it_signs_anyway_but_the_same_log_only_once() -> None:
    assert sequenced(force=True).signed == tree.Head(0, tree.EMPTY_ROOT)
    record_some(2)
    for _ in range(2):
        head = sequenced(force=True).signed
        assert head and head.size == 2
    assert sizes() == [0, 2]


def test_what_is_stored_opens_with_the_public_key() -> None:
    record_some(3)
    head = sequenced().signed
    row = Checkpoint.objects.get()
    assert note.open_checkpoint(bytes(row.note), keys.verifier_key()) == head
    assert (row.size, bytes(row.root), row.signed_at) == (3, head.root if head else None, NOON)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_logs_entry SET leaf = X'00' WHERE \"index\" = 2",
        "UPDATE audit_logs_checkpoint SET peaks = X'00'",
        "UPDATE audit_logs_checkpoint SET note = X'00'",
        "UPDATE audit_logs_checkpoint SET size = 2, peaks = zeroblob(32)",
        "UPDATE audit_logs_edge SET peaks = zeroblob(64)",
    ],
    ids=["entry", "peaks", "note", "size", "edge"],
)
def test_a_log_that_does_not_continue_its_checkpoint_is_not_signed(statement: str) -> None:
    record_some(1)
    sequenced()
    record_some(2)
    sequenced()
    with tampered(statement), pytest.raises(LogBroken):
        sequenced(force=True)
    assert sizes() == [1]


def test_events_numbered_anew_behind_a_checkpoint_are_not_signed() -> None:
    record_some(2)
    sequenced()
    first = Edge.objects.get()
    record_some(1)
    sequenced(force=True)
    Edge.objects.update(size=first.size, time=first.time, peaks=first.peaks)
    with tampered('DELETE FROM audit_logs_entry WHERE "index" = 2'), pytest.raises(LogBroken):
        sequenced(NOON + MINUTE, force=True)


def test_without_its_key_nothing_is_signed_and_what_was_numbered_stays() -> None:
    record_some(1)
    sequenced()
    keys.signing_key_path().unlink()
    record_some(1)
    with pytest.raises(KeyProblem, match="restore it"):
        sequenced(force=True)
    assert checkpoint.stored_edge().size == 2
    assert not keys.signing_key_path().exists()

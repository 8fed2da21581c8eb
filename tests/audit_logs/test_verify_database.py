"""The log in the database: whatever its owner changes, the right entry is named."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection

from audit_logs import keys, memory, note, tree
from audit_logs.errors import KeyProblem, LogBroken, NotChecked
from audit_logs.models import Checkpoint, Entry, Event
from audit_logs.verify_database import verify_database
from tests.audit_logs.database import change, record_some, sequenced, tampered, walls_down
from tests.audit_logs.log import NOON, body, broken, entries, head, intact

pytestmark = pytest.mark.django_db
TEXT = ["event_id", "at", "actor", "action", "subject_kind", "subject_id"]


@pytest.fixture
def five() -> None:
    """Five entries under checkpoints of two and five."""
    record_some(2)
    sequenced(force=True)
    record_some(3, at=NOON + timedelta(milliseconds=1))
    sequenced(force=True)


def raw(table: str, column: str, key: str, value: int) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT CAST({column} AS BLOB) FROM audit_logs_{table} WHERE "{key}" = %s', [value])  # noqa: S608
        return bytes(cursor.fetchone()[0])


def test_an_empty_log_is_intact_and_needs_no_key() -> None:
    assert intact(verify_database()).edge == tree.Edge()


@pytest.mark.usefixtures("five")
def test_an_untouched_log_is_intact_and_says_what_waits() -> None:
    record_some(2)
    assert str(verify_database()) == "intact to 5 (checkpoint covers 5), 2 waiting"
    sequenced()
    assert str(verify_database()) == "intact to 7 (checkpoint covers 5), 0 waiting"


def flips(kept: bytes) -> Iterator[bytes]:
    """`kept` with each byte changed in turn."""
    for at in range(len(kept)):
        yield kept[:at] + bytes([kept[at] ^ 1]) + kept[at + 1 :]


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize("column", ["leaf", "leaf_hash"])
def test_every_flipped_byte_of_an_entry_is_named(column: str) -> None:
    statement = f'UPDATE audit_logs_entry SET {column} = %s WHERE "index" = %s'  # noqa: S608
    for index in range(5):
        kept = raw("entry", column, "index", index)
        with walls_down():
            for changed in flips(kept):
                change(statement, changed, index)
                assert broken(verify_database()).entry == index


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize("column", ["body", *TEXT])
def test_every_flipped_byte_of_an_event_names_its_entry(column: str) -> None:
    kind = "BLOB" if column == "body" else "TEXT"
    statement = f"UPDATE audit_logs_event SET {column} = CAST(%s AS {kind}) WHERE id = %s"  # noqa: S608
    for index, row in Entry.objects.values_list("index", "event_id"):
        kept = raw("event", column, "id", row)
        with walls_down():
            for changed in flips(kept):
                change(statement, changed, row)
                assert broken(verify_database()).entry == index


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize("garbage", [b"\xff\xfe", b"", b"0", b"\x00"])
def test_a_column_that_is_no_longer_its_type_is_named_too(garbage: bytes) -> None:
    row = Entry.objects.get(index=3).event_id
    for column in [*TEXT, "body"]:
        statement = f"UPDATE audit_logs_event SET {column} = CAST(%s AS TEXT) WHERE id = %s"  # noqa: S608
        with tampered(statement, garbage, row):
            assert broken(verify_database()).entry == 3


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    ("statement", "entry"),
    [
        ('DELETE FROM audit_logs_entry WHERE "index" = 3', 3),
        ('DELETE FROM audit_logs_entry WHERE "index" = 4', 4),
        ('DELETE FROM audit_logs_entry WHERE "index" = 0', 0),
        ("DELETE FROM audit_logs_entry", 0),
        ('UPDATE audit_logs_entry SET "index" = 9 WHERE "index" = 1', 1),
        ('UPDATE audit_logs_entry SET "index" = -9 WHERE "index" = 1', 0),
        ('UPDATE audit_logs_entry SET "index" = \'x\' WHERE "index" = 1', 1),
        ('UPDATE audit_logs_entry SET event_id = event_id + 50 WHERE "index" = 2', 2),
        ("UPDATE audit_logs_event SET id = id + 50 WHERE id = (SELECT max(id) - 1 FROM audit_logs_event)", 3),
        ("DELETE FROM audit_logs_event WHERE id = (SELECT max(id) - 2 FROM audit_logs_event)", 2),
        ("DELETE FROM audit_logs_event", 0),
        (
            "INSERT INTO audit_logs_event SELECT min(id) - 1, 'x', at, actor, action, subject_kind, "
            "subject_id, body FROM audit_logs_event",
            0,
        ),
        (
            "UPDATE audit_logs_entry SET (leaf, leaf_hash) = "
            '(SELECT leaf, leaf_hash FROM audit_logs_entry WHERE "index" = 1) WHERE "index" = 3',
            3,
        ),
    ],
)
def test_rows_removed_added_or_moved_are_named(statement: str, entry: int) -> None:
    with tampered(statement):
        assert broken(verify_database()).entry == entry


@pytest.mark.usefixtures("five")
def test_an_entry_changed_in_all_its_copies_shows_as_a_fork_at_the_last_good_checkpoint() -> None:
    row, forged = Entry.objects.get(index=3), body(3)
    leaf = tree.Entry(3, tree.parse_leaf(bytes(row.leaf))[0].logged_at, forged).leaf()
    with (
        tampered(
            "UPDATE audit_logs_event SET event_id = '00000000000040008000000000000003', "
            "at = '2026-11-24 12:00:03', subject_id = 'weibo//1000003', body = %s WHERE id = %s",
            forged,
            row.event_id,
        ),
        tampered(
            'UPDATE audit_logs_entry SET leaf = %s, leaf_hash = %s WHERE "index" = 3',
            leaf,
            tree.leaf_hash(leaf),
        ),
    ):
        verdict = broken(verify_database())
    assert verdict.entry == 2
    assert "forked" in verdict.reason


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_logs_edge SET size = 4",
        "UPDATE audit_logs_edge SET time = 'x'",
        "UPDATE audit_logs_edge SET time = CAST(X'ff' AS TEXT)",
        "UPDATE audit_logs_edge SET peaks = zeroblob(64)",
        "DELETE FROM audit_logs_edge",
        "UPDATE audit_logs_checkpoint SET size = 4 WHERE size = 5",
        "UPDATE audit_logs_checkpoint SET root = zeroblob(32) WHERE size = 2",
        "UPDATE audit_logs_checkpoint SET peaks = zeroblob(32) WHERE size = 2",
        "UPDATE audit_logs_checkpoint SET note = (SELECT note FROM audit_logs_checkpoint WHERE size = 2)",
        "UPDATE audit_logs_checkpoint SET note = ''",
    ],
)
def test_what_lies_beside_the_entries_is_checked_as_well(statement: str) -> None:
    with tampered(statement):
        assert broken(verify_database()).entry is None


@pytest.mark.usefixtures("five")
def test_every_flipped_byte_of_a_checkpoint_is_found() -> None:
    kept = raw("checkpoint", "note", "size", 2)
    with walls_down():
        for changed in flips(kept):
            change("UPDATE audit_logs_checkpoint SET note = %s WHERE size = 2", changed)
            assert "checkpoint" in broken(verify_database()).reason


@pytest.mark.usefixtures("five")
def test_a_tail_cut_with_its_checkpoint_shows_by_the_one_beside_the_key() -> None:
    with cut_after_two():
        verdict = broken(verify_database())
        assert (verdict.entry, "truncated" in verdict.reason) == (2, True)
        with pytest.raises(LogBroken, match="without its checkpoint of 5 entries"):
            sequenced(force=True)


@pytest.mark.usefixtures("five")
def test_a_whole_log_taken_out_is_neither_found_intact_nor_begun_anew() -> None:
    with (
        tampered("DELETE FROM audit_logs_checkpoint"),
        tampered("DELETE FROM audit_logs_entry"),
        tampered("DELETE FROM audit_logs_edge"),
        tampered("DELETE FROM audit_logs_event WHERE subject_id = '1'"),
    ):
        assert "truncated" in broken(verify_database()).reason
        with pytest.raises(LogBroken, match="without its checkpoint of 5 entries"):
            sequenced(force=True)
        assert not Checkpoint.objects.exists()


@pytest.mark.usefixtures("five")
def test_a_damaged_checkpoint_beside_the_key_is_said() -> None:
    memory.path().write_bytes(memory.path().read_bytes()[:-5])
    assert str(memory.path()) in broken(verify_database()).reason
    record_some(1)
    with pytest.raises(LogBroken, match="zhenwei audit verify"):
        sequenced(force=True)


@pytest.mark.usefixtures("five")
def test_the_one_beside_the_key_is_brought_up_to_date_after_a_kill() -> None:
    memory.path().unlink()
    sequenced(force=True)
    assert memory.head(keys.verifier_key()) == tree.Head(5, verify_database().edge.root())  # type: ignore[union-attr]
    assert memory.path().stat().st_mode & 0o777 == 0o600


@contextmanager
def cut_after_two() -> Iterator[None]:
    """The log as it was when it held two entries, its later checkpoint taken out."""
    with (
        tampered("DELETE FROM audit_logs_checkpoint WHERE size = 5"),
        tampered('DELETE FROM audit_logs_entry WHERE "index" >= 2'),
        tampered(
            "UPDATE audit_logs_edge SET size = 2, time = '2026-11-24T12:00:00.000000Z', peaks = "
            "(SELECT peaks FROM audit_logs_checkpoint WHERE size = 2)"
        ),
    ):
        yield


@pytest.mark.usefixtures("five")
def test_a_tail_cut_by_the_holder_of_everything_shows_by_a_head_kept_elsewhere() -> None:
    kept = tree.Head(5, verify_database().edge.root())  # type: ignore[union-attr]
    memory.path().unlink()
    with cut_after_two():
        assert intact(verify_database()).waiting == 3
        verdict = broken(verify_database(also=[kept]))
    assert verdict.entry == 2
    assert "truncated" in verdict.reason


@pytest.mark.usefixtures("five")
def test_another_history_kept_elsewhere_is_a_fork() -> None:
    assert "forked" in broken(verify_database(also=[head(entries(5))])).reason


@pytest.mark.usefixtures("five")
def test_a_waiting_event_that_was_edited_is_found() -> None:
    record_some(1)
    last = Event.objects.order_by("pk").last()
    assert last
    for forged in ("actor = 'user:8'", "body = X'7b7d'"):
        with tampered(f"UPDATE audit_logs_event SET {forged} WHERE id = %s", last.pk):  # noqa: S608
            verdict = broken(verify_database())
            assert verdict.entry is None
            assert "waits" in verdict.reason


@pytest.mark.usefixtures("five")
def test_without_a_key_it_is_not_checked_which_is_not_intact() -> None:
    keys.verifier_key_path().unlink()
    with pytest.raises(KeyProblem, match="missing"):
        verify_database()


@pytest.mark.usefixtures("five")
def test_another_key_does_not_do() -> None:
    other = note.new_signing_key(keys.DEFAULT_ORIGIN).verifier
    assert "not signed" in broken(verify_database(other)).reason


def test_a_database_without_tables_is_not_checked() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_logs_checkpoint RENAME TO gone")
    with pytest.raises(NotChecked, match="cannot be read"):
        verify_database()

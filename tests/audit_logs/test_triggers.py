"""The second wall: the database refuses to change what was logged."""

import pytest
from django.db import IntegrityError, connection, transaction

from audit_logs import triggers
from audit_logs.models import Checkpoint, Entry, Event
from audit_logs.sequence import sequence
from tests.audit_logs.database import record_some

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_of_each() -> None:
    record_some(1)
    sequence(force=True)


def test_all_walls_stand_after_all_migrations() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        found = {name for (name,) in cursor.fetchall()}
    assert set(triggers.NAMES) <= found


@pytest.mark.parametrize("model", [Event, Entry, Checkpoint])
def test_rows_are_neither_changed_nor_deleted_by_any_way_in(
    model: type[Event] | type[Entry] | type[Checkpoint],
) -> None:
    row = model.objects.get()
    column = {Event: "actor", Entry: "leaf_hash", Checkpoint: "root"}[model]
    for attempt in (
        row.save,
        row.delete,
        model.objects.all().delete,
        lambda: model.objects.update(**{column: b"x"}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
    assert model.objects.get() == row


@pytest.mark.parametrize("table", ["event", "entry", "checkpoint"])
def test_rows_are_not_replaced(table: str) -> None:
    """INSERT OR REPLACE deletes without firing a delete trigger."""
    again = f"INSERT OR REPLACE INTO audit_logs_{table} SELECT * FROM audit_logs_{table}"  # noqa: S608
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute(again)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(2))
def test_they_stand_again_after_a_test_database_was_emptied(turn: int) -> None:
    assert Event.objects.count() == 1
    with pytest.raises(IntegrityError):
        Event.objects.all().delete()

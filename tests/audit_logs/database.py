"""A log in the database for tests, and a hand that changes it behind the product's back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection, transaction

from audit_logs import triggers
from audit_logs.record import record
from audit_logs.sequence import Sequenced, sequence
from tests.audit_logs.log import NOON

Value = bytes | int | str


def record_some(count: int, at: datetime = NOON) -> None:
    """Record `count` events, a second apart."""
    with transaction.atomic():
        for number in range(count):
            record("user:7", "registry.import", ("account", str(number)), {"file": "名册.csv"}, at=at)
            at += timedelta(seconds=1)


def sequenced(at: datetime = NOON, *, force: bool = False) -> Sequenced:
    """One pass at the moment `at`, which nobody may be in the way of."""
    done = sequence(lambda: at, force=force)
    assert isinstance(done, Sequenced)
    return done


def change(statement: str, *values: Value) -> None:
    """One SQL statement, which must have changed something."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount > 0, "nothing was changed"


@contextmanager
def walls_down() -> Iterator[None]:
    """The database in the hands of its owner, who takes the triggers down; all is undone at the end."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            for drop in triggers.DROP:
                cursor.execute(drop)
            cursor.execute("PRAGMA defer_foreign_keys = ON")
        yield
        transaction.set_rollback(True)


@contextmanager
def tampered(statement: str, *values: Value) -> Iterator[None]:
    """The database after one SQL statement by its owner; undone at the end."""
    with walls_down():
        change(statement, *values)
        yield

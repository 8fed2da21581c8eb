"""Lets transactional tests end: Django empties every table after them, which the log's triggers refuse."""

from collections.abc import Iterator, Sequence

import pytest
from django.db import connection
from django.db.backends.sqlite3.operations import DatabaseOperations

from audit_logs import triggers


@pytest.fixture(scope="session", autouse=True)
def emptied_past_the_walls() -> Iterator[None]:
    """Take the triggers down for the moment in which the test database is emptied."""
    empty = DatabaseOperations.execute_sql_flush

    def emptied(self: DatabaseOperations, statements: Sequence[str]) -> None:
        with connection.cursor() as cursor:
            for drop in triggers.DROP:
                cursor.execute(drop)
            empty(self, statements)
            for create in triggers.CREATE:
                cursor.execute(create)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(DatabaseOperations, "execute_sql_flush", emptied)
        yield

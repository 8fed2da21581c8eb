"""Looks read from a file but not yet stored: a temporary table, so that whoever dies leaves nothing behind.

It is the connection's own and lies in a file without a name: filling it takes no lock of the database.
Copying from table to table is then several times as fast as storing rows one by one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

from django.db import connection
from django.db.backends.utils import CursorWrapper

BATCH = 4_000
TABLE = "temp.handin_stage"
FACE = ("uid", "handle", "name", "bio", "avatar_url", "profile_url", "certified_subject")
COLUMNS = (*FACE, "followers", "opened_at", "fields", "content_hash", "seen_at")
"""Of `observations.models.Observation`; `seen_at` is empty where the row does not say it."""
Staged = tuple[Any, ...]
"""The values of COLUMNS as the database holds them, and the line."""
_NAMES = ", ".join(COLUMNS)
_ADD = f"INSERT INTO {TABLE} ({_NAMES}, line) VALUES ({', '.join(['%s'] * (len(COLUMNS) + 1))})"  # noqa: S608


class Stage:
    """Takes looks one by one; numbers them from 1, about in the order of their ids."""

    def __init__(self) -> None:
        self._batch: list[Staged] = []
        self.rows = 0

    def __enter__(self) -> Self:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
            cursor.execute(f"CREATE TABLE {TABLE} (n INTEGER PRIMARY KEY, {_NAMES}, line)")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")

    def add(self, row: Staged) -> None:
        """Keep `row`; `flush` makes it last."""
        self._batch.append(row)
        if len(self._batch) == BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        # In the order of the index they go to: neighbours share its pages. An account's own rows keep theirs.
        self._batch.sort(key=_uid)
        with connection.cursor() as cursor, _together(cursor):
            cursor.executemany(_ADD, self._batch)
        self.rows += len(self._batch)
        self._batch = []


@contextmanager
def _together(cursor: CursorWrapper) -> Iterator[None]:
    """One transaction of the temporary table alone, unless one is open; `atomic` would lock the database."""
    if connection.in_atomic_block:
        yield
        return
    cursor.execute("BEGIN DEFERRED")
    try:
        yield
    except BaseException:
        cursor.execute("ROLLBACK")
        raise
    cursor.execute("COMMIT")


def _uid(row: Staged) -> str:
    uid: str = row[0]
    return uid

"""Copies staged looks into the tables: a million, each once. Call inside a transaction.

Looks that are stored already stay as they are, and are only noted as seen again.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.utils import CursorWrapper

from observations.models import Observation, Response, Sighting
from observations.stage import COLUMNS, TABLE, Stage

CHUNK = 50_000
CACHE_KIB = 262_144
_SEEN = Observation._meta.db_table
_TAKEN = ", ".join("coalesce(seen_at, %s)" if name == "seen_at" else name for name in COLUMNS)
_INSERT = (
    f"INSERT INTO {_SEEN} ({', '.join(COLUMNS)}, platform, instance, response_id)"  # noqa: S608
    f" SELECT {_TAKEN}, %s, %s, %s FROM {TABLE} WHERE n BETWEEN %s AND %s ORDER BY n"
    " ON CONFLICT (platform, instance, uid, content_hash) DO NOTHING"
)
# CROSS JOIN: the stage is gone through, and each of its rows looked up in the index.
_STORED = (
    f"FROM {TABLE} AS staged CROSS JOIN {_SEEN} AS seen ON seen.platform = %s AND seen.instance = %s"
    " AND seen.uid = staged.uid AND seen.content_hash = staged.content_hash"
)
_SIGHT = (
    f"INSERT INTO {Sighting._meta.db_table} (rank, response_id, observation_id)"
    f" SELECT staged.line, %s, seen.id {_STORED} WHERE staged.n BETWEEN %s AND %s ORDER BY staged.n"
)
# Where all were new, without looking them up: their numbers follow one another as their ids do.
_SIGHT_NEW = (
    f"INSERT INTO {Sighting._meta.db_table} (rank, response_id, observation_id)"  # noqa: S608
    f" SELECT line, %s, n + %s FROM {TABLE} WHERE n BETWEEN %s AND %s ORDER BY n"
)
_BETWEEN = f"SELECT count(*) FROM {_SEEN} WHERE id BETWEEN %s AND %s"  # noqa: S608
Progress = Callable[[int], None]


def write(
    stage: Stage, place: tuple[str, str], response: Response, exported_at: str, progress: Progress
) -> int:
    """Store what `stage` holds as seen in `response`; returns how many looks were new.

    `place`: platform and instance; `exported_at`: when a row that does not say so was seen.
    """
    added = 0
    with _room(), connection.cursor() as cursor:
        for first in range(1, stage.rows + 1, CHUNK):
            span = (first, min(first + CHUNK - 1, stage.rows))
            cursor.execute(_INSERT, (exported_at, *place, response.pk, *span))
            added += cursor.rowcount
            if (before_first := _ids_before(cursor, span)) is None:
                cursor.execute(_SIGHT, (response.pk, *place, *span))
            else:
                cursor.execute(_SIGHT_NEW, (response.pk, before_first, *span))
            progress(span[1])
    return added


def _ids_before(cursor: CursorWrapper, span: tuple[int, int]) -> int | None:
    """What to add to a number of `span` for its id, once its looks are inserted; None unless all are new."""
    first, last = span
    count, newest = cursor.rowcount, cursor.lastrowid
    if count != last - first + 1:
        return None
    # Ids only grow: as many as there are numbers, up to the newest, are one for each, in order.
    cursor.execute(_BETWEEN, (newest - count + 1, newest))
    return newest - last if cursor.fetchone()[0] == count else None


def known(place: tuple[str, str]) -> int:
    """How many of the staged looks are stored already; for a dry run."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {_STORED}", place)
        return int(cursor.fetchone()[0])


@contextmanager
def _room() -> Iterator[None]:
    """More of the database in memory while many rows are written."""
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA cache_size").fetchone()[0]
        cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {int(before)}")

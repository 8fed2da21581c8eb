"""Writes a staged export into the tables: a million rows, each once. Call inside a transaction.

Raw SQL, for models would take several times as long. Rows that are there already stay as they are, and are
only noted as seen again.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.db import connection

from observations.models import Observation, Response, Sighting
from observations.stage import Stage, Staged

FACE = ("uid", "handle", "name", "bio", "avatar_url", "profile_url", "certified_subject")
COLUMNS = (*FACE, "followers", "opened_at", "fields", "content_hash", "seen_at")
"""Of a staged row; its last value is the line."""
HASH = COLUMNS.index("content_hash")
SEEN_AT = COLUMNS.index("seen_at")
CACHE_KIB = 131_072
_SEEN = Observation._meta.db_table
_INSERT = (
    f"INSERT INTO {_SEEN} ({', '.join(COLUMNS)}, platform, instance, response_id)"  # noqa: S608
    f" VALUES ({', '.join(['%s'] * (len(COLUMNS) + 3))})"
    " ON CONFLICT (platform, instance, uid, content_hash) DO NOTHING"
)
_SIGHT = (
    f"INSERT INTO {Sighting._meta.db_table} (rank, response_id, observation_id)"  # noqa: S608
    f" SELECT %s, %s, id FROM {_SEEN}"
    " WHERE platform = %s AND instance = %s AND uid = %s AND content_hash = %s"
)
Progress = Callable[[int], None]


def write(
    stage: Stage, place: tuple[str, str], response: Response, exported_at: str, progress: Progress
) -> int:
    """Store what `stage` holds as seen in `response`; returns how many looks were new.

    `place`: platform and instance; `exported_at`: when a row that does not say so was seen.
    """
    added = done = 0
    there = (*place, response.pk)
    with _room(), connection.cursor() as cursor:
        for batch in stage.batches():
            # In the order of the index: neighbours share its pages. An account's own rows keep theirs.
            batch.sort(key=_uid)
            cursor.executemany(_INSERT, [_observation(row, exported_at, there) for row in batch])
            added += cursor.rowcount
            cursor.executemany(_SIGHT, [(row[-1], response.pk, *place, row[0], row[HASH]) for row in batch])
            done += len(batch)
            progress(done)
    return added


def _uid(row: Staged) -> str:
    uid: str = row[0]
    return uid


def _observation(row: Staged, exported_at: str, there: tuple[str, str, int]) -> Staged:
    return (*row[:SEEN_AT], row[SEEN_AT] or exported_at, *there)


def known(stage: Stage, place: tuple[str, str]) -> int:
    """How many of the staged looks are stored already; for a dry run."""
    return sum(_known(batch, place) for batch in stage.batches())


def _known(batch: Sequence[Staged], place: tuple[str, str]) -> int:
    found = 0
    here = Observation.objects.filter(platform=place[0], instance=place[1])
    for start in range(0, len(batch), 500):
        part = batch[start : start + 500]
        uids, hashes = {row[0] for row in part}, {row[HASH] for row in part}
        found += here.filter(uid__in=uids, content_hash__in=hashes).count()
    return found


@contextmanager
def _room() -> Iterator[None]:
    """More of the database in memory while many rows are written, where that is ours to say."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA cache_size").fetchone()[0]
        cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {int(before)}")

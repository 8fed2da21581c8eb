"""Events through record() and the sequencer, beside a hash chain that commits each event by itself."""

import hashlib
import sqlite3
from pathlib import Path

from django.db import transaction

from audit_logs import sequence
from audit_logs.record import record
from bench.timing import contest, report
from common.datafolder import folder

EVENTS = 2_000
CHAINED = 100


def run(results: Path) -> None:
    """Measure, and report into the folder `results`."""
    contestants = {
        "record in one transaction, then sequence": _recorded_together,
        "hash chain, one commit an event": lambda: _chained(folder() / "chain.sqlite3"),
    }
    measured = contest("record in one transaction, then sequence", contestants)
    report(
        results / "audit.json",
        "events",
        measured,
        f"{EVENTS} events of one import; the rival commits each of {CHAINED}",
    )


def _recorded_together() -> int:
    with transaction.atomic():
        for number in range(EVENTS):
            record("system:bench", "bench.event", ("bench", str(number)), {"number": number})
    sequence.sequence()
    return EVENTS


def _chained(path: Path) -> int:
    """What a home-made chain does: read the head, hash, insert, commit, under the same journal settings."""
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA synchronous=FULL")
        base.execute("CREATE TABLE IF NOT EXISTS chain (n INTEGER PRIMARY KEY, body BLOB, hash BLOB)")
        for number in range(CHAINED):
            row = base.execute("SELECT hash FROM chain ORDER BY n DESC LIMIT 1").fetchone()
            body = b'{"number":%d}' % number
            digest = hashlib.sha256((row[0] if row else b"") + body).digest()
            base.execute("INSERT INTO chain (body, hash) VALUES (?, ?)", (body, digest))
            base.commit()
    base.close()
    return CHAINED

"""Kills sequencers and exporters at every crash point, on a real database file. Run by test_crash.py.

usage: python -m tests.audit_logs.crash_driver crashes|race FOLDER    prints one JSON object a line

One warm process forks a worker a step; it opens no database connection itself, so none is shared.
"""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import django

POINTS = [
    "audit.key_made",
    "audit.leased",
    "audit.batch_before_commit",
    "audit.batch_after_commit",
    "audit.checkpoint_before_commit",
    "audit.checkpoint_after_commit",
    "audit.export_before_rename",
    "audit.export_before_checkpoint",
    "audit.export_after_checkpoint",
]
RACERS = 3


def forked(work: Callable[[], None]) -> int:
    """Run `work` in a process of its own; its exit code, negative for the signal it died of."""
    pid = os.fork()
    if pid == 0:
        code = 70
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def report(found: dict[str, object]) -> None:
    """One line of output."""
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()


def migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", "audit_logs", verbosity=0)


def die_at(point: str, out: Path) -> None:
    from audit_logs.export import export
    from audit_logs.sequence import sequence
    from tests.audit_logs.database import record_some

    record_some(5)
    if point == "audit.export_before_rename":
        shutil.rmtree(out, ignore_errors=True)  # only a new export is renamed into its place
    os.environ["ZHENWEI_CRASH_AT"] = point
    sequence(force=True)
    export(out)


def recover(point: str, out: Path) -> None:
    """The next worker, after the dead one's lease has ended."""
    from audit_logs import keys
    from audit_logs.export import export
    from audit_logs.lease import TERM
    from audit_logs.models import Entry, Event
    from audit_logs.sequence import sequence
    from audit_logs.verify_database import verify_database
    from audit_logs.verify_directory import verify_directory
    from common import clock
    from tests.audit_logs.database import record_some

    interrupted = str(verify_database()) if keys.verifier_key_path().exists() else "no key yet"
    record_some(1)
    later = clock.now() + TERM + timedelta(seconds=1)
    sequence(lambda: later, force=True)
    export(out)
    numbered = list(Entry.objects.order_by("index").values_list("index", "event_id"))
    events = list(Event.objects.order_by("pk").values_list("pk", flat=True))
    found = {
        "point": point,
        "interrupted": interrupted,
        "each_event_once": numbered == list(enumerate(events)),
        "events": len(events),
        "database": str(verify_database()),
        "export": str(verify_directory(out, keys.verifier_key())),
    }
    report(found)


def race(total: int) -> None:
    """Several sequencers at once until nothing waits."""
    codes = [
        os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in [start(total) for _ in range(RACERS)]
    ]
    forked(partial(report_race, codes))


def start(total: int) -> int:
    """A racing sequencer in a process of its own; returns its id at once."""
    pid = os.fork()
    if pid:
        return pid
    from audit_logs import sequence as sequencing
    from audit_logs.models import Entry

    sequencing.BATCH = 7
    while Entry.objects.count() < total:
        sequencing.sequence()
    os._exit(0)


def report_race(codes: list[int]) -> None:
    from audit_logs.models import Entry, Event
    from audit_logs.verify_database import verify_database

    numbered = list(Entry.objects.order_by("index").values_list("index", "event_id"))
    events = list(Event.objects.order_by("pk").values_list("pk", flat=True))
    found = {
        "codes": codes,
        "each_event_once": numbered == list(enumerate(events)),
        "database": str(verify_database()),
    }
    report(found)


def record_for_race(total: int) -> None:
    from tests.audit_logs.database import record_some

    record_some(total)


def main(what: str, out: Path) -> int:
    """`crashes` or `race`. Exit code 1 if a step did not end as it must."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    if forked(migrate) != 0:
        return 1
    if what == "race":
        forked(partial(record_for_race, 300))
        race(300)
        return 0
    for point in POINTS:
        codes = [forked(partial(step, point, out)) for step in (die_at, recover)]
        if codes != [-signal.SIGKILL, 0]:
            report({"point": point, "codes": codes})
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))

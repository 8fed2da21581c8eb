"""One crawl: lease hosts and questions → plan file → child → spool. The parent's side: no page is parsed.

    begin()    in one transaction: the run, its hosts, its questions, its audit event
    follow()   renews leases while the child works, and stops it when a lease is lost
    conclude() counts the budget, gives back what was not answered, says what was looked at
    recover()  does the same for a run whose parent died: its partial spool is stored up to the last line

Recovery calls the same `conclude` as a normal end, so there is one way to end a run.
"""

import os
import re
import signal
import socket
import subprocess
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from audit_logs.record import record
from common.crash import crash_point
from crawlers import launch, specs, spool
from crawlers.plan import Loopback, Plan, PlannedSource, PlannedTask
from observations import coverage, frontier, ingest, leases, sources
from observations.models import CrawlRun, HostLease, Source, Task

MAX_TASKS = 20_000
DEADLINE = timedelta(minutes=30)
RENEW_EVERY_S = 30.0
POLL_S = 0.5
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Clock = Callable[[], datetime]


def begin(now: datetime) -> CrawlRun | None:
    """Start a run on everything due; None if nothing is due or no host may be asked now."""
    run = CrawlRun(key=uuid.uuid4(), worker=_worker(), state="crawling", started_at=now, heartbeat_at=now)
    with transaction.atomic():
        run.save()
        for source in sources.askable():
            if leases.take(source.host, str(run.key), now):
                budget = min(MAX_TASKS, leases.left(source.host, source.daily_budget, now))
                run.tasks += len(frontier.lease(run, source, budget, now))
        if run.tasks == 0:
            transaction.set_rollback(True)
        else:
            run.save(update_fields=["tasks"])
            _record_begin(run, now)
        # A kill here leaves nothing: neither a run nor a host that nobody gives back.
        crash_point("crawl.before_begin_commit")
    # A kill here leaves a run without a spool, which `recover` ends.
    crash_point("crawl.after_begin_commit")
    return run if run.tasks else None


def _record_begin(run: CrawlRun, now: datetime) -> None:
    subject, details = ("crawl_run", str(run.key)), {"questions": run.tasks}
    record("system:crawl", "observations.crawl", subject, details, at=now)


def follow(run: CrawlRun, clock: Clock, tick: Callable[[CrawlRun], None]) -> None:
    """Start the child and stay with it to its end; `tick` is called about twice a second.

    A child that outlives its deadline or our lease is stopped: what it wrote so far is kept.
    """
    stopped = ""
    with _child(run) as child:
        stop_at, renewed = run.started_at + DEADLINE, clock()
        while child.poll() is None:
            _wait(child, POLL_S)
            tick(run)
            now = clock()
            if now - renewed > timedelta(seconds=RENEW_EVERY_S):
                renewed = now
                stopped = "" if _renew(run, now) else "the lease of its hosts was lost"
            if now > stop_at:
                stopped = "the time for one crawl was over"
            if stopped:
                _stop(child)
        ended_well = child.returncode == 0
    run.problem = "" if ended_well else stopped or _complaint(run, child.returncode)


def conclude(run: CrawlRun, now: datetime) -> None:
    """Store what is left of the spool and end the run; safe to repeat."""
    ingest.drain(run, now)
    crash_point("crawl.before_end_commit")
    with transaction.atomic():
        ended = CrawlRun.objects.filter(pk=run.pk, state="crawling").update(
            state="failed" if run.problem else "ingested", finished_at=now, problem=run.problem[:500]
        )
        if ended == 1:
            _end(run, now)
    crash_point("crawl.after_end_commit")
    _tidy(now)
    run.refresh_from_db()


def _end(run: CrawlRun, now: datetime) -> None:
    for source in Source.objects.filter(tasks__responses__run=run).distinct():
        leases.spend(source.host, run.responses.filter(task__source=source).count())
    details = {
        "answers": run.responses.count(),
        "unanswered": frontier.release(run, run.problem or "the crawl ended before it was asked"),
        "problem": run.problem[:500],
    }
    record("system:crawl", "observations.crawl_end", ("crawl_run", str(run.key)), details, at=now)
    coverage.refresh(now)


def recover(now: datetime) -> list[CrawlRun]:
    """End every run whose parent is dead: on this machine at once, elsewhere when its lease has run out."""
    dead = [run for run in CrawlRun.objects.filter(state="crawling") if _is_dead(run, now)]
    for run in dead:
        run.problem = "its process died; what it had written was stored"
        # Superseded: another process found it dead too and is ending it.
        with suppress(ingest.Superseded):
            conclude(run, now)
    _tidy(now)
    return dead


def _tidy(now: datetime) -> None:
    """Give back the hosts of ended runs and remove their spools, also where a kill came in between."""
    for run in CrawlRun.objects.filter(key__in=_keys_left()).exclude(state="crawling"):
        leases.release(str(run.key), now)
        for path in ingest.spool_folder().glob(f"{run.key}.*"):
            path.unlink(missing_ok=True)


def _keys_left() -> set[uuid.UUID]:
    """Runs that still have files in the spool or a lease."""
    names = {path.name.split(".")[0] for path in ingest.spool_folder().iterdir()}
    names |= set(HostLease.objects.exclude(holder="").values_list("holder", flat=True))
    return {uuid.UUID(name) for name in names if _UUID.fullmatch(name)}


def plan(run: CrawlRun) -> Plan:
    """What the child needs to know, and nothing else."""
    tasks = list(Task.objects.filter(run=run).select_related("source").order_by("rank", "pk"))
    asked = {task.source_id: task.source for task in tasks}
    return Plan(
        run=str(run.key),
        user_agent=f"Zhenwei/0.1 (+{settings.CONTACT_URL})",
        loopback=Loopback(not settings.LOOPBACK_POLITENESS, tuple(settings.LOOPBACK_ADDRESSES)),
        sources=tuple(_planned(source, run.started_at) for source in asked.values()),
        tasks=tuple(PlannedTask(task.pk, str(task.source), task.stage, task.value) for task in tasks),
    )


def _planned(source: Source, now: datetime) -> PlannedSource:
    return PlannedSource(
        source=str(source),
        platform=source.platform,
        instance=source.instance,
        base_url=source.base_url,
        spec=specs.load(source.platform),
        budget=leases.left(source.host, source.daily_budget, now),
    )


@contextmanager
def _child(run: CrawlRun) -> Iterator[subprocess.Popen[bytes]]:
    child = launch.start(plan(run), ingest.spool_folder())
    try:
        yield child
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()


def _wait(child: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        return


def _stop(child: subprocess.Popen[bytes]) -> None:
    """Ask the child to finish the request in flight; `_child` kills it if it does not."""
    child.send_signal(signal.SIGTERM)
    try:
        child.wait(30)
    except subprocess.TimeoutExpired:
        child.kill()


def _complaint(run: CrawlRun, status: int) -> str:
    """Why the child did not end well, in its own last words."""
    log = ingest.spool_folder() / f"{run.key}.log"
    words = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() if log.exists() else []
    return f"the crawl process ended with status {status}" + (f": {words[-1][:300]}" if words else "")


def _renew(run: CrawlRun, now: datetime) -> bool:
    CrawlRun.objects.filter(pk=run.pk).update(heartbeat_at=now)
    return leases.renew(str(run.key), now) > 0


def _worker() -> str:
    return f"{socket.gethostname()}/{os.getpid()}"


def _is_dead(run: CrawlRun, now: datetime) -> bool:
    if spool.in_use(ingest.spool_folder(), str(run.key)):
        return False
    machine, _, pid = run.worker.rpartition("/")
    if machine == socket.gethostname() and not _is_alive(int(pid)):
        return True
    return now - run.heartbeat_at > leases.LEASE


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

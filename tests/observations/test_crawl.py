"""The parent's side of a crawl: what it takes, how long it stays, what it gives back, whom it calls dead."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from audit_logs.models import Event
from crawlers import launch
from crawlers.plan import Plan
from crawlers.spool import SpoolWriter
from observations import crawl, frontier, ingest, leases
from observations.models import CrawlRun, HostLease, Source, Task
from tests.observations.conftest import NOW, Spool, World, row

HOST = "127.0.0.1:1"
LATER = NOW + timedelta(minutes=1)
PATIENT = "import time; time.sleep(60)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {PATIENT}"


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A spool of the test's own."""
    (tmp_path / "MODE").write_text("test\n", encoding="ascii")
    monkeypatch.setenv("ZHENWEI_VAR", str(tmp_path))


@pytest.fixture
def ready(world: World) -> World:
    """The world without its run, its questions due."""
    CrawlRun.objects.all().delete()
    frontier.refresh(world.source, NOW)
    return world


@pytest.fixture
def begun(ready: World) -> CrawlRun:
    """A run that took all questions."""
    run = crawl.begin(NOW)
    assert run is not None
    return run


def ticking(seconds: float) -> Callable[[], datetime]:
    """A clock that goes on by so much each time it is read."""
    moments = iter(NOW + timedelta(seconds=seconds * number) for number in range(10**6))
    return lambda: next(moments)


def run_instead(monkeypatch: pytest.MonkeyPatch, program: str) -> list[subprocess.Popen[bytes]]:
    """Let the next crawl child be `program`."""
    started: list[subprocess.Popen[bytes]] = []

    def start(plan: Plan, folder: Path) -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen([sys.executable, "-c", program]))
        return started[-1]

    monkeypatch.setattr(launch, "start", start)
    monkeypatch.setattr(crawl, "POLL_S", 0.05)
    return started


def worker(run: CrawlRun, name: str, heartbeat: datetime = NOW) -> CrawlRun:
    """`run` in the hands of the process `name`."""
    CrawlRun.objects.filter(pk=run.pk).update(worker=name, heartbeat_at=heartbeat)
    run.refresh_from_db()
    return run


def dead_pid() -> int:
    """The id of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


# -- begin


def test_a_run_takes_its_host_its_questions_and_a_line_in_the_log(begun: CrawlRun) -> None:
    assert begun.tasks == Task.objects.filter(run=begun).count() > 4
    assert HostLease.objects.get().holder == str(begun.key)
    assert Event.objects.get().action == "observations.crawl"
    assert (begun.state, begun.worker) == ("crawling", f"{socket.gethostname()}/{os.getpid()}")


def test_a_second_run_at_the_same_time_takes_nothing(begun: CrawlRun) -> None:
    assert crawl.begin(NOW) is None
    assert CrawlRun.objects.get() == begun
    assert HostLease.objects.get().holder == str(begun.key)


@pytest.mark.parametrize("why", ["not due", "disabled", "paused", "budget spent"])
def test_without_a_question_to_ask_there_is_no_run_and_no_lease(ready: World, why: str) -> None:
    moment = NOW
    if why == "not due":
        moment = NOW - timedelta(seconds=1)
    elif why == "disabled":
        Source.objects.update(enabled=False)
    else:
        leases.take(HOST, "earlier", NOW)
        leases.release("earlier", NOW)
        leases.pause(HOST, LATER) if why == "paused" else leases.spend(HOST, 100)
    assert crawl.begin(moment) is None
    assert not CrawlRun.objects.exists()
    assert set(HostLease.objects.values_list("holder", flat=True)) <= {""}
    assert not Event.objects.exists()


def test_the_budget_that_is_left_bounds_the_questions(ready: World) -> None:
    leases.take(HOST, "earlier", NOW)
    leases.spend(HOST, 97)
    leases.release("earlier", NOW)
    run = crawl.begin(NOW)
    assert run is not None
    assert run.tasks == 3
    assert crawl.plan(run).sources[0].budget == 3


def test_the_plan_tells_the_child_its_questions_best_first(begun: CrawlRun) -> None:
    plan = crawl.plan(begun)
    ranks = [Task.objects.get(pk=task.task).rank for task in plan.tasks]
    assert len(plan.tasks) == begun.tasks
    assert ranks == sorted(ranks)
    assert [source.base_url for source in plan.sources] == ["http://127.0.0.1:1"]


@pytest.mark.parametrize(
    ("base_url", "host"),
    [
        ("https://social.example", "social.example:443"),
        ("http://social.example/path", "social.example:80"),
        ("http://[::1]:8080", "[::1]:8080"),
    ],
)
def test_a_host_is_named_with_its_port(base_url: str, host: str) -> None:
    assert Source(base_url=base_url).host == host


# -- follow


def test_it_stays_to_the_childs_end_and_keeps_its_last_words(
    begun: CrawlRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_instead(monkeypatch, "raise SystemExit(1)")
    (ingest.spool_folder() / f"{begun.key}.log").write_text("first\nno space left\n", encoding="utf-8")
    ticks: list[CrawlRun] = []
    crawl.follow(begun, ticking(1), ticks.append)
    assert begun.problem == "the crawl process ended with status 1: no space left"
    assert ticks


@pytest.mark.parametrize(
    ("seconds", "loses", "problem"),
    [(40, True, "the lease of its hosts was lost"), (2000, False, "the time for one crawl was over")],
)
def test_a_child_without_lease_or_time_is_stopped_and_says_why(
    begun: CrawlRun, monkeypatch: pytest.MonkeyPatch, seconds: float, loses: bool, problem: str
) -> None:
    run_instead(monkeypatch, PATIENT)
    if loses:
        HostLease.objects.update(holder="somebody else")
    crawl.follow(begun, ticking(seconds), lambda run: None)
    assert begun.problem == problem


def test_a_lease_is_renewed_while_the_child_works(begun: CrawlRun, monkeypatch: pytest.MonkeyPatch) -> None:
    run_instead(monkeypatch, "import time; time.sleep(0.4)")
    crawl.follow(begun, ticking(31), lambda run: None)
    assert begun.problem == ""
    assert HostLease.objects.get().lease_until > NOW + leases.LEASE
    begun.refresh_from_db()
    assert begun.heartbeat_at > NOW


def test_an_error_on_the_way_leaves_no_child_behind(begun: CrawlRun, monkeypatch: pytest.MonkeyPatch) -> None:
    started = run_instead(monkeypatch, STUBBORN)

    def fail(run: CrawlRun) -> None:
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError, match="disk"):
        crawl.follow(begun, ticking(1), fail)
    assert started[0].poll() == -signal.SIGKILL


# -- conclude


def test_the_end_gives_back_what_was_not_answered(begun: CrawlRun) -> None:
    task = Task.objects.filter(run=begun, stage="search").order_by("rank")[0]
    Spool(begun).answer(task, [row("2", "郑洲发布")])
    crawl.conclude(begun, LATER)
    assert begun.state == "ingested"
    assert not Task.objects.filter(run=begun).exists()
    assert frontier.due(task.source, LATER) == begun.tasks - 1
    assert (HostLease.objects.get().holder, HostLease.objects.get().spent) == ("", 1)
    assert list(ingest.spool_folder().iterdir()) == []
    assert Event.objects.filter(action="observations.crawl_end").count() == 1


def test_ending_twice_is_ending_once(begun: CrawlRun) -> None:
    crawl.conclude(begun, LATER)
    events, spent = Event.objects.count(), HostLease.objects.get().spent
    crawl.conclude(begun, LATER + timedelta(minutes=1))
    assert (Event.objects.count(), HostLease.objects.get().spent) == (events, spent)
    begun.refresh_from_db()
    assert begun.finished_at == LATER


# -- recover


def test_a_run_whose_process_is_gone_is_ended_at_once(begun: CrawlRun) -> None:
    worker(begun, f"{socket.gethostname()}/{dead_pid()}")
    assert crawl.recover(NOW) == [begun]
    begun.refresh_from_db()
    assert (begun.state, begun.finished_at) == ("failed", NOW)
    assert "died" in begun.problem
    assert HostLease.objects.get().holder == ""


def test_a_run_that_somebody_else_is_ending_is_left_to_them(
    begun: CrawlRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker(begun, f"{socket.gethostname()}/{dead_pid()}")
    Spool(begun).answer(Task.objects.filter(run=begun, stage="search")[0], [row("2", "郑洲发布")])
    drain = ingest.drain

    def late(run: CrawlRun, now: datetime) -> int:
        drain(CrawlRun.objects.get(pk=run.pk), now)
        return drain(run, now)

    monkeypatch.setattr(ingest, "drain", late)
    crawl.recover(NOW)
    assert CrawlRun.objects.get().responses.count() == 1


def test_a_run_whose_process_lives_is_left_alone(begun: CrawlRun) -> None:
    assert crawl.recover(NOW + leases.LEASE) == []
    assert CrawlRun.objects.get().state == "crawling"


@pytest.mark.parametrize("machine", ["elsewhere", socket.gethostname()])
def test_a_silent_run_is_dead_when_its_lease_has_run_out(begun: CrawlRun, machine: str) -> None:
    """Also here, where another process may have taken over the number of the dead one."""
    worker(begun, f"{machine}/{os.getpid()}")
    assert crawl.recover(NOW + leases.LEASE) == []
    assert crawl.recover(NOW + leases.LEASE + timedelta(seconds=1)) == [begun]


def test_a_run_whose_child_still_writes_is_not_dead(begun: CrawlRun) -> None:
    worker(begun, f"{socket.gethostname()}/{dead_pid()}")
    writer = SpoolWriter(ingest.spool_folder(), str(begun.key))
    assert crawl.recover(NOW) == []
    writer.finish()
    assert crawl.recover(NOW) == [begun]


def test_what_a_kill_left_of_an_ended_run_is_tidied(begun: CrawlRun) -> None:
    crawl.conclude(begun, NOW)
    leases.take(HOST, str(begun.key), NOW)
    (ingest.spool_folder() / f"{begun.key}.jsonl").write_bytes(b"")
    crawl.recover(LATER)
    assert HostLease.objects.get().holder == ""
    assert list(ingest.spool_folder().iterdir()) == []


def test_a_strangers_file_in_the_spool_is_not_touched(ready: World) -> None:
    note = ingest.spool_folder() / "note.txt"
    note.write_text("mine", encoding="ascii")
    crawl.recover(NOW)
    assert note.exists()
    note.unlink()

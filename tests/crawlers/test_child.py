"""The crawl process as its parent meets it: what it writes, how it stops, what a kill leaves."""

import asyncio
import base64
import gzip
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from common import clock
from common.datafolder import CHECKOUT
from crawlers import launch, spool
from crawlers import plan as plans
from crawlers.plan import Loopback, Plan
from tests.crawlers import child
from tests.crawlers.hostile_server import HostileServer, Visit

BODY = json.dumps({"accounts": [{"id": "1", "name": "郑州发布"}]}).encode()
RULES = b"User-agent: *\nAllow: /\n"
LONG = [f"X-Long-{n}: {'a' * 1000}" for n in range(20)]
NOTED: list[dict[str, str]] = []


async def fine(visit: Visit) -> None:
    NOTED.append(visit.headers)
    await visit.answer(200, BODY)


async def zipped(visit: Visit) -> None:
    await visit.answer(200, gzip.compress(BODY), "Content-Encoding: gzip", *LONG)


async def rules(visit: Visit) -> None:
    await visit.answer(200, RULES)


async def challenge(visit: Visit) -> None:
    await visit.answer(403, b"prove that you are human")


async def later(visit: Visit) -> None:
    await visit.answer(429, b"", "Retry-After: 600")


def questions(count: int) -> list[tuple[str, str]]:
    return [("search", f"关键词{n}") for n in range(count)]


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with HostileServer() as server:
        yield server


class Ordinary:
    """One run over five hosts: the tests below look at it from different sides."""

    HOSTS = {"zipped": zipped, "fine": fine, "challenge": challenge, "later": later}

    def __init__(self, folder: Path) -> None:
        self.folder, self.began = folder, clock.now()
        with HostileServer() as server:
            self.pairs = {name: server.host(behaviour, rules) for name, behaviour in self.HOSTS.items()}

            async def last(visit: Visit) -> None:
                await visit.answer(200, BODY, "Connection: close")
                visit.writer.close()
                server.close(self.pairs["gone"])

            self.pairs["gone"] = server.host(last)
            counts = {"zipped": 1, "fine": 4, "challenge": 3, "later": 2, "gone": 100}
            self.numbers = {name: sum(list(counts.values())[:n]) for n, name in enumerate(counts)}
            plan = child.plan(
                {self.pairs[name]: questions(count) for name, count in counts.items()}, spec=child.spec()
            )
            thrifty = [
                replace(source, budget=3) if source.source == self.pairs["fine"] else source
                for source in plan.sources
            ]
            self.told = child.run(replace(plan, sources=thrifty), folder)
            self.visits = {name: list(server.visits[pair]) for name, pair in self.pairs.items()}

    def states(self, name: str, count: int) -> list[str]:
        return self.told.states()[self.numbers[name] :][:count]


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> Ordinary:
    return Ordinary(tmp_path_factory.mktemp("ordinary"))


def test_the_spool_begins_ends_and_accounts_for_every_task_once(ordinary: Ordinary) -> None:
    events = ordinary.told.events
    assert (ordinary.told.code, ordinary.told.log) == (0, ordinary.told.log)
    assert (events[0]["event"], events[-1]["event"]) == ("start", "end")
    assert sorted(event["task"] for event in ordinary.told.of("task")) == list(range(110))
    assert (events[-1]["tasks_given"], events[-1]["tasks_accounted"]) == (110, 110)


def test_the_spool_holds_every_byte_received(ordinary: Ordinary) -> None:
    (page,) = ordinary.told.by_task("response")[0]
    body = base64.b64decode(page["body"])
    assert gzip.decompress(body) == BODY
    assert page["body_sha256"] == hashlib.sha256(body).hexdigest()
    assert page["url"] == page["final_url"]
    assert page["url"] == f"http://{ordinary.pairs['zipped']}/search?q=%E5%85%B3%E9%94%AE%E8%AF%8D0"
    assert (page["status"], page["peer"], page["kind"]) == (200, ordinary.pairs["zipped"], "page")
    assert ["Content-Encoding", "gzip"] in page["headers"]
    assert 10_000 < sum(len(k) + len(v) for k, v in page["headers"]) <= 16 * 1024


def test_robots_txt_is_kept_once_a_host_and_named_by_every_page(ordinary: Ordinary) -> None:
    robots = [event for event in ordinary.told.of("response") if event["kind"] == "robots"]
    assert len(robots) == 5
    assert all(event["task"] is None for event in robots)
    (page,) = ordinary.told.by_task("response")[0]
    assert page["robots"]["verdict"] == "allow"
    assert page["robots"]["sha256"] == hashlib.sha256(RULES).hexdigest()


def test_rows_refer_to_the_response_they_come_from(ordinary: Ordinary) -> None:
    (page,), (rows,) = ordinary.told.by_task("response")[0], ordinary.told.by_task("rows")[0]
    assert (rows["seq"], rows["page"], rows["state"]) == (page["seq"], 1, "ok")
    assert rows["rows"] == [{"id": "1", "handle": None, "name": "郑州发布"}]
    (task,) = ordinary.told.by_task("task")[0]
    assert task == {"event": "task", "task": 0, "state": "ok", "reason": None, "pages": 1, "complete": True}


def test_the_files_are_for_their_owner_only(ordinary: Ordinary) -> None:
    modes = {path.suffix: path.stat().st_mode & 0o777 for path in ordinary.folder.iterdir()}
    assert modes == {".jsonl": 0o600, ".json": 0o600, ".log": 0o600}


def test_it_says_who_it_is_and_nothing_about_the_machine(ordinary: Ordinary) -> None:
    assert {
        "host": ordinary.pairs["fine"],
        "user-agent": "Zhenwei/0.1 (+test)",
        "accept": "*/*",
        "accept-encoding": "gzip",
    } in NOTED


def test_the_budget_counts_every_request_and_the_rest_comes_back(ordinary: Ordinary) -> None:
    assert ordinary.states("fine", 4) == ["ok", "ok", "budget", "budget"]
    assert len(ordinary.visits["fine"]) == 3
    assert ordinary.told.events[-1]["requests"][ordinary.pairs["fine"]] == 3


def test_a_challenge_closes_the_platform_and_is_told_once(ordinary: Ordinary) -> None:
    assert ordinary.states("challenge", 3) == ["challenge", "deferred", "deferred"]
    (event,) = ordinary.told.of("challenge")
    assert event["source"] == ordinary.pairs["challenge"]
    assert 11.9 < (clock.parse(event["until"]) - ordinary.began).total_seconds() / 3600 < 12.1


def test_a_pause_is_told_with_its_end(ordinary: Ordinary) -> None:
    assert ordinary.states("later", 2) == ["deferred", "deferred"]
    (event,) = ordinary.told.of("host")
    assert event["host"] == ordinary.pairs["later"]
    assert 599 < (clock.parse(event["not_before"]) - ordinary.began).total_seconds() < 620


def test_a_platform_that_goes_away_is_left_after_three_failures(ordinary: Ordinary) -> None:
    states = ordinary.states("gone", 100)
    assert (states[0], states[1:4], states[4:]) == ("ok", ["error"] * 3, ["deferred"] * 96)
    assert "host unreachable" in ordinary.told.by_task("task")[109][0]["reason"]


def test_starts_are_spaced_by_the_delay_retries_included(server: HostileServer, tmp_path: Path) -> None:
    starts: list[float] = []

    async def note(visit: Visit) -> None:
        starts.append(time.monotonic())
        await visit.answer(500 if len(starts) == 1 else 200, BODY)

    told = child.run(child.plan({server.host(note): questions(1)}, spec=child.spec(), polite=True), tmp_path)
    assert told.states() == ["ok"]
    assert len(starts) == 2
    assert all(later - earlier > 0.95 for earlier, later in pairwise(starts))


def test_sigterm_finishes_the_request_in_flight_and_accounts_for_the_rest(
    server: HostileServer, tmp_path: Path
) -> None:
    async def stop_it(visit: Visit) -> None:
        running.send_signal(signal.SIGTERM)
        time.sleep(0.2)  # the answer comes after the signal
        await visit.answer(200, BODY)

    plan = child.plan({server.host(stop_it): questions(4)}, spec=child.spec())
    running = launch.start(plan, tmp_path)
    told = child.told(plan, tmp_path, running)
    assert told.code == 3
    assert told.states() == ["ok", "deferred", "deferred", "deferred"]
    assert told.events[-1]["tasks_accounted"] == 4


def test_the_deadline_ends_a_run_that_waits(server: HostileServer, tmp_path: Path) -> None:
    async def wait(visit: Visit) -> None:
        await visit.answer(429, b"", "Retry-After: 50")

    plan = child.plan({server.host(wait): questions(2)}, spec=child.spec(), deadline_s=1)
    told = child.run(plan, tmp_path)
    assert told.code == 3
    assert told.by_task("task")[1][0]["reason"] == "the run was stopped: the deadline was reached"


WHOLE = ["start", "response", "response", "rows", "task", "end"]
ORPHAN = """
import sys
from pathlib import Path
from crawlers import launch, plan
launch.start(plan.read(Path(sys.argv[1])), Path(sys.argv[2]))
"""


def test_an_orphan_asks_no_more(server: HostileServer, tmp_path: Path) -> None:
    async def slow(visit: Visit) -> None:
        await asyncio.sleep(0.2)
        await visit.answer(200, BODY)

    pair = server.host(slow)
    plan = child.plan({pair: questions(100)}, spec=child.spec())
    plans.write(plan, tmp_path / "plan.json")
    command = [sys.executable, "-W", "ignore", "-c", ORPHAN, str(tmp_path / "plan.json"), str(tmp_path)]
    subprocess.run(command, cwd=CHECKOUT, env=dict(os.environ), check=True, timeout=30)
    time.sleep(2.5)
    asked = len(server.visits[pair])
    time.sleep(0.5)
    assert len(server.visits[pair]) == asked < 20
    assert not spool.whole_path(tmp_path, plan.run).exists()


LEFT = {
    "spool.before_flush.rows": WHOLE[:3],
    "spool.after_flush.rows": WHOLE[:4],
    "spool.before_flush.task": WHOLE[:4],
    "spool.before_rename": WHOLE,
    "spool.after_rename": WHOLE,
}


def test_a_kill_leaves_a_spool_readable_to_its_last_whole_line(
    server: HostileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = []
    pair = server.host(fine)
    for point in LEFT:
        monkeypatch.setenv("ZHENWEI_CRASH_AT", point)
        plan = child.plan({pair: questions(1)}, spec=child.spec())
        killed.append((point, plan, launch.start(plan, tmp_path)))
    for point, plan, process in killed:
        told = child.told(plan, tmp_path, process)
        assert told.code == -signal.SIGKILL, point
        assert [event["event"] for event in told.events] == LEFT[point], point
        suffix = child.spool_path(plan, tmp_path).suffix
        assert suffix == (".jsonl" if point == "spool.after_rename" else ".part"), point


def refused(plan: Plan, folder: Path) -> str:
    """The complaint about a plan that must not be carried out."""
    told = child.run(plan, folder)
    assert (told.code, told.events) == (2, [])
    return told.log


def test_it_refuses_a_plan_that_relaxes_anything_but_loopback(tmp_path: Path) -> None:
    plan = child.plan({"127.0.0.1:1": questions(1)}, spec=child.spec())
    assert "10.0.0.1:80" in refused(replace(plan, loopback=Loopback(True, ["10.0.0.1:80"])), tmp_path)


def test_it_refuses_loopback_in_a_production_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHENWEI_VAR", str(tmp_path / "production"))
    assert "production" in refused(child.plan({"127.0.0.1:1": questions(1)}, spec=child.spec()), tmp_path)


def test_neither_proxies_nor_secrets_of_the_parent_reach_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, str] = {}

    def popen(*args: object, env: dict[str, str], **kwargs: object) -> None:
        seen.update(env)

    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("ZHENWEI_SECRET_KEY", "do not tell")
    monkeypatch.setattr(subprocess, "Popen", popen)
    launch.start(child.plan({"127.0.0.1:1": questions(1)}, spec=child.spec()), tmp_path)
    assert "ZHENWEI_VAR" in seen
    assert not {"http_proxy", "ZHENWEI_SECRET_KEY", "HOME"} & set(seen)


FULL_DISK = """
import resource, signal, sys
from crawlers import child
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
sys.exit(child.main(sys.argv[1:]))
"""


def test_a_full_disk_ends_the_run_and_asks_no_more(server: HostileServer, tmp_path: Path) -> None:
    pair = server.host(fine)
    plan = child.plan({pair: questions(50)}, spec=child.spec())
    plans.write(plan, tmp_path / "plan.json")
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path / "plan.json"), str(tmp_path)],
        cwd=CHECKOUT,
        env=dict(os.environ),
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert b"the spool cannot be written" in done.stderr
    assert len(server.visits[pair]) < 10
    events = [event["event"] for _, event in spool.read(child.spool_path(plan, tmp_path))]
    assert events[:2] == ["start", "response"]

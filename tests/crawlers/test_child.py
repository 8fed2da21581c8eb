"""The crawl process as its parent meets it: what it writes, how it stops, what a kill leaves."""

import base64
import gzip
import hashlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from common import clock
from crawlers import launch
from crawlers import plan as plans
from crawlers.plan import Loopback, Plan
from tests.crawlers import child
from tests.crawlers.hostile_server import HostileServer, Visit

BODY = json.dumps({"accounts": [{"id": "1", "name": "郑州发布"}]}).encode()


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with HostileServer() as server:
        yield server


async def zipped(visit: Visit) -> None:
    await visit.answer(
        200, gzip.compress(BODY), "Content-Encoding: gzip", f"X-Long: {'a' * 9000}", "X-B: c" * 2
    )


async def fine(visit: Visit) -> None:
    await visit.answer(200, BODY)


async def rules(visit: Visit) -> None:
    await visit.answer(200, b"User-agent: *\nAllow: /\n")


def questions(count: int) -> list[tuple[str, str]]:
    return [("search", f"关键词{n}") for n in range(count)]


def test_the_spool_holds_every_byte_received_and_what_was_made_of_it(
    server: HostileServer, tmp_path: Path
) -> None:
    pair = server.host(zipped, rules)
    plan = child.plan({pair: questions(1)}, spec=child.spec())
    told = child.run(plan, tmp_path)
    assert told.code == 0, told.log
    assert [event["event"] for event in told.events] == [
        "start",
        "response",
        "response",
        "rows",
        "task",
        "end",
    ]
    robots, page, rows, task = told.events[1:5]
    assert (robots["kind"], robots["task"], robots["robots"]["verdict"]) == ("robots", None, "allow")
    assert (
        page["robots"]["sha256"]
        == robots["body_sha256"]
        == hashlib.sha256(b"User-agent: *\nAllow: /\n").hexdigest()
    )
    body = base64.b64decode(page["body"])
    assert gzip.decompress(body) == BODY
    assert page["body_sha256"] == hashlib.sha256(body).hexdigest()
    assert page["url"] == page["final_url"] == f"http://{pair}/search?q=%E5%85%B3%E9%94%AE%E8%AF%8D0"
    assert (page["status"], page["peer"], page["kind"]) == (200, pair, "page")
    assert ["Content-Encoding", "gzip"] in page["headers"]
    assert sum(len(k) + len(v) for k, v in page["headers"]) <= 16 * 1024
    assert (rows["seq"], rows["page"], rows["state"]) == (page["seq"], 1, "ok")
    assert rows["rows"] == [{"id": "1", "handle": None, "name": "郑州发布"}]
    assert task == {"event": "task", "task": 0, "state": "ok", "reason": None, "pages": 1, "complete": True}
    assert told.events[-1]["requests"] == {pair: 2}


def test_the_files_are_for_their_owner_only(server: HostileServer, tmp_path: Path) -> None:
    plan = child.plan({server.host(fine): questions(1)}, spec=child.spec())
    child.run(plan, tmp_path)
    modes = {path.suffix: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == {".jsonl": 0o600, ".json": 0o600, ".log": 0o600}


def test_it_says_who_it_is_and_nothing_about_the_machine(server: HostileServer, tmp_path: Path) -> None:
    seen: list[dict[str, str]] = []

    async def note(visit: Visit) -> None:
        seen.append(visit.headers)
        await visit.answer(200, BODY)

    pair = server.host(note)
    child.run(child.plan({pair: questions(1)}, spec=child.spec()), tmp_path)
    assert seen == [
        {"host": pair, "user-agent": "Zhenwei/0.1 (+test)", "accept": "*/*", "accept-encoding": "gzip"}
    ]


def test_neither_proxies_nor_secrets_reach_it(
    server: HostileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://{server.host(fine)}")
    monkeypatch.setenv("ZHENWEI_SECRET_KEY", "do not tell")
    seen = {}

    def popen(*args: object, env: dict[str, str], **kwargs: object) -> None:
        seen.update(env)

    monkeypatch.setattr(subprocess, "Popen", popen)
    launch.start(child.plan({"127.0.0.1:1": questions(1)}, spec=child.spec()), tmp_path)
    assert not {"http_proxy", "ZHENWEI_SECRET_KEY", "HOME"} & set(seen)


def test_starts_are_spaced_by_the_delay_retries_included(server: HostileServer, tmp_path: Path) -> None:
    starts: list[float] = []

    async def note(visit: Visit) -> None:
        starts.append(time.monotonic())
        await visit.answer(500 if len(starts) == 1 else 200, BODY)

    pair = server.host(note)
    told = child.run(child.plan({pair: questions(2)}, spec=child.spec(), polite=True), tmp_path)
    assert told.states() == ["ok", "ok"]
    assert len(starts) == 3
    assert all(later - earlier > 0.95 for earlier, later in pairwise(starts))


def test_the_budget_counts_every_request_and_the_rest_comes_back(
    server: HostileServer, tmp_path: Path
) -> None:
    pair = server.host(fine, rules)
    told = child.run(child.plan({pair: questions(4)}, spec=child.spec(), budget=3), tmp_path)
    assert told.states() == ["ok", "ok", "budget", "budget"]
    assert len(server.visits[pair]) == 3


def test_a_challenge_closes_the_platform_and_is_told_once(server: HostileServer, tmp_path: Path) -> None:
    async def challenge(visit: Visit) -> None:
        await visit.answer(403, b"prove that you are human")

    pair = server.host(challenge)
    before = clock.now()
    told = child.run(child.plan({pair: questions(3)}, spec=child.spec()), tmp_path)
    assert told.states() == ["challenge", "deferred", "deferred"]
    (event,) = told.of("challenge")
    assert 11.9 < (clock.parse(event["until"]) - before).total_seconds() / 3600 < 12.1
    assert told.by_task("rows")[0][0]["state"] == "challenge"


def test_a_pause_is_told_with_its_end(server: HostileServer, tmp_path: Path) -> None:
    async def later(visit: Visit) -> None:
        await visit.answer(429, b"", "Retry-After: 600")

    pair = server.host(later)
    before = clock.now()
    told = child.run(child.plan({pair: questions(2)}, spec=child.spec()), tmp_path)
    assert told.states() == ["deferred", "deferred"]
    (event,) = told.of("host")
    assert event["host"] == pair
    assert 599 < (clock.parse(event["not_before"]) - before).total_seconds() < 605


def test_a_platform_that_goes_away_ends_the_scan_quickly(server: HostileServer, tmp_path: Path) -> None:
    pair = server.host(fine)

    async def last(visit: Visit) -> None:
        await visit.answer(200, BODY, "Connection: close")
        visit.writer.close()
        server.close(gone)

    gone = server.host(last)
    began = time.monotonic()
    told = child.run(child.plan({gone: questions(200), pair: questions(3)}, spec=child.spec()), tmp_path)
    states = told.states()
    assert states[200:] == ["ok"] * 3
    assert states[0] in ("ok", "error")
    assert states[4:200] == ["deferred"] * 196
    assert "host unreachable" in told.by_task("task")[199][0]["reason"]
    assert time.monotonic() - began < 10


def test_sigterm_finishes_the_request_in_flight_and_accounts_for_the_rest(
    server: HostileServer, tmp_path: Path
) -> None:
    async def stop_it(visit: Visit) -> None:
        running.send_signal(signal.SIGTERM)
        time.sleep(0.2)  # the answer comes after the signal
        await visit.answer(200, BODY)

    plan = child.plan({server.host(stop_it): questions(4)}, spec=child.spec())
    running = launch.start(plan, tmp_path)
    told = child.told(plan, tmp_path, running.wait(20))
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


CRASHES = [
    "spool.before_flush.rows",
    "spool.after_flush.rows",
    "spool.before_flush.task",
    "spool.before_fsync",
]


@pytest.mark.parametrize("point", [*CRASHES, "spool.after_fsync", "spool.before_rename"])
def test_a_kill_leaves_a_spool_readable_to_its_last_whole_line(
    point: str, server: HostileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHENWEI_CRASH_AT", point)
    plan = child.plan({server.host(fine): questions(2)}, spec=child.spec())
    told = child.run(plan, tmp_path)
    assert told.code == -signal.SIGKILL
    kinds = [event["event"] for event in told.events]
    if point.startswith("spool.before_flush"):
        assert kinds == ["start", "response", "response", "rows"][: 3 if point.endswith("rows") else 4]
    elif point == "spool.after_flush.rows":
        assert kinds == ["start", "response", "response", "rows"]
    else:
        assert kinds[-1] == "end"
    assert launch.spool_path(plan, tmp_path).suffix == ".part"


def test_a_kill_after_the_rename_leaves_a_whole_spool(
    server: HostileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHENWEI_CRASH_AT", "spool.after_rename")
    plan = child.plan({server.host(fine): questions(1)}, spec=child.spec())
    told = child.run(plan, tmp_path)
    assert (told.code, told.events[-1]["event"]) == (-signal.SIGKILL, "end")


def ended(plan: Plan, folder: Path) -> child.Told:
    told = child.run(plan, folder)
    assert told.events == []
    return told


def test_it_refuses_a_plan_that_relaxes_anything_but_loopback(tmp_path: Path) -> None:
    plan = child.plan({"127.0.0.1:1": questions(1)}, spec=child.spec())
    told = ended(replace(plan, loopback=Loopback(True, ["10.0.0.1:80"])), tmp_path)
    assert told.code == 2
    assert "10.0.0.1:80" in told.log


def test_it_refuses_loopback_in_a_production_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHENWEI_VAR", str(tmp_path / "production"))
    told = ended(child.plan({"127.0.0.1:1": questions(1)}, spec=child.spec()), tmp_path)
    assert told.code == 2
    assert "production" in told.log


def test_a_run_id_is_used_once(server: HostileServer, tmp_path: Path) -> None:
    plan = child.plan({server.host(fine): questions(1)}, spec=child.spec())
    assert child.run(plan, tmp_path).code == 0
    again = child.run(plan, tmp_path)
    assert (again.code, "used once" in again.log) == (2, True)


def test_a_full_disk_ends_the_run_and_asks_no_more(
    server: HostileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = server.host(fine)
    plan = child.plan({pair: questions(50)}, spec=child.spec())
    plans.write(plan, tmp_path / "plan.json")
    code = "import resource,sys,signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    code += "from crawlers import child; resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))\n"
    code += "sys.exit(child.main(sys.argv[1:]))"
    command = [launch.sys.executable, "-c", code, str(tmp_path / "plan.json"), str(tmp_path)]
    done = subprocess.run(
        command, cwd=launch.datafolder.CHECKOUT, env=dict(os.environ), capture_output=True, timeout=20
    )
    assert done.returncode == 1
    assert b"the spool cannot be written" in done.stderr
    assert len(server.visits[pair]) < 10
    told = child.Told(1, "", [event for _, event in child.spool.read(launch.spool_path(plan, tmp_path))])
    assert [event["event"] for event in told.events][:2] == ["start", "response"]

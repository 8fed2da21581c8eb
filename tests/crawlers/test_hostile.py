"""The real child against hosts that misbehave: each question ends in the right state, and nobody else
suffers.

All hosts of a table are asked in one run, so a host that hangs or bombs does so beside the others.
"""

import asyncio
import gzip
import json
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.crawlers import child
from tests.crawlers.hostile_server import Behaviour, HostileServer, Visit

ROW = {"id": "1", "handle": "zz", "name": "郑州发布"}
PAGE = {"accounts": [ROW]}
GOOD = json.dumps(PAGE).encode()
GOTOSOCIAL = (
    "User-agent: Scrapy\nDisallow: /\n\n"
    "User-agent: *\nCrawl-delay: 500\nDisallow: /search\nDisallow: /fileserver/\n"
)


def gives(status: int, body: bytes, *headers: str) -> Behaviour:
    """Always the same answer."""

    async def behave(visit: Visit) -> None:
        await visit.answer(status, body, *headers)

    return behave


def gives_json(document: object, status: int = 200, *headers: str) -> Behaviour:
    return gives(status, json.dumps(document).encode(), *headers)


def raw(data: bytes) -> Behaviour:
    """Bytes, then the end of the connection."""

    async def behave(visit: Visit) -> None:
        await visit.send(data)
        visit.writer.close()

    return behave


def redirects(location: str) -> Behaviour:
    async def behave(visit: Visit) -> None:
        if visit.path == "/landed":
            await visit.json(PAGE)
        else:
            await visit.answer(302, b"", f"Location: {location}")

    return behave


def endless(head: bytes, piece: bytes, pause_s: float = 0.0) -> Behaviour:
    """`head`, then `piece` again and again."""

    async def behave(visit: Visit) -> None:
        await visit.send(head)
        while True:
            await visit.send(piece)
            await asyncio.sleep(pause_s)

    return behave


async def fine(visit: Visit) -> None:
    await visit.json(PAGE)


async def never(visit: Visit) -> None:
    await asyncio.sleep(60)


async def resets(visit: Visit) -> None:
    await visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")
    linger = struct.pack("ii", 1, 0)
    visit.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    visit.writer.transport.abort()


async def later_once(visit: Visit) -> None:
    """Too busy for the first question."""
    if visit.number == 2:
        await visit.answer(429, b"", "Retry-After: 1")
    else:
        await visit.json(PAGE)


async def loops(visit: Visit) -> None:
    await visit.json({"accounts": [{**ROW, "id": str(visit.number)}], "cursor": "same"})


async def repeats(visit: Visit) -> None:
    await visit.json({"accounts": [ROW], "cursor": str(visit.number)})


async def goes_on(visit: Visit) -> None:
    await visit.json({"accounts": [{**ROW, "id": str(visit.number)}], "cursor": str(visit.number)})


async def fails_later(visit: Visit) -> None:
    if visit.query("cursor"):
        await visit.answer(200, b"{")
    else:
        await visit.json({"accounts": [ROW], "cursor": "2"})


@dataclass
class Case:
    """A host and what each of its questions must come to: state, and a word of the reason."""

    name: str
    host: Behaviour
    outcomes: list[tuple[str, str]]
    stage: str = "search"
    robots: Behaviour | None = None
    complete: bool | None = None
    visits: int | None = None
    values: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.values = tuple(f"q{n}" for n in range(len(self.outcomes)))


def one(name: str, host: Behaviour, state: str, reason: str = "", **more: Any) -> Case:
    return Case(name, host, [(state, reason)], **more)


GZIP = "Content-Encoding: gzip"
OK_HEAD = b"HTTP/1.1 200 OK\r\n"
CHALLENGE_PAGE = "<html><p>访问过于频繁，请完成验证后继续。</p></html>".encode()
PAGES = [
    one("fine", fine, "ok", complete=True, visits=2),
    one("nothing found", gives_json({"accounts": []}), "empty", complete=True),
    one("no such account", gives_json({"error": "Record not found"}, 404), "not_found", stage="lookup"),
    one("404 of another kind", gives(404, b"<h1>nope</h1>"), "error", "HTTP 404", stage="lookup"),
    one("error with 200", gives_json({"error": "try again"}), "error", "try again"),
    one("full page", gives_json([{"time": "2026-11-24T00:00:00Z"}] * 3), "ok", stage="posts", complete=False),
    one("short page", gives_json([{"time": "2026-11-24T00:00:00Z"}] * 2), "ok", stage="posts", complete=True),
    # "later" and "go away"
    Case(
        "429 for long",
        gives(429, b"", "Retry-After: 7200"),
        [("deferred", "429"), ("deferred", "wait")],
        visits=2,
    ),
    Case("429 for a second", later_once, [("deferred", "429"), ("ok", "")], visits=3),
    one(
        "503",
        gives(503, b"", "Retry-After: 120", "Retry-After: Tue, 24 Nov 2026 00:18:19 GMT"),
        "deferred",
        "503",
    ),
    one(
        "403 quota", gives(403, b"", "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 3600"), "deferred", "403"
    ),
    Case("403", gives(403, b"no"), [("challenge", "403"), ("deferred", "closed for now")], visits=2),
    Case(
        "challenge with 200", gives(200, CHALLENGE_PAGE), [("challenge", "验证"), ("deferred", "")], visits=2
    ),
    one("redirect to a challenge", redirects("/verify?x=1"), "challenge", "/verify", visits=2),
    # redirects
    one("redirect", redirects("/landed"), "ok", complete=True, visits=3),
    one(
        "redirect to a cloud's inner address", redirects("http://169.254.169.254/latest"), "egress", "169.254"
    ),
    one("redirect to a closed port of ours", redirects("http://127.0.0.1:9/"), "egress", "port 9"),
    one("redirect to a number", redirects("http://2130706433/"), "egress", "IPv4"),
    one("redirect without scheme", redirects("//127.0.0.1/"), "egress", "127.0.0.1"),
    one("redirect to a mapped address", redirects("http://[::ffff:127.0.0.1]/"), "egress", "not a public"),
    one("redirect to another platform", redirects("https://good.example/"), "egress", "own host"),
    one("redirect to a file", redirects("file:///etc/passwd"), "error", "HTTP 302"),
    one("redirect with a user part", redirects("http://a:b@127.0.0.1/"), "egress", "user part"),
    one("redirect to itself", redirects("/search"), "error", "redirected more than 3 times", visits=5),
    # bodies
    one("gzip", gives(200, gzip.compress(GOOD), GZIP), "ok", complete=True),
    one("truncated gzip", gives(200, gzip.compress(GOOD)[:-9], GZIP), "quarantine", "cut off"),
    one("plain body labelled gzip", gives(200, GOOD, GZIP), "quarantine", "not gzip"),
    one("unasked coding", gives(200, GOOD, "Content-Encoding: br"), "quarantine", "br was not asked for"),
    one(
        "gzip in gzip",
        gives(200, gzip.compress(gzip.compress(GOOD)), GZIP, GZIP),
        "quarantine",
        "not asked for",
    ),
    one("gzip bomb", gives(200, gzip.compress(b" " * 60_000_000), GZIP), "error", "too large"),
    one("truncated JSON", gives(200, GOOD[:-3]), "quarantine", "not JSON"),
    one(
        "HTML for JSON",
        gives(200, b"<html></html>", "Content-Type: application/json"),
        "quarantine",
        "not JSON",
    ),
    one("nothing at all", gives(200, b""), "quarantine", "not JSON"),
    one("nested without end", gives(200, b"[" * 100_000), "quarantine", "nested"),
    one("list is null", gives_json({"accounts": None}), "quarantine", "nothing"),
    one("rows that are none", gives_json({"accounts": [1, "x", None]}), "quarantine", "no name"),
    one("many rows", gives_json({"accounts": [ROW] * 20_000}), "ok", complete=False),
    one(
        "half a character",
        gives(200, b'{"accounts":[{"id":"1","name":"a\\ud800\\u0000"}]}'),
        "ok",
        complete=True,
    ),
    # pages
    one("the same cursor", loops, "quarantine", "cursor_loop", visits=3),
    one("the same rows", repeats, "ok", "repeats known rows", complete=False),
    one("pages without end", goes_on, "ok", "stopped after 3 pages", complete=False, visits=4),
    one("second page broken", fails_later, "quarantine", "not JSON", complete=False),
    # connections
    one("endless head", endless(OK_HEAD, b"X-A: b\r\n" * 100), "error", "no HTTP"),
    one("300 headers", raw(OK_HEAD + b"A: b\r\n" * 300 + b"\r\n" + GOOD), "error", "no HTTP"),
    one("150 headers", raw(OK_HEAD + b"A: b\r\n" * 150 + b"\r\n" + GOOD), "ok"),
    one("endless folded header", endless(OK_HEAD + b"X-A: b\r\n", b" more\r\n" * 100), "error", "no HTTP"),
    one("endless header line", endless(OK_HEAD + b"X-A: ", b"a" * 65536), "error", ""),
    one("endless 100 Continue", endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 50), "error", "no HTTP"),
    one("endless body", endless(OK_HEAD + b"\r\n", b"x" * 65536), "error", "too large"),
    one(
        "a gigabyte, honestly",
        endless(OK_HEAD + b"Content-Length: 1073741824\r\n\r\n", b"x"),
        "error",
        "too large",
    ),
    one("body too short", raw(OK_HEAD + b"Content-Length: 500\r\n\r\n" + GOOD), "error", "broke off"),
    one("length too small", raw(OK_HEAD + b"Content-Length: 9\r\n\r\n" + GOOD), "quarantine", "not JSON"),
    one("not HTTP", raw(b"hello\r\n\r\n"), "error", ""),
    one("resets", resets, "error", ""),
    one("never answers", never, "error", "in time"),
    one("drips", endless(OK_HEAD + b"Content-Length: 9999\r\n\r\n", b" ", 0.05), "error", "in time"),
    one("500", gives(500, b""), "error", "HTTP 500", visits=3),
    Case("hangs up", raw(b""), [("error", "")] * 3 + [("deferred", "host unreachable")] * 4, visits=7),
]

RULES = b"User-agent: *\nDisallow: /search\n"
ROBOTS = [
    one("401", fine, "robots", "401", robots=gives(401, b""), visits=1),
    one("403", fine, "robots", "403", robots=gives(403, b""), visits=1),
    one("404 with rules in it", fine, "ok", robots=gives(404, RULES)),
    one("410", fine, "ok", robots=gives(410, b"")),
    one("disallowed", fine, "robots", "forbids /search", robots=gives(200, RULES), visits=1),
    one(
        "disallowed after a BOM",
        fine,
        "robots",
        "forbids",
        robots=gives(200, b"\xef\xbb\xbf" + RULES),
        visits=1,
    ),
    one("disallowed for Scrapy only", fine, "ok", robots=gives(200, b"User-agent: Scrapy\nDisallow: /\n")),
    one(
        "disallowed for us",
        fine,
        "robots",
        "forbids",
        robots=gives(200, b"User-agent: zhenwei\nDisallow: /\n"),
    ),
    one("GoToSocial's", fine, "robots", "forbids", robots=gives(200, GOTOSOCIAL.encode()), visits=1),
    one("other paths disallowed", fine, "ok", robots=gives(200, b"User-agent: *\nDisallow: /admin\n")),
    one("a page for every address", fine, "ok", robots=gives(200, b"<html>hello</html>")),
    one("429", fine, "robots_unreachable", "", robots=gives(429, b"", "Retry-After: 1"), visits=1),
    one("500", fine, "robots_unreachable", "500", robots=gives(500, b""), visits=1),
    one("503", fine, "robots_unreachable", "503", robots=gives(503, b"", "Retry-After: 1"), visits=1),
    one("redirect that leads nowhere", fine, "robots_unreachable", "302", robots=gives(302, b""), visits=1),
    one("redirect to itself", fine, "robots_unreachable", "often", robots=redirects("/robots.txt"), visits=6),
    one(
        "redirect inside",
        fine,
        "robots_unreachable",
        "10.0.0.1",
        robots=redirects("http://10.0.0.1/robots.txt"),
    ),
    one("never answers", fine, "robots_unreachable", "in time", robots=never, visits=1),
    one("resets", fine, "robots_unreachable", "", robots=resets, visits=1),
    one(
        "cut",
        fine,
        "robots_unreachable",
        "",
        robots=raw(OK_HEAD + b"Content-Length: 99\r\n\r\nUser"),
        visits=1,
    ),
    one("too large", fine, "robots_unreachable", "too large", robots=gives(200, b"#" * 6_000_000), visits=1),
    one(
        "UTF-16",
        fine,
        "robots_unreachable",
        "UTF-8",
        robots=gives(200, RULES.decode().encode("utf-16")),
        visits=1,
    ),
    one("NUL", fine, "robots_unreachable", "UTF-8", robots=gives(200, b"\x00" + RULES), visits=1),
    one(
        "truncated gzip",
        fine,
        "robots_unreachable",
        "cut",
        robots=gives(200, gzip.compress(RULES)[:-4], GZIP),
    ),
]


@dataclass
class Played:
    """A table after its run: what was told and what each host saw."""

    told: child.Told
    visits: dict[str, list[str]]
    first_task: dict[str, int]


def play(cases: list[Case], folder: Path) -> Played:
    with HostileServer() as server:
        pairs = {case.name: server.host(case.host, case.robots) for case in cases}
        questions = {pairs[case.name]: [(case.stage, value) for value in case.values] for case in cases}
        told = child.run(child.plan(questions, spec=child.spec(), timeout_s=1.0), folder)
        first, number = {}, 0
        for case in cases:
            first[case.name] = number
            number += len(case.values)
        return Played(told, {name: list(server.visits[pair]) for name, pair in pairs.items()}, first)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    yield play(PAGES, tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="module")
def robots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    yield play(ROBOTS, tmp_path_factory.mktemp("robots"))


def check(case: Case, played: Played) -> None:
    ended = played.told.by_task("task")
    for n, (state, reason) in enumerate(case.outcomes):
        (event,) = ended[played.first_task[case.name] + n]
        assert (event["state"], event["reason"]) == (state, event["reason"]), event
        assert reason in (event["reason"] or "")
        if case.complete is not None:
            assert event["complete"] is case.complete
    if case.visits is not None:
        assert len(played.visits[case.name]) == case.visits, played.visits[case.name]


@pytest.mark.parametrize("case", PAGES, ids=lambda case: case.name)
def test_every_question_ends_in_the_right_state(case: Case, pages: Played) -> None:
    check(case, pages)


@pytest.mark.parametrize("case", ROBOTS, ids=lambda case: case.name)
def test_robots_is_read_before_any_page_and_failure_is_no_permission(case: Case, robots: Played) -> None:
    check(case, robots)
    if case.outcomes[0][0] != "ok":
        assert all(target == "/robots.txt" for target in robots.visits[case.name])


def test_bombs_and_endless_answers_do_not_fill_the_memory(pages: Played, robots: Played) -> None:
    peaks = (pages.told.peak_kib, robots.told.peak_kib)
    assert min(peaks) > 0
    assert max(peaks) < 256 * 1024, peaks


def test_the_run_is_whole_and_every_task_accounted_for(pages: Played) -> None:
    asked = sum(len(case.values) for case in PAGES)
    (end,) = pages.told.of("end")
    assert (pages.told.code, end["tasks_given"], end["tasks_accounted"]) == (0, asked, asked)
    assert len(pages.told.of("task")) == asked
    assert "internal error" not in pages.told.log

"""StrictRobots: no page is fetched before its host's robots.txt was read and allows it.

Scrapy's own middleware takes every failure to read robots.txt for permission. Here (RFC 9309, and stricter):
2xx with rules, obeyed; 2xx without any rule, allowed and noted as odd; 401 and 403, denied; other 4xx,
there is none; everything else (429, 5xx, a redirect that leads nowhere, no answer, a body that is no text)
denies the host for this run as unreachable.
"""

import hashlib
from datetime import datetime
from typing import Literal, Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from common import clock
from common.addresses import split_origin
from crawlers import exchange
from crawlers.exchange import Exchange, Refused, Verdict
from crawlers.run import Run
from crawlers.trouble import in_words

AGENT = "Zhenwei"
READ_BYTES = 512 * 1024  # RFC 9309 asks for 500 KiB at least


class StrictRobots:
    """Reads each origin's robots.txt once a run, when its first page is asked for."""

    def __init__(self, crawler: Crawler, run: Run) -> None:
        self._crawler, self._run = crawler, run
        self._verdicts: dict[str, Verdict] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, crawler.spider.run)  # type: ignore[union-attr]

    async def process_request(self, request: Request) -> None:
        """Returns if the page may be fetched. Raises Refused."""
        asked = exchange.of(request)
        if asked.kind == "robots":
            return
        asked.robots = await self._verdict(request)
        check(asked.robots, request.url)

    async def _verdict(self, request: Request) -> Verdict:
        origin = split_origin(request.url)
        key = f"{origin.scheme}://{origin.pair}"
        if key not in self._verdicts:
            self._verdicts[key] = await self._read(f"{key}/robots.txt", request)
            self._slow_down(request, self._verdicts[key])
        return self._verdicts[key]

    async def _read(self, url: str, page: Request) -> Verdict:
        """Raises Refused if the run does not allow the fetch now; that says nothing about the host."""
        asked = Exchange(exchange.of(page).source, "robots")
        slot = page.meta["download_slot"]
        meta = {exchange.META_KEY: asked, "download_slot": slot, "dont_retry": True}
        request = Request(url, meta=meta, callback=NO_CALLBACK)
        try:
            response = await self._crawler.engine.download_async(request)
            verdict = judge(response, clock.now())
        except Refused as refused:
            if refused.state in ("budget", "deferred") and asked.received is None:
                raise
            verdict = unreachable(refused.reason)
        except IgnoreRequest:
            verdict = unreachable("redirected too often")
        except Exception as error:  # whatever a hostile host makes of the HTTP client, it is not permission
            verdict = unreachable(in_words(error))
        if asked.received is not None:
            asked.robots = verdict
            self._run.write_response(asked, url, None)
        return verdict

    def _slow_down(self, request: Request, verdict: Verdict) -> None:
        delay = verdict.rules and verdict.rules.crawl_delay(AGENT)
        if delay:
            politeness = exchange.of(request).source.spec.politeness
            self._run.host(split_origin(request.url), politeness.delay_s).want_delay(float(delay))


def judge(response: Response, now: datetime) -> Verdict:
    """What the answer to a request for robots.txt comes to."""
    status, body = response.status, response.body
    sha256 = hashlib.sha256(body).hexdigest()

    def verdict(
        name: Literal["allow", "odd", "none", "deny", "unreachable"],
        reason: str | None,
        rules: Protego | None = None,
    ) -> Verdict:
        return Verdict(name, reason, sha256, now, rules)

    if status in (401, 403):
        return verdict("deny", f"robots.txt answers HTTP {status}")
    if 400 <= status < 500 and status != 429:
        return verdict("none", f"robots.txt answers HTTP {status}")
    if not 200 <= status < 300:
        return verdict("unreachable", f"robots.txt answers HTTP {status}")
    if b"\x00" in body or body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return verdict("unreachable", "robots.txt is no UTF-8 text")
    text = body[:READ_BYTES].removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    if not _has_rules(text):
        return verdict("odd", "robots.txt holds no rule")
    return verdict("allow", None, Protego.parse(text))


def unreachable(reason: str) -> Verdict:
    """robots.txt could not be read, so nothing is allowed in this run."""
    return Verdict("unreachable", f"robots.txt: {reason}", None, None)


def check(verdict: Verdict, url: str) -> None:
    """Raises Refused if `verdict` does not allow `url`."""
    if verdict.verdict == "deny":
        raise Refused("robots", verdict.reason or "robots.txt denies")
    if verdict.verdict == "unreachable":
        raise Refused("robots_unreachable", verdict.reason or "robots.txt could not be read")
    if verdict.rules is not None and not verdict.rules.can_fetch(url, AGENT):
        raise Refused("robots", f"robots.txt forbids {urlsplit(url).path[:200]}")


def _has_rules(text: str) -> bool:
    """Whether any line is one: an HTML page that answers every address holds none."""
    lines = (line.partition("#")[0].strip().lower() for line in text.splitlines())
    return any(line.startswith(("user-agent:", "disallow:", "allow:", "user-agent :")) for line in lines)

"""One host's tasks, one after another: ask, keep what came, read it, go on to the next page or the next task.

Scrapy would queue all requests at once, and a pause set by one answer would not reach those already queued. A
chain asks the next question only when the last one is answered. Every task ends in exactly one state.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawlers import asking, exchange
from crawlers.asking import AskError
from crawlers.exchange import Exchange, Refused
from crawlers.extract import extract
from crawlers.hosts import Host
from crawlers.items import CHECKED, Answer, Extracted, Row, State
from crawlers.middlewares.answers import answer_of
from crawlers.plan import PlannedSource, PlannedTask
from crawlers.run import Run
from crawlers.specs import Stage
from crawlers.spool import SpoolError
from crawlers.trouble import in_words, is_connection_trouble

PAGE_REDIRECTS = 3

Download = Callable[[Request], Awaitable[Response]]
logger = logging.getLogger(__name__)


class Outcome(NamedTuple):
    """How a task ended after so many answered `pages`; `complete` = there is no more than the rows given."""

    state: State
    reason: str | None
    pages: int
    complete: bool


async def work(run: Run, tasks: Sequence[PlannedTask], download: Download) -> None:
    """Do all `tasks` of one host. A task that fails unexpectedly is an error of that task alone."""
    try:
        for task in tasks:
            try:
                outcome = await _Walk(run, task, download).outcome()
            except SpoolError:
                raise
            except Exception:
                logger.exception("task %d failed", task.task)
                outcome = Outcome("error", "internal error, see the log of the crawl", 0, False)
            run.account(task, *outcome)
    except SpoolError:
        logger.exception("the spool cannot be written; the run ends")


class _Walk:
    """One task, page after page."""

    def __init__(self, run: Run, task: PlannedTask, download: Download) -> None:
        self._run, self._task, self._download = run, task, download
        self._source: PlannedSource = run.plan.source(task.source)
        self._stage: Stage = self._source.spec.stages[task.stage]
        self._urls: set[str] = set()
        self._keys: set[str] = set()
        self._pages = 0

    async def outcome(self) -> Outcome:
        """Ask page after page until there is none, none is new, or the limit is reached."""
        if reason := asking.impossible(self._source.spec, self._stage, self._task.value):
            return Outcome("not_found", reason, 0, True)
        state, whole, following = None, True, None
        for page in range(1, self._stage.paginate.max_pages + 1):
            found = await self._ask(page, following)
            if found.state not in CHECKED:
                return self._ended(found.state, found.reason, False)
            state, whole, following = state or found.state, whole and found.whole, found.following
            if found.rows and not self._new(found.rows):
                return self._ended(state, f"page {page} repeats known rows", False)
            if following is None:
                return self._ended(state, found.reason, whole)
        return self._ended(state or "empty", f"stopped after {self._pages} pages, there are more", False)

    def _ended(self, state: State, reason: str | None, complete: bool) -> Outcome:
        return Outcome(state, reason, self._pages, complete)

    async def _ask(self, page: int, following: Any) -> Extracted:
        """The rows of one page. A page that was asked for before is not asked for again."""
        source = self._source
        try:
            url = asking.url(self._stage, source.base_url, source.instance, self._task.value, page, following)
        except AskError as error:
            return Extracted("error", str(error))
        if url in self._urls:
            return Extracted("quarantine", "cursor_loop: the platform names a page again")
        self._urls.add(url)
        return await self._page(url, page)

    def _new(self, rows: Sequence[Row]) -> bool:
        """Whether any of `rows` was not seen on an earlier page of this task."""
        keys = {str(row.get("id") or row.get("handle") or row.get("url") or row.get("time")) for row in rows}
        fresh = bool(keys - self._keys)
        self._keys |= keys
        return fresh

    async def _page(self, url: str, page: int) -> Extracted:
        """Fetch and read one page, and put into the spool what was received."""
        asked = Exchange(self._source, "page")
        host = self._run.host(self._source.origin, self._source.spec.politeness.delay_s)
        try:
            found = extract(self._source.spec, self._stage, await self._fetch(url, asked, host), page)
        except Refused as refused:
            found = Extracted(refused.state, refused.reason)
        except IgnoreRequest:
            found = Extracted("error", f"redirected more than {PAGE_REDIRECTS} times")
        except SpoolError:
            raise
        except Exception as error:  # whatever a hostile host makes of the HTTP client stays with this task
            found = Extracted("error", in_words(error))
            if asked.received is None and is_connection_trouble(error):
                host.failed()
        if asked.received is not None:
            host.answered()
            self._pages += 1
            seq = self._run.write_response(asked, url, self._task.task)
            self._run.write_rows(seq, self._task.task, page, found)
        return found

    async def _fetch(self, url: str, asked: Exchange, host: Host) -> Answer:
        meta = {exchange.META_KEY: asked, "download_slot": host.pair, "redirect_ttl": PAGE_REDIRECTS}
        headers = dict(self._stage.request.headers)
        self._run.check_open(self._source, self._source.origin)
        return answer_of(await self._download(Request(url, headers=headers, meta=meta, callback=NO_CALLBACK)))

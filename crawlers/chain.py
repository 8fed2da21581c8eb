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
from crawlers.items import CHECKED, Extracted, Row, State
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
    """How a task ended; `complete` = the platform has nothing more to the question than the rows given."""

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

    async def outcome(self) -> Outcome:
        """Ask page after page until there is none, none is new, or the limit is reached."""
        if reason := asking.impossible(self._source.spec, self._stage, self._task.value):
            return Outcome("not_found", reason, 0, True)
        whole, state, following, page = True, None, None, 0
        while True:
            page += 1
            try:
                url = self._url(page, following)
            except AskError as error:
                return Outcome("error", str(error), page - 1, False)
            if url in self._urls:
                return Outcome("quarantine", "cursor_loop: the platform names a page again", page - 1, False)
            self._urls.add(url)
            found = await self._page(url, page)
            if found.state not in CHECKED:
                return Outcome(found.state, found.reason, page, False)
            state, whole, following = state or found.state, whole and found.whole, found.following
            if page > 1 and found.rows and not self._new(found.rows):
                return Outcome(state, f"page {page} repeats known rows", page, False)
            self._new(found.rows)
            if following is None:
                return Outcome(state, found.reason, page, whole)
            if page >= self._stage.paginate.max_pages:
                return Outcome(state, f"stopped after {page} pages, there are more", page, False)

    def _url(self, page: int, following: Any) -> str:
        source = self._source
        return asking.url(self._stage, source.base_url, source.instance, self._task.value, page, following)

    def _new(self, rows: Sequence[Row]) -> bool:
        """Whether any of `rows` was not seen on an earlier page of this task."""
        keys = {str(row.get("id") or row.get("handle") or row.get("url") or row.get("time")) for row in rows}
        fresh = bool(keys - self._keys)
        self._keys |= keys
        return fresh

    async def _page(self, url: str, page: int) -> Extracted:
        """Fetch and read one page, and put into the spool what was received."""
        asked = Exchange(self._source, "page")
        found = await self._fetch(url, page, asked)
        if asked.received is not None:
            seq = self._run.write_response(asked, url, self._task.task)
            self._run.write_rows(seq, self._task.task, page, found)
        return found

    async def _fetch(self, url: str, page: int, asked: Exchange) -> Extracted:
        host = self._run.host(self._source.origin, self._source.spec.politeness.delay_s)
        meta = {
            exchange.META_KEY: asked,
            "download_slot": host.pair,
            "redirect_ttl": PAGE_REDIRECTS,
        }
        headers = dict(self._stage.request.headers)
        try:
            self._run.check_open(self._source, self._source.origin)
            response = await self._download(Request(url, headers=headers, meta=meta, callback=NO_CALLBACK))
            host.answered()
            return extract(self._source.spec, self._stage, answer_of(response), page)
        except Refused as refused:
            return Extracted(refused.state, refused.reason)
        except IgnoreRequest:
            return Extracted("error", f"redirected more than {PAGE_REDIRECTS} times")
        except SpoolError:
            raise
        except Exception as error:  # whatever a hostile host makes of the HTTP client stays with this task
            if is_connection_trouble(error):
                host.failed()
            return Extracted("error", in_words(error))

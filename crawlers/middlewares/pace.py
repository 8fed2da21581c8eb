"""HostPace: every request to a host, robots.txt, redirects and retries included, waits for its turn."""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler

from common.addresses import split_origin
from crawlers import exchange
from crawlers.run import Run


class HostPace:
    """Spaces the starts, counts them against the budget, and refuses what the run does not allow any more."""

    def __init__(self, run: Run) -> None:
        self._run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.spider.run)  # type: ignore[union-attr]

    async def process_request(self, request: Request) -> None:
        """Returns when the request may start. Raises Refused."""
        await self._run.turn(exchange.of(request).source, split_origin(request.url))

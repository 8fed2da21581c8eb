"""RetryAfter: a host that says "later" is left alone until then, and nothing is tried again in place."""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from common import clock
from common.addresses import split_origin
from crawlers import exchange, waiting
from crawlers.exchange import Refused
from crawlers.middlewares.answers import answer_of
from crawlers.run import Run


class RetryAfter:
    """Turns 429, 503 and a used-up quota into a pause of the host, which the parent stores."""

    def __init__(self, run: Run) -> None:
        self._run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.spider.run)  # type: ignore[union-attr]

    def process_response(self, request: Request, response: Response) -> Response:
        """The response, unless it says "later". Raises Refused."""
        answer = answer_of(response)
        if not waiting.asks_to_wait(answer):
            return response
        origin, source = split_origin(response.url), exchange.of(request).source
        host = self._run.host(origin, source.spec.politeness.delay_s)
        seconds = waiting.wait_s(answer, clock.now()) or host.fallback_s()
        reason = f"HTTP {response.status}"
        not_before = self._run.pause(source, origin, seconds, reason)
        raise Refused("deferred", f"{reason}: asked to wait until {clock.isoformat(not_before)}")

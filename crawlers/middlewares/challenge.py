"""ChallengeUrl, ChallengeBody: a platform that asks for a challenge is left alone; nothing is solved."""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawlers import exchange, judge
from crawlers.exchange import Refused
from crawlers.middlewares.answers import answer_of
from crawlers.run import Run


class _Challenge:
    def __init__(self, run: Run) -> None:
        self._run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.spider.run)  # type: ignore[union-attr]


class ChallengeUrl(_Challenge):
    """Knows a challenge page by its address, so that a redirect to one is never fetched."""

    def process_request(self, request: Request) -> None:
        """Raises Refused."""
        source = exchange.of(request).source
        if reason := judge.challenge_url(source.spec, request.url):
            self._run.close(source, reason)
            raise Refused("challenge", reason)


class ChallengeBody(_Challenge):
    """Knows a challenge page by its status or content. robots.txt is read by its own rules instead."""

    def process_response(self, request: Request, response: Response) -> Response:
        """The response, unless it is a challenge. Raises Refused."""
        asked = exchange.of(request)
        reason = judge.challenge(asked.source.spec, answer_of(response))
        if reason is None or asked.kind == "robots":
            return response
        self._run.close(asked.source, reason)
        raise Refused("challenge", reason)

"""robots.txt: verdicts on its answer, and on single URLs."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Response

from crawlers.exchange import Refused, Verdict
from crawlers.middlewares.robots import AGENT, READ_BYTES, check, judge

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PAGE = "https://a.example/api/v2/search?q=%E9%83%91%E5%B7%9E"


def verdict(body: bytes, status: int = 200) -> Verdict:
    return judge(Response("https://a.example/robots.txt", status=status, body=body), NOW)


def allowed(body: bytes, url: str = PAGE) -> bool:
    try:
        check(verdict(body), url)
    except Refused as refused:
        assert refused.state in ("robots", "robots_unreachable")
        return False
    return True


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (b"User-agent: *\nDisallow: /api/", False),
        (b"User-agent: *\nDisallow:", True),
        (b"User-agent: *\nDisallow: /\nAllow: /api/v2/", True),
        (b"User-agent: Scrapy\nDisallow: /", True),
        (b"User-agent: Zhenwei\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
        (b"User-agent: Zhenwei\nAllow: /\n\nUser-agent: *\nDisallow: /", True),
        (b"User-agent: *\nDisallow: /*q=", False),
        (b"user-agent : *\r\ndisallow : /api", False),
        ("User-agent: *\nDisallow: /郑州".encode(), True),
        (b"User-agent: *\n\xff\xfeDisallow: /api", True),
    ],
)
def test_rules_are_obeyed(rules: bytes, expected: bool) -> None:
    assert allowed(rules) is expected


def test_rules_beyond_what_is_read_do_not_count() -> None:
    padding = b"#" * READ_BYTES
    assert allowed(b"User-agent: *\nDisallow: /x\n" + padding + b"\nDisallow: /api\n")


def test_a_page_that_is_no_robots_file_is_allowed_and_noted() -> None:
    found = verdict(b"<!doctype html><html><body>Welcome</body></html>")
    assert (found.verdict, found.reason) == ("odd", "robots.txt holds no rule")


def test_the_crawl_delay_is_ours_or_everybodys() -> None:
    rules = verdict(b"User-agent: *\nCrawl-delay: 500\nDisallow: /api/\n").rules
    assert rules is not None
    assert rules.crawl_delay(AGENT) == 500


def test_stars_without_end_cost_no_time() -> None:
    pattern = "*%E9*" * 5000
    assert allowed(f"User-agent: *\nDisallow: /{pattern}x\n".encode(), PAGE + "%E9%83%91" * 200)


@given(st.binary(max_size=200) | st.text(alphabet="Useragnt-: *Dilow/\n#$%", max_size=200).map(str.encode))
def test_whatever_it_holds_there_is_a_verdict(body: bytes) -> None:
    found = verdict(body)
    assert found.verdict in ("allow", "odd", "unreachable")
    allowed(body)

"""Scrapy's settings for a run: every default that would be impolite, unsafe or untrue is pinned here.

`check_running` compares what really runs with what is pinned, since a setting that a later Scrapy renames
would be ignored without a word.
"""

from typing import Any

from scrapy.crawler import Crawler
from scrapy.settings import default_settings

from crawlers.middlewares import http_client
from crawlers.middlewares.egress import LOOPBACK_SETTING, guard_of_reactor
from crawlers.middlewares.robots import AGENT
from crawlers.plan import Plan

_OURS = {
    "crawlers.middlewares.egress.EgressUrl": 40,
    "crawlers.middlewares.challenge.ChallengeUrl": 60,
    "crawlers.middlewares.robots.StrictRobots": 100,
    "crawlers.middlewares.pace.HostPace": 120,
    "crawlers.middlewares.challenge.ChallengeBody": 585,
    "crawlers.middlewares.retry_after.RetryAfter": 588,
    "crawlers.middlewares.body.CompleteBody": 610,
    "crawlers.middlewares.egress.EgressError": 990,
}
"""Requests pass from low to high, answers and errors from high to low: CompleteBody sees them first."""

PINNED: dict[str, Any] = {
    # Who we are, and that we ask first.
    "ROBOTSTXT_USER_AGENT": AGENT,
    "ROBOTSTXT_OBEY": True,
    # Scrapy accepts any certificate by default.
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "DOWNLOAD_TLS_MIN_VERSION": "TLSv1.2",
    # Both run code sent to a local port, and are on by default.
    "REMOTE_CONTROL_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    # A proxy from the environment would lead past the egress guard.
    "HTTPPROXY_ENABLED": False,
    "TWISTED_DNS_RESOLVER": "crawlers.middlewares.egress.GuardResolver",
    "DOWNLOAD_HANDLERS": {"file": None, "data": None, "ftp": None, "s3": None},
    # One answer to one question: no browser manners, no memory.
    "METAREFRESH_ENABLED": False,
    "COOKIES_ENABLED": False,
    "REFERER_ENABLED": False,
    "AUTOTHROTTLE_ENABLED": False,
    "HTTPCACHE_ENABLED": False,
    "COMPRESSION_ENABLED": False,  # CompleteBody undoes gzip and notices when it is cut
    "DEFAULT_REQUEST_HEADERS": {"Accept": "*/*", "Accept-Encoding": "gzip"},
    "REFERRER_POLICY": "no-referrer",
    # Limits.
    "DOWNLOAD_MAXSIZE": 5 * 2**20,
    "DOWNLOAD_WARNSIZE": 0,
    "REDIRECT_MAX_TIMES": 5,  # of robots.txt; pages carry their own limit
    "CONCURRENT_REQUESTS": 64,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "DOWNLOAD_DELAY": 2,
    "DOWNLOAD_DELAY_JITTER": 0,  # half of a delay would be less than promised
    "RETRY_TIMES": 1,
    "RETRY_HTTP_CODES": [500, 502, 504, 522, 524, 408],  # 429 and 503 say when to come back
    "HTTPERROR_ALLOW_ALL": True,
    "URLLENGTH_LIMIT": 0,  # EgressUrl refuses aloud what this would drop in silence
    "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
    "JOBDIR": None,
    "FEEDS": {},
    "MEMUSAGE_ENABLED": False,  # it would close the spider under the chains; the spider watches memory itself
    "LOGSTATS_INTERVAL": 0,
    "LOG_LEVEL": "ERROR",
    "DOWNLOADER_MIDDLEWARES": {
        "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
        "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
        **_OURS,
    },
}


class SettingsError(Exception):
    """Something that the crawl relies on is not in force; nothing was fetched."""


def for_plan(plan: Plan) -> dict[str, Any]:
    """All settings of a run. HostPace spaces the starts, so the slots themselves do not wait."""
    hosts = {source.origin.pair for source in plan.sources}
    return PINNED | {
        "USER_AGENT": plan.user_agent,
        "DOWNLOAD_TIMEOUT": plan.timeout_s,
        "DOWNLOAD_SLOTS": {host: {"delay": 0, "concurrency": 1, "jitter": 0} for host in hosts},
        LOOPBACK_SETTING: sorted(plan.loopback.addresses),
    }


def check_running(crawler: Crawler) -> None:
    """Raises SettingsError unless settings, middlewares, resolver and header limit are as meant."""
    for name, value in PINNED.items():
        running = crawler.settings.get(name)
        if (dict(running) if isinstance(value, dict) else running) != value:
            raise SettingsError(f"{name} is {running!r}, not {value!r}")
        if not hasattr(default_settings, name):
            raise SettingsError(f"this version of Scrapy knows no setting {name}")
    loaded = {
        f"{type(part).__module__}.{type(part).__qualname__}"
        for part in crawler.engine.downloader.middleware.middlewares
    }
    if missing := _OURS.keys() - loaded:
        raise SettingsError(f"middleware {min(missing)} is not in force")
    if guard_of_reactor() is None:
        raise SettingsError("the egress guard is not the reactor's resolver")
    if not http_client.is_restrained():
        raise SettingsError("the limits of the HTTP client are not in force")

"""One question to a host and everything that came of it, carried along in the request's meta.

Scrapy copies a request for every redirect and retry, but all copies share the meta's objects: so the
middlewares write what they see into the one Exchange, and whoever asked reads it there, whether an answer
or an error came.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from protego import Protego
from scrapy import Request
from scrapy.exceptions import IgnoreRequest

from crawlers.items import State
from crawlers.plan import PlannedSource


class Refused(IgnoreRequest):
    """This request is not made, or its answer not used: by `state`, for `reason`. Never retried."""

    def __init__(self, state: State, reason: str) -> None:
        super().__init__(reason)
        self.state: State = state
        self.reason = reason


@dataclass(frozen=True)
class Received:
    """An HTTP answer exactly as it came (transfer coding undone, content coding not)."""

    url: str
    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes
    peer: str | None
    certificate_sha256: str | None
    at: datetime


@dataclass(frozen=True)
class Verdict:
    """What a host's robots.txt comes to for this run: `rules` to ask, or everything allowed or denied."""

    verdict: Literal["allow", "odd", "none", "deny", "unreachable"]
    reason: str | None
    sha256: str | None
    fetched_at: datetime | None
    rules: Protego | None = None


@dataclass
class Exchange:
    """Filled while the request passes through the middlewares. `received` is the last answer of the chain."""

    source: PlannedSource
    kind: Literal["page", "robots"]
    received: Received | None = None
    robots: Verdict | None = None


META_KEY = "exchange"


def of(request: Request) -> Exchange:
    """The exchange that `request` belongs to."""
    return cast(Exchange, request.meta[META_KEY])

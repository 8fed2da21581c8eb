"""The egress guard: nothing leaves for an address that the rules of `common.addresses` refuse.

Three parts. EgressUrl judges the text of every URL, redirects included. GuardResolver stands in for the
reactor's name resolver: it receives every connection target, literals too, judges all answers, and what it
returns is what is dialled, so there is no second look-up to rebind. EgressError gives a refusal its own
state, before the retry middleware would take it for a name that does not resolve.
"""

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable, Collection
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.exceptions import CannotResolveHostError
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver, IHostResolution
from zope.interface import implementer  # type: ignore[import-untyped]

from common.addresses import AddressRefused, Origin, check_answers, check_url, split_origin
from crawlers import exchange
from crawlers.exchange import Refused
from crawlers.run import Run

LOOPBACK_SETTING = "ZHENWEI_LOOPBACK"
MAX_ANSWERS = 8
LOOK_UP_S = 5.0
CACHE_S = 300.0


class EgressUrl:
    """A request goes to its source's own host, over https; to loopback only where the plan opened it."""

    def __init__(self, run: Run) -> None:
        self._loopback = run.plan.loopback.addresses

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.spider.run)  # type: ignore[union-attr]

    def process_request(self, request: Request) -> None:
        """Raises Refused with the rule that the URL breaks."""
        asked = exchange.of(request)
        own = asked.source.origin
        try:
            origin = check_url(request.url, allowed_loopback=self._loopback, ports={80, 443, own.port})
            _check_scheme(origin, self._loopback)
            if asked.kind == "page" and origin != own:
                raise AddressRefused(f"{origin.pair} is not the platform's own host")
        except AddressRefused as refused:
            raise Refused("egress", str(refused)) from refused


def _check_scheme(origin: Origin, loopback: Collection[str]) -> None:
    if origin.scheme != "https" and origin.pair not in loopback:
        raise AddressRefused("https required")


async def look_up(name: str) -> list[str]:
    """All addresses of `name` by the system's resolver. Raises OSError if there is none."""
    found = await asyncio.get_running_loop().getaddrinfo(name, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@implementer(IHostResolution)
class _Resolution:
    """The look-up in progress, as Twisted wants it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Nobody waits for the answer any more; the time limit ends the look-up."""


@implementer(IHostnameResolver)
class GuardResolver:
    """Resolves names to public addresses only. Keeps the reason of each refusal for EgressError.

    Twisted's interfaces are zope's, which the type checker cannot follow; hence Any at that edge.
    """

    def __init__(
        self,
        reactor: Any,
        loopback: Collection[str],
        look_up: Callable[[str], Awaitable[list[str]]] = look_up,
    ) -> None:
        self._reactor, self._loopback, self._look_up = reactor, loopback, look_up
        self._cache: dict[str, tuple[float, list[str]]] = {}
        self._going_on: set[asyncio.Task[None]] = set()
        self.refusals: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, process: AsyncCrawlerProcess, reactor: Any) -> Self:
        return cls(reactor, frozenset(process.settings.getlist(LOOPBACK_SETTING)))

    def install_on_reactor(self) -> None:
        self._reactor.installNameResolver(self)

    def resolveHostName(
        self,
        resolutionReceiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Any = None,
        transportSemantics: str = "TCP",
    ) -> Any:
        """Twisted's interface: the receiver is told the addresses to dial, or none."""
        resolution = _Resolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)
        task = asyncio.ensure_future(self._tell(resolutionReceiver, hostName, portNumber))
        self._going_on.add(task)  # the loop itself keeps only a weak reference
        task.add_done_callback(self._going_on.discard)
        return resolution

    async def _tell(self, receiver: Any, name: str, port: int) -> None:
        for address in await self.addresses(name, port):
            kind = IPv6Address if ":" in address else IPv4Address
            receiver.addressResolved(kind("TCP", address, port))
        receiver.resolutionComplete()

    async def addresses(self, name: str, port: int) -> list[str]:
        """The addresses of `name` that may be dialled at `port`: all, if all are public, else none."""
        if Origin("", name, port).pair in self._loopback:
            return [name]
        until, known = self._cache.get(name, (0.0, []))
        if until > time.monotonic():
            return known
        try:
            answers = await asyncio.wait_for(self._look_up(name), LOOK_UP_S)
            allowed = check_answers(name, answers)[:MAX_ANSWERS]
        except AddressRefused as refused:
            self.refusals[name] = str(refused)
            return []
        except (OSError, UnicodeError):  # TimeoutError is an OSError
            return []
        self.refusals.pop(name, None)
        self._cache[name] = (time.monotonic() + CACHE_S, allowed)
        return allowed


def guard_of_reactor() -> GuardResolver | None:
    """The guard, if it stands in the running reactor."""
    from twisted.internet import reactor  # the import itself would choose a reactor, so not before one runs

    resolver = getattr(reactor, "nameResolver", None)
    return resolver if isinstance(resolver, GuardResolver) else None


class EgressError:
    """A name that the guard refused is an egress refusal, not a failed look-up."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls()

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Raises Refused if the guard refused the request's host."""
        guard = guard_of_reactor()
        if isinstance(exception, CannotResolveHostError) and guard is not None:
            reason = guard.refusals.get(split_origin(request.url).host)
            if reason is not None:
                raise Refused("egress", reason) from exception

"""How much signing in strangers may cause: work for the processor, and lines in the audit log.

django-axes locks one name for one address, which leaves an address free to try name after name. Here an
address has FAILURES failures a minute; after that it is turned away unread, and that is recorded once.
Whatever the addresses, HASHES passwords are hashed at a time: each takes 100 MiB and all processors.

The counts live in this process: there is one console, and after its restart a minute begins anew.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from ipaddress import IPv6Address, IPv6Network, ip_address

from django.http import HttpRequest

FAILURES = 20
HASHES = 2
PATIENCE_S = 2.0
NOWHERE = "::"


class Gate:
    """Counts failures by address, for the running minute only, so that it cannot be filled up."""

    def __init__(self) -> None:
        self._counting = threading.Lock()
        self._hashing = threading.BoundedSemaphore(HASHES)
        self._minute, self._failures = 0, dict[str, int]()

    def failed(self, address: str, now: datetime) -> int:
        """One failure more of `address`; returns how many it had this minute."""
        minute = _minute(now)
        with self._counting:
            if minute != self._minute:
                self._minute, self._failures = minute, {}
            self._failures[address] = self._failures.get(address, 0) + 1
            return self._failures[address]

    def is_shut(self, address: str, now: datetime) -> bool:
        """Whether `address` has had all its failures of this minute."""
        return self._minute == _minute(now) and self._failures.get(address, 0) >= FAILURES

    @contextmanager
    def place_to_hash(self) -> Iterator[bool]:
        """Whether there is a place to hash one password in, after a short wait at most."""
        got = self._hashing.acquire(timeout=PATIENCE_S)
        try:
            yield got
        finally:
            if got:
                self._hashing.release()


def network(request: HttpRequest) -> str:
    """Who is counted as one: an IPv4 address, or the first address of an IPv6 /64, which one machine has."""
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:  # a proxy that says "unknown": all such visitors together
        return NOWHERE
    if isinstance(address, IPv6Address):
        return str(IPv6Network((int(address), 64), strict=False).network_address)
    return str(address)


def _minute(now: datetime) -> int:
    return int(now.timestamp()) // 60

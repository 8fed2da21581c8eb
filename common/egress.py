"""Where our own requests may go: public addresses over https, and what an operator opened by name. Pure.

* Public (`common.addresses`): https only, ports 80 and 443.
* Opened inside the government network, as `10.1.2.0/24:8443`, `[fd12::/48]:8443` or `hook.example:8443`: that
  very port, http too. A name opened so may resolve to private addresses, never to those of `NEVER`.
* Opened loopback (demo and tests): exact `address:port` pairs.
* Every answer of a name must pass, or none is dialled.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from common.addresses import WEB_PORTS, AddressRefused, Origin, address_is_public, split_origin

Network = IPv4Network | IPv6Network
NEVER = tuple(
    ip_network(block)
    for block in (
        "0.0.0.0/8",
        "100.100.100.200/32",  # metadata of a cloud
        "127.0.0.0/8",
        "168.63.129.16/32",  # likewise
        "169.254.0.0/16",
        "224.0.0.0/3",
        "::/8",
        "64:ff9b::/32",
        "2001::/32",
        "2002::/16",
        "fd00:ec2::254/128",  # likewise
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)
"""What no allow-list opens: a machine's own addresses, link-local ones, multicast, wrapped IPv4."""


@dataclass(frozen=True)
class Egress:
    """What is open besides the public internet. `Egress()` opens nothing more."""

    loopback: frozenset[str] = frozenset()
    networks: tuple[tuple[Network, int], ...] = ()
    names: frozenset[str] = frozenset()

    @classmethod
    def of(cls, loopback: Iterable[str] = (), allow: Iterable[str] = ()) -> "Egress":
        """From exact loopback pairs and entries of the allow-list. Raises AddressRefused for a bad entry."""
        networks, names = [], set()
        for entry in allow:
            place, _, port = entry.rpartition(":")
            network = _network(place.strip("[]"))
            if network is None and split_origin(f"http://{entry}/").pair == entry:
                names.add(entry)
            elif network is not None and port.isascii() and port.isdecimal():
                networks.append((network, int(port)))
            else:
                raise AddressRefused(f"{entry!r}: write 10.1.2.0/24:8443 or hook.example:8443")
        return cls(frozenset(loopback), tuple(networks), frozenset(names))

    def check_url(self, url: str) -> Origin:
        """The origin of `url`, if its text alone may be dialled. Raises AddressRefused with the rule broken.

        A name passes here unresolved: `check_answers` judges what it resolves to.
        """
        origin = split_origin(url)
        if not url.isascii():
            raise AddressRefused("letters outside ASCII in the URL; write them percent-encoded")
        if is_address(origin.host):
            self.check_answers(origin, [origin.host])
        elif origin.port not in self._ports():
            _check_public(origin)
        return origin

    def check_answers(self, origin: Origin, answers: Iterable[str]) -> list[str]:
        """The addresses to dial, if every answer passes. Raises AddressRefused: one bad one spoils all."""
        found = list(answers)
        if not found:
            raise AddressRefused(f"{origin.host} has no address")
        for answer in found:
            self._check(origin, answer)
        return found

    def _check(self, origin: Origin, answer: str) -> None:
        if Origin(origin.scheme, answer, origin.port).pair in self.loopback:
            return
        is_what = answer if answer == origin.host else f"{origin.host} resolves to {answer}, which"
        if self._is_opened(origin, answer):
            return
        if not address_is_public(answer):
            raise AddressRefused(f"{is_what} is not a public address, and no allow-list entry opens it")
        _check_public(origin)

    def _is_opened(self, origin: Origin, answer: str) -> bool:
        network = None if "%" in answer else _network(answer)
        if network is None or any(_lies_in(network, block) for block in NEVER):
            return False
        if origin.pair in self.names:
            return True
        return any(port == origin.port and _lies_in(network, block) for block, port in self.networks)

    def _ports(self) -> set[int]:
        pairs = {int(pair.rpartition(":")[2]) for pair in self.loopback | self.names}
        return pairs | {port for _, port in self.networks}


def _check_public(origin: Origin) -> None:
    """Scheme and port of what no allow-list entry opens. Raises AddressRefused."""
    if origin.scheme != "https":
        raise AddressRefused("http is for addresses on the allow-list; write https")
    if origin.port not in WEB_PORTS:
        raise AddressRefused(f"port {origin.port} is not a web port, and no allow-list entry opens it")


def is_address(host: str) -> bool:
    """Whether `host` is an address itself and needs no look-up."""
    return _network(host) is not None


def _network(text: str) -> Network | None:
    """An address or a network in CIDR form; None if it is a name."""
    try:
        return ip_network(text) if "/" in text else ip_network(ip_address(text))
    except ValueError:
        return None


def _lies_in(inner: Network, outer: Network) -> bool:
    if isinstance(inner, IPv4Network):
        return isinstance(outer, IPv4Network) and inner.subnet_of(outer)
    return isinstance(outer, IPv6Network) and inner.subnet_of(outer)

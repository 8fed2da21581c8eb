"""Which addresses may be dialled: one set of rules for every request that goes out (SSRF guard). Pure.

* A URL is http or https, to port 80, 443 or a port named for the target; no user part, control character,
  space, backslash or percent sign in the host, no trailing dot, no zone id.
* A host is ASCII: labels of `[a-z0-9-]`, two at least. A name that only becomes harmless (or harmful) by
  Unicode folding is refused; an internationalised name is written in its `xn--` form.
* A last label that could be a number means IPv4, and IPv4 is written canonically: four decimal numbers.
* IPv4: every special-purpose block of the IANA registry is refused, and 168.63.129.16, a cloud's inner
  address.
* IPv6: only 2000::/3 is allowed, less Teredo and its neighbours, documentation and 6to4. This refuses every
  form that wraps an IPv4 address (mapped, compatible, translated, NAT64).
* A name may be dialled only if **all** its answers are public, and then only at those answers.

Python's own `is_private` and `is_global` pass several of the vectors in `tests/common/test_addresses.py`.
Loopback is opened for tests by naming the exact `address:port`, never as a class.
"""

import re
from collections.abc import Collection, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import NamedTuple

Address = IPv4Address | IPv6Address
WEB_PORTS = frozenset({80, 443})
MAX_URL = 8192
MAX_HOST = 253  # RFC 1035

_REFUSED_V4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_ALLOWED_V6 = IPv6Network("2000::/3")
_REFUSED_V6 = tuple(IPv6Network(block) for block in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
_URL = re.compile(r"(?P<scheme>[A-Za-z]+)://(?P<authority>[^/?#]*)(?:[/?#].*)?", re.DOTALL)
_AUTHORITY = re.compile(r"(?P<host>\[[^\]]*\]|[^:]*)(?::(?P<port>[0-9]{1,5}))?")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_IPV4 = re.compile(r"(?:(?:0|[1-9][0-9]{0,2})\.){3}(?:0|[1-9][0-9]{0,2})")
# Control characters, space, backslash: parsers disagree on where they end a host.
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\\]")


class AddressRefused(Exception):
    """This address must not be dialled; the text says by which rule."""


class Origin(NamedTuple):
    """Where a request goes: scheme, host (lower case; IPv6 without brackets) and port."""

    scheme: str
    host: str
    port: int

    @property
    def pair(self) -> str:
        """`host:port`, IPv6 in brackets."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def check_url(
    url: str, *, allowed_loopback: Collection[str] = (), ports: Collection[int] = WEB_PORTS
) -> Origin:
    """The origin of `url` if its text alone may be dialled. Raises AddressRefused with the rule it breaks.

    `allowed_loopback` holds exact `address:port` pairs (see `loopback_origin`) that pass although not public.
    A host name passes here unresolved: `check_answers` judges what it resolves to.
    """
    origin = split_origin(url)
    if origin.pair in allowed_loopback:
        return origin
    if origin.port not in ports:
        raise AddressRefused(f"port {origin.port} is not a web port")
    address = _literal(origin.host)
    if address is not None:
        _check_address(address)
    return origin


def split_origin(url: str) -> Origin:
    """Scheme, host and port of an http or https URL, read strictly. Raises AddressRefused."""
    if len(url) > MAX_URL:
        raise AddressRefused(f"URL longer than {MAX_URL} characters")
    if _FORBIDDEN.search(url):
        raise AddressRefused("control character, space or backslash in the URL")
    parts = _URL.fullmatch(url)
    scheme = parts["scheme"].lower() if parts else ""
    if parts is None or scheme not in ("http", "https"):
        raise AddressRefused("not an http or https URL")
    if "@" in parts["authority"] or "%" in parts["authority"]:
        raise AddressRefused("user part or percent sign before the path")
    authority = _AUTHORITY.fullmatch(parts["authority"])
    if authority is None:
        raise AddressRefused("host and port cannot be told apart")
    port = int(authority["port"] or (443 if scheme == "https" else 80))
    if not 0 < port < 65536:
        raise AddressRefused(f"no such port: {port}")
    return Origin(scheme, _host(authority["host"].lower()), port)


def address_is_public(address: Address | str) -> bool:
    """Whether `address` (text must be a literal address) belongs to the public internet."""
    parsed = _literal(address) if isinstance(address, str) else address
    if isinstance(parsed, IPv4Address):
        return not any(parsed in block for block in _REFUSED_V4)
    if isinstance(parsed, IPv6Address):
        return (
            parsed.scope_id is None
            and parsed in _ALLOWED_V6
            and not any(parsed in block for block in _REFUSED_V6)
        )
    return False


def check_answers(name: str, addresses: Iterable[str]) -> list[str]:
    """What `name` resolved to, if every address is public. Raises AddressRefused: one bad one spoils all."""
    answers = list(addresses)
    if not answers:
        raise AddressRefused(f"{name} has no address")
    for answer in answers:
        if not address_is_public(answer):
            raise AddressRefused(f"{name} resolves to {answer}, which is not public")
    return answers


def loopback_origin(pair: str) -> Origin:
    """The origin of an exact `127.0.0.1:4123` or `[::1]:4123`. Raises AddressRefused for anything else."""
    origin = split_origin(f"http://{pair}/")
    address = _literal(origin.host)
    if address is None or not address.is_loopback or origin.pair != pair:
        raise AddressRefused(f"{pair!r} is not a loopback address with port, such as 127.0.0.1:4123")
    return origin


def _check_address(address: Address) -> None:
    if not address_is_public(address):
        raise AddressRefused(f"{address} is not a public address")


def _host(text: str) -> str:
    """The host as it will be dialled. Raises AddressRefused."""
    if text.startswith("["):
        return _ipv6(text[1:-1])
    if not text.isascii():
        raise AddressRefused("host with letters outside ASCII; write its xn-- form")
    labels = text.split(".")
    if not text or len(text) > MAX_HOST or not all(_LABEL.fullmatch(label) for label in labels):
        raise AddressRefused(f"not a host name: {text[:80]!r}")
    if _NUMBER.fullmatch(labels[-1]):
        if not _IPV4.fullmatch(text) or any(int(label) > 255 for label in labels):
            raise AddressRefused(f"not a canonical IPv4 address: {text!r}")
    elif len(labels) < 2:
        raise AddressRefused(f"{text!r} is a name of the local network; a public one has two parts at least")
    return text


def _ipv6(text: str) -> str:
    try:
        return str(IPv6Address(text))
    except ValueError:
        raise AddressRefused(f"not an IPv6 address: {text[:80]!r}") from None


def _literal(host: str) -> Address | None:
    """`host` as an address, or None if it is a name."""
    try:
        return IPv6Address(host) if ":" in host else IPv4Address(host)
    except ValueError:
        return None

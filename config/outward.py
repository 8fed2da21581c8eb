"""Settings of what leaves this installation: the address in links, mail, webhooks, the key of their secrets.

Everything is checked at the start, so that an alert at night does not meet a mistyped port:

* links lead to an https origin (http on loopback only) and nothing but an origin;
* mail is encrypted, or goes to this very machine; a demo and a test send none anywhere else;
* webhooks inside a government network are opened by exact network and port, never a machine's own or
  link-local addresses (a cloud keeps its metadata there), multicast or everything at once.
"""

import re
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import getaddresses
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import NamedTuple

from cryptography.fernet import Fernet

from common.addresses import AddressRefused, Origin, loopback_origin, split_origin
from common.datafolder import Mode
from common.egress import NEVER
from config import env
from config.env import SettingError

# The customary ports: RFC 8314 (submission over TLS), RFC 6409 (submission), RFC 5321.
PORTS = {"tls": 465, "starttls": 587, "none": 25}


class Mail(NamedTuple):
    """How mail leaves. `host` is empty where none is sent; `security` is tls, starttls or none."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str


def public_url(name: str) -> str:
    """An origin without slash at its end, as https://zhenwei.example.gov.cn; empty if unset. SettingError."""
    value = env.text(name)
    if not value:
        return ""
    try:
        origin = split_origin(value)
        if not re.fullmatch(r"[^/]+//[^/?#]+/?", value):
            raise AddressRefused("it goes on after the host")
        if origin.scheme != "https":
            loopback_origin(origin.pair)
    except AddressRefused as error:
        raise SettingError(
            f"{name}={value!r}: write https://HOST or https://HOST:PORT and nothing behind it ({error}); "
            "http only for 127.0.0.1 or [::1]"
        ) from None
    return f"{origin.scheme}://{_authority(origin)}"


def host_of(url: str) -> list[str]:
    """The host of a `public_url` as Django's ALLOWED_HOSTS wants it; none of an empty one."""
    return [re.sub(r":\d+$", "", url.split("//")[1])] if url else []


def mail(mode: Mode) -> Mail:
    """The mail settings, which are all there or none. Raises SettingError."""
    host = env.text("ZHENWEI_SMTP_HOST").lower()
    security = env.one_of("ZHENWEI_SMTP_SECURITY", "tls", tuple(PORTS))
    port = env.number("ZHENWEI_SMTP_PORT", PORTS[security], 1, 65535)
    user, password = env.text("ZHENWEI_SMTP_USER"), env.secret("ZHENWEI_SMTP_PASSWORD") or ""
    sender = _sender("ZHENWEI_MAIL_FROM")
    if host:
        _check_mail(host, security, mode)
    elif user or password or sender:
        raise SettingError("ZHENWEI_SMTP_HOST is not set, but other mail settings are: set it, or unset them")
    if bool(user) != bool(password):
        raise SettingError("ZHENWEI_SMTP_USER and ZHENWEI_SMTP_PASSWORD(_FILE) go together: set both or none")
    if host and not sender:
        raise SettingError("ZHENWEI_MAIL_FROM is not set: write the address alerts come from")
    return Mail(host, port, security, user, password, sender)


def webhook_allow(name: str) -> list[str]:
    """`CIDR:port`, `[CIDR6]:port` and `host:port` open to webhooks although not public. SettingError."""
    return [_allowed(name, each) for each in env.names(name)]


def master_keys(name: str, path: Path) -> list[str]:
    """The Fernet keys that seal channel secrets, the newest first. Raises SettingError.

    They stand one a line, or with commas between; if none is given, one is made and kept at `path`.
    """
    text = env.secret_or_made(name, path, lambda: Fernet.generate_key().decode("ascii"))
    keys = text.replace(",", " ").split()
    for number, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except ValueError:
            # The key itself is not shown: this text lands in logs.
            raise SettingError(
                f"{name}: key {number} is no Fernet key (44 characters of base64); restore {path} or the "
                "variable from a backup, for what is sealed opens with no other key"
            ) from None
    return keys


def _authority(origin: Origin) -> str:
    return origin.pair.removesuffix(":443" if origin.scheme == "https" else ":80")


def _check_mail(host: str, security: str, mode: Mode) -> None:
    is_loopback = _is_loopback(host)
    if mode != "production" and not is_loopback:
        raise SettingError(f"ZHENWEI_SMTP_HOST={host!r}: the {mode} sends no real mail; only to 127.0.0.1")
    if security == "none" and not is_loopback:
        raise SettingError(
            f"ZHENWEI_SMTP_SECURITY=none would send alerts to {host} in the clear: write tls or starttls"
        )


def _is_loopback(host: str) -> bool:
    """Raises SettingError if `host` is neither a name nor an address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        pass
    try:
        split_origin(f"http://{host}/")
        if ":" in host:
            raise AddressRefused("the port goes into ZHENWEI_SMTP_PORT")
    except AddressRefused as error:
        raise SettingError(f"ZHENWEI_SMTP_HOST={host!r}: write a host name or address ({error})") from None
    return False


def _sender(name: str) -> str:
    """The one address of a From header, in ASCII but for the name shown beside it."""
    value = env.text(name)
    if not value:
        return ""
    try:
        ((title, address),) = getaddresses([value])
        if not title.isprintable() or "@" not in address or not address.isascii():
            raise ValueError(value)
        return str(Address(title, addr_spec=address))
    except (ValueError, IndexError, MessageError):
        raise SettingError(
            f"{name}={value!r}: write one address, as alerts@example.gov.cn or 甄伪 <alerts@example.gov.cn>"
        ) from None


def _allowed(name: str, entry: str) -> str:
    place, _, port = entry.rpartition(":")
    try:
        if not port.isdecimal() or not port.isascii() or not 0 < int(port) < 65536:
            raise ValueError("no port at its end")
        if "/" not in place:
            return _allowed_host(place, int(port))
        network = ip_network(place.strip("[]"))
        _check_network(network)
    except (AddressRefused, ValueError) as error:
        raise SettingError(
            f"{name}: {entry!r}: write 10.1.2.0/24:8443, [fd12::/48]:8443 or host.example:8443 ({error})"
        ) from None
    return f"{network}:{int(port)}" if network.version == 4 else f"[{network}]:{int(port)}"


def _allowed_host(place: str, port: int) -> str:
    origin = split_origin(f"http://{place}:{port}/")
    try:
        network = ip_network(origin.host)
    except ValueError:
        return origin.pair
    _check_network(network)
    return origin.pair


def _check_network(network: IPv4Network | IPv6Network) -> None:
    for block in NEVER:
        if block.version == network.version and block.overlaps(network):
            raise AddressRefused(f"it reaches into {block}")

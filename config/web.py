"""The web server of the console: waitress on loopback, IPv4 and IPv6."""

import socket
import threading
import time

import waitress
from django.core.wsgi import get_wsgi_application

from common import clock
from observations.heartbeat import beat

HOSTS = ("127.0.0.1", "::1")
BEAT_EVERY_S = 30.0


class PortTaken(Exception):
    """The port is in use; the text says what to do."""


def serve(port: int) -> None:
    """Serve until the process is stopped. Raises PortTaken."""
    sockets = listening(port)
    threading.Thread(target=_beat_for_ever, daemon=True).start()
    # clear_untrusted_proxy_headers: nobody in front of us is trusted unless ZHENWEI_PROXIES says so
    waitress.serve(
        get_wsgi_application(), sockets=sockets, threads=8, ident=None, clear_untrusted_proxy_headers=True
    )


def listening(port: int) -> list[socket.socket]:
    """Bound sockets on every loopback address here; `port` 0 takes a free one. Raises PortTaken."""
    sockets: list[socket.socket] = []
    for host in HOSTS:
        try:
            sockets.append(_bound(host, port if not sockets else sockets[0].getsockname()[1]))
        except OSError as error:
            if host == HOSTS[0]:
                raise PortTaken(
                    f"port {port} cannot be used ({error.strerror}); choose one with --port"
                ) from None
    return sockets


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    try:
        sock.bind((host, port))
    except OSError:
        sock.close()
        raise
    return sock


def _beat_for_ever() -> None:
    while True:
        beat("web", clock.now())
        time.sleep(BEAT_EVERY_S)

"""What the console's server believes of a request and how much of one it takes."""

import http.client
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from typing import Any

import pytest

from config import web
from console import inbox
from registry import uploads

FORWARDED = {"X-Forwarded-For": "198.51.100.7, 203.0.113.9", "X-Forwarded-Proto": "https"}


@contextmanager
def running(proxies: int, application: Any = None) -> Iterator[int]:
    """The port of a server whose application (default: `said`) says what it was asked."""
    sockets = web.listening(0)
    server = web.server(application or said, sockets, proxies)
    thread = threading.Thread(target=ended_by_its_close, args=(server,), daemon=True)
    thread.start()
    try:
        yield sockets[0].getsockname()[1]
    finally:
        server.close()
        thread.join(timeout=5)


def ended_by_its_close(server: Any) -> None:
    """Its loop may be waiting on the sockets that `close` takes away."""
    with suppress(OSError):
        server.run()


def said(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    forwarded = "and the headers" if "HTTP_X_FORWARDED_FOR" in environ else ""
    return [f"{environ['wsgi.url_scheme']} {environ['REMOTE_ADDR']} {forwarded}".strip().encode()]


def measured(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """How long the body was said to be, and how long it is."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"announced {environ.get('CONTENT_LENGTH')}, here {len(environ['wsgi.input'].read())}".encode()]


def ask(
    port: int, headers: Mapping[str, str], body: bytes | Iterator[bytes] | None = None, address: str = "/"
) -> tuple[int, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        connection.request("POST" if body else "GET", address, body=body, headers=dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def test_without_a_proxy_nobody_can_say_to_be_somebody_else() -> None:
    with running(proxies=0) as port:
        assert ask(port, FORWARDED) == (200, "http 127.0.0.1")


@pytest.mark.parametrize("address", ["203.0.113.9", "2001:db8::9"])
def test_behind_a_proxy_the_visitor_and_the_scheme_are_known(address: str) -> None:
    with running(proxies=1) as port:
        status, answer = ask(port, FORWARDED | {"X-Forwarded-For": f"198.51.100.7, {address}"})
        assert (status, answer.removesuffix(" and the headers")) == (200, f"https {address}")


def test_a_body_larger_than_any_form_is_refused_unread() -> None:
    with running(proxies=0) as port:
        assert ask(port, {}, b"x" * (web.MAX_BODY - 1))[0] == 200
        assert ask(port, {}, b"x" * web.MAX_BODY)[0] == 413


def test_at_a_signed_address_a_file_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(uploads.LIMITS, "registry", 300_000)
    with running(proxies=0) as port:
        assert ask(port, {}, b"x" * 300_000, inbox.address("registry"))[0] == 200
        assert ask(port, {}, b"x" * 300_000, "/imports/registry/")[0] == 413
        assert (
            ask(port, {}, b"x" * 300_000, inbox.address("registry").replace("registry", "contacts"))[0] == 413
        )


def test_a_file_that_is_too_large_is_read_and_the_application_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(uploads.LIMITS, "registry", 300_000)
    with running(proxies=0, application=measured) as port:
        assert ask(port, {}, b"x" * 20_000_000, inbox.address("registry")) == (
            200,
            "announced 20000000, here 0",
        )
        assert ask(port, {}, b"x" * 1000, inbox.address("registry")) == (200, "announced 1000, here 1000")


def test_what_nobody_would_wait_for_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "MAX_DISCARDED", 10_000)
    monkeypatch.setitem(uploads.LIMITS, "registry", 1)
    with running(proxies=0, application=measured) as port:
        assert ask(port, {}, b"x" * (inbox.FIELDS + 10_000), inbox.address("registry"))[0] == 413


def test_a_body_without_a_length_is_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(uploads.LIMITS, "registry", 300_000)

    def pieces(number: int) -> Iterator[bytes]:
        for _ in range(number):
            yield b"x" * 100_000

    with running(proxies=0, application=measured) as port:
        assert ask(port, {}, pieces(2), inbox.address("registry"))[0] == 200
        with suppress(ConnectionError, BrokenPipeError):
            assert ask(port, {}, pieces(9), inbox.address("registry"))[0] == 413


def test_a_port_in_use_is_named_before_anything_starts() -> None:
    sockets = web.listening(0)
    try:
        sockets[0].listen()
        with pytest.raises(web.PortTaken, match="--port"):
            web.free(sockets[0].getsockname()[1])
    finally:
        for sock in sockets:
            sock.close()


def test_a_free_port_is_kept_and_zero_becomes_one() -> None:
    port = web.free(0)
    assert port > 0
    assert web.free(port) == port

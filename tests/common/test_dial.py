"""Nothing outlasts its time: look-ups, dialling, and conversations that go on byte by byte."""

import socket
import threading
from collections.abc import Iterator

import pytest

from common import dial
from tests.common.hostile_tcp import closed_port, serving

SOON_S = 0.2


@pytest.fixture
def deaf_resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A resolver that never answers while the test lasts."""
    over = threading.Event()

    def wait(*_: object, **__: object) -> list[object]:
        over.wait(20)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", wait)
    yield
    over.set()


def test_a_look_up_that_never_ends_is_left_behind(deaf_resolver: None) -> None:
    with pytest.raises(TimeoutError, match=r"slow\.example"):
        dial.look_up("slow.example", 443, SOON_S)


def test_a_look_up_gives_every_address_once(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [(2, 1, 6, "", (address, 443)) for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: entries)
    assert dial.look_up("good.example", 443, SOON_S) == ["192.0.2.1", "192.0.2.2"]


def test_a_name_nobody_knows_is_an_error_of_the_resolver() -> None:
    with pytest.raises(socket.gaierror):
        dial.look_up("a" * 70 + ".example", 443, SOON_S)


def test_who_refuses_leaves_the_turn_to_the_next_address() -> None:
    with (
        serving(lambda line: line.say(b"here"), family=socket.AF_INET6) as server,
        dial.Watchdog(5) as dog,
        dial.dial(["127.0.0.1", "::1"], server.port, dog) as connection,
    ):
        assert connection.recv(9) == b"here"


def test_who_answers_has_all_the_time_that_is_left() -> None:
    with (
        serving(lambda line: line.hang()) as server,
        dial.Watchdog(60) as dog,
        dial.dial(["127.0.0.1", "::1", "::1"], server.port, dog) as connection,
    ):
        assert (connection.gettimeout() or 0) > 50


def test_with_nobody_listening_the_last_refusal_is_told() -> None:
    with dial.Watchdog(5) as dog, pytest.raises(ConnectionRefusedError):
        dial.dial(["127.0.0.1", "::1"], closed_port(), dog)


def test_a_dripping_server_is_cut_off_though_every_byte_comes_in_time() -> None:
    with serving(lambda line: line.drip(b"x", 0.02)) as server, dial.Watchdog(SOON_S) as dog:
        connection = dial.dial(["127.0.0.1"], server.port, dog)
        with connection, connection.makefile("rb") as file:
            file.read()
        assert dog.is_over


def test_a_watchdog_whose_time_is_over_shuts_what_it_is_given_to_watch() -> None:
    with (
        serving(lambda line: line.hang()) as server,
        dial.Watchdog(5) as dog,
        socket.create_connection(("127.0.0.1", server.port)) as connection,
    ):
        dog._timer.cancel()
        dog._end()
        dog.watch(connection)
        assert connection.recv(1) == b""


def test_without_time_left_nothing_is_begun() -> None:
    dog = dial.Watchdog(0)
    with pytest.raises(TimeoutError):
        dog.left()

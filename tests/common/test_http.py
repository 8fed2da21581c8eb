"""The client over real sockets: where it does not go, what it refuses to believe, and that it always ends."""

import random
import socket
import ssl
import threading
from collections.abc import Iterator

import pytest
import trustme

from common.addresses import AddressRefused
from common.egress import Egress
from common.http import MAX_BODY, Answer, NoAnswer, post
from tests.common.hostile_tcp import Line, Script, Server, closed_port, serving
from tests.common.test_addresses import ANSWERS, IPV4_FORMS, IPV6_FORMS, MORE, PARSER_TRICKS

NAME = "hook.example"
TLS = ssl.create_default_context()
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
REDIRECTS = (
    "http://127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "file:///etc/passwd",
    "http://2130706433:{port}/",
)


def answering(data: bytes) -> Script:
    """Read a request, then say `data` and close."""

    def script(line: Line) -> None:
        line.read_request()
        line.say(data)

    return script


def ask(server: Server, url: str = "", seconds: float = 5, kind: str = "text/plain") -> Answer:
    """POST to a plain server of this test."""
    egress, url = Egress.of(loopback=[server.pair]), url or f"http://{server.pair}/hook?a=b"
    return post(url, b"body", {"Content-Type": kind}, egress=egress, tls=TLS, seconds=seconds)


def failure(script: Script, seconds: float = 5) -> NoAnswer:
    with serving(script) as server, pytest.raises(NoAnswer) as caught:
        ask(server, seconds=seconds)
    return caught.value


# -- what is sent and read


def test_it_sends_one_request_with_the_very_bytes_and_reads_the_answer() -> None:
    asked = []

    def script(line: Line) -> None:
        asked.append(line.read_request())
        line.say(b"HTTP/1.1 201 Made\r\nContent-Length: 4\r\nSet-Cookie: a=b\r\nX-Y: z\r\n\r\n{}\r\n")

    with serving(script) as server:
        answer = ask(server, kind="application/json")
    assert (answer.status, answer.body, answer.is_whole, answer.header("x-y")) == (201, b"{}\r\n", True, "z")
    head, _, body = asked[0].partition(b"\r\n\r\n")
    assert body == b"body"
    lines = head.decode("ascii").split("\r\n")
    assert lines[0] == "POST /hook?a=b HTTP/1.1"
    assert sorted(lines[1:]) == [
        "Accept-Encoding: identity",
        "Connection: close",
        "Content-Length: 4",
        "Content-Type: application/json",
        f"Host: {server.pair}",
    ]


def test_cookies_are_not_kept() -> None:
    asked = []

    def script(line: Line) -> None:
        asked.append(line.read_request())
        line.say(OK.replace(b"\r\n\r\n", b"\r\nSet-Cookie: session=1\r\n\r\n"))

    with serving(script) as server:
        ask(server)
        ask(server)
    assert b"session" not in asked[1]


def test_of_an_endless_body_only_the_beginning_is_read() -> None:
    for head in (b"Content-Length: 999999999", b"X-Until: the end"):
        with serving(
            answering(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n" + b"a" * (MAX_BODY + 9))
        ) as server:
            answer = ask(server)
        assert (len(answer.body), answer.is_whole) == (MAX_BODY, False)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("where", REDIRECTS)
def test_a_redirect_is_an_answer_and_is_not_followed(status: int, where: str) -> None:
    with serving(answering(OK)) as canary:
        location = where.format(port=canary.port).encode()
        redirect = b"HTTP/1.1 %d X\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % (status, location)
        with serving(answering(redirect)) as server:
            assert ask(server).status == status
        assert canary.lines == []


def test_proxy_variables_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(answering(OK)) as proxy, serving(answering(OK)) as server:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://{proxy.pair}")
        assert ask(server).status == 200
        assert proxy.lines == []


# -- where it does not go


@pytest.fixture
def canary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server on loopback, and no way to dial anything without being noticed."""
    with serving(answering(OK)) as server:
        connect = socket.create_connection
        dialled: list[object] = []

        def noticed(address: tuple[str, int], timeout: float) -> socket.socket:
            dialled.append(address)
            return connect(address, timeout)

        monkeypatch.setattr(socket, "create_connection", noticed)
        yield server
        assert dialled == []
        assert server.lines == []


def refused(url: str, egress: Egress, answers: list[str]) -> None:
    with pytest.raises(AddressRefused):
        post(url, b"body", {}, egress=egress, tls=TLS, look_up=lambda *_: answers)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_written_form_of_an_inner_address_is_dialled(canary: Server, scheme: str) -> None:
    # The port is open for one network, so that it is the address which is refused.
    egress = Egress.of(allow=[f"10.77.0.0/16:{canary.port}", "10.77.0.0/16:80", "10.77.0.0/16:443"])
    for host in (*IPV4_FORMS, *IPV6_FORMS, *PARSER_TRICKS, *MORE):
        refused(f"{scheme}://{host}/", egress, ["127.0.0.1"])
        refused(f"{scheme}://{host}:{canary.port}/", egress, ["127.0.0.1"])


@pytest.mark.parametrize("answers", [*ANSWERS, ["8.8.8.8", "127.0.0.1"], []], ids=" ".join)
def test_no_name_is_dialled_that_answers_with_an_inner_address(canary: Server, answers: list[str]) -> None:
    egress = Egress.of(allow=[f"10.77.0.0/16:{canary.port}"])
    refused(f"https://evil.example:{canary.port}/", egress, answers)


def test_a_name_that_changes_its_answer_is_asked_once_and_dialled_where_it_was_judged() -> None:
    asked: list[str] = []

    def rebinding(host: str, port: int, seconds: float) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    with serving(answering(OK)) as server:
        egress = Egress.of(loopback=[server.pair])
        url = f"http://rebind.example:{server.port}/"
        assert post(url, b"", {}, egress=egress, tls=TLS, look_up=rebinding).status == 200
    assert asked == ["rebind.example"]


# -- TLS


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def over_tls(authority: trustme.CA, issued_for: str, trust: ssl.SSLContext) -> Answer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(issued_for).configure_cert(context)
    with serving(answering(OK), tls=context) as server:
        egress, url = Egress.of(loopback=[server.pair]), f"https://{NAME}:{server.port}/"
        return post(url, b"", {}, egress=egress, tls=trust, look_up=lambda *_: ["127.0.0.1"])


def test_tls_is_verified_against_the_name_not_the_address(authority: trustme.CA) -> None:
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    assert over_tls(authority, NAME, trust).status == 200
    for wrong in ("other.example", "127.0.0.1"):
        with pytest.raises(NoAnswer, match="certificate does not hold") as caught:
            over_tls(authority, wrong, trust)
        assert caught.value.code == "tls"


def test_a_certificate_of_an_unknown_authority_does_not_hold(authority: trustme.CA) -> None:
    with pytest.raises(NoAnswer, match="certificate does not hold"):
        over_tls(authority, NAME, TLS)


def test_a_server_without_tls_is_no_https_server(authority: trustme.CA) -> None:
    with serving(lambda line: line.say(OK)) as server, pytest.raises(NoAnswer) as caught:
        ask(server, f"https://{server.pair}/")
    assert caught.value.code == "tls"


# -- answers that are none


def test_every_way_of_not_answering_has_its_code() -> None:
    def reset(line: Line) -> None:
        line.read_request()
        line.say(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab")
        line.reset()

    assert failure(reset).code == "reset"
    for cut in (b"", b"HTTP/1.1 20", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Le", OK[:-3]):
        assert failure(answering(cut)).code == "cut"
    assert failure(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab")).code == "cut"
    assert failure(answering(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nab")).code == "cut"
    assert failure(answering(b"220 mail.example ESMTP\r\n")).code == "protocol"
    assert failure(answering(b"HTTP/1.1 OK\r\n\r\n")).code == "protocol"
    assert failure(answering(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 500 + b"\r\n")).code == "protocol"
    assert failure(answering(b"HTTP/1.1 200 OK\r\nA: " + b"b" * 99_999 + b"\r\n\r\n")).code == "protocol"
    with pytest.raises(NoAnswer) as caught:
        ask(Server(closed_port()))
    assert caught.value.code == "refused"


def test_a_name_without_address_is_told() -> None:
    def unknown(host: str, port: int, seconds: float) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(NoAnswer, match="not found") as caught:
        post(
            "https://gone.example/",
            b"",
            {},
            egress=Egress(),
            tls=TLS,
            look_up=unknown,
        )
    assert caught.value.code == "dns"


HELD_UP: dict[str, Script] = {
    "silence": lambda line: line.hang(),
    "dripping headers": lambda line: line.drip(b"A: b\r\n", after=b"HTTP/1.1 200 OK\r\n"),
    "endless interim answers": lambda line: line.drip(b"HTTP/1.1 100 Continue\r\n\r\n", 0.001),
    "endless body": lambda line: line.drip(b"a", after=b"HTTP/1.1 200 OK\r\n\r\n"),
    "dripping body": lambda line: line.drip(b"a", after=OK.replace(b" 2\r\n", b" 9999\r\n")),
    "no handshake": lambda line: line.hang(),
    "dripping handshake": lambda line: line.drip(b"\x16\x03\x03\x40\x00\x02"),
}


@pytest.mark.parametrize("how", HELD_UP)
def test_one_limit_ends_every_way_of_holding_it_up(how: str) -> None:
    with serving(HELD_UP[how]) as server, pytest.raises(NoAnswer) as caught:
        ask(server, f"https://{server.pair}/" if "handshake" in how else "", seconds=0.3)
    assert caught.value.code == "timeout"


def test_a_server_that_reads_nothing_holds_it_up_no_longer() -> None:
    with serving(lambda line: line.hang()) as server, pytest.raises(NoAnswer) as caught:
        egress, url = Egress.of(loopback=[server.pair]), f"http://{server.pair}/"
        post(url, b"a" * 20_000_000, {}, egress=egress, tls=TLS, seconds=0.3)
    assert caught.value.code == "timeout"


def test_no_watchdog_is_left_when_it_is_over() -> None:
    with serving(answering(OK)) as server:
        ask(server)
    timers = [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
    for timer in timers:
        timer.join(1)
    assert not any(timer.is_alive() for timer in timers)


def test_whatever_is_said_it_is_an_answer_or_none() -> None:
    chance = random.Random("http")
    pieces = [
        OK,
        b"HTTP/1.1 ",
        b"200",
        b"\r\n",
        b"\x00\xff",
        b"Content-Length: ",
        b"-1",
        b"9" * 30,
        b"Transfer-Encoding: chunked",
    ]

    def script(line: Line) -> None:
        line.read_request()
        line.say(b"".join(chance.choices(pieces, k=chance.randrange(8))))

    with serving(script) as server:
        for _ in range(300):
            try:
                assert 100 <= ask(server).status <= 999
            except NoAnswer as error:
                assert error.code in ("reset", "cut", "protocol")

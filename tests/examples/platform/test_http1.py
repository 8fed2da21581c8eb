import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples.platform.http1 import BadRequest, check_length, parse

GOOD = b"GET /a?q=%E9 HTTP/1.1\r\nHost: x\r\nX-Odd:  two words \t"


def test_a_head_is_read() -> None:
    request = parse(GOOD)
    assert (request.method, request.target, request.keep_alive) == ("GET", "/a?q=%E9", True)
    assert request.headers == {"host": "x", "x-odd": "two words"}


@pytest.mark.parametrize(
    ("minor", "wish", "kept"),
    [
        ("1", "", True),
        ("1", "close", False),
        ("1", "Close", False),
        ("0", "", False),
        ("0", "Keep-Alive", True),
    ],
)
def test_a_connection_is_kept_as_the_version_says(minor: str, wish: str, kept: bool) -> None:
    head = f"GET / HTTP/1.{minor}\r\nHost: x" + (f"\r\nConnection: {wish}" if wish else "")
    assert parse(head.encode()).keep_alive is kept


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"GET",
        b"GET /",
        b"GET / HTTP/2.0\r\nHost: x",
        b"GET  / HTTP/1.1\r\nHost: x",
        b"get / HTTP/1.1\r\nHost: x",
        b"GET / x HTTP/1.1\r\nHost: x",
        b"GET /\xe9 HTTP/1.1\r\nHost: x",
        b"GET / HTTP/1.1",
        b"\r\nGET / HTTP/1.1\r\nHost: x",
        b"GET / HTTP/1.1\r\nHost: x\r\nHost: y",
        b"GET / HTTP/1.1\r\nHost: x\r\nA : b",
        b"GET / HTTP/1.1\r\nHost: x\r\n b",
        b"GET / HTTP/1.1\r\nHost: x\r\nA: b\x00",
        b"GET / HTTP/1.1\r\nHost: x\r\nA: b\nC: d",
        b"GET / HTTP/1.1\nHost: x",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3",
        b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked",
        b"GET / HTTP/1.1\r\nHost: x" + b"\r\nA: b" * 100,
    ],
)
def test_an_odd_head_is_refused(head: bytes) -> None:
    with pytest.raises(BadRequest):
        parse(head)


def test_an_endless_head_is_refused() -> None:
    check_length(b"a" * 16_384)
    with pytest.raises(BadRequest):
        check_length(b"a" * 16_385)


@given(st.binary(max_size=60), st.integers(0, len(GOOD)))
def test_noise_is_read_or_refused_and_nothing_else(noise: bytes, at: int) -> None:
    try:
        request = parse(GOOD[:at] + noise + GOOD[at:])
    except BadRequest:
        return
    assert request.target.isascii() and " " not in request.target
    assert not any("\r" in value or "\n" in value for value in request.headers.values())

"""The platform on a real socket, in a thread and as a program."""

import gc
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from examples.henan.places import FOLDER
from examples.platform import server as module
from examples.platform.__main__ import main
from examples.platform.data import DataError
from examples.platform.server import Server, serve

CHECKOUT = FOLDER.parent.parent
LINE = {
    "uid": "110000000000000001", "handle": "momo", "name": "郑州发布", "bio": "", "created_at": "2023-02-01",
    "followers": 3, "bot": False, "posts_hours_ago": [1, 2],
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "accounts.jsonl").write_text(json.dumps(LINE) + "\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    with serve(folder) as running:
        yield running


def raw(server: Server, sent: bytes) -> bytes:
    """Everything the server says to `sent` until it closes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as client:
        client.sendall(sent)
        client.shutdown(socket.SHUT_WR)
        received = b""
        while piece := client.recv(65536):
            received += piece
        return received


def test_one_connection_carries_many_requests(server: Server) -> None:
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    client.connect()
    own = client.sock.getsockname()
    for target, status in (
        ("/api/v1/accounts/lookup?acct=momo", 200),
        ("/nothing", 404),
        ("/robots.txt", 200),
    ):
        client.request("GET", target)
        answer = client.getresponse()
        assert (answer.status, len(answer.read())) == (status, int(answer.headers["Content-Length"]))
        assert client.sock.getsockname() == own
    client.close()


def test_addresses_inside_answers_lead_back_to_the_server(server: Server) -> None:
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    client.request("GET", "/api/v1/accounts/lookup?acct=momo")
    row = json.load(client.getresponse())
    assert row["url"] == f"{server.home}/@momo"
    client.request("GET", row["avatar"].removeprefix(server.home))
    assert client.getresponse().read().startswith(b"\x89PNG")
    client.close()


def test_head_says_the_length_and_sends_no_body(server: Server) -> None:
    received = raw(server, b"HEAD /robots.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert received.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"Content-Length: 59\r\n" in received
    assert received.endswith(b"\r\n\r\n")


def test_requests_sent_ahead_are_answered_in_order(server: Server) -> None:
    one = b"GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    received = raw(server, one * 3 + last)
    assert received.count(b"HTTP/1.1 200 OK") == 3
    assert received.count(b"HTTP/1.1 404 Not Found") == 1


def test_a_request_in_pieces_is_read(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as client:
        for piece in (b"GET /robots.txt HT", b"TP/1.1\r\nHost: x\r", b"\nConnection: close\r\n\r\n"):
            client.sendall(piece)
            time.sleep(0.01)
        assert client.recv(100).startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"a" * 20_000,
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nGET ",
        b"GET / HTTP/1.1\r\nHost: x\r\n a\r\n\r\n",
    ],
)  # fmt: skip
def test_hostile_bytes_get_one_bad_request_and_a_closed_line(server: Server, sent: bytes) -> None:
    received = raw(server, sent)
    assert received.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert received.count(b"HTTP/1.1") == 1
    assert b"Connection: close" in received and received.endswith(b'{"error":"Bad Request"}')


def test_a_slow_reader_gets_all_answers(server: Server) -> None:
    request = b"GET /@momo HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET /robots.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        sender = threading.Thread(target=client.sendall, args=(request * 6000 + last,))
        sender.start()
        time.sleep(0.2)
        received = b""
        while piece := client.recv(1 << 20):
            received += piece
        sender.join()
    assert received.count(b"HTTP/1.1 200 OK") == 6001


def test_a_silent_connection_is_dropped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "IDLE_SECONDS", 0.05)
    with serve(folder) as server, socket.create_connection(("127.0.0.1", server.port), timeout=5) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHo")
        assert client.recv(10) == b""


def test_closing_frees_the_port_and_may_be_done_twice(folder: Path) -> None:
    server = serve(folder)
    open_line = socket.create_connection(("127.0.0.1", server.port), timeout=5)
    server.close()
    server.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port), timeout=5)
    open_line.close()
    serve(folder, server.port).close()


def test_closing_while_callers_arrive_leaves_nothing_open(folder: Path) -> None:
    for _ in range(30):
        server = serve(folder)
        callers = [socket.create_connection(("127.0.0.1", server.port), timeout=5) for _ in range(5)]
        server.close()
        for caller in callers:
            caller.close()
    # An open transport says so when it is collected, and warnings are errors here.
    gc.collect()


def test_it_listens_on_loopback_only(server: Server) -> None:
    assert server.home == f"http://127.0.0.1:{server.port}"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", server.port), timeout=5)


def test_it_refuses_to_start_without_accounts_or_on_a_taken_port(server: Server, tmp_path: Path) -> None:
    with pytest.raises(DataError):
        serve(tmp_path / "nowhere")
    with pytest.raises(OSError, match="in use"):
        serve(tmp_path, server.port)


def test_the_program_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path / "nowhere")]) == 2
    assert "cannot start" in capsys.readouterr().err


def test_the_program_announces_itself_and_ends_on_sigterm(folder: Path) -> None:
    announced = folder / "where.json"
    command = [sys.executable, "-m", "examples.platform", "--data", str(folder), "--announce", str(announced)]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    with subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE) as program:
        for _ in range(500):
            if announced.exists():
                break
            time.sleep(0.01)
        where = json.loads(announced.read_text(encoding="ascii"))
        client = http.client.HTTPConnection("127.0.0.1", where["port"], timeout=5)
        client.request("GET", "/api/v1/accounts/lookup?acct=momo")
        assert client.getresponse().status == 200
        program.send_signal(signal.SIGTERM)
        assert (program.wait(10), program.communicate()[1]) == (0, b"")
        client.close()
    assert not announced.exists()

"""The world outside for alerts: mail servers and webhook receivers, our own and foreign ones, on loopback."""

import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from config.demo import free_port
from examples.mailbox.catcher import catch
from examples.mailbox.store import Store

NPM = ("maildev@3.0.0", "standardwebhooks@1.1.1")
RECEIVER = Path(__file__).with_name("receive_webhooks.js")


@dataclass(frozen=True)
class Post:
    """A mail server on loopback: its `port`, and every mail it took."""

    port: int
    read: Callable[[], list[bytes]]

    def mails(self) -> list[EmailMessage]:
        """Everything taken, in the order it came."""
        return [message_from_bytes(raw, policy=policy.default) for raw in self.read()]


@dataclass(frozen=True)
class Call:
    """A webhook call: its id, the event if the signature held, otherwise what was wrong with it."""

    id: str
    event: Any
    fault: str


@dataclass
class Receiver:
    """A webhook receiver on loopback. It trusts no signature before it is told the `secret`."""

    address: str
    trust: Callable[[str], None]
    calls: list[Call] = field(default_factory=list)


@contextmanager
def own_post(folder: Path) -> Iterator[Post]:
    """The demo's mailbox."""
    store = Store(folder)
    with catch(store) as catcher:
        yield Post(catcher.port, lambda: [mail.read_bytes() for mail in store.mails()])


@contextmanager
def maildev(folder: Path, packages: Path) -> Iterator[Post]:
    """The npm package maildev."""
    smtp, web = free_port(0), free_port(0)
    program = packages / "node_modules" / "maildev" / "dist" / "bin" / "maildev.js"
    words = ["--ip", "127.0.0.1", "--web-ip", "127.0.0.1", "-s", str(smtp), "-w", str(web)]
    command = ["node", str(program), *words, "--mail-directory", str(folder)]
    with subprocess.Popen(command, cwd=packages, stdout=subprocess.DEVNULL) as process:
        try:
            api = f"http://127.0.0.1:{web}/api/email"
            until(lambda: _answers(api), process)
            yield Post(smtp, lambda: _mails(api))
        finally:
            process.terminate()


@contextmanager
def python_receiver() -> Iterator[Receiver]:
    """One that verifies with the PyPI package standardwebhooks."""
    secrets: list[str] = []
    calls: list[Call] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            call = _verified(secrets, body, self.headers)
            calls.append(call)
            self.send_response(401 if call.fault else 204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Receiver(f"http://127.0.0.1:{server.server_address[1]}/alerts", secrets.append, calls)
        server.shutdown()


@contextmanager
def node_receiver(folder: Path, packages: Path) -> Iterator[Receiver]:
    """One that verifies with the npm package standardwebhooks."""
    secret = folder / "secret"
    command = ["node", str(RECEIVER), str(secret)]
    search = {"NODE_PATH": str(packages / "node_modules"), "PATH": _path()}
    with subprocess.Popen(command, env=search, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = json.loads(process.stdout.readline())["port"]
        receiver = Receiver(f"http://127.0.0.1:{port}/alerts", lambda text: _write(secret, text))
        reader = threading.Thread(target=_listen, args=(process, receiver.calls), daemon=True)
        reader.start()
        try:
            yield receiver
        finally:
            process.terminate()
            reader.join(5)


def npm(folder: Path) -> Path:
    """`folder` with the foreign packages. Skips the test where there is no npm, or no registry for it."""
    if not shutil.which("npm") or not shutil.which("node"):
        pytest.skip("npm and node are not installed: apt install npm")
    folder.mkdir(exist_ok=True)
    (folder / "package.json").write_text('{"private": true}\n', encoding="ascii")
    command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", *NPM]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        pytest.skip(f"npm could not install {' and '.join(NPM)}: {done.stderr.strip()[-300:]}")
    return folder


def until(happened: Callable[[], object], process: "subprocess.Popen[Any] | None" = None) -> None:
    """Wait for what must happen within half a minute."""
    ends = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < ends, "it did not happen"
        assert process is None or process.poll() is None, "the process ended"
        time.sleep(0.1)


def _verified(secrets: list[str], body: bytes, headers: Message) -> Call:
    number = headers.get("webhook-id", "")
    try:
        return Call(number, Webhook(secrets[-1]).verify(body, dict(headers)), "")
    except (IndexError, WebhookVerificationError) as error:
        return Call(number, None, repr(error))


def _listen(process: "subprocess.Popen[str]", calls: list[Call]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        calls.append(Call(**json.loads(line)))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="ascii")


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5):  # noqa: S310 (loopback)
            return True
    except URLError:
        return False


def _mails(api: str) -> list[bytes]:
    with urlopen(api, timeout=5) as answer:  # noqa: S310 (loopback)
        listed = json.load(answer)
    return [_raw(f"{api}/{mail['id']}/download") for mail in listed]


def _raw(url: str) -> bytes:
    with urlopen(url, timeout=5) as answer:  # noqa: S310 (loopback)
        return bytes(answer.read())


def _path() -> str:
    return str(Path(shutil.which("node") or sys.executable).parent)

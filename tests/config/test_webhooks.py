"""`zhenwei webhooks`: secrets shown once, closed addresses refused, every act on record."""

import json
import re
from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet
from django.conf import LazySettings
from standardwebhooks import Webhook as Verifier

from alerting.models import Webhook
from alerting.sealing import secrets_of
from audit_logs.models import Event
from config.cli import main
from tests.common.hostile_tcp import Line, Server, serving
from tests.registry.reference import started  # noqa: F401  (fixture)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("started", "place")]
URL = "https://hook.example/in/a-token-of-theirs"
ADD = ("add", URL, "--line", "cac", "--division", "410100", "--label", "网信平台")


class Terminal:
    """Runs `zhenwei webhooks` and keeps what it printed."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def says(self, *words: str, code: int = 0) -> str:
        """What it printed, with this exit code."""
        assert main(["webhooks", *words]) == code
        out, err = self._capture.readouterr()
        assert err == ""
        return out

    def refused(self, *words: str) -> str:
        """Why it was refused; nothing else may be printed."""
        assert main(["webhooks", *words]) == 2
        out, err = self._capture.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        return err


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(capsys)


def secret_in(text: str) -> str:
    (line,) = re.findall(r"^secret: (whsec_\S+)$", text, re.MULTILINE)
    return str(line)


def acts() -> list[str]:
    return [event.action for event in Event.objects.order_by("pk") if event.action.startswith("webhook.")]


def test_a_secret_is_shown_once_and_kept_sealed(terminal: Terminal) -> None:
    secret = secret_in(terminal.says(*ADD))
    endpoint = Webhook.objects.get()
    assert secrets_of(endpoint) == (secret,)
    assert secret.encode() not in bytes(endpoint.sealed_secret)
    shown = terminal.says("list")
    assert secret not in shown
    assert all(word in shown for word in ("网信平台", "cac", "郑州市 410100", "hook.example", "active"))


def test_neither_the_secret_nor_a_token_in_the_address_reaches_the_log_or_the_list(
    terminal: Terminal,
) -> None:
    secret = secret_in(terminal.says(*ADD))
    bodies = b"".join(bytes(event.body) for event in Event.objects.all())
    for hidden in (secret, "a-token-of-theirs"):
        assert hidden.encode() not in bodies
        assert hidden not in terminal.says("list")


def test_a_sponsor_has_its_system_by_its_unit(terminal: Terminal) -> None:
    terminal.says("add", URL, "--line", "sponsor", "--unit", "郑州市人民政府办公厅", "--label", "值班系统")
    endpoint = Webhook.objects.get()
    assert endpoint.unit is not None
    assert endpoint.unit.name == "郑州市人民政府办公厅"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("add", "http://hook.example/", *ADD[2:]), "https"),
        (("add", "https://10.0.0.1/", *ADD[2:]), "not a public address"),
        (("add", "https://hook.example:8443/", *ADD[2:]), "8443"),
        (("add", "https://user@hook.example/", *ADD[2:]), "user part"),
        (("add", URL, "--line", "cac", "--label", "x"), "--division CODE or --unit"),
        (("add", URL, "--line", "cac", "--unit", "郑州市人民政府办公厅", "--label", "x"), "sponsor"),
        (("add", URL, "--line", "sponsor", "--division", "410100", "--label", "x"), "sponsor"),
        (("add", URL, "--line", "cac", "--division", "999999", "--label", "x"), "999999"),
        (("rotate", "77"), "no endpoint 77"),
        (("test", "77"), "no endpoint 77"),
    ],
)
def test_what_cannot_be_is_refused_with_the_mend(
    terminal: Terminal, words: tuple[str, ...], why: str
) -> None:
    assert why in terminal.refused(*words)
    assert not Webhook.objects.exists()
    assert acts() == []


def test_an_opened_network_is_taken(terminal: Terminal, settings: LazySettings) -> None:
    settings.WEBHOOK_ALLOW = ["10.1.2.0/24:8443"]
    terminal.says("add", "http://10.1.2.3:8443/", *ADD[2:])


def test_a_secret_is_replaced_in_two_steps(terminal: Terminal) -> None:
    old = secret_in(terminal.says(*ADD))
    number = str(Webhook.objects.get().pk)
    new = secret_in(terminal.says("rotate", number))
    assert secrets_of(Webhook.objects.get()) == (new, old)
    assert "two secrets" in terminal.says("list")
    assert "alone" in terminal.says("rotate", number, "--end")
    assert secrets_of(Webhook.objects.get()) == (new,)
    assert "only one" in terminal.says("rotate", number, "--end")
    assert acts() == ["webhook.add", "webhook.rotate", "webhook.end_rotation"]


def test_it_is_switched_off_and_on_and_the_second_time_says_so(terminal: Terminal) -> None:
    terminal.says(*ADD)
    number = str(Webhook.objects.get().pk)
    assert terminal.says("disable", number) == f"{number} is disabled\n"
    assert "已由管理员停用" in terminal.says("list")
    assert "already" in terminal.says("disable", number)
    assert terminal.says("enable", number) == f"{number} is active\n"
    assert "already" in terminal.says("enable", number)
    assert acts() == ["webhook.add", "webhook.disable", "webhook.enable"]


@pytest.fixture
def receiver(settings: LazySettings) -> Iterator[tuple[Server, list[bytes]]]:
    """Takes whatever comes, and keeps it."""
    asked: list[bytes] = []

    def take(line: Line) -> None:
        asked.append(line.read_request())
        line.say(b"HTTP/1.1 204 No Content\r\n\r\n")

    with serving(take) as server:
        settings.LOOPBACK_ADDRESSES = [server.pair]
        yield server, asked


def test_a_test_message_arrives_signed(terminal: Terminal, receiver: tuple[Server, list[bytes]]) -> None:
    server, asked = receiver
    secret = secret_in(terminal.says("add", f"http://{server.pair}/", *ADD[2:]))
    assert terminal.says("test", str(Webhook.objects.get().pk)).startswith("delivered: 对方已接收。")
    head, _, body = asked[0].partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode("ascii").split("\r\n")[1:])
    assert Verifier(secret).verify(body, headers)["type"] == "zhenwei.test"
    assert json.loads(body)["id"] == headers["webhook-id"]
    assert acts() == ["webhook.add", "webhook.test"]


def test_a_test_that_does_not_arrive_says_why(
    terminal: Terminal, receiver: tuple[Server, list[bytes]]
) -> None:
    server, _ = receiver
    terminal.says("add", f"http://{server.pair}/", *ADD[2:])
    Webhook.objects.update(url="https://127.0.0.1:1/")
    said = terminal.says("test", str(Webhook.objects.get().pk), code=1)
    assert said.startswith("permanent: 地址未获准访问")


def test_an_empty_list_says_how_to_begin(terminal: Terminal) -> None:
    assert "webhooks add" in terminal.says("list")


def test_the_lines_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["webhooks", "--help"])
    assert "网信" in capsys.readouterr().out


def test_a_new_master_key_takes_over_and_the_old_one_may_go(
    terminal: Terminal, settings: LazySettings
) -> None:
    secret = secret_in(terminal.says(*ADD))
    newer = secret_in(terminal.says("rotate", str(Webhook.objects.get().pk)))
    new = Fernet.generate_key().decode()
    settings.MASTER_KEYS = [new, *settings.MASTER_KEYS]
    assert terminal.says("reseal") == "endpoints whose secrets are under the newest master key now: 1\n"
    settings.MASTER_KEYS = [new]
    assert secrets_of(Webhook.objects.get()) == (newer, secret)
    assert acts() == ["webhook.add", "webhook.rotate", "webhook.reseal"]


def test_with_one_secret_lost_none_is_resealed(terminal: Terminal, settings: LazySettings) -> None:
    terminal.says(*ADD)
    terminal.says(*ADD)
    lost, kept = Webhook.objects.order_by("-pk")
    Webhook.objects.filter(pk=lost.pk).update(sealed_secret=b"damaged")
    settings.MASTER_KEYS = [Fernet.generate_key().decode(), *settings.MASTER_KEYS]
    assert "nothing was changed" in terminal.refused("reseal")
    assert bytes(Webhook.objects.get(pk=kept.pk).sealed_secret) == bytes(kept.sealed_secret)

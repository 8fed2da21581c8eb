"""Delivery workers killed at a named point or a random moment, many a second. Run by test_deliver_kill.py.

    python -m tests.alerting.deliver_driver    orders come in, exit codes go out, a line each
    {"act": "setup", "hook": "http://…"}       a province, its contacts, an endpoint
    {"act": "incident"}                        a case that a person confirms
    {"act": "deliver", "once": true, "crash_at": "deliver.claimed"}
    {"act": "deliver", "kill_after": 0.2}      seconds

Loading Django takes a second, a delivery some milliseconds. So one warm process loads everything and forks
for each order a process of its own, with its own connection; the warm one opens none.
"""

import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from common.datafolder import CHECKOUT
from tests.crash import KILLED, PATIENCE_S, TOO_LONG, forked
from tests.installation import Installation

POINTS = (
    "deliver.before_claim",
    "deliver.claimed",
    "deliver.before_send",
    "deliver.after_send",
    "deliver.noted",
    "deliver.before_record",
    "deliver.recorded",
)
LOADED_LATE = (
    "alerting.transports.mail.transport",
    "alerting.transports.webhook.transport",
    "config.commands.deliver",
    "config.delivery",
    "tests.alerting.outbox",
    "tests.alerting.world",
)
MESSAGES_AN_INCIDENT = 5  # sponsor, supervision, cyberspace office, duty desk; the endpoint of the office


class Ground:
    """The warm process of one installation, and what it does."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self._warm = subprocess.Popen(
            [sys.executable, "-m", "tests.alerting.deliver_driver"],
            cwd=CHECKOUT,
            env=installation.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def order(self, act: str, **how: object) -> int:
        """Carry out an order; the exit code of its process, negative for the signal it died of."""
        assert self._warm.stdin is not None and self._warm.stdout is not None
        self._warm.stdin.write(json.dumps({"act": act, **how}) + "\n")
        self._warm.stdin.flush()
        return int(self._warm.stdout.readline())

    def must(self, act: str, **how: object) -> None:
        """An order that has to end well."""
        code = self.order(act, **how)
        assert code == 0, f"{act}: {code}"

    def messages(self) -> dict[str, str]:
        """Every message in the outbox and its outcome."""
        return dict(self.installation.query("SELECT id, outcome FROM alerting_delivery"))

    def attempts(self, outcome: str) -> list[int]:
        """The tries with this outcome."""
        found = self.installation.query("SELECT id FROM alerting_attempt WHERE outcome = ?", outcome)
        return [row[0] for row in found]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._warm:
            assert self._warm.stdin is not None
            self._warm.stdin.close()


def settings(smtp_port: int, hook_port: int) -> dict[str, str]:
    """An installation that sends to these ports of loopback."""
    return {
        "ZHENWEI_SMTP_HOST": "127.0.0.1",
        "ZHENWEI_SMTP_PORT": str(smtp_port),
        "ZHENWEI_SMTP_SECURITY": "none",
        "ZHENWEI_MAIL_FROM": "alerts@zhenwei.example",
        "ZHENWEI_PUBLIC_URL": "https://zhenwei.example",
        "ZHENWEI_LOOPBACK_ADDRESSES": f"127.0.0.1:{hook_port}",
    }


def _setup(order: Mapping[str, Any]) -> int:
    from django.core.management import call_command

    from tests import cast
    from tests.alerting import outbox, world

    call_command("migrate", verbosity=0)
    place = cast.province()
    cast.cast(place)
    world.contacts(place)
    outbox.endpoint(place, order["hook"])
    return 0


def _incident(order: Mapping[str, Any]) -> int:
    from common import clock
    from registry.models import Account
    from review.models import Case
    from tests import cast

    # An account of its own: several imitators of one account would be more serious, and told to more.
    number = 9001 + Case.objects.count()
    owner = Account.objects.get(name="郑州发布").unit
    target = cast.account(f"郑州第{number}局", f"zz{number}", owner, uid=f"t{number}")
    cast.case(target, "confirmed", name=f"郑州笫{number}局", uid=str(number), at=clock.now())
    return 0


def _deliver(order: Mapping[str, Any]) -> int:
    from config import cli

    os.environ["ZHENWEI_CRASH_AT"] = order.get("crash_at", "")
    return cli.main(["deliver", *(["--once"] if order.get("once") else [])])


ACTS = {"setup": _setup, "incident": _incident, "deliver": _deliver}


def _child(order: Mapping[str, Any]) -> int:
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    return ACTS[order["act"]](order)


def _ended(pid: int, kill_after: float | None) -> int:
    """Wait for the end of `pid`, after `kill_after` seconds by killing it."""
    ends = time.monotonic() + (PATIENCE_S if kill_after is None else kill_after)
    while (status := os.waitpid(pid, os.WNOHANG))[0] == 0:
        if time.monotonic() >= ends:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return TOO_LONG if kill_after is None else KILLED
        time.sleep(0.0005)
    return os.waitstatus_to_exitcode(status[1])


def main() -> int:
    """Carry out orders until standard input ends."""
    import django

    django.setup()
    for module in LOADED_LATE:
        importlib.import_module(module)
    for line in sys.stdin:
        order = json.loads(line)
        pid = forked(lambda order=order: _child(order))  # type: ignore[misc]
        sys.stdout.write(f"{_ended(pid, order.get('kill_after'))}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What `zhenwei webhooks` does. Each act returns whether it did what it should, and what to print."""

import argparse
import json
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from alerting import sealing, webhooks
from alerting.envelope import Envelope
from alerting.models import Webhook
from alerting.transports.webhook.transport import Transport
from audit_logs.record import record
from common import clock
from common.addresses import split_origin
from common.faults import visible
from common.secrets import SecretError
from common.table import render
from registry import lookups
from registry.errors import Refused
from registry.models import Division, Unit

ACTOR = "system:webhooks"
TITLES = ("number", "line", "place", "name", "host", "state")
WITHIN = 110  # columns
TEST_TYPE = "zhenwei.test"
Said = tuple[bool, str]


def _add(args: argparse.Namespace) -> Said:
    place = _place(args)
    endpoint, secret = webhooks.add(
        args.line, place, args.label, args.url, Transport.from_settings().egress, ACTOR, clock.now()
    )
    return True, f"{endpoint.pk} {endpoint.label}: {place}\n{_shown_once(secret)}"


def _place(args: argparse.Namespace) -> Division | Unit:
    if bool(args.division) == bool(args.unit):
        raise Refused("say whose system it is: either --division CODE or --unit NAME")
    if (args.line == "sponsor") != bool(args.unit):
        raise Refused(
            "the line sponsor belongs to a unit (--unit), every other line to a division (--division)"
        )
    return lookups.division(args.division) if args.division else lookups.unit(args.unit, args.unit_division)


def _list(args: argparse.Namespace) -> Said:
    rows = [_row(each) for each in Webhook.objects.select_related("division", "unit").order_by("pk")]
    return True, render(TITLES, rows, WITHIN) if rows else "none yet: zhenwei webhooks add URL …"


def _row(endpoint: Webhook) -> list[str]:
    # The host alone: some receivers keep a secret in the path.
    place, host = str(endpoint.division or endpoint.unit), split_origin(endpoint.url).pair
    is_rotating = endpoint.state == "active" and endpoint.sealed_former is not None
    state = "active, two secrets" if is_rotating else f"{endpoint.state} {endpoint.state_reason}".strip()
    return [str(endpoint.pk), endpoint.line, place, endpoint.label, host, state]


def _rotate(args: argparse.Namespace) -> Said:
    endpoint = _endpoint(args.number)
    if args.end:
        done = webhooks.end_rotation(endpoint, ACTOR, clock.now())
        return True, "the new secret signs alone" if done else "only one secret was signing"
    secret = webhooks.rotate(endpoint, ACTOR, clock.now())
    return True, f"{_shown_once(secret)}\nBoth sign until: zhenwei webhooks rotate {endpoint.pk} --end"


def _reseal(args: argparse.Namespace) -> Said:
    try:
        count = webhooks.reseal(ACTOR, clock.now())
    except SecretError as error:
        raise Refused(f"nothing was changed: a secret is {error}") from None
    return True, f"endpoints whose secrets are under the newest master key now: {count}"


def _disable(args: argparse.Namespace) -> Said:
    done = webhooks.disable(
        _endpoint(args.number), "已由管理员停用。 By an administrator.", ACTOR, clock.now()
    )
    return True, f"{args.number} is disabled" if done else f"{args.number} was disabled already"


def _enable(args: argparse.Namespace) -> Said:
    done = webhooks.enable(_endpoint(args.number), ACTOR, clock.now())
    return True, f"{args.number} is active" if done else f"{args.number} was active already"


def _test(args: argparse.Namespace) -> Said:
    """Sent outside any transaction, then put on record."""
    endpoint, now = _endpoint(args.number), clock.now()
    try:
        keys = sealing.secrets_of(endpoint)
    except SecretError as error:
        raise Refused(f"the secret of this endpoint cannot be opened: {error}") from None
    number = f"test-{uuid4().hex}"
    outcome = Transport.from_settings().send(Envelope(number, endpoint.url, _message(number, now), keys))
    with transaction.atomic():
        details = {"outcome": outcome.kind, "why": outcome.why}
        record(ACTOR, "webhook.test", ("webhook", str(endpoint.pk)), details, at=now)
    said = visible(f"{outcome.code} {outcome.text}".strip())
    return outcome.kind == "delivered", f"{outcome.kind}: {outcome.reason} {said}".rstrip()


def _message(number: str, now: datetime) -> bytes:
    """Of the same form as an alert, of a type of its own."""
    said = {
        "specversion": "1.0",
        "id": number,
        "source": "urn:zhenwei",
        "type": TEST_TYPE,
        "time": clock.isoformat(now),
        "timestamp": clock.isoformat(now),
        "datacontenttype": "application/json",
        "data": {"zh": "测试消息，无须处置。", "en": "A test message: nothing to be done."},
    }
    return json.dumps(said, ensure_ascii=False).encode()


def _endpoint(number: int) -> Webhook:
    found = Webhook.objects.filter(pk=number).first()
    if found is None:
        raise Refused(f"there is no endpoint {number}: “zhenwei webhooks list” shows all")
    return found


def _shown_once(secret: str) -> str:
    return (
        f"secret: {secret}\n"
        "密钥只显示这一次，请填入接收系统。\n"
        "It is shown this once; enter it at the receiving system."
    )


ACTS: dict[str, Callable[[argparse.Namespace], Said]] = {
    "add": _add,
    "list": _list,
    "rotate": _rotate,
    "reseal": _reseal,
    "disable": _disable,
    "enable": _enable,
    "test": _test,
}

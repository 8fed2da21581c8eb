"""Endpoints that take alerts: added, given a new secret, switched off and on; each act on record.

A secret leaves this module once, for whoever has to enter it at the receiver; the row keeps it sealed.
"""

from datetime import datetime

from django.db import transaction

from alerting.errors import Refused
from alerting.models import Webhook
from alerting.sealing import sealer
from alerting.transports.webhook.signing import new_secret
from audit_logs.record import record
from common.addresses import AddressRefused, split_origin
from common.egress import Egress
from registry.models import Division, Unit

REASON_LENGTH = 300


def add(
    line: str, place: Division | Unit, label: str, url: str, egress: Egress, actor: str, now: datetime
) -> tuple[Webhook, str]:
    """A new endpoint for alerts of `line` at `place`, and its secret. Raises Refused for a closed address."""
    try:
        egress.check_url(url)
    except AddressRefused as error:
        raise Refused(
            "address", f"地址未获准访问：{error}", f"this address is closed to us: {error}"
        ) from None
    secret = new_secret()
    with transaction.atomic():
        endpoint = Webhook.objects.create(
            line=line,
            division=place if isinstance(place, Division) else None,
            unit=place if isinstance(place, Unit) else None,
            label=label,
            url=url,
            sealed_secret=sealer().seal(secret),
            created_at=now,
            changed_at=now,
        )
        _record(endpoint, "add", actor, now, line=line, place=str(place))
    return endpoint, secret


def rotate(endpoint: Webhook, actor: str, now: datetime) -> str:
    """A new secret; the former one signs too until `end_rotation`."""
    secret = new_secret()
    with transaction.atomic():
        Webhook.objects.filter(pk=endpoint.pk).update(
            sealed_former=endpoint.sealed_secret, sealed_secret=sealer().seal(secret), changed_at=now
        )
        _record(endpoint, "rotate", actor, now)
    return secret


def end_rotation(endpoint: Webhook, actor: str, now: datetime) -> bool:
    """The receiver knows the new secret: the former one signs no more. Whether there was one."""
    with transaction.atomic():
        both = Webhook.objects.filter(pk=endpoint.pk, sealed_former__isnull=False)
        is_changed = both.update(sealed_former=None, changed_at=now) == 1
        if is_changed:
            _record(endpoint, "end_rotation", actor, now)
    return is_changed


def reseal(actor: str, now: datetime) -> int:
    """Bring every secret under the newest master key; how many endpoints have one.

    Raises common.secrets.SecretError if one opens under none of the keys; then nothing is changed.
    """
    keys = sealer()
    with transaction.atomic():
        endpoints = Webhook.objects.select_for_update().order_by("pk")
        for endpoint in endpoints:
            sealed = (endpoint.sealed_secret, endpoint.sealed_former)
            secret, former = (None if each is None else keys.rotate(bytes(each)) for each in sealed)
            Webhook.objects.filter(pk=endpoint.pk).update(sealed_secret=secret, sealed_former=former)
            _record(endpoint, "reseal", actor, now)
    return len(endpoints)


def disable(endpoint: Webhook, reason: str, actor: str, now: datetime) -> bool:
    """Send nothing there any more: what waits for it is parked when its turn comes. Whether it was on."""
    return _switch(endpoint, "disabled", reason, actor, now)


def enable(endpoint: Webhook, actor: str, now: datetime) -> bool:
    """Send there again; what was parked is sent again by a person. Whether it was off."""
    return _switch(endpoint, "active", "", actor, now)


def _switch(endpoint: Webhook, state: str, reason: str, actor: str, now: datetime) -> bool:
    with transaction.atomic():
        others = Webhook.objects.filter(pk=endpoint.pk).exclude(state=state)
        reason = reason[:REASON_LENGTH]
        is_changed = others.update(state=state, state_reason=reason, changed_at=now) == 1
        if is_changed:
            _record(endpoint, "enable" if state == "active" else "disable", actor, now, reason=reason)
    return is_changed


def _record(endpoint: Webhook, act: str, actor: str, now: datetime, **details: str) -> None:
    # The host alone: some receivers keep a secret in the path.
    said = {"host": split_origin(endpoint.url).pair, **details}
    record(actor, f"webhook.{act}", ("webhook", str(endpoint.pk)), said, at=now)

"""Writes down what somebody did, in the transaction in which they did it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from audit_logs.circumstances import known
from audit_logs.event import EventBody
from audit_logs.models import Event
from common import clock


def record(
    actor: str,
    action: str,
    subject: tuple[str, str],
    details: Mapping[str, object],
    *,
    at: datetime | None = None,
) -> Event:
    """Insert one unnumbered event; it stands or falls with the caller's transaction.

    `actor` is `kind:id` ("user:7", "system:crawl"), `action` dotted lower case ("registry.import"), `subject`
    kind and id, `details` anything canonical JSON holds; secrets and personal payloads have no place in it.
    What holds by `circumstances.under` is added to it. `at` is when it happened (default: now). Raises
    EventRefused for an event out of form or too large, and RuntimeError outside a transaction, where the act
    could stay without its event.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(
            "record() outside a transaction: wrap the act and its record in transaction.atomic()"
        )
    said = EventBody(uuid4(), at or clock.now(), actor, action, subject, {**details, **known()})
    return Event.objects.create(
        event_id=said.id,
        at=said.at,
        actor=actor,
        action=action,
        subject_kind=subject[0],
        subject_id=subject[1],
        body=said.encode(),
    )

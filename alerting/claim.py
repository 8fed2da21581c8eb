"""Which messages are due, and taking one: it is nobody else's until its lease runs out.

A lease is one conditional UPDATE that must change one row, so two workers never hold the same message. It is
longer than any try, so it runs out only where its worker died; the try of the dead one is then marked so, and
the message goes out again under the same id.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Case, F, Max, Q, QuerySet, When, Window
from django.db.models.functions import RowNumber

from alerting.acknowledge import may_send
from alerting.envelope import WHY
from alerting.models import Attempt, Delivery
from audit_logs.record import record
from review.clocks import URGENT

ACTOR = "system:deliver"
LEASE = timedelta(seconds=60)  # a try takes 15 s at most, and its recording may wait 30 s for the database

FARTHEST_URGENT, FARTHEST = timedelta(days=3), timedelta(days=30)
"""Farther ahead no message waits: twice the longest pause between tries, and twice the longest holiday and
its working weekend. What does is from a clock that was ahead and set back since: it is due."""


class Due(NamedTuple):
    """A message whose time has come."""

    pk: str
    channel: str
    address: str


def due(channels: Collection[str], now: datetime, of_each: int) -> list[Due]:
    """What is due on `channels`, at most `of_each` of an address.

    What people decided goes before what nobody has judged, the first of every address before the second of
    one, then by severity and time: a flood at one office holds up no other.
    """
    unjudged = Case(When(alert__kind="preliminary", then=1), default=0)
    urgency = (unjudged, F("alert__severity"), F("next_at"), F("pk"))
    turn = Window(RowNumber(), partition_by=[F("channel"), F("address")], order_by=urgency)
    waiting = _free(now).filter(channel__in=list(channels)).annotate(turn=turn).filter(turn__lte=of_each)
    rows = waiting.order_by(unjudged, "turn", *urgency[1:]).values_list("pk", "channel", "address")
    return [Due(*row) for row in rows]


def claim(pk: str, holder: str, now: datetime) -> Attempt | None:
    """A new try at delivery `pk`, held by `holder`; None if another has it or it must not be sent."""
    taken = _free(now).filter(pk=pk)
    if taken.update(lease_until=now + LEASE, lease_holder=holder, tries=F("tries") + 1) != 1:
        return None
    delivery = Delivery.objects.select_related("alert", "recipient__webhook").get(pk=pk)
    delivery.attempts.filter(outcome="sending").update(
        outcome="died", ended_at=now, reason=" ".join(WHY["died"])
    )
    if leave := may_send(delivery):
        last = delivery.attempts.aggregate(last=Max("number"))["last"] or 0
        return Attempt.objects.create(delivery=delivery, number=last + 1, started_at=now, outcome="sending")
    call_off(pk, f"{leave.zh} {leave.en}", now)
    return None


def may_leave(attempt: int, now: datetime) -> bool:
    """Whether the message of a try still may go out: ask between the claim and the network.

    If somebody has acknowledged since the claim, the message is called off and the try, which never began,
    leaves no trace but that in the audit log.
    """
    tried = Attempt.objects.select_related("delivery").defer("delivery__body").get(pk=attempt)
    if leave := may_send(tried.delivery):
        return True
    with transaction.atomic():
        tried.delete()
        Delivery.objects.filter(pk=tried.delivery_id).update(tries=F("tries") - 1)
        call_off(tried.delivery_id, f"{leave.zh} {leave.en}", now)
    return False


def call_off(pk: str, reason: str, now: datetime) -> None:
    """Not to be sent any more; in the caller's transaction, with its audit event."""
    ours = Delivery.objects.filter(pk=pk, done_at=None)
    if ours.update(outcome="cancelled", done_at=now, reason=reason, lease_until=None, lease_holder="") == 1:
        record(ACTOR, "alert.call_off", ("delivery", pk), {"reason": reason}, at=now)


def release(holder: str) -> None:
    """Give back what a dead worker held."""
    Delivery.objects.filter(lease_holder=holder, done_at=None).update(lease_until=None, lease_holder="")


def _free(now: datetime) -> QuerySet[Delivery]:
    # A lease far ahead was taken by a clock that has been set back since.
    free = Q(lease_until=None) | Q(lease_until__lt=now) | Q(lease_until__gt=now + 2 * LEASE)
    due = Q(next_at__lte=now) | Q(next_at__gt=now + FARTHEST)
    due |= Q(next_at__gt=now + FARTHEST_URGENT, alert__severity__in=URGENT)
    return Delivery.objects.filter(free, due, done_at=None)

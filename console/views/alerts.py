"""Alerts: who was told of what, the unacknowledged ones first with their clock."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alerting import selectors
from alerting.models import Alert, Delivery, Recipient
from common import clock
from console import filters, standing
from console.permissions import signed_in
from registry.models import User

SHOWN = 6
# ZW-2026-000042, or its last part alone.
NUMBER = re.compile(r"(?:ZW-[0-9]{4}-)?0*([0-9]{1,12})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """An alert as the lists show it: its state, whom the newest step told, and its messages by state."""

    alert: Alert
    state: str
    told: list[Recipient]
    messages: list[tuple[str, str, int]]

    @property
    def step(self) -> int:
        """Which step of the line it has reached, counted from one."""
        return self.alert.rung + 1


@dataclass(frozen=True, slots=True)
class Block:
    """What the start page says of alerts: the most urgent ones, and what reached nobody."""

    rows: list[Row]
    count: int
    parked: list[Delivery]
    parked_count: int
    stuck: int
    gaps: int


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The alerts of the person's lines, 50 a page."""
    user, now = signed_in(request), clock.now()
    alerts = selectors.visible_alerts(user)
    choice = filters.chosen(form := filters.AlertFilter(request.GET))
    page = filters.page_of(request, selectors.in_order(_kept(alerts, choice.values)))
    context = {
        "form": form,
        "choice": choice,
        "page": page,
        "rows": rows(page.object_list, now),
        "unacknowledged": selectors.unacknowledged(user).count(),
        "address": filters.address(request.GET),
        "now": now,
    }
    return render(request, "console/alerts.html", context)


def block(user: User, now: datetime) -> Block:
    """The block of the start page; of the lists the first SHOWN."""
    waiting, parked = selectors.unacknowledged(user), selectors.parked(user)
    shown = list(parked[:SHOWN])
    return Block(
        rows(waiting[:SHOWN], now),
        waiting.count(),
        shown,
        parked.count() if shown else 0,
        selectors.stuck(user).count(),
        selectors.open_gaps(user).count(),
    )


def rows(alerts: Iterable[Alert], now: datetime) -> list[Row]:
    """`alerts` as rows, in three queries however many they are."""
    light = Delivery.objects.defer("body").order_by("created_at")
    people = Recipient.objects.order_by("rung", "round", "pk")
    loaded = list(alerts)
    prefetch_related_objects(loaded, Prefetch("recipients", people), Prefetch("deliveries", light))
    return [_row(alert, now) for alert in loaded]


def _row(alert: Alert, now: datetime) -> Row:
    people = list(alert.recipients.all())
    last = [person for person in people if (person.rung, person.round) == _newest(people)]
    counted = Counter((sent.channel, standing.of_delivery(sent, now)) for sent in alert.deliveries.all())
    messages = [(channel, state, n) for (channel, state), n in sorted(counted.items())]
    return Row(alert, standing.of_alert(alert), last, messages)


def _newest(people: list[Recipient]) -> tuple[int, int]:
    return max((person.rung, person.round) for person in people)


def _kept(alerts: QuerySet[Alert], values: Any) -> QuerySet[Alert]:
    if values["state"]:
        alerts = alerts.filter(standing.STATES[values["state"]])
    exact = {name: values[name] for name in ("severity", "line") if values[name]}
    if values["q"]:
        alerts = alerts.filter(_mentions(values["q"]))
    return alerts.filter(**exact)


def _mentions(text: str) -> Q:
    """The case by its number (or the end of it), the account and unit imitated, whoever was told."""
    told = Recipient.objects.filter(Q(office__icontains=text) | Q(name__icontains=text))
    fields = ("case__target__name", "case__target__handle", "case__target__unit__name")
    found = Q(pk__in=told.values("alert"))
    for field in fields:
        found |= Q(**{f"{field}__icontains": text})
    number = NUMBER.fullmatch(text.strip())
    return found | Q(case=int(number[1])) if number else found

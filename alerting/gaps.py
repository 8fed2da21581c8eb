"""Offices nobody can be reached at: each is a task from the first case that needed it until it has a contact.

A gap is opened in the transaction that met it. Several met at once by one case are told to the duty desk in
one alert, which names the first of them in `about`; the others were opened for that case at that moment.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from alerting.close import close
from alerting.models import Alert, ContactGap, Webhook
from alerting.routing import Gap
from audit_logs.record import record
from common.clock import BEIJING
from registry.models import Contact
from registry.offices import valid_on
from review.models import Case

ACTOR = "system:alerting"


def open_gaps(case: Case, gaps: Iterable[Gap], now: datetime) -> list[ContactGap]:
    """Open those of `gaps` that are not open yet, and return them; inside the caller's transaction."""
    opened = []
    for gap in dict.fromkeys(gaps):
        place: dict[str, Any] = {"division_id": gap.division or None, "unit_id": gap.unit}
        row, is_new = ContactGap.objects.get_or_create(
            line=gap.line, **place, resolved_at=None, defaults={"case": case, "since": now}
        )
        opened += [row] if is_new else []
    return opened


def of_alert(alert: Alert) -> QuerySet[ContactGap]:
    """The gaps a `contact_missing` alert is about."""
    found = ContactGap.objects.filter(case=alert.case_id, since=alert.opened_at)
    return found.select_related("division", "unit").order_by("pk")


def contacts(gap: ContactGap, now: datetime) -> QuerySet[Contact]:
    """Who is entered for the office of `gap` today, though perhaps without an address."""
    return Contact.objects.filter(_here(gap), valid_on(now.astimezone(BEIJING).date())).order_by("rank", "pk")


def resolve_gaps(now: datetime) -> int:
    """End every gap whose office can be reached today, and the alerts all of whose gaps have ended."""
    mended = list(_reachable(now))
    for gap in mended:
        with transaction.atomic():
            if ContactGap.objects.filter(pk=gap.pk, resolved_at=None).update(resolved_at=now) == 1:
                record(ACTOR, "contact.gap_resolved", ("case", str(gap.case_id)), {"gap": gap.pk}, at=now)
                _close_alerts(gap, now)
    return len(mended)


def _reachable(now: datetime) -> QuerySet[ContactGap]:
    """Gaps where today somebody of the office has an address (`routing.Office.is_reachable`)."""
    # Of place and place one is null on both sides, and so never equal.
    here = Q(division=OuterRef("division")) | Q(unit=OuterRef("unit"))
    day = now.astimezone(BEIJING).date()
    systems = Webhook.objects.filter(here, line=OuterRef("line"), state="active")
    people = Contact.objects.filter(here, valid_on(day), line=OuterRef("line")).exclude(email="")
    return ContactGap.objects.filter(Exists(systems) | Exists(people), resolved_at=None)


def _here(gap: ContactGap) -> Q:
    return Q(line=gap.line, division=gap.division_id, unit=gap.unit_id)


def _close_alerts(gap: ContactGap, now: datetime) -> None:
    """Close the alerts opened with `gap` when it was the last of theirs."""
    left = ContactGap.objects.filter(case=OuterRef("case"), since=OuterRef("opened_at"), resolved_at=None)
    told = Alert.objects.filter(
        ~Exists(left), kind="contact_missing", case=gap.case_id, opened_at=gap.since, closed_at=None
    )
    for alert in told:
        close(alert, "cause_gone", now)

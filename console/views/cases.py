"""The work list of cases, with its filters, and what of it stands on the start page."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common import clock
from console import filters, worklist
from console.permissions import may_open, sees_rules, signed_in
from registry.models import User
from review import selectors

NEW = timedelta(hours=24)
SHOWN, DUE_SHOWN = 10, 5
CLOSED = ("not_established", "concluded", "archived")


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The cases in reach, most severe first, 50 a page."""
    user, now = signed_in(request), clock.now()
    work = worklist.listed(user, request.GET, now)
    page = filters.page_of(request, work.cases)
    context = {
        "form": work.form,
        "problems": filters.problems(work.form),
        "page": page,
        "rows": worklist.rows(page, now),
        "address": filters.address(request.GET),
        "inside": sees_rules(user),
        "now": now,
    }
    return render(request, "console/cases.html", context)


def block(user: User, now: datetime) -> dict[str, Any]:
    """For the start page: what waits by severity, the first of it, and what is due for this person."""
    waiting = worklist.waiting(user, now)
    due = selectors.due(user, now)
    own = selectors.visible_cases(user).filter(owner=user).exclude(state__in=CLOSED)
    return {
        "severities": selectors.by_severity(waiting),
        "new": selectors.by_severity(waiting.filter(detected_at__gte=now - NEW)),
        "rows": worklist.rows(waiting[:SHOWN], now),
        "overdue": due.overdue[:DUE_SHOWN],
        "overdue_count": due.overdue.count(),
        "to_sign": due.to_sign[:DUE_SHOWN],
        "to_sign_count": due.to_sign.count(),
        "to_report": due.to_report[:DUE_SHOWN],
        "to_report_count": due.to_report.count(),
        "own": own.count(),
        "signs": may_open(user, "countersign"),
    }

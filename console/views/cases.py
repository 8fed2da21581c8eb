"""The work list of cases, with its filters, and what of it stands on the start page."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common import clock
from console import filters, worklist
from console.permissions import sees_rules, signed_in
from registry.models import User
from review import selectors
from review.moves import OVER

NEW = timedelta(hours=24)
SHOWN, DUE_SHOWN = 10, 5


class First(NamedTuple):
    """The first few of something that is due, and how many there are."""

    rows: list[Any]
    total: int


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
    own = selectors.visible_cases(user).filter(owner=user).exclude(state__in=OVER)
    return {
        "severities": selectors.by_severity(waiting),
        "new": selectors.by_severity(waiting.filter(detected_at__gte=now - NEW)),
        "rows": worklist.rows(waiting[:SHOWN], now),
        "overdue": _first(due.overdue),
        "to_sign": _first(due.to_sign),
        "to_report": _first(due.to_report),
        "to_recheck": _first(due.to_recheck),
        "own": own.count(),
    }


def _first(rows: QuerySet[Any]) -> First:
    """The first of `rows`; they are counted only where there are more."""
    shown = list(rows[: DUE_SHOWN + 1])
    more = len(shown) > DUE_SHOWN
    return First(shown[:DUE_SHOWN], rows.count() if more else len(shown))

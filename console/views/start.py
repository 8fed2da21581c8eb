"""The page a shift begins with: what waits, what lapsed, what could not be checked, what is alive."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common import clock
from console.permissions import MENDING, may_open, signed_in
from console.views import alerts, cases
from observations import selectors as observations
from registry import calendar
from registry.models import User
from review import clocks
from watch import selectors as watch

SHOWN = 10


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The shift page; for roles that see no accounts, a page that says so and what they are here for."""
    user, now = signed_in(request), clock.now()
    common = {"processes": observations.processes(now), "unpublished": _unpublished(user, now), "now": now}
    if not may_open(user, "coverage"):
        return render(request, "console/start_blind.html", common)
    findings = watch.visible_findings(user)
    coverage = observations.visible_coverage(user, "search", now)
    context = {
        "cases": cases.block(user, now) if may_open(user, "cases") else None,
        "verdicts": watch.by_verdict(findings),
        "never_judged": watch.never_judged(user).count(),
        "findings": findings.filter(verdict__in=["lapsed", "due_soon"])[:SHOWN],
        "standings": observations.standings(coverage),
        "gaps": observations.gaps(observations.unchecked(coverage)),
        "run": next(iter(observations.last_runs(1)), None),
        "alerts": alerts.block(user, now) if may_open(user, "alerts") else None,
    }
    return render(request, "console/start.html", common | context)


def _unpublished(user: User, now: datetime) -> int | None:
    """The year whose holidays are missed, for those who wait for due dates or can mend it."""
    return calendar.unpublished(clocks.today(now)) if user.role in MENDING else None

"""The page a shift begins with: what waits, what lapsed, what could not be checked, what is alive."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common import clock
from console.permissions import may_open, signed_in
from console.views import alerts, cases
from observations import selectors as observations
from watch import selectors as watch

SHOWN = 10


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The shift page; for roles that see no accounts, a page that says so and what they are here for."""
    user, now = signed_in(request), clock.now()
    if not may_open(user, "coverage"):
        processes = observations.processes(now)
        return render(request, "console/start_blind.html", {"processes": processes, "now": now})
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
        "processes": observations.processes(now),
        "alerts": alerts.block(user, now) if may_open(user, "alerts") else None,
        "now": now,
    }
    return render(request, "console/start.html", context)

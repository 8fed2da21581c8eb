"""The page a shift begins with: what is new, what lapsed, what could not be checked, what is alive."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common import clock
from console.comparison import compared
from console.permissions import may_open, signed_in
from detection import selectors as detection
from observations import selectors as observations
from watch import selectors as watch

NEW = timedelta(hours=24)
SHOWN = 10


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The shift page; for roles that see no accounts, a page that says so and what they are here for."""
    user, now = signed_in(request), clock.now()
    if not may_open(user, "suspects"):
        processes = observations.processes(now)
        return render(request, "console/start_blind.html", {"processes": processes, "now": now})
    suspects = detection.current_suspects(user)
    worst = detection.narrowed(suspects, detection.Narrowing())[:SHOWN]
    findings = watch.visible_findings(user)
    coverage = observations.visible_coverage(user, "search", now)
    context = {
        "severities": detection.by_severity(suspects),
        "new": detection.by_severity(suspects.filter(detected_at__gte=now - NEW)),
        "rows": [compared(suspect) for suspect in worst],
        "verdicts": watch.by_verdict(findings),
        "never_judged": watch.never_judged(user).count(),
        "findings": findings.filter(verdict__in=["lapsed", "due_soon"])[:SHOWN],
        "standings": observations.standings(coverage),
        "gaps": observations.gaps(observations.unchecked(coverage)),
        "run": next(iter(observations.last_runs(1)), None),
        "processes": observations.processes(now),
        "now": now,
    }
    return render(request, "console/start.html", context)

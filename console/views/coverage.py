"""Coverage: for every registered account in reach, where it was looked at, where not, and why."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common import clock
from console import filters, words
from console.permissions import signed_in
from observations import selectors

SHOWN = 12


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """A table platform × state, the reasons behind the gaps, the accounts, and the sources asked."""
    user = signed_in(request)
    choice = filters.chosen(form := filters.CoverageFilter(request.GET))
    purpose: selectors.Purpose = "self" if choice.values["purpose"] == "self" else "search"
    now = clock.now()
    coverage = selectors.visible_coverage(user, purpose, now)
    context = {
        "form": form,
        "choice": choice,
        "purpose": purpose,
        "purposes": list(words.PURPOSES),
        "matrix": matrix(selectors.standings(coverage)),
        "states": selectors.STATES,
        "unchecked": selectors.unchecked(coverage)[:SHOWN],
        "page": filters.page_of(request, _kept(coverage, choice)),
        "runs": selectors.last_runs(5),
        "sources": selectors.sources(),
        "address": filters.address(request.GET),
        "now": now,
    }
    return render(request, "console/coverage.html", context)


def matrix(standings: list[selectors.Standing]) -> dict[str, list[tuple[str, int]]]:
    """Platform → (state, accounts) in the order of STATES, zeros included."""
    rows: dict[str, dict[str, int]] = {}
    for standing in standings:
        rows.setdefault(standing.platform, dict.fromkeys(selectors.STATES, 0))[standing.state] = (
            standing.accounts
        )
    return {platform: list(counts.items()) for platform, counts in rows.items()}


def _kept(coverage: Any, choice: filters.Chosen) -> Any:
    state, platform = choice.values["state"], choice.values["platform"]
    if state == "unchecked":
        coverage = coverage.exclude(coverage_state="checked")
    elif state:
        coverage = coverage.filter(coverage_state=state)
    return coverage.filter(looked_on=platform) if platform else coverage

"""Dormancy: how every registered account in reach stands, the urgent ones first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common import clock
from console import filters
from console.permissions import signed_in
from watch import selectors

NAMED = 60


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The newest finding of each account and rule, and the accounts no rule has judged."""
    user = signed_in(request)
    choice = filters.chosen(form := filters.FindingFilter(request.GET))
    findings = selectors.visible_findings(user)
    if choice.values["rule"]:
        findings = findings.filter(rule=choice.values["rule"])
    verdicts = selectors.by_verdict(findings)
    if choice.values["verdict"]:
        findings = findings.filter(verdict=choice.values["verdict"])
    never = selectors.never_judged(user)
    context = {
        "form": form,
        "choice": choice,
        "page": filters.page_of(request, findings),
        "verdicts": verdicts,
        "never_judged": never[:NAMED],
        "never_judged_count": never.count(),
        "address": filters.address(request.GET),
        "now": clock.now(),
    }
    return render(request, "console/findings.html", context)

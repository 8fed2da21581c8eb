"""Suspects: the list with its filters, and one suspect beside the account it imitates."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit_logs.record import record
from common import clock
from console import filters
from console.comparison import compared
from console.permissions import refused, signed_in
from detection import selectors
from detection.models import Suspect
from observations import selectors as observations
from registry.models import User

OTHERS, SIGHTINGS = 20, 20


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The newest judgement of every suspect in reach, 50 a page."""
    user = signed_in(request)
    form, suspects = _filtered(request, user)
    page = filters.page_of(request, suspects)
    context = {
        "form": form,
        "problems": filters.problems(form),
        "page": page,
        "rows": [compared(suspect) for suspect in page.object_list],
        "address": filters.address(request.GET),
        "target": next(iter(page.object_list), None) if form.narrowing().target else None,
        "now": clock.now(),
    }
    return render(request, "console/suspects.html", context)


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Both sides, the reasons and the proof. Opening it is on record."""
    user = signed_in(request)
    suspect = _found(user, pk)
    _form, suspects = _filtered(request, user)
    before, after = selectors.neighbours(pk, suspects.values_list("pk", flat=True))
    with transaction.atomic():
        record(f"user:{user.pk}", "suspect.view", ("suspect", str(pk)), {})
    context = _evidence(user, suspect) | {
        "before": before,
        "after": after,
        "address": filters.address(request.GET),
        "now": clock.now(),
    }
    return render(request, "console/suspect.html", context)


def _filtered(request: HttpRequest, user: User) -> tuple[filters.SuspectFilter, Any]:
    current = selectors.current_suspects(user)
    form = filters.SuspectFilter(
        request.GET, selectors.seen_values(current, "kind"), selectors.seen_values(current, "platform")
    )
    return form, selectors.narrowed(current, form.narrowing())


def _found(user: User, pk: int) -> Suspect:
    """The suspect, or 404; one that exists but is out of reach is answered the same and put on record."""
    suspect = (
        selectors.visible_suspects(user)
        .select_related("observation__response__capture", "observation__response__run")
        .select_related("observation__response__task__source", "target__unit__line_division")
        .filter(pk=pk)
        .first()
    )
    if suspect is None:
        if Suspect.objects.filter(pk=pk).exists():
            refused(user, ("suspect", str(pk)))
        raise Http404(_("There is no such suspect in your area."))
    return suspect


def _evidence(user: User, suspect: Suspect) -> dict[str, Any]:
    others = selectors.same_stranger(suspect, selectors.visible_suspects(user))[:OTHERS]
    sightings = observations.sightings_of(suspect.observation)
    first_seen, last_seen = observations.first_and_last(suspect.observation)
    return {
        "compared": compared(suspect),
        "suspect": suspect,
        "seen": suspect.observation,
        "target": suspect.target,
        "target_seen": observations.newest_look(suspect.target),
        "response": suspect.observation.response,
        "sightings": sightings[:SIGHTINGS],
        "first_seen": first_seen,
        "last_seen": last_seen,
        **_sorted_out(suspect, others),
    }


def _sorted_out(suspect: Suspect, others: Iterable[Suspect]) -> dict[str, Any]:
    same = [other for other in others if other.target_id == suspect.target_id]
    return {
        "newer": next((other for other in same if other.pk > suspect.pk), None),
        "earlier": [other for other in same if other.pk < suspect.pk],
        "elsewhere": [other for other in others if other.target_id != suspect.target_id],
    }

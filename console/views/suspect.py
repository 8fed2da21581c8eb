"""One suspect: an immutable judgement of the rules, with its proof. Work is done on the page of its case."""

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit_logs.record import record
from common import clock
from console import evidence
from console.permissions import refused, sees_originals, sees_rules, signed_in
from detection.models import Suspect
from registry.models import User
from review.models import Case, Intake
from review.selectors import visible_cases


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Both sides, the reasons and the proof. Opening it is on record."""
    user = signed_in(request)
    case, suspect = _found(user, pk)
    with transaction.atomic():
        record(f"user:{user.pk}", "suspect.view", ("suspect", str(pk)), {})
    context = evidence.of(suspect, inside=sees_rules(user), originals=sees_originals(user)) | {
        "case": case,
        "others": case.intakes.exclude(suspect=pk).select_related("suspect").order_by("-suspect"),
        "now": clock.now(),
    }
    return render(request, "console/suspect.html", context)


def _found(user: User, pk: int) -> tuple[Case, Suspect]:
    """The suspect and its case, or 404; one that is out of reach is answered the same and put on record."""
    intake = Intake.objects.filter(suspect=pk, case__in=visible_cases(user).order_by().values("pk")).first()
    if intake is None:
        if Suspect.objects.filter(pk=pk).exists():
            refused(user, ("suspect", str(pk)))
        raise Http404(_("There is no such suspect in your area."))
    return intake.case, Suspect.objects.select_related(*evidence.JOINED).get(pk=pk)

"""One case: the evidence of both sides, what people may do about it, and all that happened to it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audit_logs.record import record
from common import clock
from console import chain, evidence, filters, judging, words, worklist
from console.judging import ActForm, AdvanceForm, CountersignForm, DecideForm
from console.permissions import may_open, refused, sees_originals, sees_rules, signed_in
from registry.models import User
from review import selectors, standing
from review.decide import countersign as sign
from review.decide import judge, move
from review.errors import Conflict, NotAllowed, ReviewError
from review.models import Case, Decision

CONFLICT, FORBIDDEN, UNPROCESSABLE = 409, 403, 422
RELATIVES = 20


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole case. Opening it is on record."""
    user, now = signed_in(request), clock.now()
    case = found(user, pk)
    with transaction.atomic():
        record(f"user:{user.pk}", "case.view", ("case", str(pk)), {})
    return _page(request, case, now)


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Judge the case, then go on to the next of the list the person came from."""
    user, now = signed_in(request), clock.now()
    case, form = found(user, pk), DecideForm(request.POST)
    _before, after = worklist.listed(user, request.GET, now).neighbours(pk)

    def act() -> str:
        version, judgement = form.cleaned_data["version"], form.judgement()
        return _decided(judge(user, pk, version, judgement, now), case)

    return _answered(request, case, form, act, now, _address("case", after, request))


@require_POST
def countersign(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree with somebody's decision as the second person, or refuse it."""
    user, now = signed_in(request), clock.now()
    case, form = found(user, pk), CountersignForm(request.POST)

    def act() -> str:
        said = form.cleaned_data
        signed = sign(user, pk, said["version"], said["agree"], said["text"], now)
        return (
            _("%(case)s: countersigned; the decision is in effect.")
            if signed.standing == "final"
            else _("%(case)s: refused; the decision has no effect.")
        ) % {"case": case.number}

    return _answered(request, case, form, act, now, _address("case", pk, request))


@require_POST
def advance(request: HttpRequest, pk: int) -> HttpResponse:
    """Make one of the moves after the judgement."""
    user, now = signed_in(request), clock.now()
    case, form = found(user, pk), AdvanceForm(request.POST)

    def act() -> str:
        said = form.cleaned_data
        change = move(
            user, pk, said["version"], said["move"], said["code"], said["text"], form.details(), now
        )
        done = {"case": case.number, "move": chain.title(change.move)}
        return _("%(case)s: %(move)s.") % done

    return _answered(request, case, form, act, now, _address("case", pk, request))


def found(user: User, pk: int) -> Case:
    """The case, or 404; one that exists but is out of reach is answered the same and put on record."""
    joined = (f"suspect__{path}" for path in evidence.JOINED)
    case = worklist.visible(user).select_related(*joined, "earlier").filter(pk=pk).first()
    if case is None:
        if Case.objects.filter(pk=pk).exists():
            refused(user, ("case", str(pk)))
        raise Http404(_("There is no such case in your area."))
    return case


def _answered(
    request: HttpRequest, case: Case, form: ActForm, act: Callable[[], str], now: datetime, onward: str
) -> HttpResponse:
    """Do `act` if `form` can be read, and go `onward`; else the page again, with why and what was typed."""
    if not form.is_valid():
        return _page(request, case, now, form, UNPROCESSABLE)
    try:
        said = act()
    except Conflict as conflict:
        fresh = found(signed_in(request), case.pk)
        form.afresh(fresh.version)
        return _page(request, fresh, now, form, CONFLICT, words.spoken(conflict))
    except NotAllowed as no:
        refused(signed_in(request), ("case", str(case.pk)))
        form.add_error(None, words.spoken(no))
        return _page(request, case, now, form, FORBIDDEN)
    except ReviewError as error:
        form.add_error(None, words.spoken(error))
        return _page(request, case, now, form, UNPROCESSABLE)
    messages.success(request, said)
    return redirect(onward)


def _decided(decision: Decision, case: Case) -> str:
    said = {"case": case.number, "outcome": words.OUTCOMES[decision.outcome]}
    match decision.standing:
        case "awaiting":
            return _("%(case)s: %(outcome)s. Without effect until a second person has signed.") % said
        case "provisional":
            return _("%(case)s: %(outcome)s. In effect; a second person signs within 4 hours.") % said
        case _:
            return _("%(case)s: %(outcome)s.") % said


def _address(page: str, pk: int | None, request: HttpRequest) -> str:
    """Where the person goes on: a case, or the list where there is none, under the same filters."""
    place = reverse(page, args=[pk]) if pk else reverse("cases")
    return place + filters.address(request.GET)


def _page(
    request: HttpRequest,
    case: Case,
    now: datetime,
    sent: ActForm | None = None,
    status: int = 200,
    conflict: str = "",
) -> HttpResponse:
    user = signed_in(request)
    before, after = worklist.listed(user, request.GET, now).neighbours(case.pk)
    context = {
        **evidence.of(case.suspect, inside=sees_rules(user), originals=sees_originals(user)),
        **_to_do(user, case, sent, now),
        **_around(user, case),
        "case": case,
        "deadline": worklist.row(case, now).deadline,
        "chain": chain.of(case, user),
        "before": before,
        "after": after,
        "address": filters.address(request.GET),
        "conflict": conflict,
        "alert_opens": may_open(user, "alert"),
        "sheet_opens": may_open(user, "sheet"),
        "now": now,
    }
    return render(request, "console/case.html", context, status=status)


def _to_do(user: User, case: Case, sent: ActForm | None, now: datetime) -> dict[str, Any]:
    """The forms of the page; the one that was `sent` and did not succeed keeps what was typed."""
    version = {"version": case.version}
    decide_form = sent if isinstance(sent, DecideForm) else DecideForm(initial=version)
    judges = judging.may_judge(user, case)
    return {
        "standing": standing.in_effect(case),
        "unsigned": list(selectors.pending(case)),
        "to_sign": selectors.to_sign(case, user),
        "sign_form": sent if isinstance(sent, CountersignForm) else CountersignForm(initial=version),
        "decide_form": decide_form if judges else None,
        "alone": judging.may_be_alone(user, now),
        "advances": judging.advances(user, case, sent if isinstance(sent, AdvanceForm) else None),
        "homeless": _homeless(sent, user, case),
    }


def _homeless(sent: ActForm | None, user: User, case: Case) -> ActForm | None:
    """The form that was `sent` in vain, if the case as it stands now has no place for it any more."""
    match sent:
        case AdvanceForm():
            offered = judging.advances(user, case, sent)
            return None if any(advance.form is sent for advance in offered) else sent
        case CountersignForm():
            return None if selectors.to_sign(case, user) else sent
        case DecideForm():
            return None if judging.may_judge(user, case) else sent
        case _:
            return None


def _around(user: User, case: Case) -> dict[str, Any]:
    """The other cases of the same stranger that `user` may see."""
    relatives = list(selectors.relatives(case, selectors.visible_cases(user))[:RELATIVES])
    same = [other for other in relatives if other.target_id == case.target_id]
    return {
        "same_pair": same,
        "elsewhere": [other for other in relatives if other.target_id != case.target_id],
    }

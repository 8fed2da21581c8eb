"""One alert: who was told and why, what comes next, every attempt and message; what one may do."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from alerting import selectors, wording
from alerting.acknowledge import acknowledge
from alerting.errors import PromiseRefused, Refused
from alerting.models import Acknowledgement, Alert, Attempt, Delivery
from alerting.resend import DONE
from alerting.resend import resend as send_again
from audit_logs.record import record
from common import clock
from console import ladder, letters, standing, words
from console.permissions import may_open, refused, signed_in
from console.promises import PromiseForm
from console.views.alerts import rows
from registry.models import User
from registry.roles import CHINESE, Role
from review.selectors import visible_cases

UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Sent:
    """A message: how it stands, every try, and what it said."""

    delivery: Delivery
    state: str
    attempts: list[Attempt]
    letter: letters.Letter
    reach: bool
    """Whether the person may read the address, and what was said there."""

    @property
    def resendable(self) -> bool:
        """Whether a person may send it again: it is done, and was not called off."""
        return self.state in DONE


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole alert. It shows what was written to people, so opening it is on record."""
    user, now = signed_in(request), clock.now()
    alert = _found(user, pk)
    with transaction.atomic():
        record(f"user:{user.pk}", "alert.view", ("alert", str(pk)), {})
    return _page(request, alert, PromiseForm(None, alert.severity, now), now)


@require_POST
def acknowledge_here(request: HttpRequest, pk: int) -> HttpResponse:
    """Acknowledge in one's own name; the second who tries is told who was first."""
    user, now = signed_in(request), clock.now()
    alert = _found(user, pk)
    if not _acknowledges(user, alert):
        refused(user, ("alert", str(pk)))
        raise PermissionDenied(_("Your role does not acknowledge alerts of this line."))
    form = PromiseForm(request.POST, alert.severity, now)
    if form.is_valid() and _acknowledged(request, alert, form, now):
        return redirect("alert", pk)
    return _page(request, alert, form, now, UNPROCESSABLE)


@require_POST
def resend(request: HttpRequest, key: str) -> HttpResponse:
    """Send a message that was parked, or arrived and got lost there, once more."""
    user = signed_in(request)
    delivery = Delivery.objects.filter(pk=key).defer("body").first()
    if delivery is None:
        raise Http404(_("There is no such alert for you."))
    alert = _found(user, delivery.alert_id, ("delivery", key))
    try:
        again = send_again(key, f"user:{user.pk}", clock.now())
        messages.success(
            request,
            _("It is sent again under the same number.")
            if again.pk == key
            else _("It is sent to the address of today, under a new number."),
        )
    except Refused as refusal:
        messages.warning(request, words.spoken(refusal))
    return redirect("alert", alert.pk)


def _acknowledged(request: HttpRequest, alert: Alert, form: PromiseForm, now: datetime) -> bool:
    """Whether the alert is settled now; if not by this promise, a message says by what."""
    user = signed_in(request)
    name, until = user.full_name or user.username, form.cleaned_data["until"]
    try:
        answer = acknowledge(
            alert.pk,
            by=f"{CHINESE[Role(user.role)]} {name}",
            via="console",
            user=user,
            promise=form.sentence(),
            promised_by=until,
            now=now,
        )
    except PromiseRefused as refusal:
        form.add_error("text", words.spoken(refusal))
        return False
    if answer:
        messages.success(request, _("Acknowledged. Nobody else is told until the time you named."))
    elif answer.outcome == "already":
        messages.warning(request, _("%(who)s was first; your promise was not taken.") % {"who": answer.by})
    else:
        messages.warning(request, _("The alert is closed already; there is nothing to acknowledge."))
    return True


def _acknowledges(user: User, alert: Alert) -> bool:
    return selectors.may_acknowledge(user, alert)


def _page(
    request: HttpRequest, alert: Alert, form: PromiseForm, now: datetime, status: int = 200
) -> HttpResponse:
    user = signed_in(request)
    left = ladder.coming(alert, now)
    context = {
        "alert": alert,
        "row": rows([alert], now)[0],
        "asked": words.spoken(wording.asked(alert.kind, alert.line)),
        "case_opens": may_open(user, "case") and visible_cases(user).filter(pk=alert.case_id).exists(),
        "own_lines": selectors.LINES_OF.get(user.role, frozenset()),
        "rungs": ladder.taken(alert),
        "coming": left,
        "next_step": ladder.what_next(alert, left),
        "acknowledgements": _acknowledgements(alert),
        "may_acknowledge": standing.is_open(alert) and _acknowledges(user, alert),
        "may_resend": may_open(user, "resend"),
        "form": form,
        "messages_sent": _sent(alert, user, now),
        "now": now,
    }
    return render(request, "console/alert.html", context, status=status)


def _found(user: User, pk: int, asked: tuple[str, str] | None = None) -> Alert:
    """The alert, or 404; one that exists but is out of reach is answered the same and put on record.

    `asked` is what was asked for, where it is not the alert itself.
    """
    alert = (
        selectors.visible_alerts(user)
        .select_related("case__target__unit__line_division", "case__suspect__observation")
        .filter(pk=pk)
        .first()
    )
    if alert is None:
        if Alert.objects.filter(pk=pk).exists():
            refused(user, asked or ("alert", str(pk)))
        raise Http404(_("There is no such alert for you."))
    return alert


def _acknowledgements(alert: Alert) -> list[tuple[Acknowledgement, bool]]:
    """All of them, the newest first, each with whether its time ran out without progress."""
    return [(ack, ack.at != alert.acked_at) for ack in alert.acknowledgements.order_by("-at", "-pk")]


def _sent(alert: Alert, user: User, now: datetime) -> list[Sent]:
    people = ("recipient__contact", "recipient__webhook")
    deliveries = alert.deliveries.select_related(*people).prefetch_related("attempts")
    return [
        Sent(
            delivery,
            standing.of_delivery(delivery, now),
            sorted(delivery.attempts.all(), key=lambda attempt: attempt.number),
            _letter(delivery),
            selectors.may_reach(user, delivery.recipient),
        )
        for delivery in deliveries.order_by("created_at", "channel", "pk")
    ]


def _letter(delivery: Delivery) -> letters.Letter:
    read = letters.read if delivery.channel == "mail" else letters.read_json
    letter = read(bytes(delivery.body))
    return replace(letter, text=letters.without_tokens(letter.text))

"""The page behind the link of a message: shows what is asked, takes the promise. No sign-in.

The token in the address is all the authority there is, and it is for one recipient of one alert:

* GET and HEAD change nothing, not even the log: mail scanners open links.
* POST needs no CSRF cookie. Who knows the token may post it anyway, who does not can forge nothing; and mail
  programs open links in browsers that keep no cookies.
* The address is kept out of search engines, of Referer headers and of printed pages. The language is chosen
  by a plain link, because a page that sends no Referer fails the origin check of Django's forms.
* Links that are none are answered alike, whatever is wrong with them; an address that goes on guessing is
  turned away for a minute, and that is recorded once.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from alerting import wording
from alerting.acknowledge import acknowledge, barred, recipient_of
from alerting.errors import LinkRefused, NotTheirs, PromiseRefused
from alerting.models import Recipient
from audit_logs.record import record
from common import clock
from console import words
from console.gate import FAILURES, Gate, network
from console.promises import PromiseForm

GATE = Gate()
NOT_FOUND, GONE, UNPROCESSABLE, TOO_MANY_REQUESTS = 404, 410, 422, 429
View = Callable[[HttpRequest, str], HttpResponse]


def _kept_private(view: View) -> View:
    """`view` in the language of GET `language`, its answers unindexed and its address told to nobody."""

    @wraps(view)
    def private(request: HttpRequest, token: str) -> HttpResponse:
        wish = request.GET.get("language", "")
        language = wish if wish in dict(settings.LANGUAGES) else translation.get_language()
        with translation.override(language):
            response = view(request, token)
        response.headers["Content-Language"] = language or settings.LANGUAGE_CODE
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return private


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@_kept_private
def show(request: HttpRequest, token: str) -> HttpResponse:
    """What is asked of the recipient, or who has acknowledged already; POST makes the promise."""
    now = clock.now()
    try:
        recipient = recipient_of(token)
    except LinkRefused as refusal:
        return _refused(request, refusal, now)
    posted = request.POST if request.method == "POST" else None
    form = PromiseForm(posted, recipient.alert.severity, now)
    if posted is not None and form.is_valid() and _acknowledged(recipient, form, now):
        return redirect(request.get_full_path())
    return _page(request, recipient, form, UNPROCESSABLE if form.errors else 200)


def _acknowledged(recipient: Recipient, form: PromiseForm, now: datetime) -> bool:
    """Whether the alert is settled now, by this promise or by somebody before; else the form says why."""
    try:
        acknowledge(
            recipient.alert_id,
            by=f"{recipient.office} {recipient.name}",
            via="link",
            recipient=recipient,
            promise=form.sentence(),
            promised_by=form.cleaned_data["until"],
            now=now,
        )
    except (PromiseRefused, NotTheirs) as refusal:
        form.add_error("text", words.spoken(refusal))
        return False
    return True


def _page(request: HttpRequest, recipient: Recipient, form: PromiseForm, status: int) -> HttpResponse:
    alert = recipient.alert
    summary = words.spoken(wording.SUMMARIES[alert.kind]).format(name=alert.case.target.name)
    no = barred(recipient, form.now)
    context = {
        "alert": alert,
        "recipient": recipient,
        "barred": words.spoken(no) if no else "",
        "summary": summary,
        "asked": words.spoken(wording.asked(alert.kind, alert.line)),
        "form": form,
        "now": form.now,
    }
    return render(request, "console/acknowledge.html", context, status=status)


def _refused(request: HttpRequest, refusal: LinkRefused, now: datetime) -> HttpResponse:
    why, status = ("expired", GONE) if refusal.code == "expired" else ("unknown", NOT_FOUND)
    if refusal.code != "expired":
        address = network(request)
        if GATE.is_shut(address, now):
            why, status = "many", TOO_MANY_REQUESTS
        elif GATE.failed(address, now) == FAILURES:
            _record_guessing(address)
    return render(request, "console/acknowledge_not.html", {"why": why}, status=status)


def _record_guessing(address: str) -> None:
    with transaction.atomic():
        record(f"visitor:{address}", "acknowledge.turned_away", ("link", "unknown"), {"address": address})

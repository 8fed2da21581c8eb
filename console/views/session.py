"""Signing in and out.

One sentence answers every failure, so that nobody learns which names exist. Five failures from one address
lock the name for that address (django-axes); the locked page says for how long. An address that goes on with
other names meets `console.gate`.
"""

from axes.helpers import get_cool_off
from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from audit_logs.record import record
from common import clock
from console.gate import FAILURES, Gate, network
from console.permissions import signed_in
from registry.actions import USERNAME
from registry.models import User
from registry.scope import has_rights

TOO_MANY_REQUESTS = 429
GATE = Gate()


class SignInForm(forms.Form):
    """Name and password as typed. The lengths are caps against abuse, not rules about passwords."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "username",
                "autocapitalize": "none",
                "autofocus": True,
                "spellcheck": "false",
            }
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The form, and what becomes of it: signed in, told that it failed, or locked."""
    if isinstance(request.user, User):
        return redirect(_next_page(request))
    form = SignInForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _form(request, form)
    if GATE.is_shut(network(request), clock.now()):
        return _turned_away(request, form)
    with GATE.place_to_hash() as free:
        user = _authenticated(request, form) if free else None
    if isinstance(user, User):
        return _let_in(request, user) if has_rights(user, clock.now()) else _ended(request, form, user)
    return _failed(request, form) if free else _turned_away(request, form)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the sign-in."""
    user = signed_in(request)
    with transaction.atomic():
        record(f"user:{user.pk}", "session.sign_out", ("user", str(user.pk)), {"because": "asked"})
        logout(request)
    return redirect("sign_in")


def _authenticated(request: HttpRequest, form: SignInForm) -> object:
    """The person, or None. What cannot be a name may be a password: it is not asked about and not kept."""
    known = USERNAME.fullmatch(form.cleaned_data["username"])
    return authenticate(request, **form.cleaned_data) if known else None


def _failed(request: HttpRequest, form: SignInForm) -> HttpResponse:
    is_locked = bool(getattr(request, "axes_locked_out", False))
    _record_failure(request, form.cleaned_data["username"], is_locked)
    if GATE.failed(network(request), clock.now()) == FAILURES:
        _record_visitor(request, "session.turned_away", "unknown")
    if is_locked:
        return _locked(request)
    form.add_error(None, _("Name and password do not match, or the account is not active."))
    return _form(request, form, status=403)


def _ended(request: HttpRequest, form: SignInForm, user: User) -> HttpResponse:
    """Said only to whoever knows the password: nobody else learns that there is such a person."""
    _record_visitor(request, "session.rights_ended", str(user.pk))
    form.add_error(None, _("Your rights here have ended. The security administrator can set a new last day."))
    return _form(request, form, status=403)


def _turned_away(request: HttpRequest, form: SignInForm) -> HttpResponse:
    form.add_error(None, _("Too many attempts to sign in at this moment. Wait a minute and try again."))
    return _form(request, form, status=TOO_MANY_REQUESTS)


def _locked(request: HttpRequest) -> HttpResponse:
    # AxesMiddleware would put a bare line of text in the place of this page.
    request.axes_locked_out = False  # type: ignore[attr-defined]
    minutes = round(get_cool_off(request).total_seconds() / 60)
    context = {"minutes": minutes, "failures": settings.AXES_FAILURE_LIMIT}
    return render(request, "console/locked.html", context, status=TOO_MANY_REQUESTS)


def _form(request: HttpRequest, form: SignInForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
    return render(request, "console/sign_in.html", context, status=status)


def _let_in(request: HttpRequest, user: User) -> HttpResponse:
    with transaction.atomic():
        login(request, user)
        request.session["began"] = clock.now().timestamp()
        details = {"address": request.META["REMOTE_ADDR"]}
        record(f"user:{user.pk}", "session.sign_in", ("user", str(user.pk)), details)
    return redirect(_next_page(request))


def _record_failure(request: HttpRequest, name: str, is_locked: bool) -> None:
    """Name the account only if it exists: what was typed may be a password in the wrong field."""
    known = User.objects.filter(username=name).first()
    action = "session.locked" if is_locked else "session.sign_in_failed"
    _record_visitor(request, action, str(known.pk) if known else "unknown")


def _record_visitor(request: HttpRequest, action: str, user: str) -> None:
    address = request.META["REMOTE_ADDR"]
    with transaction.atomic():
        record(f"visitor:{address}", action, ("user", user), {"address": address})


def _next_page(request: HttpRequest) -> str:
    wish = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wish, {request.get_host()}, require_https=request.is_secure())
    return wish if safe else settings.LOGIN_REDIRECT_URL

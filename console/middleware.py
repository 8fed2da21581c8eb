"""What holds for every page: the browser's rules, the language, how long a sign-in lasts, a due password."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation

from audit_logs.record import record
from common import clock
from registry.models import User
from registry.scope import has_rights

GetResponse = Callable[[HttpRequest], HttpResponse]

# Everything a page needs comes from this server, and nothing may run or style it inline (ASVS 3.4.3).
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cache-Control": "no-store",
}
ABSOLUTE_LIMIT = timedelta(hours=12)
REFRESH_AFTER = timedelta(minutes=1)
# The link of a message is its recipient's, whoever has signed in at that machine.
OPEN_WHILE_PASSWORD_IS_DUE = frozenset({"password", "sign_out", "language", "health", "acknowledge"})


class ContentSecurityPolicy:
    """Adds HEADERS to every answer; a page is kept by no browser and no proxy."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class Language:
    """Chinese until the person chooses otherwise (a cookie); the wish of the browser is not asked."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class SessionLimits:
    """Ends a sign-in after 12 hours, after 15 minutes without a request, and with the person's rights.

    The idle limit is the age of the stored session (SESSION_COOKIE_AGE). It is renewed at most once a minute,
    because every renewal is a committed write; so the limit is met to within that minute.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, User):
            self._renew(request, request.user, clock.now())
        return self.get_response(request)

    def _renew(self, request: HttpRequest, user: User, now: datetime) -> None:
        began = _moment(request.session.setdefault("began", now.timestamp()))
        if not has_rights(user, now):
            self._end(request, user, "rights_ended")
        elif now - began >= ABSOLUTE_LIMIT:
            self._end(request, user, "twelve_hours")
        elif now - _moment(request.session.get("renewed", 0)) >= REFRESH_AFTER:
            request.session["renewed"] = now.timestamp()

    def _end(self, request: HttpRequest, user: User, because: str) -> None:
        with transaction.atomic():
            record(f"user:{user.pk}", "session.sign_out", ("user", str(user.pk)), {"because": because})
            logout(request)


class PasswordChangeDue:
    """Sends a person whose password was set by somebody else to change it before anything else."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Redirect, unless the page is one that leads out of the state."""
        due = isinstance(request.user, User) and request.user.password_change_due
        page = request.resolver_match.url_name if request.resolver_match else None
        return redirect("password") if due and page not in OPEN_WHILE_PASSWORD_IS_DUE else None


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)

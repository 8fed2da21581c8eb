"""What holds for every page."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from pytest import MonkeyPatch
from pytest_django import Settings

from audit_logs.models import Event
from common import clock
from console import middleware, permissions
from tests import cast as people
from tests.cast import Cast, Province
from tests.console.conftest import SignedIn

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.fixture
def later(monkeypatch: MonkeyPatch) -> "Later":
    """Moves the clock of the middleware."""
    return Later(monkeypatch)


class Later:
    """A clock that is ahead."""

    def __init__(self, monkeypatch: MonkeyPatch) -> None:
        self.ahead = timedelta()
        monkeypatch.setattr(clock, "now", lambda: self._real() + self.ahead)

    _real = staticmethod(clock.now)


def test_every_page_carries_the_strict_policy(place: Province, everybody: Cast, signed_in: SignedIn) -> None:
    case = people.case(place.zhengzhou_account)
    browser = signed_in(everybody.reviewer)
    addresses = [reverse(name) for name in (*permissions.MENU, "password", "health")]
    of_case = [reverse(name, args=[case.pk]) for name in ("case", "sheet", "decide")]
    for address in [
        *addresses,
        *of_case,
        reverse("suspect", args=[case.suspect_id]),
        "/nowhere/",
        "/cases/0/",
    ]:
        answer = browser.get(address)
        assert answer.headers["Content-Security-Policy"] == POLICY, address
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in answer.headers["Permissions-Policy"]


def test_the_sign_in_page_carries_it_too(db: None) -> None:
    assert Client().get(reverse("sign_in")).headers["Content-Security-Policy"] == POLICY


def test_what_no_view_answers_carries_it_too(db: None, settings: Settings) -> None:
    static = Client().get("/static/console/console.css")
    static.close()  # it holds the file open
    strange_host = Client().get(reverse("sign_in"), headers={"Host": "elsewhere.example"})
    settings.SECURE_SSL_REDIRECT = True
    redirect = Client().get(reverse("sign_in"))
    assert [answer.status_code for answer in (static, strange_host, redirect)] == [200, 400, 301]
    for answer in (static, strange_host, redirect):
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_sign_in_ends_after_twelve_hours_and_that_is_recorded(
    everybody: Cast, signed_in: SignedIn, later: Later
) -> None:
    browser = signed_in(everybody.reviewer)
    assert browser.get(reverse("start")).status_code == 200
    later.ahead = timedelta(hours=11, minutes=59)
    assert browser.get(reverse("start")).status_code == 200
    later.ahead = timedelta(hours=12)
    answer = browser.get(reverse("start"))
    assert answer.headers["Location"].startswith(reverse("sign_in"))
    assert Event.objects.get(action="session.sign_out").details == {"because": "twelve_hours"}


def test_an_open_sign_in_ends_with_the_last_day_of_the_rights_and_that_is_recorded(
    everybody: Cast, signed_in: SignedIn
) -> None:
    browser = signed_in(everybody.contractor)
    assert browser.get(reverse("start")).status_code == 200
    everybody.contractor.until = date(2026, 1, 31)
    everybody.contractor.save()
    answer = browser.get(reverse("start"))
    assert answer.headers["Location"].startswith(reverse("sign_in"))
    assert Event.objects.get(action="session.sign_out").details == {"because": "rights_ended"}
    assert browser.get(reverse("start")).status_code == 302
    assert Event.objects.filter(action="session.sign_out").count() == 1


def test_a_sign_in_idles_out_after_a_quarter_of_an_hour(everybody: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(everybody.reviewer)
    browser.get(reverse("start"))
    assert settings.SESSION_COOKIE_AGE == 900
    assert 890 <= browser.session.get_expiry_age() <= 900
    assert not settings.SESSION_SAVE_EVERY_REQUEST


def test_the_session_is_stored_at_most_once_a_minute(
    everybody: Cast, signed_in: SignedIn, later: Later
) -> None:
    browser = signed_in(everybody.reviewer)
    browser.get(reverse("start"))
    assert settings.SESSION_COOKIE_NAME not in browser.get(reverse("start")).cookies
    later.ahead = timedelta(seconds=61)
    assert settings.SESSION_COOKIE_NAME in browser.get(reverse("start")).cookies


@pytest.mark.parametrize("page", ["start", "cases", "findings", "coverage"])
def test_a_due_password_change_leaves_no_other_page(page: str, everybody: Cast, signed_in: SignedIn) -> None:
    everybody.reviewer.password_change_due = True
    everybody.reviewer.save()
    browser = signed_in(everybody.reviewer)
    assert browser.get(reverse(page)).headers["Location"] == reverse("password")
    assert browser.get("/cases/1/").headers["Location"] == reverse("password")


def test_while_it_is_due_one_can_change_it_sign_out_and_switch_the_language(
    everybody: Cast, signed_in: SignedIn
) -> None:
    everybody.reviewer.password_change_due = True
    everybody.reviewer.save()
    browser = signed_in(everybody.reviewer)
    assert browser.get(reverse("password")).status_code == 200
    assert browser.post(reverse("language"), {"language": "en", "next": "/"}).headers["Location"] == "/"
    assert browser.post(reverse("sign_out")).headers["Location"] == reverse("sign_in")


@pytest.mark.parametrize(
    ("cookie", "language"), [("", "zh-hans"), ("en", "en"), ("zh-hans", "zh-hans"), ("xx", "zh-hans")]
)
def test_the_language_is_chinese_unless_the_cookie_says_otherwise(cookie: str, language: str) -> None:
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse(translation.get_language())

    request = RequestFactory().get("/", headers={"accept-language": "en-GB"})
    request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = cookie
    answer = middleware.Language(page)(request)
    assert answer.content.decode() == answer.headers["Content-Language"] == language

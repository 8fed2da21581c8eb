"""Signing in and out."""

from datetime import date

import pytest
from axes.models import AccessAttempt
from django.conf import settings as installed
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from audit_logs.models import Event
from common import clock
from console import gate
from console.views import session
from tests.cast import PASSWORD, Cast
from tests.console.conftest import SignedIn

SIGN_IN = "/sign-in/"


def attempt(name: str, password: str, browser: Client | None = None, **more: str) -> tuple[int, str]:
    """Status and text (or the address sent to) of one attempt."""
    client = browser or Client()
    client.cookies[installed.LANGUAGE_COOKIE_NAME] = "en"
    answer = client.post(SIGN_IN, {"username": name, "password": password, **more})
    return answer.status_code, answer.headers.get("Location") or answer.content.decode()


def test_name_and_password_open_the_start_page(everybody: Cast) -> None:
    assert attempt("li", PASSWORD) == (302, reverse("start"))
    event = Event.objects.get()
    assert (event.action, event.actor) == ("session.sign_in", f"user:{everybody.reviewer.pk}")


def test_one_goes_on_to_the_page_one_wanted(everybody: Cast) -> None:
    assert attempt("li", PASSWORD, next="/suspects/?severity=S1") == (302, "/suspects/?severity=S1")


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "javascript:alert(1)", "http:///evil", "\\\\evil"],
)
def test_nobody_is_sent_to_another_server(elsewhere: str, everybody: Cast) -> None:
    assert attempt("li", PASSWORD, next=elsewhere) == (302, reverse("start"))


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(everybody: Cast) -> None:
    def shown(name: str) -> str:
        status, text = attempt(name, "wrong")
        assert status == 403
        return text[text.index("<h1") : text.index("</h1>")] + text[text.index('role="alert"') :][:120]

    assert shown("li") == shown("nobody")


def test_a_disabled_account_does_not_open(everybody: Cast) -> None:
    everybody.reviewer.is_active = False
    everybody.reviewer.save()
    assert attempt("li", PASSWORD)[0] == 403


def test_after_the_last_day_of_their_rights_nobody_is_let_in_and_is_told_so(everybody: Cast) -> None:
    contractor = everybody.contractor
    assert attempt("wu", PASSWORD)[0] == 302
    contractor.until = date(2026, 1, 31)
    contractor.save()
    status, text = attempt("wu", PASSWORD)
    assert (status, "Your rights here have ended." in text) == (403, True)
    event = Event.objects.latest("pk")
    assert (event.action, event.subject_id) == ("session.rights_ended", str(contractor.pk))
    assert "Your rights" not in attempt("wu", "wrong")[1]  # who does not know the password learns nothing


def test_a_contractor_without_an_end_of_contract_is_not_let_in(everybody: Cast) -> None:
    everybody.contractor.until = None
    everybody.contractor.save()
    assert attempt("wu", PASSWORD)[0] == 403


def test_five_failures_lock_the_name_for_half_an_hour(everybody: Cast, settings: Settings) -> None:
    answers = [attempt("li", f"wrong {n}") for n in range(5)]
    assert [status for status, _text in answers] == [403, 403, 403, 403, 429]
    assert "It opens again 30 minutes after the last of them" in answers[-1][1]
    status, text = attempt("li", PASSWORD)
    assert status == 429
    assert "Locked for now" in text
    settings.AXES_COOLOFF_TIME = 0.0
    assert attempt("li", PASSWORD)[0] == 302


def test_another_name_is_not_locked_with_it(everybody: Cast) -> None:
    for n in range(6):
        attempt("li", f"wrong {n}")
    assert attempt("wang", PASSWORD)[0] == 302


@pytest.fixture
def one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything happens at one moment: no minute ends in between."""
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.mark.usefixtures("one_minute")
def test_an_address_that_tries_name_after_name_is_turned_away_unread(everybody: Cast) -> None:
    answers = [attempt(f"name{n}", "wrong")[0] for n in range(gate.FAILURES + 5)]
    assert answers == [403] * gate.FAILURES + [429] * 5
    status, text = attempt("li", PASSWORD)
    assert (status, "Wait a minute" in text) == (429, True)
    assert Client(REMOTE_ADDR="198.51.100.9").post(
        SIGN_IN, {"username": "li", "password": PASSWORD}
    ).status_code == 302  # fmt: skip


@pytest.mark.usefixtures("one_minute")
def test_being_turned_away_is_recorded_once(everybody: Cast) -> None:
    for n in range(gate.FAILURES + 30):
        attempt(f"name{n}", "wrong")
    actions = list(Event.objects.values_list("action", flat=True))
    assert len(actions) == gate.FAILURES + 1
    assert actions.count("session.turned_away") == 1


def test_the_addresses_of_one_ipv6_network_count_as_one(everybody: Cast) -> None:
    answers = [
        Client(REMOTE_ADDR=f"2001:db8:1:2::{n}").post(SIGN_IN, {"username": "li", "password": "wrong"})
        for n in range(1, 7)
    ]
    assert [answer.status_code for answer in answers] == [403] * 4 + [429] * 2
    actors = set(Event.objects.values_list("actor", flat=True))
    assert "visitor:2001:db8:1:2::6" in actors


def test_no_more_passwords_are_hashed_at_a_time_than_there_are_places(
    everybody: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "PATIENCE_S", 0.01)
    with session.GATE.place_to_hash() as first, session.GATE.place_to_hash() as second:
        assert (first, second) == (True, True)
        assert attempt("li", PASSWORD)[0] == 429
    assert attempt("li", PASSWORD)[0] == 302


def test_a_password_typed_as_a_name_is_kept_nowhere(everybody: Cast) -> None:
    assert attempt("My Secret-1", "li")[0] == 403
    assert not AccessAttempt.objects.exists()


def test_every_failure_and_the_lock_are_on_record(everybody: Cast) -> None:
    for n in range(5):
        attempt("li", f"wrong {n}")
    actions = Event.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["session.sign_in_failed"] * 4 + ["session.locked"]
    event = Event.objects.earliest("pk")
    assert (event.actor, event.subject_id) == ("visitor:127.0.0.1", str(everybody.reviewer.pk))


def test_what_was_typed_as_a_name_is_not_recorded_if_there_is_no_such_person(everybody: Cast) -> None:
    attempt("my secret password", "li")
    event = Event.objects.get()
    assert event.subject_id == "unknown"
    assert b"secret" not in bytes(event.body)


def test_no_password_is_stored_with_an_attempt(everybody: Cast) -> None:
    attempt("li", "a secret that was mistyped")
    kept = AccessAttempt.objects.get()
    assert "mistyped" not in f"{kept.post_data}{kept.get_data}{kept.path_info}"


@pytest.mark.parametrize("name", ["\x00", "a\x00b", "x" * 151, "", "  "])
def test_a_name_that_cannot_be_one_is_refused_on_the_form(name: str, everybody: Cast) -> None:
    assert attempt(name, "x")[0] == 200


def test_the_password_field_takes_no_essays(everybody: Cast) -> None:
    assert attempt("li", "x" * 257)[0] == 200


def test_the_session_key_changes_at_sign_in(everybody: Cast) -> None:
    browser = Client()
    browser.session.save()
    before = browser.session.session_key
    attempt("li", PASSWORD, browser)
    assert browser.session.session_key != before


def test_signing_out_ends_the_session_and_is_recorded(everybody: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(everybody.reviewer)
    assert browser.post(reverse("sign_out")).headers["Location"] == SIGN_IN
    assert browser.get(reverse("start")).status_code == 302
    assert Event.objects.get().action == "session.sign_out"


def test_a_link_cannot_sign_anybody_out(everybody: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(everybody.reviewer)
    assert browser.get(reverse("sign_out")).status_code == 405
    assert browser.get(reverse("start")).status_code == 200


def test_a_form_of_another_site_is_refused_in_plain_words(everybody: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies[installed.LANGUAGE_COOKIE_NAME] = "en"
    answer = browser.post(SIGN_IN, {"username": "li", "password": PASSWORD})
    assert answer.status_code == 403
    assert "Nothing was changed." in answer.content.decode()


def test_who_is_signed_in_does_not_see_the_form_again(everybody: Cast, signed_in: SignedIn) -> None:
    assert signed_in(everybody.reviewer).get(SIGN_IN).headers["Location"] == reverse("start")

"""Changing one's own password."""

from django.test import Client
from django.urls import reverse

from audit_logs.models import Event
from tests.cast import PASSWORD, Cast
from tests.console.conftest import SignedIn

NEW = "a staple for the battery horse"


def change(browser: Client, old: str, new: str, again: str | None = None) -> tuple[int, str]:
    """Status and text of an attempt to change."""
    data = {"old_password": old, "new_password1": new, "new_password2": new if again is None else again}
    answer = browser.post(reverse("password"), data)
    return answer.status_code, answer.content.decode()


def test_a_changed_password_opens_and_the_old_one_does_not(everybody: Cast, signed_in: SignedIn) -> None:
    assert change(signed_in(everybody.reviewer), PASSWORD, NEW)[0] == 302
    everybody.reviewer.refresh_from_db()
    assert everybody.reviewer.check_password(NEW)
    assert not everybody.reviewer.check_password(PASSWORD)


def test_changing_it_ends_the_due_state_and_is_recorded(everybody: Cast, signed_in: SignedIn) -> None:
    everybody.reviewer.password_change_due = True
    everybody.reviewer.save()
    browser = signed_in(everybody.reviewer)
    change(browser, PASSWORD, NEW)
    assert browser.get(reverse("cases")).status_code == 200
    event = Event.objects.get()
    assert (event.action, event.details) == ("session.password_changed", {})


def test_other_sign_ins_of_the_person_end(everybody: Cast, signed_in: SignedIn) -> None:
    elsewhere, here = signed_in(everybody.reviewer), signed_in(everybody.reviewer)
    change(here, PASSWORD, NEW)
    assert here.get(reverse("start")).status_code == 200
    assert elsewhere.get(reverse("start")).status_code == 302


def test_the_old_password_must_be_right(everybody: Cast, signed_in: SignedIn) -> None:
    status, text = change(signed_in(everybody.reviewer), "wrong", NEW)
    assert status == 200
    assert "field-error" in text


def test_the_new_one_must_be_new(everybody: Cast, signed_in: SignedIn) -> None:
    status, text = change(signed_in(everybody.reviewer), PASSWORD, PASSWORD)
    assert status == 200
    assert "The new password is the old one." in text


def test_weak_ones_are_refused(everybody: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(everybody.reviewer)
    for weak in ("short one", "password1234", "123456789012345", "li"):
        assert change(browser, PASSWORD, weak)[0] == 200
    everybody.reviewer.refresh_from_db()
    assert everybody.reviewer.check_password(PASSWORD)


def test_both_entries_must_agree(everybody: Cast, signed_in: SignedIn) -> None:
    assert change(signed_in(everybody.reviewer), PASSWORD, NEW, NEW + "!")[0] == 200

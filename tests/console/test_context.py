"""What stands on every page: the menu, and that alerts reach nobody by mail."""

import pytest
from django.test import Client
from pytest_django import Settings

from alerting.models import Webhook
from common import clock
from console import permissions
from tests.cast import Cast, Province
from tests.console.conftest import SignedIn

BANNER = "Alerts reach nobody by mail"


@pytest.fixture
def without_mail(settings: Settings) -> None:
    """An installation that sends no mail."""
    settings.SMTP_HOST = ""


def webhook(place: Province) -> Webhook:
    """The system of an office."""
    return Webhook.objects.create(
        line="cac",
        division=place.henan,
        label="网信平台",
        url="https://receiver.example/",
        sealed_secret=b"",
        created_at=clock.now(),
        changed_at=clock.now(),
    )


def test_who_waits_for_alerts_is_told_on_every_page_that_none_leaves(
    without_mail: None, everybody: Cast, signed_in: SignedIn
) -> None:
    told = {user.role for user in everybody if BANNER in signed_in(user).get("/").content.decode()}
    assert told == {"reviewer", "duty_officer", "supervisor"}
    for page in ("/alerts/", "/coverage/", "/password/"):
        assert BANNER in signed_in(everybody.duty_officer).get(page).content.decode()


def test_the_system_administrator_who_can_mend_it_is_told(
    without_mail: None, everybody: Cast, signed_in: SignedIn
) -> None:
    everybody.auditor.role = "system_admin"
    everybody.auditor.save()
    assert BANNER in signed_in(everybody.auditor).get("/").content.decode()


def test_a_mail_server_silences_it_and_a_webhook_does_not(
    without_mail: None, place: Province, everybody: Cast, signed_in: SignedIn, settings: Settings
) -> None:
    browser = signed_in(everybody.duty_officer)
    webhook(place)
    assert BANNER in browser.get("/").content.decode()
    settings.SMTP_HOST = "127.0.0.1"
    assert BANNER not in browser.get("/").content.decode()


def test_a_stranger_is_told_nothing(without_mail: None, db: None) -> None:
    assert BANNER not in Client().get("/sign-in/").content.decode()


def test_the_menu_holds_what_the_person_may_open(everybody: Cast, signed_in: SignedIn) -> None:
    for user in everybody:
        text = signed_in(user).get("/").content.decode().partition("</nav>")[0]
        for page in permissions.MENU:
            address = "/" if page == "start" else f"/{page}/"
            offered = f'href="{address}"' in text.partition("<nav")[2]
            assert offered == (page != "mailbox" and permissions.may_open(user, page)), (user.role, page)

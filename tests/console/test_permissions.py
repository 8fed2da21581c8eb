"""Who opens what: every page of the table as every member of the cast."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from audit_logs.models import Event
from config.urls import urlpatterns
from console import permissions
from console.urls import urlpatterns as pages
from registry.roles import BLIND_ROLES, Role
from tests import cast as people
from tests.cast import Cast, Province
from tests.console.conftest import SignedIn

LISTS = ["start", "suspects", "findings", "coverage"]


@pytest.fixture
def henan(place: Province) -> int:
    """A row of every kind in Henan; the suspect's key."""
    people.coverage(place.kaifeng_account, "failed")
    people.finding(place.kaifeng_account)
    people.suspect(place.kaifeng_account, "开封発布", uid="9002")
    people.coverage(place.zhengzhou_account)
    people.finding(place.zhengzhou_account, "due_soon", "")
    return people.suspect(place.zhengzhou_account).pk


def test_every_address_is_a_page_of_the_table() -> None:
    assert len(urlpatterns) == 1
    assert {page.name for page in pages} == set(permissions.PAGES) | permissions.PUBLIC


def test_a_page_that_is_not_in_the_table_cannot_be_routed() -> None:
    with pytest.raises(KeyError):
        permissions.guarded("exports", lambda request: None)  # type: ignore[arg-type, return-value]


def test_the_blind_roles_open_nothing_that_shows_accounts() -> None:
    for page in ("suspects", "suspect", "findings", "coverage"):
        assert not BLIND_ROLES & permissions.PAGES[page]


@pytest.mark.parametrize("page", sorted(permissions.PAGES))
@pytest.mark.django_db
def test_a_stranger_is_sent_to_the_sign_in_page(page: str) -> None:
    address = reverse(page, args=[1] if page == "suspect" else [])
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{reverse('sign_in')}?next={address}"


@pytest.mark.parametrize("page", LISTS)
def test_everybody_with_accounts_opens_the_lists(
    page: str, henan: int, everybody: Cast, signed_in: SignedIn
) -> None:
    for user in everybody.watching:
        assert "郑州" in signed_in(user).get(reverse(page)).content.decode()


@pytest.mark.parametrize("page", [*LISTS, "suspect"])
def test_the_outsider_sees_nothing_of_henan(
    page: str, henan: int, everybody: Cast, signed_in: SignedIn
) -> None:
    answer = signed_in(everybody.outsider).get(reverse(page, args=[henan] if page == "suspect" else []))
    text = answer.content.decode()
    assert not re.findall(r"郑州|开封|河南|\b900[12]\b", text)


def test_the_outsider_asking_for_a_suspect_is_answered_as_if_it_were_not_there_and_recorded(
    henan: int, everybody: Cast, signed_in: SignedIn
) -> None:
    browser = signed_in(everybody.outsider)
    refused, absent = browser.get(reverse("suspect", args=[henan])), browser.get("/suspects/987654/")
    assert refused.status_code == absent.status_code == 404
    event = Event.objects.get(action="access.refused")
    assert (event.actor, event.subject_kind, event.subject_id) == (
        f"user:{everybody.outsider.pk}",
        "suspect",
        str(henan),
    )


def test_a_duty_officer_of_one_city_does_not_see_the_other(
    henan: int, everybody: Cast, signed_in: SignedIn
) -> None:
    for page in LISTS:
        assert "开封" not in signed_in(everybody.duty_officer).get(reverse(page)).content.decode()


def test_a_sponsor_sees_its_own_unit_alone(henan: int, everybody: Cast, signed_in: SignedIn) -> None:
    for page in LISTS:
        assert "开封" not in signed_in(everybody.sponsor).get(reverse(page)).content.decode()


def test_the_auditor_is_told_why_and_the_refusal_is_recorded(
    henan: int, everybody: Cast, signed_in: SignedIn
) -> None:
    browser = signed_in(everybody.auditor)
    assert "This role sees no accounts" in browser.get(reverse("start")).content.decode()
    answer = browser.get(reverse("suspects"))
    assert answer.status_code == 403
    assert "Your role does not open this page." in answer.content.decode()
    assert "郑州" not in answer.content.decode()
    event = Event.objects.get(action="access.refused")
    assert (event.subject_kind, event.subject_id) == ("page", "suspects")
    assert event.details == {"role": "auditor"}


def test_every_role_has_a_start_page() -> None:
    assert permissions.PAGES["start"] == frozenset(Role)

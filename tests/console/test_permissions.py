"""The closed table of pages: nothing is routed beside it. Who is answered what, `test_matrix` asks."""

import pytest
from django.urls import reverse

from audit_logs.models import Event
from config.urls import urlpatterns
from console import permissions
from console.urls import urlpatterns as pages
from registry.roles import BLIND_ROLES, Role
from tests import cast as people
from tests.cast import Cast, Province
from tests.console.conftest import SignedIn

LISTS = ["/", "/cases/?state=all", "/findings/", "/coverage/"]


@pytest.fixture
def henan(place: Province, everybody: Cast) -> None:
    """A row of every kind in Henan."""
    for account, uid in ((place.kaifeng_account, "9002"), (place.zhengzhou_account, "9001")):
        people.coverage(account, "failed")
        people.finding(account)
        people.case(account, "confirmed", name=f"{account.name}厅", uid=uid)


def test_every_address_is_a_page_of_the_table() -> None:
    assert len(urlpatterns) == 1
    assert {page.name for page in pages} == set(permissions.PAGES) | permissions.PUBLIC


def test_a_page_that_is_not_in_the_table_cannot_be_routed() -> None:
    with pytest.raises(KeyError):
        permissions.guarded("exports", lambda request: None)  # type: ignore[arg-type, return-value]


def test_the_blind_roles_open_nothing_that_shows_accounts() -> None:
    for page in set(permissions.PAGES) - {"start", "password", "sign_out"}:
        assert not BLIND_ROLES & permissions.PAGES[page]


def test_every_role_has_a_start_page() -> None:
    assert permissions.PAGES["start"] == frozenset(Role)


@pytest.mark.parametrize("page", LISTS)
def test_everybody_with_accounts_opens_the_lists(
    page: str, henan: None, everybody: Cast, signed_in: SignedIn
) -> None:
    for user in everybody.watching:
        assert "郑州" in signed_in(user).get(page).content.decode()


@pytest.mark.parametrize("page", LISTS)
def test_a_duty_officer_and_a_sponsor_of_one_city_do_not_see_the_other(
    page: str, henan: None, everybody: Cast, signed_in: SignedIn
) -> None:
    for user in (everybody.duty_officer, everybody.sponsor):
        assert "开封" not in signed_in(user).get(page).content.decode()


def test_the_auditor_is_told_why_and_the_refusal_is_recorded(
    henan: None, everybody: Cast, signed_in: SignedIn
) -> None:
    browser = signed_in(everybody.auditor)
    assert "This role sees no accounts" in browser.get(reverse("start")).content.decode()
    answer = browser.get(reverse("cases"))
    assert answer.status_code == 403
    assert "Your role does not open this page." in answer.content.decode()
    assert "郑州" not in answer.content.decode()
    event = Event.objects.get(action="access.refused")
    assert (event.subject_kind, event.subject_id) == ("page", "cases")
    assert event.details == {"role": "auditor"}

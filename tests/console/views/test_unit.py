"""A unit: its accounts, what stands above and below it, who answers, and how it is watched."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from common import clock
from registry.models import ProtectedName, Unit
from tests import cast as people
from tests.cast import Cast, Province
from tests.console.conftest import SignedIn


@pytest.fixture
def reviewer(everybody: Cast, signed_in: SignedIn) -> Client:
    """Li's browser, in English."""
    return signed_in(everybody.reviewer)


def shown(browser: Client, unit: Unit) -> str:
    """The words of its page."""
    answer = browser.get(reverse("unit", args=[unit.pk]))
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", answer.content.decode()))


def test_it_shows_accounts_contacts_names_and_cases(reviewer: Client, place: Province) -> None:
    unit = place.zhengzhou_account.unit
    people.contact("sponsor", unit, "周晓")
    people.case(place.zhengzhou_account)
    ProtectedName.objects.create(text="郑州旧名", reason="former", unit=unit, since=clock.now())
    page = shown(reviewer, unit)
    for words in ("郑州发布", "周晓", "郑州旧名 borne before", "Open cases 1"):
        assert words in page


def test_a_case_that_is_over_is_not_open(reviewer: Client, place: Province) -> None:
    people.case(place.zhengzhou_account, "archived")
    assert "Open cases 0" in shown(reviewer, place.zhengzhou_account.unit)


def test_without_account_and_contact_it_says_so(reviewer: Client, place: Province) -> None:
    page = shown(reviewer, people.unit("郑州新局", place.zhengzhou))
    assert "No account is registered for this unit." in page
    assert "Nobody is entered" in page


def test_coverage_of_its_accounts_is_counted_by_purpose(reviewer: Client, place: Province) -> None:
    people.coverage(place.zhengzhou_account, "checked")
    people.coverage(place.zhengzhou_account, "no_access", "weibo")
    page = shown(reviewer, place.zhengzhou_account.unit)
    assert "search for imitators no access 1 checked 1 the account itself never asked 1" in page


def test_above_and_below_are_named_only_within_reach(
    reviewer: Client, place: Province, everybody: Cast, signed_in: SignedIn
) -> None:
    unit, above = place.zhengzhou_account.unit, people.unit("河南省某厅", place.henan)
    Unit.objects.filter(pk=unit.pk).update(parent_unit=above)
    assert "河南省某厅" in shown(reviewer, unit)
    assert unit.name in shown(reviewer, above)
    page = shown(signed_in(everybody.duty_officer), unit)
    assert "河南省某厅" not in page and "outside your area" in page


def test_a_contractor_sees_neither_contacts_nor_cases(
    place: Province, everybody: Cast, signed_in: SignedIn
) -> None:
    people.contact("sponsor", place.zhengzhou_account.unit, "周晓")
    page = shown(signed_in(everybody.contractor), place.zhengzhou_account.unit)
    assert "郑州发布" in page
    assert "周晓" not in page and "Open cases" not in page


def test_whoever_hears_of_one_line_sees_the_contacts_of_that_one(
    place: Province, everybody: Cast, signed_in: SignedIn
) -> None:
    people.contact("sponsor", place.zhengzhou_account.unit, "周晓")
    people.contact("supervision", place.zhengzhou_account.unit, "上级人")
    page = shown(signed_in(everybody.sponsor), place.zhengzhou_account.unit)
    assert "周晓" in page and "上级人" not in page
    page = shown(signed_in(everybody.cac_officer), place.zhengzhou_account.unit)
    assert "周晓" not in page and "上级人" not in page


def test_it_asks_the_database_a_bounded_number_of_times(
    reviewer: Client, place: Province, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    unit = place.zhengzhou_account.unit
    for number in range(20):
        one = people.account(f"号{number}", "h", unit, f"55{number}")
        people.coverage(one, "failed")
        ProtectedName.objects.create(
            text=one.name, reason="account", unit=unit, account=one, since=clock.now()
        )
    shown(reviewer, unit)
    with django_assert_max_num_queries(16):
        shown(reviewer, unit)

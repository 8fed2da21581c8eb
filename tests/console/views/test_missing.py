"""What the register lacks."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from registry.models import Unit
from tests import cast as people
from tests.cast import Cast, Province
from tests.console.conftest import SignedIn

PAGE = "/registry/missing/"


@pytest.fixture
def reviewer(everybody: Cast, signed_in: SignedIn) -> Client:
    """Li's browser, in English."""
    return signed_in(everybody.reviewer)


def section(browser: Client, part: str) -> str:
    """The words of one section."""
    answer = browser.get(PAGE)
    assert answer.status_code == 200
    inside = answer.content.decode().partition(f'id="h-{part}"')[2].partition("</section>")[0]
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", inside))


def test_a_government_without_an_account_in_service_is_named(reviewer: Client, place: Province) -> None:
    Unit.objects.filter(pk=place.zhengzhou_account.unit_id).update(kind="government_office")
    must = section(reviewer, "must")
    assert "郑州市" not in must
    assert "开封市 410200 no government office registered" in must
    assert "广东" not in must
    place.zhengzhou_account.state = "paused"
    place.zhengzhou_account.save()
    assert place.zhengzhou_account.unit.name in section(reviewer, "must")


def test_a_department_of_the_province_must_have_one_too(reviewer: Client, place: Province) -> None:
    people.unit("河南省某厅", place.henan)
    people.unit("郑州某局", place.zhengzhou)
    must = section(reviewer, "must")
    assert "河南省某厅" in must and "郑州某局" not in must
    assert "郑州某局" in section(reviewer, "bare")


def test_offices_and_units_nobody_can_be_told_at_are_named(reviewer: Client, place: Province) -> None:
    people.contact("cac", place.kaifeng)
    people.contact("sponsor", place.kaifeng_account.unit, email="")
    told = section(reviewer, "contacts")
    assert re.search(r"开封市 410200 supervising office|开封市 410200 public security", told)
    assert re.search(r"开封市人民政府办公厅 开封市 sponsor unit · no mail address", told)
    assert "广东" not in told


def test_whoever_hears_of_one_line_is_told_of_that_one(
    place: Province, everybody: Cast, signed_in: SignedIn
) -> None:
    told = section(signed_in(everybody.cac_officer), "contacts")
    assert "cyberspace office" in told
    assert "public security" not in told and "sponsor unit" not in told


def test_two_accounts_on_a_platform_are_named_and_closed_ones_not_counted(
    reviewer: Client, place: Province
) -> None:
    unit = place.zhengzhou_account.unit
    people.account("郑州旧号", "o", unit, "31", state="deregistered")
    assert "No unit has." in section(reviewer, "doubled")
    people.account("郑州新号", "n", unit, "32")
    doubled = section(reviewer, "doubled")
    assert "郑州发布" in doubled and "郑州新号" in doubled and "郑州旧号" not in doubled


def test_platforms_nobody_looks_at_are_counted(reviewer: Client, place: Province) -> None:
    people.coverage(place.zhengzhou_account, "checked", purpose="self")
    assert re.search(r"mastodon 1 No question", section(reviewer, "unwatched"))
    people.coverage(place.kaifeng_account, "failed", purpose="self")
    assert "Every account is looked at" in section(reviewer, "unwatched")


def test_it_asks_the_database_a_bounded_number_of_times(
    reviewer: Client, place: Province, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        unit = people.unit(f"局{number}", place.kaifeng)
        people.account(f"号{number}", "h", unit, f"5{number}")
        people.account(f"另号{number}", "h", unit, f"6{number}")
    reviewer.get(PAGE)
    with django_assert_max_num_queries(20):
        reviewer.get(PAGE)

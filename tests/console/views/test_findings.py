"""The list of findings about the registered accounts."""

import re

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from tests import cast as people
from tests.cast import Cast, Province
from tests.console.conftest import SignedIn, tried
from watch.models import Finding

LIST = "/findings/"


@pytest.fixture
def reviewer(everybody: Cast, signed_in: SignedIn) -> Client:
    """Li's browser, in English."""
    return signed_in(everybody.reviewer)


def accounts(browser: Client, **filters: str) -> list[str]:
    """The accounts on the list, in order."""
    text = browser.get(LIST, filters).content.decode()
    return re.findall(r"<td><b><a [^>]*><bdi>(.*?)</bdi></a></b>", text)


def test_the_urgent_come_first(reviewer: Client, place: Province) -> None:
    people.finding(place.kaifeng_account, "due_soon", "")
    people.finding(place.zhengzhou_account, "lapsed")
    assert accounts(reviewer) == ["郑州发布", "开封发布"]


def test_verdict_and_rule_narrow(reviewer: Client, place: Province) -> None:
    people.finding(place.kaifeng_account, "not_observed", "")
    people.finding(place.zhengzhou_account, "lapsed", rule="slow_update")
    assert accounts(reviewer, verdict="not_observed") == ["开封发布"]
    assert accounts(reviewer, rule="slow_update") == ["郑州发布"]


def test_an_older_finding_of_the_same_rule_is_not_shown(reviewer: Client, place: Province) -> None:
    old = people.finding(place.zhengzhou_account, "lapsed")
    Finding.objects.filter(pk=old.pk).update(is_newest=False)
    people.finding(place.zhengzhou_account, "in_time", "")
    assert accounts(reviewer) == ["郑州发布"]
    assert accounts(reviewer, verdict="lapsed") == []


def test_accounts_in_service_that_were_never_judged_are_named(reviewer: Client, place: Province) -> None:
    people.finding(place.zhengzhou_account)
    people.account("停用的号", "old", place.kaifeng_account.unit, "777", state="shut_down")
    never = reviewer.get(LIST).content.decode().partition('id="never-judged"')[2]
    assert "开封发布" in never
    assert "郑州发布" not in never and "停用的号" not in never


def test_an_unknown_verdict_is_named_and_hides_nothing(reviewer: Client, place: Province) -> None:
    people.finding(place.zhengzhou_account)
    assert "There is no “dead” to choose here" in reviewer.get(LIST, {"verdict": "dead"}).content.decode()
    assert accounts(reviewer, verdict="dead") == ["郑州发布"]


def test_it_asks_the_database_a_bounded_number_of_times(
    reviewer: Client, place: Province, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        people.finding(people.account(f"号{number}", "h", place.kaifeng_account.unit, f"55{number}"))
    reviewer.get(LIST)
    with django_assert_max_num_queries(9):
        reviewer.get(LIST)


@tried
@given(
    query=st.dictionaries(
        st.sampled_from(["verdict", "rule", "page"]), st.text(max_size=9) | st.just("lapsed"), max_size=3
    )
)
def test_no_address_breaks_it(query: dict[str, str], reviewer: Client) -> None:
    safe = {name: value.encode("utf-8", "replace").decode() for name, value in query.items()}
    assert reviewer.get(LIST, safe).status_code == 200

"""What was looked at, and what was not."""

import re

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from console.views.coverage import matrix
from observations.selectors import STATES, Standing
from tests import cast as people
from tests.cast import Cast, Province
from tests.console.conftest import SignedIn, tried

PAGE = "/coverage/"


@pytest.fixture
def reviewer(everybody: Cast, signed_in: SignedIn) -> Client:
    """Li's browser, in English."""
    return signed_in(everybody.reviewer)


def rows(browser: Client, **filters: str) -> list[tuple[str, str]]:
    """(account, state) of every row on the page."""
    text = browser.get(PAGE, filters).content.decode()
    row = r'<td><span class="state (\w+)">[^<]*</span>\s*</td>\s*<td><b><a [^>]*><bdi>(.*?)</bdi>'
    found = re.findall(row, text)
    return [(name, state) for state, name in found]


def test_an_account_without_a_row_is_there_as_never_asked(reviewer: Client, place: Province) -> None:
    people.coverage(place.zhengzhou_account)
    assert rows(reviewer) == [("开封发布", "never_asked"), ("郑州发布", "checked")]


def test_the_worst_come_first(reviewer: Client, place: Province) -> None:
    people.coverage(place.zhengzhou_account, "partial")
    people.coverage(place.zhengzhou_account, "no_access", platform="weibo")
    people.coverage(place.kaifeng_account, "failed")
    assert [state for _name, state in rows(reviewer)] == ["failed", "no_access", "partial"]


def test_looking_for_imitators_and_at_the_account_itself_are_apart(reviewer: Client, place: Province) -> None:
    people.coverage(place.zhengzhou_account, "checked", purpose="self")
    assert ("郑州发布", "never_asked") in rows(reviewer)
    assert ("郑州发布", "checked") in rows(reviewer, purpose="self")


def test_state_and_platform_narrow(reviewer: Client, place: Province) -> None:
    people.coverage(place.zhengzhou_account)
    people.coverage(place.zhengzhou_account, "no_access", platform="weibo")
    assert rows(reviewer, state="unchecked") == [("开封发布", "never_asked"), ("郑州发布", "no_access")]
    assert rows(reviewer, state="checked") == [("郑州发布", "checked")]
    assert rows(reviewer, platform="weibo") == [("郑州发布", "no_access")]


def test_reasons_are_counted(reviewer: Client, place: Province) -> None:
    people.coverage(place.zhengzhou_account, "deferred")
    people.coverage(place.kaifeng_account, "deferred")
    why = reviewer.get(PAGE).content.decode().partition('id="h-why"')[2]
    assert re.search(r'why deferred</bdi>\s*</td><td class="num"><b>2</b>', why)


def test_the_matrix_names_every_state(place: Province) -> None:
    table = matrix([Standing("", "never_asked", 2), Standing("weibo", "no_access", 3)])
    assert [state for state, _count in table["weibo"]] == list(STATES)
    assert dict(table["weibo"])["no_access"] == 3
    assert dict(table[""])["never_asked"] == 2


def test_sources_and_scans_are_listed(reviewer: Client, place: Province) -> None:
    people.source()
    people.run(state="failed", problem="the child was killed")
    text = reviewer.get(PAGE).content.decode()
    assert "mastodon/example" in text and "switched on" in text
    assert "the child was killed" in text


def test_an_unknown_state_is_named_and_hides_nothing(reviewer: Client, place: Province) -> None:
    assert "There is no “fine” to choose here" in reviewer.get(PAGE, {"state": "fine"}).content.decode()
    assert len(rows(reviewer, state="fine")) == 2


def test_it_asks_the_database_a_bounded_number_of_times(
    reviewer: Client, place: Province, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        people.coverage(
            people.account(f"号{number}", "h", place.kaifeng_account.unit, f"55{number}"), "failed"
        )
    reviewer.get(PAGE)
    with django_assert_max_num_queries(10):
        reviewer.get(PAGE)


@tried
@given(
    query=st.dictionaries(
        st.sampled_from(["purpose", "state", "platform", "page"]),
        st.text(max_size=9) | st.sampled_from(["self", "checked", "unchecked"]),
        max_size=4,
    )
)
def test_no_address_breaks_it(query: dict[str, str], reviewer: Client) -> None:
    safe = {name: value.encode("utf-8", "replace").decode() for name, value in query.items()}
    assert reviewer.get(PAGE, safe).status_code == 200

"""The list of alerts, and the block of the start page."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from alerting.models import Alert
from common import clock
from tests.cast import Cast, Province
from tests.console import alarm
from tests.console.conftest import SignedIn, tried

LIST = "/alerts/"


@pytest.fixture
def reviewer(everybody: Cast, signed_in: SignedIn) -> Client:
    """Li's browser, in English."""
    return signed_in(everybody.reviewer)


@pytest.fixture
def alerts(place: Province, everybody: Cast) -> list[Alert]:
    """What a confirmed S2 of Zhengzhou became, two hours ago: four lines and a missing contact or none."""
    alarm.contacts(place)
    return alarm.raised(place.zhengzhou_account, at=clock.now() - timedelta(hours=1))


def shown(browser: Client, address: str = LIST, **filters: str) -> str:
    """The words of a page under these filters."""
    answer = browser.get(address, filters)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", answer.content.decode()))


def keys(browser: Client, **filters: str) -> list[int]:
    """The alerts of the list, in order."""
    text = browser.get(LIST, filters).content.decode()
    return [int(pk) for pk in re.findall(r'class="name" href="/alerts/(\d+)/"', text)]


def test_a_row_says_case_account_line_person_message_and_clock(reviewer: Client, alerts: list[Alert]) -> None:
    text = shown(reviewer, line="sponsor")
    assert alerts[0].case.number in text
    assert "S2 serious 郑州发布 counterfeit confirmed" in text
    assert "sponsor unit step 1 郑州市人民政府办公厅主办单位 赵敏 mail failed, tried again" in text
    assert re.search(r"next step in (59 min|1 h 0 min)", text)


def test_the_unacknowledged_come_first_the_most_severe_and_urgent_on_top(
    reviewer: Client, place: Province, alerts: list[Alert]
) -> None:
    worse = alarm.raised(place.kaifeng_account, "detected", severity="S1", uid="9002", name="开封発布")
    alarm.acknowledged(alarm.of_line(alerts, "sponsor"))
    found = keys(reviewer)
    assert set(found[: len(worse)]) == {alert.pk for alert in worse}
    assert found[-1] == alarm.of_line(alerts, "sponsor").pk


@pytest.mark.parametrize(
    ("state", "change"),
    [
        ("waiting", {}),
        ("unanswered", {"next_at": None}),
        ("acknowledged", {"acked_at": clock.now(), "acked_by": "赵敏", "promised_by": clock.now()}),
        ("closed", {"closed_at": clock.now(), "closed_reason": "kept", "acked_at": clock.now()}),
    ],
)
def test_every_alert_is_in_exactly_one_state(
    state: str, change: dict[str, object], reviewer: Client, alerts: list[Alert]
) -> None:
    one = alarm.of_line(alerts, "cac")
    Alert.objects.filter(pk=one.pk).update(**change)
    states = ("waiting", "unanswered", "acknowledged", "closed")
    assert [name for name in states if one.pk in keys(reviewer, state=name)] == [state]


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        ({"line": "cac"}, {"cac"}),
        ({"severity": "S2"}, {"sponsor", "supervision", "cac", "duty"}),
        ({"severity": "S1"}, set()),
        ({"q": "郑州发"}, {"sponsor", "supervision", "cac", "duty"}),
        ({"q": "陈晨"}, {"cac"}),
        ({"q": "主办单位"}, {"sponsor"}),
        ({"q": "开封"}, set()),
        ({"q": "%"}, set()),
        ({"q": "9" * 40}, set()),
    ],
)
def test_filters_narrow(
    filters: dict[str, str], kept: set[str], reviewer: Client, alerts: list[Alert]
) -> None:
    lines = dict(Alert.objects.values_list("pk", "line"))
    assert {lines[pk] for pk in keys(reviewer, **filters)} == kept


def test_a_case_is_found_by_its_number_and_by_the_end_of_it(reviewer: Client, alerts: list[Alert]) -> None:
    number = alerts[0].case.number
    assert len(keys(reviewer, q=number)) == len(keys(reviewer, q=number.lower())) == len(alerts)
    assert keys(reviewer, q=number.rpartition("-")[2]) == keys(reviewer, q=number)
    assert keys(reviewer, q="ZW-2026-999999") == []


def test_an_unknown_value_is_named_and_hides_nothing(reviewer: Client, alerts: list[Alert]) -> None:
    text = reviewer.get(LIST, {"line": "<b>"}).content.decode()
    assert "There is no “&lt;b&gt;” to choose here; it was left out." in text
    assert len(keys(reviewer, line="<b>")) == len(alerts)


def test_an_alert_nobody_could_be_told_says_so(reviewer: Client, place: Province, everybody: Cast) -> None:
    alarm.raised(place.zhengzhou_account)
    assert "cyberspace office step 1 nobody none not acknowledged" in shown(reviewer, line="cac")


def test_an_acknowledged_one_says_who_and_until_when(reviewer: Client, alerts: list[Alert]) -> None:
    one = alarm.of_line(alerts, "sponsor")
    alarm.acknowledged(one)
    one.refresh_from_db()
    assert one.promised_by is not None
    until = one.promised_by.astimezone(clock.BEIJING).strftime("%Y-%m-%d %H:%M")
    assert f"acknowledged 郑州市人民政府办公厅主办单位 赵敏 , done by {until}" in shown(reviewer)


def test_hostile_names_do_nothing(reviewer: Client, place: Province, everybody: Cast) -> None:
    place.zhengzhou_account.name = "<script>郑\u202e州"
    place.zhengzhou_account.save()
    alarm.raised(place.zhengzhou_account)
    text = reviewer.get(LIST).content.decode()
    assert "<script>郑" not in text and "\u202e" not in text
    assert "&lt;script&gt;郑" in text and "[U+202E]" in text


@tried
@given(
    st.dictionaries(
        st.sampled_from(["state", "severity", "line", "q", "page"]),
        st.one_of(st.text(max_size=12), st.integers().map(str)),
    )
)
def test_no_address_breaks_it(everybody: Cast, signed_in: SignedIn, filters: dict[str, str]) -> None:
    assert signed_in(everybody.reviewer).get(LIST, filters).status_code == 200


def test_it_asks_the_database_a_bounded_number_of_times(
    reviewer: Client,
    place: Province,
    alerts: list[Alert],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(4):
        alarm.raised(place.zhengzhou_account, uid=f"91{number}", name=f"郑州发布{number}")
    reviewer.get(LIST)
    with django_assert_max_num_queries(9):
        reviewer.get(LIST)


def test_the_start_page_shows_what_nobody_answered_with_its_clock(
    reviewer: Client, alerts: list[Alert]
) -> None:
    alarm.acknowledged(alarm.of_line(alerts, "duty"))
    text = shown(reviewer, "/")
    assert f"Alerts nobody has acknowledged {len(alerts) - 1} " in text
    assert re.search(r"sponsor unit · step 1 not acknowledged next step in ", text)


def test_the_start_page_names_messages_that_reached_nobody(reviewer: Client, alerts: list[Alert]) -> None:
    assert "Messages that reached nobody" not in shown(reviewer, "/")
    alarm.done(alarm.of_line(alerts, "cac"), "parked", "550 no such user")
    text = shown(reviewer, "/")
    assert f"Messages that reached nobody 1 mail {alerts[0].case.number} 郑州市网信 陈晨 550 no such" in text


def test_the_start_page_counts_the_offices_without_contact(
    reviewer: Client, place: Province, everybody: Cast
) -> None:
    assert "had no contact" not in shown(reviewer, "/")
    alarm.raised(place.zhengzhou_account)
    assert re.search(r"\d+ offices had no contact when one was needed\.", shown(reviewer, "/"))

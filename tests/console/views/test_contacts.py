"""The page of contacts, and who would be told."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from common import clock
from tests import cast as people
from tests.cast import Cast, Province
from tests.console import alarm
from tests.console.conftest import SignedIn, tried

PAGE = "/contacts/"
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stays noon in Beijing: a run over midnight would see two days."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 24, 4, tzinfo=UTC))


@pytest.fixture
def reviewer(everybody: Cast, signed_in: SignedIn) -> Client:
    """Li's browser, in English."""
    return signed_in(everybody.reviewer)


def shown(browser: Client, **asked: str) -> str:
    """The words of the page."""
    answer = browser.get(PAGE, asked)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", answer.content.decode()))


def listed(browser: Client, **asked: str) -> list[str]:
    """The persons of the table, in order."""
    table = browser.get(PAGE, asked).content.decode().partition('<table class="rows">')[2]
    return re.findall(r"<td><b><bdi>[^<]*</bdi></b> <bdi>([^<]*)</bdi>", table)


def test_a_row_says_who_answers_where_when_and_how(reviewer: Client, place: Province) -> None:
    people.contact("cac", place.zhengzhou, "陈晨", hours="workdays", rank=2, valid_from=date(2026, 1, 1))
    text = shown(reviewer)
    assert (
        "cyberspace office 郑州市网信 陈晨 郑州市 410100 substitute (2) 000-4101-0001 "
        "zhou.xiao@henan.example 08:30–18:00 on working days valid 2026-01-01 –"
    ) in text


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "state"),
    [
        (TODAY, None, "valid"),
        (TODAY, TODAY + timedelta(days=31), "valid"),
        (TODAY, TODAY + timedelta(days=30), "ending"),
        (TODAY, TODAY, "ending"),
        (TODAY - timedelta(days=9), TODAY - timedelta(days=1), "ended"),
        (TODAY + timedelta(days=1), None, "coming"),
    ],
)
def test_every_contact_is_in_its_state_and_found_by_it(
    valid_from: date, valid_to: date | None, state: str, reviewer: Client, place: Province
) -> None:
    people.contact("cac", place.zhengzhou, "陈晨", valid_from=valid_from, valid_to=valid_to)
    assert f'<span class="state {state}">' in reviewer.get(PAGE).content.decode()
    assert listed(reviewer, state=state) == ["陈晨"]
    also = {"ending": "valid"}.get(state)
    assert [other for other in ("valid", "ending", "ended", "coming") if listed(reviewer, state=other)] == (
        [also, state] if also else [state]
    )
    assert ("Ending within 30 days None." in shown(reviewer)) == (state != "ending")


def test_filters_narrow_by_line_and_words(reviewer: Client, place: Province) -> None:
    alarm.contacts(place)
    assert listed(reviewer, line="cac") == ["黄河", "陈晨"]
    assert listed(reviewer, q="高洁") == ["高洁"]
    assert listed(reviewer, q="410100", line="police") == ["何川"]
    assert listed(reviewer, q="办公厅", line="sponsor") == ["赵敏", "钱多"]
    assert "No contact fits." in shown(reviewer, q="%")


def test_nobody_entered_is_said(reviewer: Client) -> None:
    assert "No contact is entered for your area: alerts about it reach nobody there." in shown(reviewer)


def test_a_contact_without_mail_is_pointed_out(reviewer: Client, place: Province) -> None:
    people.contact("cac", place.zhengzhou, "陈晨", email="")
    assert "no mail address" in shown(reviewer)


def test_units_nobody_answers_for_are_named(reviewer: Client, place: Province) -> None:
    assert "2 units with accounts in service have nobody who answers for them:" in shown(reviewer)
    people.contact("sponsor", place.kaifeng_account.unit, "赵敏")
    text = shown(reviewer)
    assert "1 unit with accounts in service has nobody who answers for it: 郑州市人民政府办公厅" in text
    people.contact("sponsor", place.zhengzhou_account.unit, "钱多", valid_to=TODAY - timedelta(days=1))
    assert "1 unit with accounts" in shown(reviewer), "whose time is over does not answer"


def test_an_office_missed_by_an_alert_is_a_task(reviewer: Client, place: Province, everybody: Cast) -> None:
    alarm.contacts(place)
    assert "needed since" not in shown(reviewer)
    alarm.raised(place.kaifeng_account)
    assert re.search(r"cyberspace office 开封市 410200 needed since ", shown(reviewer))


def test_who_would_be_told_and_why(reviewer: Client, place: Province) -> None:
    alarm.contacts(place)
    text = shown(reviewer, who="郑州发")
    assert "郑州发布 mastodon/example" in text
    assert (
        "sponsor unit It runs the account that is imitated. step 1 郑州市人民政府办公厅主办单位 赵敏" in text
    )
    assert "step 2 郑州市人民政府办公厅主办单位 钱多" in text
    assert "Substitute: the one before did not acknowledge in time." in text
    assert "publicity department S1 cases are copied to the publicity department. Nobody can be told" in text


def test_a_preliminary_one_stays_with_sponsor_and_duty(reviewer: Client, place: Province) -> None:
    alarm.contacts(place)
    ladders = shown(reviewer, who="郑州发", kind="preliminary").partition("As if the case were S1")[2]
    ladders = ladders.partition("Contacts to be entered")[0]
    assert "赵敏" in ladders and "王强" in ladders
    assert "陈晨" not in ladders and "高洁" not in ladders


def test_several_accounts_are_offered_as_links(reviewer: Client, place: Province) -> None:
    text = reviewer.get(PAGE, {"who": "发布", "kind": "confirmed"}).content.decode()
    pk = place.zhengzhou_account.pk
    assert f'href="/contacts/?kind=confirmed&amp;account={pk}"' in text
    assert "It runs the account" in shown(reviewer, account=str(pk))


def test_an_account_out_of_reach_does_not_exist(reviewer: Client, place: Province) -> None:
    for asked in ({"who": "广东发布"}, {"account": str(place.guangdong_account.pk)}):
        text = shown(reviewer, **asked)
        assert "No account in your area has this name." in text
        assert "广东省" not in text


def test_each_role_sees_the_ladders_of_its_own_lines(
    place: Province, everybody: Cast, signed_in: SignedIn
) -> None:
    alarm.contacts(place)
    seen = {
        user.role: set(re.findall(r"陈晨|高洁|何川|赵敏|王强", _ladders(signed_in(user))))
        for user in (everybody.sponsor, everybody.cac_officer, everybody.psb_officer, everybody.supervisor)
    }
    assert seen == {
        "sponsor": {"赵敏"},
        "cac_officer": {"陈晨"},
        "psb_officer": {"何川"},
        "supervisor": {"赵敏", "高洁"},
    }
    assert "supervising office · <bdi>郑州市</bdi>" in _ladders(signed_in(everybody.sponsor))


def _ladders(browser: Client) -> str:
    text = browser.get(PAGE, {"who": "郑州发"}).content.decode()
    return text.partition('<div class="ladders">')[2].partition("</section>\n\n")[0]


@pytest.mark.parametrize(
    ("role", "persons"), [("sponsor", ["赵敏", "钱多"]), ("cac_officer", ["黄河", "陈晨"])]
)
def test_the_list_is_of_ones_own_lines_too(
    role: str, persons: list[str], place: Province, everybody: Cast, signed_in: SignedIn
) -> None:
    alarm.contacts(place)
    assert listed(signed_in(getattr(everybody, role))) == persons


@tried
@given(
    asked=st.dictionaries(
        st.sampled_from(["who", "account", "kind", "line", "state", "q", "page"]),
        st.one_of(st.text(max_size=12), st.integers().map(str), st.sampled_from(["confirmed", "reported"])),
    )
)
def test_no_address_breaks_it(everybody: Cast, signed_in: SignedIn, asked: dict[str, str]) -> None:
    assert signed_in(everybody.reviewer).get(PAGE, asked).status_code == 200


def test_it_asks_the_database_a_bounded_number_of_times(
    reviewer: Client, place: Province, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        people.contact("cac", place.zhengzhou, f"人{number}", valid_to=TODAY + timedelta(days=1))
    reviewer.get(PAGE)
    with django_assert_max_num_queries(18):
        reviewer.get(PAGE, {"who": "郑州发"})

"""The work list: what waits for whom, in which order, under which filters."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from audit_logs.models import Event
from common import clock
from registry.models import Account
from review.clocks import today
from review.decide import Judgement, judge
from review.intake import take_in
from review.models import Case
from tests import cast as people
from tests.cast import Cast, Province
from tests.console.conftest import SignedIn, tried

LIST = "/cases/"
# What filters are made of, and what strangers put into addresses.
VALUES = st.one_of(
    st.sampled_from(["S1", "S9", "all", "put_off", "under_review", "on", "mastodon", "-1", "ZW-2026-000001"]),
    st.text(max_size=12),
    st.integers().map(str),
)
NAMES = st.sampled_from(["severity", "q", "kind", "platform", "state", "own", "page", "x"])


@pytest.fixture
def reviewer(everybody: Cast, signed_in: SignedIn) -> Client:
    """Li's browser, in English."""
    return signed_in(everybody.reviewer)


def opened(target: Account, name: str, uid: str, severity: str = "S2", score: float = 0.9) -> Case:
    """A case just opened for `name`."""
    found = people.suspect(target, name, uid, severity=severity, score=score)
    take_in(clock.now())
    return found.intake.case


def shown(browser: Client, **filters: str | list[str]) -> str:
    """The text of the list under these filters."""
    answer = browser.get(LIST, filters)
    assert answer.status_code == 200
    return answer.content.decode()


def names(text: str) -> list[str]:
    """The suspects' names on a list, in order, without marks."""
    return [re.sub("<[^>]+>", "", name) for name in re.findall(r'<a class="name"[^>]*>(.*?)</a>', text, re.S)]


def words(text: str) -> str:
    """A page without its mark-up."""
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", text))


def test_the_most_severe_comes_first_and_then_the_higher_score(reviewer: Client, place: Province) -> None:
    for number, (severity, score) in enumerate([("S3", 0.9), ("S1", 0.5), ("S2", 0.6), ("S2", 0.8)]):
        opened(place.zhengzhou_account, f"假{number}", f"90{number}", severity, score)
    assert names(shown(reviewer)) == ["假1", "假3", "假2", "假0"]


def test_a_row_tells_limit_state_and_owner_and_marks_what_differs(reviewer: Client, place: Province) -> None:
    people.case(place.zhengzhou_account, "under_review", name="郑州曰报")
    text = shown(reviewer)
    assert "郑州<mark>曰报</mark>" in text
    assert "to be judged 3 h 59 min left under review 李静" in words(text)


def test_a_case_that_is_late_says_so_in_words(reviewer: Client, place: Province) -> None:
    people.case(place.zhengzhou_account, at=clock.now() - timedelta(hours=6))
    assert "overdue by 2 h 0 min" in words(shown(reviewer))


def test_what_is_judged_has_left_the_list_of_who_judges(reviewer: Client, place: Province) -> None:
    people.case(place.zhengzhou_account, "confirmed", name="已判", uid="1")
    people.case(place.zhengzhou_account, "not_established", name="不成立", uid="2")
    opened(place.zhengzhou_account, "待判", "3")
    assert names(shown(reviewer)) == ["待判"]
    assert set(names(shown(reviewer, state="all"))) == {"已判", "不成立", "待判"}


def test_what_a_second_person_must_sign_waits_too(reviewer: Client, place: Province, everybody: Cast) -> None:
    case = opened(place.zhengzhou_account, "待签", "1", "S1")
    judge(everybody.reviewer, case.pk, case.version, Judgement("counterfeit", "name_imitated"), clock.now())
    text = shown(reviewer)
    assert names(text) == ["待签"]
    assert "second person" in words(text)


def test_a_case_put_off_is_back_when_its_day_has_come(
    reviewer: Client, place: Province, everybody: Cast
) -> None:
    case, now = opened(place.zhengzhou_account, "待定", "1"), clock.now()
    later = Judgement("wait", "ask_unit", review_on=today(now) + timedelta(days=3))
    judge(everybody.reviewer, case.pk, case.version, later, now)
    assert names(shown(reviewer)) == []
    assert names(shown(reviewer, state="put_off")) == ["待定"]
    Case.objects.update(review_on=today(now))
    text = shown(reviewer)
    assert names(text) == ["待定"]
    assert "to be looked at again today" in words(text)


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        ({"severity": ["S1"]}, ["郑州发布甲"]),
        ({"severity": ["S1", "S3"]}, ["郑州发布甲", "开封发布乙"]),
        ({"kind": "extended"}, ["开封发布乙"]),
        ({"platform": "mastodon"}, ["郑州发布甲", "开封发布乙"]),
        ({"q": "乙"}, ["开封发布乙"]),
        ({"q": "KAIFENG_B"}, ["开封发布乙"]),
        ({"q": "9001"}, ["郑州发布甲"]),
        ({"q": "%"}, []),
        ({"state": "under_review"}, ["开封发布乙"]),
        ({"state": "concluded"}, []),
        ({"own": "on"}, ["开封发布乙"]),
        ({"q": "开封发布", "severity": ["S1"]}, []),
    ],
)
def test_filters_narrow_and_combine(
    filters: dict[str, str | list[str]], kept: list[str], reviewer: Client, place: Province, everybody: Cast
) -> None:
    people.suspect(place.zhengzhou_account, "郑州发布甲", "9001", severity="S1", kind="identical")
    people.suspect(
        place.kaifeng_account, "开封发布乙", "9002", handle="kaifeng_b", severity="S3", kind="extended"
    )
    take_in(clock.now())
    Case.objects.filter(severity="S3").update(state="under_review", owner=everybody.reviewer)
    assert names(shown(reviewer, **filters)) == kept


def test_a_case_is_found_by_its_number(reviewer: Client, place: Province) -> None:
    first, second = (opened(place.zhengzhou_account, f"假{n}", f"90{n}") for n in range(2))
    assert names(shown(reviewer, q=second.number)) == ["假1"]
    assert first.number != second.number


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("severity", "S9", "There is no “S9” to choose here"),
        ("state", "judged", "There is no “judged” to choose here"),
        ("kind", "<b>x</b>", "There is no “&lt;b&gt;x&lt;/b&gt;” to choose here"),
    ],
)
def test_an_unknown_value_is_named_and_hides_nothing(
    name: str, value: str, said: str, reviewer: Client, place: Province
) -> None:
    opened(place.zhengzhou_account, "甲", "1")
    text = shown(reviewer, **{name: value})
    assert said in text
    assert names(text) == ["甲"]


@pytest.mark.parametrize("page", ["0", "-1", "abc", "999", ""])
def test_a_page_that_is_none_is_the_nearest_there_is(page: str, reviewer: Client, place: Province) -> None:
    opened(place.zhengzhou_account, "甲", "1")
    assert names(shown(reviewer, page=page)) == ["甲"]


def test_fifty_rows_a_page_and_the_filters_stay_in_the_links(reviewer: Client, place: Province) -> None:
    for number in range(51):
        people.suspect(place.zhengzhou_account, f"假{number:02}", f"90{number}")
    take_in(clock.now())
    text = shown(reviewer, severity="S2", q="假")
    assert len(names(text)) == 50
    assert "?severity=S2&amp;q=%E5%81%87&amp;page=2" in text
    assert re.search(r'href="/cases/\d+/\?severity=S2&amp;q=%E5%81%87"', text)
    assert len(names(shown(reviewer, severity="S2", page="2"))) == 1


def test_no_case_is_not_said_to_be_clean(reviewer: Client) -> None:
    text = shown(reviewer)
    assert "No case fits, among what was checked." in text
    assert "/coverage/?state=unchecked" in text


@tried
@given(filters=st.dictionaries(NAMES, st.lists(VALUES, max_size=3), max_size=5))
def test_no_address_breaks_the_list_or_a_case(
    filters: dict[str, list[str]], reviewer: Client, place: Province
) -> None:
    known = Case.objects.first() or people.case(place.zhengzhou_account)
    query = {
        name: [value.encode("utf-8", "replace").decode() for value in values]
        for name, values in filters.items()
    }
    assert reviewer.get(LIST, query).status_code == 200
    assert reviewer.get(f"{LIST}{known.pk}/", query).status_code == 200


def test_it_asks_the_database_as_often_for_many_rows_as_for_one(
    reviewer: Client, place: Province, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        people.suspect(place.zhengzhou_account, f"假{number}", f"90{number}")
    take_in(clock.now())
    reviewer.get(LIST)  # stores the session, once a minute
    with django_assert_max_num_queries(8):
        reviewer.get(LIST)


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("supervisor", ["待判", "已判"]),
        ("sponsor", ["待判", "已判"]),
        ("cac_officer", ["已判"]),
        ("publicity", ["已判"]),
        ("psb_officer", []),
        ("outsider", []),
    ],
)
def test_who_does_not_judge_begins_with_all_they_may_see(
    who: str, seen: list[str], place: Province, everybody: Cast, signed_in: SignedIn
) -> None:
    people.case(place.zhengzhou_account, "confirmed", name="已判", uid="1", severity="S3")
    opened(place.zhengzhou_account, "待判", "2")
    assert names(shown(signed_in(getattr(everybody, who)))) == seen


def test_a_sponsor_sees_no_score(place: Province, everybody: Cast, signed_in: SignedIn) -> None:
    opened(place.zhengzhou_account, "假", "1", score=0.87)
    assert "0.87" in shown(signed_in(everybody.reviewer))
    assert "0.87" not in shown(signed_in(everybody.sponsor))


def test_reading_the_list_is_not_on_record(reviewer: Client, place: Province) -> None:
    opened(place.zhengzhou_account, "假", "1")
    before = Event.objects.count()
    shown(reviewer)
    assert Event.objects.count() == before

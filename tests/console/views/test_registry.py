"""The register as a list: places, search, filters, and what is taken along."""

import csv
import io
import re

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from audit_logs.models import Event
from registry.models import Unit
from registry.searching import refill
from tests import cast as people
from tests.cast import Cast, Province
from tests.console.conftest import SignedIn, tried

PAGE, EXPORT = "/registry/", "/registry/export/"


@pytest.fixture
def reviewer(everybody: Cast, signed_in: SignedIn) -> Client:
    """Li's browser, in English, in a register that can be searched."""
    refill()
    return signed_in(everybody.reviewer)


def text(browser: Client, **asked: str) -> str:
    answer = browser.get(PAGE, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def names(browser: Client, **asked: str) -> list[str]:
    """The names on the list, in order."""
    return re.findall(r'<a class="name"[^>]*><bdi>(.*?)</bdi>', text(browser, **asked))


def places(browser: Client, **asked: str) -> dict[str, tuple[int, int]]:
    """The places to go to, with their numbers of units and accounts."""
    rows = re.findall(
        r'<th scope="row"><a[^>]*>(.*?)</a></th><td class="num">(\d+)</td><td class="num">(\d+)',
        text(browser, **asked),
    )
    return {name: (int(units), int(accounts)) for name, units, accounts in rows}


def test_accounts_come_by_place_and_units_beside_them(reviewer: Client, place: Province) -> None:
    assert names(reviewer) == ["郑州发布", "开封发布"]
    assert names(reviewer, show="units") == ["郑州市人民政府办公厅", "开封市人民政府办公厅"]


@pytest.mark.parametrize(
    "typed", ["郑州发布", "鄭州發布", "zhengzhou fabu", "zzfb", "@zhengzhou", "1001", "410100"]
)
def test_it_finds_what_is_typed_in_any_form(typed: str, reviewer: Client, place: Province) -> None:
    assert names(reviewer, q=typed) == ["郑州发布"]


def test_places_carry_their_numbers_and_lead_downwards(reviewer: Client, place: Province) -> None:
    people.account("郑州政务", "zz2", place.zhengzhou_account.unit, "7")
    assert places(reviewer) == {"郑州市": (1, 2), "开封市": (1, 1)}
    assert names(reviewer, place="410200") == ["开封发布"]
    assert places(reviewer, place="410200") == {}


def test_a_place_out_of_reach_is_answered_like_none(reviewer: Client, place: Province) -> None:
    for code in ("440000", "999999", "x"):
        page = text(reviewer, place=code)
        assert f"There is no “{code}” to choose here" in page
        assert "广东" not in page


def test_nothing_of_another_province_is_counted_or_found(reviewer: Client, place: Province) -> None:
    assert names(reviewer, q="广东") == names(reviewer, q="广东发布") == names(reviewer, q="1003") == []
    assert "广东" not in text(reviewer)


def test_whoever_sees_one_unit_gets_no_places(place: Province, everybody: Cast, signed_in: SignedIn) -> None:
    sponsor = signed_in(everybody.sponsor)
    assert names(sponsor) == ["郑州发布"]
    assert 'class="places' not in text(sponsor)
    assert "What is missing" not in text(sponsor) and "XLSX" not in text(sponsor)


def test_platform_state_and_kind_narrow_accounts_and_units(reviewer: Client, place: Province) -> None:
    Unit.objects.filter(pk=place.kaifeng_account.unit_id).update(kind="vertical")
    people.account("郑州旧号", "old", people.unit("郑州旧局", place.zhengzhou), "8", state="deregistered")
    assert names(reviewer, state="deregistered") == ["郑州旧号"]
    assert names(reviewer, state="deregistered", show="units") == ["郑州旧局"]
    assert names(reviewer, kind="vertical") == ["开封发布"]
    assert len(names(reviewer, platform="mastodon")) == 3
    assert "There is no “weibo” to choose here" in text(reviewer, platform="weibo")


def test_a_hostile_name_is_shown_and_does_nothing(reviewer: Client, place: Province) -> None:
    name = "郑州\u202e<script>alert(1)</script>\u200b" + "长" * 100
    people.account(name, "x", people.unit("<b>单位\u202e</b>", place.zhengzhou), "66")
    for show in ("accounts", "units"):
        page = text(reviewer, show=show)
        assert "<script>alert" not in page and "<b>单位" not in page
        assert "\u202e" not in page and "U+202E" in page


def test_what_is_listed_is_taken_along_and_put_on_record(reviewer: Client, place: Province) -> None:
    answer = reviewer.get(EXPORT, {"q": "开封", "format": "csv", "x": "y"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["name"], row["unit"], row["unit_division"]) for row in rows] == [
        ("开封发布", "开封市人民政府办公厅", "410200")
    ]
    event = Event.objects.get(action="registry.export")
    assert (event.subject_kind, event.subject_id) == ("place", "410000")
    assert event.details == {"format": "csv", "rows": 1, "filters": {"q": "开封"}}


def test_a_workbook_is_one(reviewer: Client, place: Province) -> None:
    answer = reviewer.get(EXPORT, {"format": "xlsx"})
    assert answer.content.startswith(b"PK")
    assert 'filename="zhenwei-410000-' in answer.headers["Content-Disposition"]


def test_it_asks_the_database_a_bounded_number_of_times(
    reviewer: Client, place: Province, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        people.account(f"号{number}", "h", people.unit(f"局{number}", place.kaifeng), f"55{number}")
    refill()
    reviewer.get(PAGE)
    for show in ("accounts", "units"):
        with django_assert_max_num_queries(16):
            reviewer.get(PAGE, {"show": show, "q": "开封"})


@tried
@given(
    query=st.dictionaries(
        st.sampled_from(["q", "platform", "state", "kind", "place", "show", "page", "format"]),
        st.text(max_size=9) | st.sampled_from(["units", "410100", "%", "@", "郑州 发布", "-1"]),
        max_size=4,
    )
)
def test_no_address_breaks_it(query: dict[str, str], reviewer: Client) -> None:
    safe = {name: value.encode("utf-8", "replace").decode() for name, value in query.items()}
    assert reviewer.get(PAGE, safe).status_code == 200
    assert reviewer.get(EXPORT, safe).status_code == 200

"""An account: how it is registered, how it came to that, how it looked over time, and how it is watched."""

import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from observations.models import Observation
from registry.models import Account, FileImport, ProtectedName
from tests import cast as people
from tests.cast import MORNING, Cast, Province
from tests.console.conftest import SignedIn


@pytest.fixture
def reviewer(everybody: Cast, signed_in: SignedIn) -> Client:
    """Li's browser, in English."""
    return signed_in(everybody.reviewer)


def page(browser: Client, account: Account) -> str:
    answer = browser.get(reverse("account", args=[account.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def shown(browser: Client, account: Account) -> str:
    """The words of its page."""
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", page(browser, account)))


def face(account: Account, days: int, **how: str | int) -> Observation:
    """How it was seen after so many days."""
    answer = people.response(at=MORNING + timedelta(days=days))
    seen = people.observation(
        str(how.pop("name", account.name)), str(how.pop("handle", account.handle)), account.platform_uid,
        str(how.pop("bio", "")), answer,
    )  # fmt: skip
    Observation.objects.filter(pk=seen.pk).update(**how)
    return seen


def taken(at: datetime, *changes: dict[str, object]) -> FileImport:
    return FileImport.objects.create(
        key=uuid4(), kind="registry", state="taken", file_name=f"台账{len(changes)}.xlsx", sha256="a" * 64,
        size=1, actor="user:1", created_at=at, changed_at=at, outcome={"changes": changes},
    )  # fmt: skip


def test_it_shows_what_is_registered_and_how_it_is_watched(reviewer: Client, place: Province) -> None:
    account = place.zhengzhou_account
    people.coverage(account, "failed")
    people.finding(account)
    people.case(account, name="郑州发布厅")
    ProtectedName.objects.create(
        text="郑州旧名", reason="former", unit=account.unit, account=account, since=MORNING
    )
    text = shown(reviewer, account)
    for words in ("1001", "@zhengzhou0", "why failed", "19 days", "郑州发布厅", "郑州旧名borne before"):
        assert words in text


def test_what_changed_between_two_faces_is_marked(reviewer: Client, place: Province) -> None:
    face(place.zhengzhou_account, 1, name="郑州发布", bio="旧", followers=100)
    face(place.zhengzhou_account, 5, name="郑州发布台", bio="旧", followers=80)
    text = page(reviewer, place.zhengzhou_account)
    faces = text.partition('id="h-faces"')[2].partition("</section>")[0]
    assert "<mark>台</mark>" in faces
    assert "<dt>Bio</dt>" not in faces.partition("The earliest face")[0]
    assert re.search(r'class="num">80</td><td class="num">-20<', text)


def test_a_face_unlike_the_registered_one_is_told_on_top(reviewer: Client, place: Province) -> None:
    face(place.zhengzhou_account, 1)
    assert "last seen otherwise than registered" not in shown(reviewer, place.zhengzhou_account)
    face(place.zhengzhou_account, 2, name="财经热点")
    assert "Name: last seen otherwise than registered" in shown(reviewer, place.zhengzhou_account)


def test_the_imports_that_touched_it_are_named_with_what_they_changed(
    reviewer: Client, place: Province, everybody: Cast, signed_in: SignedIn
) -> None:
    account, later = place.zhengzhou_account, MORNING + timedelta(days=3)
    change = {"sheet": "", "line": 2, "field": "name", "old": "郑州", "new": "郑州发布"}
    taken(MORNING)
    taken(later, change | {"subject": "郑州发布 (mastodon/example/1001)"})
    taken(
        later + timedelta(days=1),
        *[change | {"subject": f"别人 (mastodon/example/{n})"} for n in ("11001", "2")],
    )
    text = shown(reviewer, account)
    assert "台账0.xlsx" in text and "台账1.xlsx" in text and "台账2.xlsx" not in text
    assert "郑州 → 郑州发布" in text
    assert "台账0.xlsx" not in shown(signed_in(everybody.sponsor), account)


def test_what_is_not_known_is_said(reviewer: Client, place: Province) -> None:
    text = shown(reviewer, place.kaifeng_account)
    for words in ("has not been seen yet", "No case, among what was checked", "No rule has judged it yet",
                  "No import on record names it", "never asked"):  # fmt: skip
        assert words in text


def test_a_contractor_sees_no_cases(place: Province, everybody: Cast, signed_in: SignedIn) -> None:
    people.case(place.zhengzhou_account, name="郑州发布厅")
    text = shown(signed_in(everybody.contractor), place.zhengzhou_account)
    assert "郑州发布厅" not in text and "Cases of imitation" not in text


def test_long_texts_are_cut(reviewer: Client, place: Province) -> None:
    face(place.zhengzhou_account, 1, bio="甲" * 5000)
    face(place.zhengzhou_account, 2, bio="乙" * 5000)
    assert "甲" * 301 not in page(reviewer, place.zhengzhou_account)


def test_it_asks_the_database_a_bounded_number_of_times(
    reviewer: Client, place: Province, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for day in range(10):
        face(place.zhengzhou_account, day, name=f"郑州发布{day}")
        people.case(place.zhengzhou_account, name=f"郑州发布厅{day}", uid=f"77{day}")
        taken(MORNING + timedelta(days=day))
    page(reviewer, place.zhengzhou_account)
    with django_assert_max_num_queries(18):
        page(reviewer, place.zhengzhou_account)

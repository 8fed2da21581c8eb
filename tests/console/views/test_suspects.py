"""The list of suspects and the page of one."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from audit_logs.models import Event
from common import clock
from detection.models import Suspect
from observations.models import Sighting, Task
from tests import cast as people
from tests.cast import Cast, Province
from tests.console.conftest import SignedIn, tried

LIST = "/suspects/"
# What filters are made of, and what strangers put into addresses.
VALUES = st.one_of(
    st.sampled_from(
        ["S1", "S9", "severity", "newest", "2026-11-24", "9999-12-31", "0001-01-01", "mastodon", "-1"]
    ),
    st.text(max_size=12),
    st.integers().map(str),
)
NAMES = st.sampled_from(
    ["severity", "q", "kind", "platform", "since", "until", "order", "target", "page", "x"]
)


@pytest.fixture
def reviewer(everybody: Cast, signed_in: SignedIn) -> Client:
    """Li's browser, in English."""
    return signed_in(everybody.reviewer)


def shown(browser: Client, **filters: str | list[str]) -> str:
    """The text of the list under these filters."""
    answer = browser.get(LIST, filters)
    assert answer.status_code == 200
    return answer.content.decode()


def names(text: str) -> list[str]:
    """The suspects' names on a list, in order, without marks."""
    return [re.sub("<[^>]+>", "", name) for name in re.findall(r'<a class="name"[^>]*>(.*?)</a>', text, re.S)]


def test_a_second_judgement_of_a_stranger_takes_the_place_of_the_first(
    reviewer: Client, place: Province
) -> None:
    people.suspect(place.zhengzhou_account, severity="S4", rules="names-1")
    people.suspect(place.zhengzhou_account, severity="S1", rules="names-2")
    text = shown(reviewer)
    assert "1 suspect" in text
    assert "<b>S1</b>" in text and "<b>S4</b>" not in text


def test_the_most_severe_comes_first_and_then_the_higher_score(reviewer: Client, place: Province) -> None:
    for number, (severity, score) in enumerate([("S3", 0.9), ("S1", 0.5), ("S2", 0.6), ("S2", 0.8)]):
        people.suspect(place.zhengzhou_account, f"假{number}", f"90{number}", severity=severity, score=score)
    assert names(shown(reviewer)) == ["假1", "假3", "假2", "假0"]
    assert names(shown(reviewer, order="score")) == ["假0", "假3", "假2", "假1"]


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        ({"severity": ["S1"]}, ["郑州发布甲"]),
        ({"severity": ["S1", "S3"]}, ["郑州发布甲", "开封发布乙"]),
        ({"kind": "affix"}, ["开封发布乙"]),
        ({"platform": "mastodon"}, ["郑州发布甲", "开封发布乙"]),
        ({"q": "乙"}, ["开封发布乙"]),
        ({"q": "KAIFENG_B"}, ["开封发布乙"]),
        ({"q": "9001"}, ["郑州发布甲"]),
        ({"q": "%"}, []),
        ({"q": "开封发布", "severity": ["S1"]}, []),
    ],
)
def test_filters_narrow_and_combine(
    filters: dict[str, str | list[str]], kept: list[str], reviewer: Client, place: Province
) -> None:
    people.suspect(place.zhengzhou_account, "郑州发布甲", "9001", severity="S1", kind="same_name")
    people.suspect(
        place.kaifeng_account, "开封发布乙", "9002", handle="kaifeng_b", severity="S3", kind="affix"
    )
    assert names(shown(reviewer, **filters)) == kept


def test_days_are_days_in_beijing(reviewer: Client, place: Province) -> None:
    midnight = (
        clock.now()
        .astimezone(clock.BEIJING)
        .replace(year=2026, month=11, day=24, hour=0, minute=0, second=0, microsecond=0)
    )
    people.suspect(place.zhengzhou_account, "昨", "1", at=midnight - timedelta(seconds=1))
    people.suspect(place.zhengzhou_account, "今", "2", at=midnight)
    assert names(shown(reviewer, since="2026-11-24", until="2026-11-24")) == ["今"]
    assert names(shown(reviewer, until="2026-11-23")) == ["昨"]


def test_one_account_s_imitators_have_an_address(reviewer: Client, place: Province) -> None:
    people.suspect(place.zhengzhou_account, "甲", "1")
    people.suspect(place.kaifeng_account, "乙", "2")
    text = shown(reviewer, target=str(place.kaifeng_account.pk))
    assert names(text) == ["乙"]
    assert "imitating" in text


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("severity", "S9", "There is no “S9” to choose here"),
        ("kind", "<b>x</b>", "There is no “&lt;b&gt;x&lt;/b&gt;” to choose here"),
        ("order", "random", "There is no “random” to choose here"),
        ("target", "abc", "This is not a value to filter by"),
    ],
)
def test_an_unknown_value_is_named_and_hides_nothing(
    name: str, value: str, said: str, reviewer: Client, place: Province
) -> None:
    people.suspect(place.zhengzhou_account, "甲", "1")
    text = shown(reviewer, **{name: value})
    assert said in text
    assert names(text) == ["甲"]


@pytest.mark.parametrize("page", ["0", "-1", "abc", "999", ""])
def test_a_page_that_is_none_is_the_nearest_there_is(page: str, reviewer: Client, place: Province) -> None:
    people.suspect(place.zhengzhou_account, "甲", "1")
    assert names(shown(reviewer, page=page)) == ["甲"]


def test_fifty_rows_a_page_and_the_filters_stay_in_the_links(reviewer: Client, place: Province) -> None:
    for number in range(51):
        people.suspect(place.zhengzhou_account, f"假{number:02}", f"90{number}", severity="S2")
    text = shown(reviewer, severity="S2", q="假")
    assert len(names(text)) == 50
    assert "?severity=S2&amp;q=%E5%81%87&amp;page=2" in text
    assert len(names(shown(reviewer, severity="S2", page="2"))) == 1


def test_no_suspect_is_not_said_to_be_clean(reviewer: Client) -> None:
    text = shown(reviewer)
    assert "No suspect fits, among what was checked." in text
    assert "/coverage/?state=unchecked" in text


@tried
@given(filters=st.dictionaries(NAMES, st.lists(VALUES, max_size=3), max_size=5))
def test_no_address_breaks_the_list_or_a_suspect(
    filters: dict[str, list[str]], reviewer: Client, place: Province
) -> None:
    known = Suspect.objects.first() or people.suspect(place.zhengzhou_account)
    query = {
        name: [value.encode("utf-8", "replace").decode() for value in values]
        for name, values in filters.items()
    }
    assert reviewer.get(LIST, query).status_code == 200
    assert reviewer.get(reverse("suspect", args=[known.pk]), query).status_code == 200


@pytest.mark.parametrize(
    ("bounds", "rows"),
    [
        ({"since": "0001-01-01"}, 1),
        ({"since": "9999-12-31"}, 0),
        ({"until": "0001-01-01"}, 0),
        ({"until": "9999-12-31"}, 1),
    ],
)
def test_a_day_at_an_end_of_the_calendar_is_a_bound_like_any_other(
    reviewer: Client, place: Province, bounds: dict[str, str], rows: int
) -> None:
    people.suspect(place.zhengzhou_account)
    assert len(names(shown(reviewer, **bounds))) == rows


def test_the_list_asks_the_database_as_often_for_many_rows_as_for_one(
    reviewer: Client, place: Province, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        people.suspect(place.zhengzhou_account, f"假{number}", f"90{number}")
    reviewer.get(LIST)  # stores the session, once a minute
    with django_assert_max_num_queries(7):
        reviewer.get(LIST)


def test_a_suspect_page_asks_the_database_a_bounded_number_of_times(
    reviewer: Client, place: Province, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for rules in range(20):
        suspect = people.suspect(place.zhengzhou_account, rules=f"names-{rules}")
        Sighting.objects.create(
            observation=suspect.observation, response=people.response(f"问{rules}"), rank=3
        )
    reviewer.get(LIST)  # stores the session, once a minute
    with django_assert_max_num_queries(14):
        reviewer.get(reverse("suspect", args=[suspect.pk]))


@pytest.fixture
def page(reviewer: Client, place: Province) -> str:
    """The page of a suspect with everything on it."""
    people.observation("郑州发布", "zhengzhou", "1001", "权威发布。", people.response("zhengzhou", "lookup"))
    people.suspect(place.zhengzhou_account, "郑州曰报", "9001", bio="权威发布。", rules="names-0", score=0.81)
    suspect = people.suspect(place.zhengzhou_account, "郑州曰报", "9001", bio="权威发布。", score=0.9)
    people.suspect(place.kaifeng_account, "郑州曰报", "9001", score=0.33)
    return reviewer.get(reverse("suspect", args=[suspect.pk])).content.decode()


def test_differing_characters_are_marked_on_both_sides_and_named(page: str) -> None:
    assert "<mark>曰报</mark>" in page
    assert "<mark>发布</mark>" in page
    assert "<bdi>曰 U+66F0</bdi>" in page
    assert "<bdi>发 U+53D1</bdi>" in page


def test_the_proof_is_on_the_page(page: str) -> None:
    suspect = Suspect.objects.filter(uid="9001").order_by("pk")[1]
    answer = suspect.observation.response
    for fact in [
        answer.capture_id,
        "2026-11-24 08:30:00",
        "2026-11-24T00:30:00.000000Z",
        "203.0.113.7:443",
        "q=郑州发布&amp;final=1",
        "allowed",
        str(answer.run.key),
        suspect.facts_hash,
        suspect.rules_version,
        "“郑州曰报” looks alike.",
    ]:
        assert fact in page, fact


def test_it_says_by_which_question_at_which_rank_a_citizen_meets_it(page: str) -> None:
    assert re.search(r'search <b><bdi>郑州发布</bdi></b></td><td class="num">1</td>', page)


def test_a_copied_bio_is_pointed_out(page: str) -> None:
    assert 'class="same">the same' in page


def test_earlier_judgements_and_other_targets_are_linked(page: str) -> None:
    assert "earlier" in page and "0.81" in page
    assert "also imitates" in page and "0.33" in page


def test_no_address_of_a_stranger_is_a_link(page: str) -> None:
    assert "https://social.example/@zhengzhou0" in page
    assert not re.search(r'(href|src|action)="https?:', page)


def test_an_old_judgement_points_to_the_newest(reviewer: Client, place: Province) -> None:
    old = people.suspect(place.zhengzhou_account, rules="names-0")
    new = people.suspect(place.zhengzhou_account, rules="names-1")
    text = reviewer.get(reverse("suspect", args=[old.pk])).content.decode()
    assert "There is a newer judgement" in text
    assert reverse("suspect", args=[new.pk]) in text


def test_a_genuine_account_nobody_looked_at_is_said_to_be_so(reviewer: Client, place: Province) -> None:
    suspect = people.suspect(place.zhengzhou_account)
    text = reviewer.get(reverse("suspect", args=[suspect.pk])).content.decode()
    assert "the genuine account has not been looked at" in text


@pytest.mark.parametrize(
    ("hostile", "never", "shown_as"),
    [
        ("<script>alert(1)</script>", "<script>alert", "&lt;script&gt;"),
        ("郑州\u200b发布", "\u200b", "[U+200B]"),
        ("\u202e布发州郑", "\u202e", "[U+202E]"),
        ("郑\U000e0041州发布", "\U000e0041", "[U+E0041]"),
        ('"><img src=x onerror=alert(1)>', "<img", "&lt;img"),
        ("{{ 7000|add:77 }}", "7077", "{{ 7000|add:77 }}"),
    ],
)
def test_hostile_text_is_shown_and_does_nothing(
    hostile: str, never: str, shown_as: str, reviewer: Client, place: Province
) -> None:
    suspect = people.suspect(place.zhengzhou_account, hostile, "9", handle=hostile, bio=hostile)
    suspect.reasons[0]["en"] = hostile
    Suspect.objects.filter(pk=suspect.pk).update(reasons=suspect.reasons)
    Task.objects.update(value=hostile)
    for address in (LIST, reverse("suspect", args=[suspect.pk]), "/"):
        body = reviewer.get(address).content.decode().partition("<main")[2]
        # What the mark-up splits is joined again before looking.
        assert never not in body, address
        assert shown_as in re.sub("</?(mark|span|bdi)[^>]*>", "", body), address


def test_the_neighbours_are_those_of_the_filter(reviewer: Client, place: Province) -> None:
    first, middle, last = (
        people.suspect(place.zhengzhou_account, f"假{n}", f"90{n}", score=0.9 - n / 10) for n in range(3)
    )
    people.suspect(place.zhengzhou_account, "S1", "99", severity="S1")
    text = reviewer.get(reverse("suspect", args=[middle.pk]), {"severity": "S2"}).content.decode()
    assert f'<link rel="prev" href="/suspects/{first.pk}/?severity=S2">' in text
    assert f'<link rel="next" href="/suspects/{last.pk}/?severity=S2">' in text
    assert '<link rel="up" href="/suspects/?severity=S2">' in text


def test_opening_a_suspect_is_on_record(reviewer: Client, place: Province, everybody: Cast) -> None:
    suspect = people.suspect(place.zhengzhou_account)
    reviewer.get(reverse("suspect", args=[suspect.pk]))
    event = Event.objects.get(action="suspect.view")
    assert (event.actor, event.subject_id) == (f"user:{everybody.reviewer.pk}", str(suspect.pk))


def test_reading_the_list_is_not(reviewer: Client, place: Province) -> None:
    people.suspect(place.zhengzhou_account)
    shown(reviewer)
    assert not Event.objects.exists()


def test_a_name_is_set_beside_the_protected_name_the_rules_compared(
    reviewer: Client, place: Province
) -> None:
    suspect = people.suspect(place.zhengzhou_account, "郑州市人民攻府办公厅")
    detail = {"candidate": "郑州市人民攻府办公厅", "official": "郑州市人民政府办公厅"}
    Suspect.objects.filter(pk=suspect.pk).update(reasons=[{**suspect.reasons[0], "detail": detail}])
    text = reviewer.get(reverse("suspect", args=[suspect.pk])).content.decode()
    assert "人民<mark>政</mark>府" in text
    assert "人民<mark>攻</mark>府" in text
    assert "a protected name; the account is called <bdi>郑州发布</bdi>" in text

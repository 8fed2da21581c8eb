"""One suspect: the judgement of the rules with its proof, as long as the case it belongs to is in reach."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from audit_logs.models import Event
from common import clock
from detection.models import Suspect
from observations.models import Handover, Response, Sighting
from registry.models import User
from review.intake import take_in
from tests import cast as people
from tests.cast import Cast, Province
from tests.console.conftest import SignedIn


@pytest.fixture
def reviewer(everybody: Cast, signed_in: SignedIn) -> Client:
    """Li's browser, in English."""
    return signed_in(everybody.reviewer)


@pytest.fixture
def page(reviewer: Client, place: Province) -> str:
    """The page of a suspect with everything on it."""
    people.observation("郑州发布", "zhengzhou", "1001", "权威发布。", people.response("zhengzhou", "lookup"))
    people.suspect(place.zhengzhou_account, "郑州曰报", "9001", bio="权威发布。", rules="names-0", score=0.81)
    suspect = people.suspect(place.zhengzhou_account, "郑州曰报", "9001", bio="权威发布。", score=0.9)
    take_in(clock.now())
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


def test_the_other_looks_of_the_case_are_linked(page: str) -> None:
    other = Suspect.objects.get(rules_version="names-0")
    assert reverse("suspect", args=[other.pk]) in page
    assert "0.81" in page


def test_no_address_of_a_stranger_is_a_link(page: str) -> None:
    assert "https://social.example/@zhengzhou0" in page
    assert not re.search(r'(href|src|action)="https?:', page)


def test_a_look_that_was_overtaken_says_which_one_holds(reviewer: Client, place: Province) -> None:
    old = people.suspect(place.zhengzhou_account, rules="names-0")
    new = people.suspect(place.zhengzhou_account, rules="names-1")
    take_in(clock.now())
    text = reviewer.get(reverse("suspect", args=[old.pk])).content.decode()
    assert "The case rests on another look" in text
    assert reverse("suspect", args=[new.pk]) in text


def test_a_genuine_account_nobody_looked_at_is_said_to_be_so(reviewer: Client, place: Province) -> None:
    suspect = people.suspect(place.zhengzhou_account)
    take_in(clock.now())
    text = reviewer.get(reverse("suspect", args=[suspect.pk])).content.decode()
    assert "the genuine account has not been looked at" in text


def test_it_leads_back_to_its_case(reviewer: Client, place: Province) -> None:
    case = people.case(place.zhengzhou_account)
    text = reviewer.get(reverse("suspect", args=[case.suspect_id])).content.decode()
    assert f'<link rel="up" href="{reverse("case", args=[case.pk])}">' in text


@pytest.mark.parametrize("who", ["cac_officer", "outsider", "psb_officer"])
def test_without_its_case_it_is_as_if_it_were_not_there_and_that_is_on_record(
    who: str, place: Province, everybody: Cast, signed_in: SignedIn
) -> None:
    case = people.case(place.zhengzhou_account)
    answer = signed_in(getattr(everybody, who)).get(reverse("suspect", args=[case.suspect_id]))
    assert answer.status_code == 404
    event = Event.objects.get(action="access.refused")
    assert (event.subject_kind, event.subject_id) == ("suspect", str(case.suspect_id))


def test_a_sponsor_is_shown_the_reasons_and_not_how_they_weigh(
    place: Province, everybody: Cast, signed_in: SignedIn
) -> None:
    case = people.case(place.zhengzhou_account)
    weighing = {
        "code": "strong_likeness",
        "points": 0.0,
        "detail": {"score": "0.90"},
        "zh": "0.90",
        "en": "0.90",
    }
    Suspect.objects.update(reasons=[*case.suspect.reasons, weighing])
    address = reverse("suspect", args=[case.suspect_id])
    inside = signed_in(everybody.reviewer).get(address).content.decode()
    outside = signed_in(everybody.sponsor).get(address).content.decode()
    assert "looks alike." in outside
    for weight in ("0.90", "0.60", "names-1"):
        assert weight in inside and weight not in outside


def test_a_reason_says_where_in_the_name_it_looks(reviewer: Client, place: Province) -> None:
    suspect = people.suspect(place.zhengzhou_account, "郑州\u200b发布")
    reason = {**suspect.reasons[0], "at": [[2, 3]]}
    Suspect.objects.filter(pk=suspect.pk).update(reasons=[reason])
    take_in(clock.now())
    text = reviewer.get(reverse("suspect", args=[suspect.pk])).content.decode()
    assert "character 3" in text


FOR = {"code": "age_new", "value": "for", "points": 0.1, "detail": {}, "zh": "新开。", "en": "Brand new."}
AGAINST = {
    "code": "age_older",
    "value": "against",
    "points": -0.1,
    "detail": {},
    "zh": "早。",
    "en": "Older.",
}
UNKNOWN = {"code": "bio_unknown", "zh": "未取得简介。", "en": "No bio."}


def beside_the_name(client: Client, suspect: Suspect, **facts: object) -> str:
    """The block of that title on the page of `suspect`, changed to `facts`."""
    Suspect.objects.filter(pk=suspect.pk).update(**facts)
    take_in(clock.now())
    text = client.get(reverse("suspect", args=[suspect.pk])).content.decode()
    return text.split("<h3>")[1].split("</section>")[0]


def test_what_lies_beside_the_name_stands_apart_with_the_way_it_points(
    reviewer: Client, place: Province
) -> None:
    suspect = people.suspect(place.zhengzhou_account)
    reasons = [*suspect.reasons, FOR, AGAINST]
    block = beside_the_name(reviewer, suspect, reasons=reasons, signals_version="1")
    assert re.findall(r'<li class="(\w+)"><b>([\w ]+)</b> <span><bdi>([\w. ]+)</bdi>', block) == [
        ("for", "more suspicious", "Brand new."),
        ("against", "less suspicious", "Older."),
    ]
    assert "looks alike" not in block and "Not checked" not in block


def test_what_was_not_checked_is_said(reviewer: Client, place: Province) -> None:
    suspect = people.suspect(place.zhengzhou_account)
    block = beside_the_name(reviewer, suspect, not_checked=[UNKNOWN], signals_version="1")
    assert "<b>Not checked:</b> <bdi>No bio.</bdi>" in block
    assert "What was checked tells nothing." in block


def test_a_judgement_of_names_alone_says_that_nothing_else_was_checked(
    reviewer: Client, place: Province
) -> None:
    block = beside_the_name(reviewer, people.suspect(place.zhengzhou_account))
    assert "not checked: these rules compared names alone" in block
    assert "tells nothing" not in block


def test_opening_a_suspect_is_on_record(reviewer: Client, place: Province, everybody: Cast) -> None:
    suspect = people.suspect(place.zhengzhou_account)
    take_in(clock.now())
    reviewer.get(reverse("suspect", args=[suspect.pk]))
    event = Event.objects.get(action="suspect.view")
    assert (event.actor, event.subject_id) == (f"user:{everybody.reviewer.pk}", str(suspect.pk))


def test_it_asks_the_database_a_bounded_number_of_times(
    reviewer: Client, place: Province, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for rules in range(20):
        suspect = people.suspect(place.zhengzhou_account, rules=f"names-{rules}")
        Sighting.objects.create(
            observation=suspect.observation, response=people.response(f"问{rules}"), rank=3
        )
    take_in(clock.now())
    address = reverse("suspect", args=[suspect.pk])
    reviewer.get(address)  # stores the session, once a minute
    with django_assert_max_num_queries(16):
        reviewer.get(address)


def test_a_name_is_set_beside_the_protected_name_the_rules_compared(
    reviewer: Client, place: Province
) -> None:
    suspect = people.suspect(place.zhengzhou_account, "郑州市人民攻府办公厅")
    detail = {"candidate": "郑州市人民攻府办公厅", "official": "郑州市人民政府办公厅"}
    Suspect.objects.filter(pk=suspect.pk).update(reasons=[{**suspect.reasons[0], "detail": detail}])
    take_in(clock.now())
    text = reviewer.get(reverse("suspect", args=[suspect.pk])).content.decode()
    assert "人民<mark>政</mark>府" in text
    assert "人民<mark>攻</mark>府" in text
    assert "a protected name; the account is called <bdi>郑州发布</bdi>" in text


def handed_in(suspect: Suspect) -> None:
    """Let the answer that shows `suspect` be a file that somebody brought."""
    answer = suspect.observation.response
    Handover.objects.create(
        response=answer,
        platform="mastodon",
        instance="example",
        file_name="十一月导出.csv",
        statement="data vendor, contract 7",
        exported_at=answer.at,
        mapping_version="weibo v1",
        actor=f"user:{User.objects.get(username='li').pk}",
        rows=1,
        refused=0,
        at=answer.at,
    )
    Response.objects.filter(pk=answer.pk).update(task=None, status=0, clock_source="statement")
    Sighting.objects.filter(response=answer).update(rank=17)


def test_a_file_that_was_handed_in_is_shown_as_one(reviewer: Client, place: Province) -> None:
    suspect = people.suspect(place.zhengzhou_account)
    handed_in(suspect)
    take_in(clock.now())
    page = reviewer.get(reverse("suspect", args=[suspect.pk])).content.decode()
    for fact in [
        "a file that was handed in; nothing was asked of the platform",
        "十一月导出.csv",
        "line 17",
        "data vendor, contract 7",
        "<dd><bdi>li</bdi></dd>",
        suspect.observation.response.capture_id,
        "as said",
    ]:
        assert fact in page, fact
    for false in ["HTTP status", "robots.txt", "TLS certificate", "Answered by"]:
        assert false not in page, false

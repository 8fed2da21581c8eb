"""One case: seen, judged by hand, signed by another, moved on; and what comes of deciding at once."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from alerting.acknowledge import acknowledge
from alerting.models import Delivery
from audit_logs.models import Event
from common import clock
from detection.models import Suspect
from observations.models import Sighting
from registry.models import User
from review import decide
from review.clocks import today
from review.codes import CODES
from review.decide import Judgement
from review.intake import take_in
from review.models import Case, Decision
from tests import cast as people
from tests.cast import Cast, Province
from tests.console.conftest import SignedIn

JUDGED = {"outcome": "counterfeit", "code": "name_imitated", "text": "头像也是照搬的"}


@pytest.fixture
def reviewer(everybody: Cast, signed_in: SignedIn) -> Client:
    """Li's browser, in English."""
    return signed_in(everybody.reviewer)


@pytest.fixture
def case(place: Province, everybody: Cast) -> Case:
    """A case nobody has touched."""
    return people.case(place.zhengzhou_account)


@pytest.fixture
def critical(place: Province, everybody: Cast) -> Case:
    """An S1 case nobody has touched."""
    return people.case(place.zhengzhou_account, severity="S1")


def page(browser: Client, case: Case, query: str = "") -> str:
    """The text of the page of `case`."""
    answer = browser.get(reverse("case", args=[case.pk]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def words(text: str) -> str:
    """A page without its mark-up."""
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", text))


def sent(browser: Client, act: str, case: Case, query: str = "", **fields: object) -> tuple[int, str]:
    """Status and text (or where it leads) of a form sent for `case` as it stands."""
    version = Case.objects.get(pk=case.pk).version
    answer = browser.post(reverse(act, args=[case.pk]) + query, {"version": version, **fields})
    return answer.status_code, answer.headers.get("Location") or answer.content.decode()


def judged(user: User, case: Case, outcome: str = "counterfeit", code: str = "name_imitated") -> Decision:
    """A judgement of `user` about `case` as it stands."""
    version = Case.objects.get(pk=case.pk).version
    return decide.judge(user, case.pk, version, Judgement(outcome, code), clock.now())


def test_the_evidence_stands_beside_the_form(reviewer: Client, case: Case) -> None:
    text = page(reviewer, case)
    for piece in ("<mark>", case.suspect.observation.response.capture_id, "data-decide", case.number):
        assert piece in text


def test_every_outcome_offers_its_own_reasons(reviewer: Client, case: Case) -> None:
    text = page(reviewer, case)
    groups = dict(re.findall(r'<optgroup [^>]*data-outcome="(\w+)">(.*?)</optgroup>', text))
    assert list(groups) == ["counterfeit", "not_established", "legit_homonym", "unfiled_genuine", "wait"]
    for outcome, options in groups.items():
        assert re.findall(r'value="(\w+)"', options) == [code.key for code in CODES[outcome]]


def test_deciding_moves_the_case_and_leads_to_the_next_of_the_list(
    reviewer: Client, place: Province, everybody: Cast
) -> None:
    for number in range(3):
        people.suspect(place.zhengzhou_account, f"假{number}", f"90{number}", score=0.9 - number / 10)
    take_in(clock.now())
    first, second, third = Case.objects.order_by("-suspect__score")
    assert sent(reviewer, "decide", second, "?severity=S2", **JUDGED) == (
        302,
        f"/cases/{third.pk}/?severity=S2",
    )
    decision = second.decisions.get()
    assert (decision.by, decision.outcome, decision.text) == (
        everybody.reviewer,
        "counterfeit",
        JUDGED["text"],
    )
    assert f"{second.number}: counterfeit." in page(reviewer, third)
    assert sent(reviewer, "decide", third, "?severity=S2", **JUDGED) == (302, "/cases/?severity=S2")
    assert first.decisions.count() == 0


def test_a_case_is_put_off_to_a_day(reviewer: Client, case: Case) -> None:
    day = today(clock.now()) + timedelta(days=4)
    status, _ = sent(reviewer, "decide", case, outcome="wait", code="ask_unit", review_on=day.isoformat())
    assert status == 302
    assert Case.objects.get().review_on == day
    assert f"on {day}" in words(page(reviewer, case))


def test_what_belongs_to_another_outcome_is_left_out(reviewer: Client, case: Case) -> None:
    """Without JavaScript all fields are there; a day typed for another choice does no harm."""
    day = today(clock.now()) + timedelta(days=4)
    sent(reviewer, "decide", case, **JUDGED, review_on=day.isoformat(), crime_signs="on")
    decision = Decision.objects.get()
    assert (decision.review_on, decision.crime_signs) == (None, True)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"code": "name_imitated"}, "Choose a decision."),
        ({"outcome": "guilty"}, "guilty is not one of the available choices"),
        ({"outcome": "counterfeit"}, "choose a reason for counterfeit"),
        ({"outcome": "counterfeit", "code": "name_alone"}, "choose a reason for counterfeit"),
        ({"outcome": "counterfeit", "code": "other"}, "needs a text"),
        ({"outcome": "wait", "code": "ask_unit"}, "a review date belongs to wait"),
        ({"outcome": "wait", "code": "ask_unit", "review_on": "2020-01-01"}, "the review date lies between"),
        ({"outcome": "wait", "code": "ask_unit", "review_on": "soon"}, "Enter a valid date"),
        ({"outcome": "counterfeit", "code": "name_imitated", "text": "x" * 2001}, "at most 2000 characters"),
        ({"outcome": "counterfeit", "code": "name_imitated", "version": "-1"}, "greater than or equal to 1"),
        ({"outcome": "counterfeit", "code": "name_imitated", "version": "9" * 40}, "less than or equal to"),
    ],
)
def test_what_is_not_enough_is_said_at_the_form_and_changes_nothing(
    fields: dict[str, str], said: str, reviewer: Client, case: Case
) -> None:
    status, text = sent(reviewer, "decide", case, **fields)
    assert status == 422
    assert said in words(text).replace("&#x27;", "'")
    assert not Decision.objects.exists()
    assert Case.objects.get().version == case.version


def test_errors_are_said_in_the_language_of_the_page(
    case: Case, everybody: Cast, signed_in: SignedIn
) -> None:
    _, text = sent(signed_in(everybody.reviewer, "zh-hans"), "decide", case, outcome="counterfeit")
    assert "请从列表中选择理由。" in text


def test_who_comes_second_is_told_and_keeps_what_was_typed(
    case: Case, everybody: Cast, reviewer: Client
) -> None:
    judged(everybody.second_reviewer, case, "not_established", "rule_mistaken")
    stale = {"version": case.version, **JUDGED, "crime_signs": "on"}
    answer = reviewer.post(reverse("decide", args=[case.pk]), stale)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert re.search(r"钱\w+ was first, at [\d :-]+ Beijing time .*nothing of yours was saved", words(text))
    assert JUDGED["text"] in text
    assert '<option value="name_imitated" selected>' in text
    assert re.search(r'value="counterfeit"[^>]*checked', text)
    assert Decision.objects.count() == 1
    # Sent once more, knowingly, it is a decision against the other's.
    version = re.search(r'name="version" value="(\d+)"', text)
    assert version and int(version[1]) == Case.objects.get().version
    assert "Decide otherwise" in text


def test_a_move_that_came_too_late_keeps_what_was_typed(
    case: Case, everybody: Cast, reviewer: Client
) -> None:
    judged(everybody.second_reviewer, case)
    answer = reviewer.post(
        reverse("advance", args=[case.pk]), {"version": case.version, "move": "take", "text": "我来办"}
    )
    assert answer.status_code == 409
    assert "我来办" in answer.content.decode()
    assert Case.objects.get().owner == everybody.second_reviewer


def test_an_s1_counterfeit_waits_for_another_person(
    critical: Case, everybody: Cast, reviewer: Client, signed_in: SignedIn
) -> None:
    sent(reviewer, "decide", critical, **JUDGED)
    assert not Case.objects.get().confirmed
    own = page(reviewer, critical)
    assert "without effect until countersigned" in own
    assert reverse("countersign", args=[critical.pk]) not in own
    other = signed_in(everybody.second_reviewer)
    assert reverse("countersign", args=[critical.pk]) in page(other, critical)
    status, where = sent(other, "countersign", critical, "?severity=S1", agree="yes")
    assert (status, where) == (302, f"/cases/{critical.pk}/?severity=S1")
    assert Case.objects.get().confirmed
    assert "countersigned 钱" in words(page(other, critical))


def test_nobody_signs_for_themselves_and_the_attempt_is_on_record(critical: Case, reviewer: Client) -> None:
    sent(reviewer, "decide", critical, **JUDGED)
    status, text = sent(reviewer, "countersign", critical, agree="yes")
    assert status == 403
    assert "nobody signs twice" in text
    assert Event.objects.get(action="access.refused").subject_id == str(critical.pk)
    assert not Case.objects.get().confirmed


def test_a_refusal_needs_its_reasons_and_shows(
    critical: Case, everybody: Cast, reviewer: Client, signed_in: SignedIn
) -> None:
    sent(reviewer, "decide", critical, **JUDGED)
    other = signed_in(everybody.second_reviewer)
    status, text = sent(other, "countersign", critical, agree="no")
    assert (status, "a refusal needs a text" in text) == (422, True)
    sent(other, "countersign", critical, agree="no", text="认证主体相符")
    text = page(other, critical)
    assert "认证主体相符" in text
    assert "refused by the second person" in text
    assert re.search(r'<li class="decided given-up">.*?<s>decided: counterfeit</s>', text)


def test_alone_at_night_a_duty_officer_decides_at_once(
    critical: Case, everybody: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    night = clock.now().astimezone(clock.BEIJING).replace(hour=23, minute=5)
    browser = signed_in(everybody.duty_officer)
    monkeypatch.setattr(clock, "now", lambda: night)
    assert 'name="alone"' in page(browser, critical)
    sent(browser, "decide", critical, **JUDGED, alone="on")
    decision = Decision.objects.get()
    assert (decision.standing, decision.second_by) == ("provisional", night + timedelta(hours=4))
    assert "in effect, countersignature due" in page(browser, critical)


@pytest.mark.parametrize(("who", "hour"), [("duty_officer", 10), ("reviewer", 23)])
def test_nobody_else_and_at_no_other_hour_is_offered_to_be_alone(
    who: str,
    hour: int,
    critical: Case,
    everybody: Cast,
    signed_in: SignedIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    then = people.MORNING.astimezone(clock.BEIJING).replace(hour=hour)
    browser = signed_in(getattr(everybody, who))
    monkeypatch.setattr(clock, "now", lambda: then)
    assert 'name="alone"' not in page(browser, critical)


def test_a_reversal_leaves_both_decisions_in_sight(case: Case, reviewer: Client) -> None:
    sent(reviewer, "decide", case, **JUDGED)
    sent(reviewer, "decide", case, outcome="not_established", code="rule_mistaken")
    text = page(reviewer, case)
    assert re.search(r'<li class="decided given-up">.*?<s>decided: counterfeit</s>', text)
    assert "decided: not a counterfeit" in text
    assert "instead of the decision of" in text


def test_the_moves_of_a_role_are_offered_and_no_others(
    place: Province, everybody: Cast, signed_in: SignedIn
) -> None:
    case = people.case(place.zhengzhou_account, "reported")

    def offered(user: User) -> set[str]:
        return set(re.findall(r'name="move" value="(\w+)"', page(signed_in(user), case)))

    assert offered(everybody.cac_officer) == {"accept"}
    assert offered(everybody.sponsor) == set()
    assert offered(everybody.publicity) == set()
    assert {"severity", "crime_signs"} <= offered(everybody.reviewer)


def test_the_cyberspace_office_takes_the_case_to_its_end(
    place: Province, everybody: Cast, signed_in: SignedIn
) -> None:
    case, browser = people.case(place.zhengzhou_account, "reported"), signed_in(everybody.cac_officer)
    status, text = sent(browser, "advance", case, move="accept", code="accepted")
    assert (status, "give the acceptance number" in text, "<details open>" in text) == (422, True, True)
    for fields in (
        {"move": "accept", "code": "accepted", "acceptance_number": "豫网信〔2026〕9号"},
        {"move": "dispose", "code": "closed"},
        {"move": "recheck", "code": "gone"},
        {"move": "conclude", "code": "settled"},
    ):
        assert sent(browser, "advance", case, **fields)[0] == 302
    assert Case.objects.get().state == "concluded"
    text = words(page(browser, case))
    for said in ("Acceptance number 豫网信〔2026〕9号", "Disposal closed", "accepted → disposed of", "gone"):
        assert said in text


def test_a_role_that_may_not_is_refused_and_that_is_on_record(
    place: Province, everybody: Cast, signed_in: SignedIn
) -> None:
    case = people.case(place.zhengzhou_account, "reported")
    status, _ = sent(signed_in(everybody.sponsor), "advance", case, move="accept", code="accepted")
    assert status == 403
    assert Event.objects.get(action="access.refused").subject_id == str(case.pk)
    assert Case.objects.get().state == "reported"


@pytest.mark.parametrize("act", ["case", "decide", "countersign", "advance", "sheet"])
def test_a_case_out_of_reach_is_as_if_it_were_not_there(
    act: str, case: Case, everybody: Cast, signed_in: SignedIn
) -> None:
    everybody.reviewer.scope = everybody.outsider.scope
    everybody.reviewer.save()
    browser = signed_in(everybody.reviewer)
    ask = browser.post if act in ("decide", "countersign", "advance") else browser.get
    absent, hidden = (ask(reverse(act, args=[pk])) for pk in (987654, case.pk))
    assert absent.status_code == hidden.status_code == 404
    assert Event.objects.get(action="access.refused").subject_id == str(case.pk)


def test_the_way_through_the_list_follows_its_filters(reviewer: Client, place: Province) -> None:
    for number in range(3):
        people.suspect(place.zhengzhou_account, f"假{number}", f"90{number}", score=0.9 - number / 10)
    people.suspect(place.zhengzhou_account, "S1", "99", severity="S1")
    take_in(clock.now())
    first, middle, last = Case.objects.filter(severity="S2").order_by("-suspect__score")
    text = page(reviewer, middle, "?severity=S2")
    assert f'<link rel="prev" href="/cases/{first.pk}/?severity=S2">' in text
    assert f'<link rel="next" href="/cases/{last.pk}/?severity=S2">' in text
    assert '<link rel="up" href="/cases/?severity=S2">' in text
    assert f'action="/cases/{middle.pk}/decide/?severity=S2"' in text


def test_opening_a_case_is_on_record(reviewer: Client, case: Case, everybody: Cast) -> None:
    page(reviewer, case)
    event = Event.objects.get(action="case.view")
    assert (event.actor, event.subject_id) == (f"user:{everybody.reviewer.pk}", str(case.pk))


def test_the_case_decided_before_is_linked(place: Province, everybody: Cast, reviewer: Client) -> None:
    old = people.case(place.zhengzhou_account, "not_established", name="郑州発布")
    changed = people.suspect(place.zhengzhou_account, "郑州发市", "9001")
    take_in(clock.now())
    text = page(reviewer, changed.intake.case)
    assert f'<a href="/cases/{old.pk}/">{old.number}</a>' in text
    assert "decided before" in text
    assert "case opened again" in text


def test_other_accounts_it_imitates_are_linked_as_far_as_one_may_see_them(
    place: Province, everybody: Cast, reviewer: Client, signed_in: SignedIn
) -> None:
    case = people.case(place.zhengzhou_account)
    other = people.case(place.kaifeng_account)
    link = f'<a href="/cases/{other.pk}/">'
    assert link in page(reviewer, case)
    assert link not in page(signed_in(everybody.duty_officer), case)


def test_alerts_messages_and_answers_stand_in_the_course_of_the_case(
    place: Province, everybody: Cast, reviewer: Client, signed_in: SignedIn
) -> None:
    case = people.case(place.zhengzhou_account, "warned")
    people.contact("sponsor", place.zhengzhou_account.unit, "马丽")
    alert = people.alert(case, "sponsor")
    now = clock.now()
    Delivery.objects.filter(alert=alert).update(done_at=now, outcome="delivered")
    acknowledge(
        alert.pk,
        by="马丽",
        via="link",
        recipient=alert.recipients.get(),
        promise="已联系平台",
        promised_by=now + timedelta(hours=1),
        now=now,
    )
    course = words(page(reviewer, case).partition('<ol class="chain">')[2])
    for said in ("alert: counterfeit confirmed", "马丽", "message delivered", "已联系平台"):
        assert said in course
    # The cyberspace office is on another line: it sees the case, and not who answered for the sponsor.
    assert "马丽" not in page(signed_in(everybody.cac_officer), case)


def test_the_course_is_in_time_and_nothing_is_said_twice(
    place: Province, everybody: Cast, reviewer: Client
) -> None:
    case = people.case(place.zhengzhou_account, "reported", at=clock.now() - timedelta(hours=1))
    course = page(reviewer, case).partition('<ol class="chain">')[2]
    moments = re.findall(r'<time datetime="([^"]+)"', course)
    assert moments == sorted(moments)
    assert len(re.findall("decided: counterfeit", course)) == 1
    assert len(re.findall("case opened", course)) == 1


def test_a_sponsor_reads_the_case_without_how_it_was_scored(
    case: Case, everybody: Cast, signed_in: SignedIn
) -> None:
    inside, outside = (page(signed_in(user), case) for user in (everybody.reviewer, everybody.sponsor))
    for weight in ("0.90", "0.60", "names-1"):
        assert weight in inside and weight not in outside
    assert "data-decide" not in outside


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
    hostile: str, never: str, shown_as: str, reviewer: Client, place: Province, everybody: Cast
) -> None:
    suspect = people.suspect(place.zhengzhou_account, hostile, "9", handle=hostile, bio=hostile)
    suspect.reasons[0]["en"] = suspect.reasons[0]["zh"] = hostile
    Suspect.objects.filter(pk=suspect.pk).update(reasons=suspect.reasons)
    take_in(clock.now())
    case = suspect.intake.case
    decide.judge(
        everybody.second_reviewer,
        case.pk,
        case.version,
        Judgement("counterfeit", "name_imitated", hostile),
        clock.now(),
    )
    for address in ("/cases/?state=all", f"/cases/{case.pk}/", f"/cases/{case.pk}/sheet/", "/"):
        body = reviewer.get(address).content.decode().partition("<main")[2]
        # What the mark-up splits is joined again before looking.
        assert never not in body, address
        assert address == "/" or shown_as in re.sub("</?(mark|span|bdi)[^>]*>", "", body), address


def test_it_asks_the_database_a_bounded_number_of_times(
    reviewer: Client, place: Province, everybody: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    case = people.case(place.zhengzhou_account, "reported")
    for number in range(20):
        Sighting.objects.create(
            observation=case.suspect.observation, response=people.response(f"问{number}"), rank=3
        )
        people.suspect(place.zhengzhou_account, f"假{number}", f"90{number}")
    take_in(clock.now())
    page(reviewer, case)  # stores the session, once a minute
    with django_assert_max_num_queries(30):
        page(reviewer, case)

"""The page a shift begins with."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from common import clock
from registry import calendar
from review.decide import Judgement, judge
from tests import cast as people
from tests.cast import Cast, Province
from tests.console.conftest import SignedIn


@pytest.fixture
def reviewer(everybody: Cast, signed_in: SignedIn) -> Client:
    """Li's browser, in English."""
    return signed_in(everybody.reviewer)


def text_of(browser: Client) -> str:
    """The words of the start page, mark-up taken out and white space made one."""
    answer = browser.get("/")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", answer.content.decode()))


def test_waiting_cases_are_counted_by_severity_and_what_is_new(reviewer: Client, place: Province) -> None:
    yesterday = clock.now() - timedelta(hours=25)
    people.case(place.zhengzhou_account, name="甲", uid="1", severity="S1")
    people.case(place.zhengzhou_account, name="乙", uid="2", severity="S1", at=yesterday)
    people.case(place.zhengzhou_account, name="丙", uid="3", severity="S3", at=yesterday)
    people.case(place.zhengzhou_account, "not_established", name="丁", uid="4", severity="S3")
    text = text_of(reviewer)
    assert "S1 critical 2 1 new in 24 hours" in text
    assert "S2 serious 0 none new in 24 hours" in text
    assert "S3 notable 1 none new in 24 hours" in text


def test_each_severity_leads_to_its_list(reviewer: Client) -> None:
    assert 'href="/cases/?severity=S1"' in reviewer.get("/").content.decode()


def test_who_waits_for_dates_is_told_that_a_calendar_is_missing(
    everybody: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = "The holidays of 2031 are not known"
    monkeypatch.setattr(calendar, "unpublished", lambda today: 2031)
    told = {user.role for user in everybody if note in text_of(signed_in(user))}
    assert told == {"reviewer", "duty_officer", "supervisor"}
    monkeypatch.setattr(calendar, "unpublished", lambda today: None)
    assert "The holidays of" not in text_of(signed_in(everybody.reviewer))


def test_what_is_due_from_this_person_stands_together(
    reviewer: Client, place: Province, everybody: Cast
) -> None:
    assert "Nothing is overdue, nothing waits for your signature." in text_of(reviewer)
    late = people.case(place.zhengzhou_account, name="迟", uid="1", at=clock.now() - timedelta(hours=9))
    unreported = people.case(place.zhengzhou_account, "confirmed", name="未报", uid="2", severity="S3")
    critical = people.case(place.zhengzhou_account, name="待签", uid="3", severity="S1")
    judge(
        everybody.second_reviewer,
        critical.pk,
        critical.version,
        Judgement("counterfeit", "name_imitated"),
        clock.now(),
    )
    text = text_of(reviewer)
    assert f"Judgement overdue 1 {late.number} S2 迟 since" in text
    assert f"To countersign 1 {critical.number} S1 counterfeit, 钱" in text
    assert f"Confirmed, not reported yet 1 {unreported.number} S3 未报" in text
    assert "Mine, still open 1" in text


def test_a_disposal_that_is_to_be_looked_at_again_is_due_from_the_cyberspace_office(
    place: Province, everybody: Cast, signed_in: SignedIn
) -> None:
    case = people.case(place.zhengzhou_account, "disposed", name="改名", at=clock.now() - timedelta(days=8))
    due = f"Disposed of, to be looked at again 1 {case.number} S2 改名 disposed of"
    assert due in text_of(signed_in(everybody.cac_officer))
    assert "looked at again" not in text_of(signed_in(everybody.sponsor))


def test_of_much_that_is_due_the_first_are_shown_and_all_are_counted(
    reviewer: Client, place: Province
) -> None:
    for number in range(7):
        people.case(place.zhengzhou_account, uid=f"90{number}", at=clock.now() - timedelta(hours=9))
    text = text_of(reviewer)
    assert "Judgement overdue 7" in text
    assert len(re.findall(r"ZW-\S+ S2 \S+ since", text)) == 5


def test_who_does_not_judge_is_not_told_to(place: Province, everybody: Cast, signed_in: SignedIn) -> None:
    people.case(place.zhengzhou_account, at=clock.now() - timedelta(hours=9))
    assert "Judgement overdue" not in text_of(signed_in(everybody.sponsor))


def test_a_contractor_begins_with_findings_and_coverage_alone(
    place: Province, everybody: Cast, signed_in: SignedIn
) -> None:
    people.case(place.zhengzhou_account, name="郑州假号", severity="S1")
    people.finding(place.zhengzhou_account, "lapsed")
    text = text_of(signed_in(everybody.contractor))
    assert "郑州发布: 19 days." in text
    assert "S1" not in text and "郑州假号" not in text


def test_what_could_not_be_checked_is_counted_with_its_reason(reviewer: Client, place: Province) -> None:
    people.coverage(place.zhengzhou_account, "blocked")
    people.coverage(place.kaifeng_account, "checked")
    text = text_of(reviewer)
    assert "blocked mastodon: why blocked 1" in text
    assert "why checked" not in text


def test_an_account_nobody_asked_about_is_never_asked(reviewer: Client, place: Province) -> None:
    people.coverage(place.kaifeng_account, "checked")
    assert "never asked No question about these accounts has been put to any platform. 1" in text_of(reviewer)


def test_all_is_well_only_when_all_was_checked(reviewer: Client, place: Province) -> None:
    people.coverage(place.zhengzhou_account)
    assert "Every registered account in your area was searched for" not in text_of(reviewer)
    people.coverage(place.kaifeng_account)
    assert "Every registered account in your area was searched for" in text_of(reviewer)


def test_the_last_scan_tells_its_time_its_length_and_its_problem(reviewer: Client) -> None:
    assert "There has been no scan yet." in text_of(reviewer)
    people.run(people.MORNING, "failed", "the child was killed")
    text = text_of(reviewer)
    assert "2026-11-24 08:30" in text
    assert "Took 0:04:00" in text
    assert "Problem the child was killed" in text


def test_a_process_that_went_quiet_is_called_silent(reviewer: Client) -> None:
    assert "scheduler never started" in text_of(reviewer)
    people.heartbeat("ticker", clock.now() - timedelta(minutes=4))
    people.heartbeat("sequencer", clock.now() - timedelta(minutes=6))
    text = text_of(reviewer)
    assert "scheduler alive" in text
    assert "numbering of the log silent" in text


def test_dormancy_keeps_not_observed_apart(reviewer: Client, place: Province) -> None:
    people.finding(place.zhengzhou_account, "lapsed")
    people.finding(place.kaifeng_account, "not_observed", "")
    text = text_of(reviewer)
    assert "lapsed 1" in text
    assert "not observed 1" in text
    assert "in time 0" in text
    assert "郑州发布: 19 days." in text


def test_accounts_no_rule_has_judged_are_counted(reviewer: Client, place: Province) -> None:
    people.finding(place.zhengzhou_account, "in_time", "")
    assert "never judged 1" in text_of(reviewer)


def test_it_asks_the_database_a_bounded_number_of_times(
    reviewer: Client, place: Province, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        people.case(place.zhengzhou_account, uid=f"90{number}", at=clock.now() - timedelta(hours=9))
        other = people.account(f"号{number}", f"h{number}", place.kaifeng_account.unit, f"55{number}")
        people.coverage(other, "failed")
        people.finding(other)
    reviewer.get("/")  # stores the session, once a minute
    with django_assert_max_num_queries(24):
        reviewer.get("/")


@pytest.mark.parametrize(
    ("role", "command"),
    [("auditor", "audit verify"), ("security_admin", "users add"), ("system_admin", "doctor")],
)
def test_a_role_without_accounts_is_told_what_it_works_with(
    role: str, command: str, everybody: Cast, signed_in: SignedIn
) -> None:
    everybody.auditor.role = role
    everybody.auditor.save()
    text = text_of(signed_in(everybody.auditor))
    assert command in text
    assert "S1" not in text

"""Judging: outcomes, reversal, waiting, and who may."""

import json
from datetime import date, timedelta

import pytest

from audit_logs.models import Event
from registry.models import User
from review import clocks, decide, standing
from review.decide import Judgement
from review.errors import Conflict, Incomplete, NotAllowed, NotFound, WrongState
from review.models import Case, Decision
from review.transitions import apply
from tests import cast
from tests.cast import Cast, Province
from tests.review.acts import NIGHT, NOON, judge, last, logged, move, moves

LATER = NOON + timedelta(hours=2)
TOMORROW = date(2026, 11, 25)


@pytest.fixture
def case(place: Province, everybody: Cast) -> Case:
    """An S2 case nobody has taken."""
    return cast.case(place.zhengzhou_account, at=NOON)


def test_a_counterfeit_is_confirmed_and_stays_under_review_until_somebody_was_told(
    case: Case, everybody: Cast
) -> None:
    decision = judge(everybody.reviewer, case, now=LATER, text="头像也一样。", crime_signs=True)
    assert (case.state, case.confirmed, case.crime_signs) == ("under_review", True, True)
    assert (case.judged_at, case.owner) == (LATER, everybody.reviewer)
    assert (decision.standing, decision.by, decision.at) == ("final", everybody.reviewer, LATER)
    assert decision.face == case.suspect.observation.content_hash
    assert moves(case) == logged(case) == ["opened", "judge"]
    assert (last(case).code, last(case).text) == ("name_imitated", "头像也一样。")
    assert last(case).details == {
        "salt": last(case).details["salt"],
        "decision": decision.pk,
        "outcome": "counterfeit",
        "standing": "final",
        "suspect": case.suspect.pk,
        "face": decision.face,
        "crime_signs": True,
        "review_on": None,
        "replaced": [],
        "was": "",
        "reversal": False,
        "effect": "confirmed",
    }


@pytest.mark.parametrize("outcome", ["not_established", "legit_homonym", "unfiled_genuine"])
def test_the_other_outcomes_close_the_case(case: Case, everybody: Cast, outcome: str) -> None:
    decision = judge(everybody.duty_officer, case, outcome, LATER)
    assert (case.state, case.confirmed, case.judged_at) == ("not_established", False, LATER)
    assert (decision.outcome, decision.standing) == (outcome, "final")
    assert last(case).details["effect"] == ""


def test_the_case_stays_with_whoever_took_it(case: Case, everybody: Cast) -> None:
    move(everybody.second_reviewer, case, "take")
    judge(everybody.reviewer, case)
    assert case.owner == everybody.second_reviewer


def test_of_two_who_decide_the_same_version_the_second_saves_nothing(case: Case, everybody: Cast) -> None:
    said = Judgement("counterfeit", "name_imitated")
    decide.judge(everybody.reviewer, case.pk, 1, said, NOON)
    with pytest.raises(Conflict) as told:
        decide.judge(everybody.duty_officer, case.pk, 1, Judgement("not_established", "name_alone"), LATER)
    assert (told.value.who, told.value.when) == ("李静", NOON)
    assert Decision.objects.count() == 1
    assert moves(case) == logged(case) == ["opened", "judge"]


def test_nobody_but_reviewer_and_duty_officer_judges(case: Case, everybody: Cast) -> None:
    judging = {everybody.reviewer, everybody.second_reviewer, everybody.duty_officer}
    # Who does not see the case is not told that it exists.
    seeing = {everybody.sponsor, everybody.supervisor}
    for user in set(everybody) - judging:
        with pytest.raises(NotAllowed if user in seeing else NotFound):
            judge(user, case)
    assert moves(case) == ["opened"]


def test_a_duty_officer_of_another_city_does_not_find_the_case(place: Province, everybody: Cast) -> None:
    elsewhere = cast.case(place.kaifeng_account, at=NOON)
    with pytest.raises(NotFound, match="there is no case"):
        judge(everybody.duty_officer, elsewhere)
    with pytest.raises(NotFound):
        decide.judge(everybody.duty_officer, 4711, 1, Judgement("counterfeit", "name_imitated"), NOON)


def test_whose_rights_have_ended_judges_no_more(case: Case, everybody: Cast) -> None:
    User.objects.filter(pk=everybody.reviewer.pk).update(until=date(2026, 1, 31))
    everybody.reviewer.refresh_from_db()
    with pytest.raises(NotFound):
        judge(everybody.reviewer, case)


@pytest.mark.parametrize(
    ("said", "says"),
    [
        (Judgement("report", "by_sponsor"), "no such outcome"),
        (Judgement("", ""), "no such outcome"),
        (Judgement("counterfeit", ""), "choose a reason"),
        (Judgement("counterfeit", "other"), "needs a text"),
        (Judgement("wait", "ask_unit"), "review date"),
        (Judgement("counterfeit", "name_imitated", review_on=TOMORROW), "review date"),
        (Judgement("not_established", "name_alone", crime_signs=True), "signs of a crime"),
        (Judgement("wait", "ask_unit", review_on=date(2026, 11, 24)), "between tomorrow and"),
        (Judgement("wait", "ask_unit", review_on=date(2027, 2, 23)), "between tomorrow and 2027-02-22"),
    ],
)
def test_a_judgement_that_says_too_little_is_refused(
    case: Case, everybody: Cast, said: Judgement, says: str
) -> None:
    with pytest.raises(Incomplete, match=says):
        decide.judge(everybody.reviewer, case.pk, 1, said, NOON)
    assert moves(case) == logged(case) == ["opened"]
    assert not Decision.objects.exists()


def test_a_reversal_stays_visible_beside_what_it_replaces(case: Case, everybody: Cast) -> None:
    first = judge(everybody.reviewer, case)
    apply(case, case.version, "warn", "system:fan_out", NOON, to="warned", sets={"warned_at": NOON})
    second = judge(everybody.duty_officer, case, "legit_homonym", LATER)
    first.refresh_from_db()
    assert (first.standing, second.standing, second.replaces) == ("replaced", "final", first)
    assert (case.state, case.confirmed, case.judged_at) == ("not_established", False, LATER)
    assert last(case).details["reversal"] is True
    assert (last(case).details["was"], last(case).details["effect"]) == ("counterfeit", "reversed")
    assert case.warned_at == NOON


def test_the_audit_log_proves_what_was_decided(case: Case, everybody: Cast) -> None:
    waited = judge(everybody.reviewer, case, "wait", review_on=TOMORROW)
    assert said(case)["review_on"] == "2026-11-25"
    decision = judge(everybody.reviewer, case, crime_signs=True)
    told = said(case)
    assert (told["decision"], told["outcome"], told["standing"]) == (decision.pk, "counterfeit", "final")
    assert (told["code"], told["crime_signs"], told["review_on"]) == ("name_imitated", True, None)
    assert (told["suspect"], told["face"]) == (case.suspect.pk, decision.face)
    assert told["replaced"] == [waited.pk]


def said(case: Case) -> dict[str, object]:
    """The details of the last event of the audit log about `case`."""
    event = Event.objects.filter(subject_kind="case", subject_id=str(case.pk)).latest("pk")
    details = json.loads(bytes(event.body))["details"]
    assert isinstance(details, dict)
    return details


def test_a_reversal_may_be_reversed(case: Case, everybody: Cast) -> None:
    judge(everybody.reviewer, case, "not_established")
    again = judge(everybody.second_reviewer, case, "counterfeit", LATER)
    assert (case.state, case.confirmed, case.judged_at) == ("under_review", True, LATER)
    assert last(case).details["reversal"] is True
    assert last(case).details["effect"] == "confirmed"
    assert standing.in_effect(case) == again


def test_the_same_outcome_again_reverses_nothing_and_keeps_the_time(case: Case, everybody: Cast) -> None:
    judge(everybody.reviewer, case)
    apply(case, case.version, "warn", "system:fan_out", NOON, to="warned")
    judge(everybody.reviewer, case, now=LATER, crime_signs=True)
    assert (case.state, case.confirmed, case.judged_at, case.crime_signs) == ("warned", True, NOON, True)
    assert (last(case).details["reversal"], last(case).details["effect"]) == (False, "")
    assert list(case.decisions.order_by("pk").values_list("standing", flat=True)) == ["replaced", "final"]


@pytest.mark.parametrize("outcome", ["counterfeit", "not_established"])
def test_signs_of_a_crime_go_with_the_decision_that_is_replaced(
    case: Case, everybody: Cast, outcome: str
) -> None:
    judge(everybody.reviewer, case, crime_signs=True)
    judge(everybody.reviewer, case, outcome, LATER)
    assert not case.crime_signs


@pytest.mark.parametrize(("code", "stays"), [("money_asked", True), ("withdrawn", False)])
def test_signs_of_a_crime_that_were_said_apart_stay(
    case: Case, everybody: Cast, code: str, stays: bool
) -> None:
    judge(everybody.reviewer, case, crime_signs=True)
    move(everybody.reviewer, case, "crime_signs", code, "说明。")
    judge(everybody.reviewer, case, "not_established", LATER)
    assert case.crime_signs is stays


def test_a_reversal_ends_a_report_that_waits_for_its_second_person(case: Case, everybody: Cast) -> None:
    judge(everybody.reviewer, case)
    move(everybody.sponsor, case, "report", "by_sponsor")
    judge(everybody.reviewer, case, "legit_homonym", LATER)
    assert case.decisions.get(outcome="report").standing == "replaced"


def test_the_archive_is_final(place: Province, everybody: Cast) -> None:
    archived = cast.case(place.zhengzhou_account, "archived", at=NOON)
    with pytest.raises(WrongState):
        judge(everybody.reviewer, archived, "not_established")


def test_waiting_is_until_a_day_in_beijing(case: Case, everybody: Cast) -> None:
    decision = judge(everybody.reviewer, case, "wait", NIGHT, review_on=TOMORROW)
    assert (case.state, case.confirmed, case.judged_at) == ("under_review", False, None)
    assert (case.review_on, case.judge_by) == (TOMORROW, clocks.start_of(TOMORROW) + timedelta(days=1))
    assert (decision.standing, decision.review_on) == ("final", TOMORROW)
    assert moves(case) == logged(case) == ["opened", "wait"]
    with pytest.raises(Incomplete):
        judge(everybody.reviewer, case, "wait", clocks.start_of(TOMORROW), review_on=TOMORROW)


def test_a_judgement_ends_the_waiting(case: Case, everybody: Cast) -> None:
    waiting = judge(everybody.reviewer, case, "wait", review_on=TOMORROW)
    decision = judge(everybody.reviewer, case, "not_established")
    waiting.refresh_from_db()
    assert (waiting.standing, decision.replaces, case.review_on) == ("replaced", waiting, None)
    assert last(case).details["reversal"] is False


def test_waiting_again_takes_the_place_of_waiting(case: Case, everybody: Cast) -> None:
    judge(everybody.reviewer, case, "wait", review_on=TOMORROW)
    again = judge(everybody.reviewer, case, "wait", review_on=TOMORROW + timedelta(days=1))
    assert standing.in_effect(case) == again
    assert list(case.decisions.order_by("pk").values_list("standing", flat=True)) == ["replaced", "final"]


@pytest.mark.parametrize("state", ["confirmed", "warned", "not_established"])
def test_what_is_decided_is_not_put_off(place: Province, everybody: Cast, state: str) -> None:
    decided = cast.case(place.zhengzhou_account, state, at=NOON)
    with pytest.raises(WrongState):
        judge(everybody.reviewer, decided, "wait", review_on=TOMORROW)
    decided.refresh_from_db()
    assert decided.decisions.get().standing == "final"


def test_the_same_outcome_again_leaves_a_report_under_way(case: Case, everybody: Cast) -> None:
    judge(everybody.reviewer, case)
    move(everybody.sponsor, case, "report", "by_sponsor")
    judge(everybody.reviewer, case, now=LATER, crime_signs=True)
    assert case.decisions.get(outcome="report").standing == "awaiting"

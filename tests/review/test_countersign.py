"""The second person: S1, formal reports, and the night."""

from datetime import timedelta

import pytest

from registry.models import User
from review import decide, second, selectors, standing
from review.decide import Judgement
from review.errors import Conflict, Incomplete, NotAllowed, NotFound, WrongState
from review.intake import take_in
from review.models import Case, Decision
from tests import cast
from tests.cast import Cast, Province
from tests.review.acts import NIGHT, NOON, judge, last, logged, move, moves, sign

LATER = NOON + timedelta(minutes=10)
WEEKEND = NOON + timedelta(days=4)


@pytest.fixture
def serious(place: Province, everybody: Cast) -> Case:
    """An S1 case nobody has taken."""
    return cast.case(place.zhengzhou_account, severity="S1", at=NOON)


@pytest.fixture
def warned(place: Province, everybody: Cast) -> Case:
    """A confirmed S2 case that the offices know of."""
    return cast.case(place.zhengzhou_account, "warned", at=NOON)


def test_an_s1_counterfeit_has_no_effect_until_another_signs(serious: Case, everybody: Cast) -> None:
    decision = judge(everybody.reviewer, serious)
    assert (decision.standing, decision.second_by) == ("awaiting", serious.judge_by)
    assert (serious.state, serious.confirmed, serious.judged_at) == ("under_review", False, None)
    assert last(serious).details["effect"] == ""
    signed = sign(everybody.second_reviewer, serious, text="同意。", now=LATER)
    assert (signed.pk, signed.standing, signed.second) == (decision.pk, "final", everybody.second_reviewer)
    assert (signed.second_at, signed.second_text) == (LATER, "同意。")
    assert (serious.state, serious.confirmed, serious.judged_at) == ("under_review", True, LATER)
    assert moves(serious) == logged(serious) == ["opened", "judge", "countersign"]
    assert (last(serious).by, last(serious).text) == (everybody.second_reviewer, "同意。")
    assert last(serious).details["effect"] == "confirmed"


@pytest.mark.parametrize("outcome", ["not_established", "legit_homonym", "unfiled_genuine"])
def test_one_person_suffices_to_clear_somebody(serious: Case, everybody: Cast, outcome: str) -> None:
    assert judge(everybody.reviewer, serious, outcome).standing == "final"


def test_the_second_person_has_half_an_hour_though_the_case_is_late(serious: Case, everybody: Cast) -> None:
    late = NOON + timedelta(hours=1)
    assert judge(everybody.reviewer, serious, now=late).second_by == late + timedelta(minutes=30)


def test_lowering_what_waits_spares_nobody_the_second_person(serious: Case, everybody: Cast) -> None:
    judge(everybody.reviewer, serious)
    move(everybody.reviewer, serious, "severity", "level_mistaken", "定级过高。")
    assert judge(everybody.reviewer, serious).standing == "awaiting"
    assert (serious.severity, serious.confirmed) == ("S2", False)


def test_lowering_at_night_does_not_make_it_final_either(serious: Case, everybody: Cast) -> None:
    alone = judge(everybody.duty_officer, serious, now=NIGHT, alone=True)
    move(everybody.duty_officer, serious, "severity", "level_mistaken", "定级过高。", now=NIGHT)
    assert judge(everybody.duty_officer, serious, now=NIGHT).standing == "awaiting"
    assert standing.in_effect(serious) == alone


def test_whoever_lowers_from_s1_does_not_decide_alone(place: Province, everybody: Cast) -> None:
    case = cast.case(place.zhengzhou_account, severity="S2", at=NOON)
    move(everybody.duty_officer, case, "severity", "money_asked")
    move(everybody.reviewer, case, "severity", "level_mistaken", "定级过高。")
    assert judge(everybody.reviewer, case).standing == "awaiting"
    assert sign(everybody.second_reviewer, case).standing == "final"


def test_a_level_another_person_took_back_is_decided_by_one(place: Province, everybody: Cast) -> None:
    case = cast.case(place.zhengzhou_account, severity="S2", at=NOON)
    move(everybody.duty_officer, case, "severity", "money_asked")
    move(everybody.reviewer, case, "severity", "level_mistaken", "定级过高。")
    assert judge(everybody.second_reviewer, case).standing == "final"


def test_nobody_is_the_second_person_to_themselves(serious: Case, everybody: Cast) -> None:
    judge(everybody.reviewer, serious)
    with pytest.raises(NotAllowed, match="another person must sign"):
        sign(everybody.reviewer, serious)
    assert serious.decisions.get().standing == "awaiting"


def test_nor_by_another_account_of_the_same_name(serious: Case, everybody: Cast) -> None:
    judge(everybody.reviewer, serious)
    User.objects.filter(pk=everybody.second_reviewer.pk).update(full_name=everybody.reviewer.full_name)
    everybody.second_reviewer.refresh_from_db()
    assert not selectors.due(everybody.second_reviewer, NOON).to_sign.exists()
    with pytest.raises(NotAllowed, match="nor an account of the same full name"):
        sign(everybody.second_reviewer, serious)


def test_who_has_no_full_name_has_no_namesake(serious: Case, everybody: Cast) -> None:
    User.objects.update(full_name="")
    for user in everybody:
        user.refresh_from_db()
    judge(everybody.reviewer, serious)
    assert selectors.due(everybody.second_reviewer, NOON).to_sign.exists()
    assert sign(everybody.second_reviewer, serious).standing == "final"


@pytest.mark.parametrize("who", ["sponsor", "supervisor"])
def test_whoever_may_not_judge_may_not_countersign(serious: Case, everybody: Cast, who: str) -> None:
    judge(everybody.reviewer, serious)
    with pytest.raises(NotAllowed):
        sign(getattr(everybody, who), serious)


@pytest.mark.parametrize("who", ["cac_officer", "auditor", "outsider", "contractor", "psb_officer"])
def test_whoever_does_not_see_the_case_finds_nothing_to_sign(
    serious: Case, everybody: Cast, who: str
) -> None:
    judge(everybody.reviewer, serious)
    with pytest.raises(NotFound):
        sign(getattr(everybody, who), serious)


def test_a_refusal_leaves_the_case_under_review_with_both_names(serious: Case, everybody: Cast) -> None:
    judge(everybody.reviewer, serious)
    refused = sign(everybody.second_reviewer, serious, agree=False, text="主体相符。")
    assert (refused.standing, refused.by, refused.second) == (
        "refused",
        everybody.reviewer,
        everybody.second_reviewer,
    )
    assert (serious.state, serious.confirmed) == ("under_review", False)
    assert (last(serious).move, last(serious).text) == ("second_refused", "主体相符。")
    assert last(serious).details["effect"] == ""
    # And it may be judged again, by either.
    judge(everybody.second_reviewer, serious, "legit_homonym")
    assert serious.state == "not_established"


def test_a_refusal_says_why(serious: Case, everybody: Cast) -> None:
    judge(everybody.reviewer, serious)
    with pytest.raises(Incomplete, match="a refusal needs a text"):
        sign(everybody.second_reviewer, serious, agree=False, text=" ")


def test_the_second_person_signs_what_they_read(serious: Case, everybody: Cast) -> None:
    judge(everybody.reviewer, serious)
    read_at = serious.version
    judge(everybody.reviewer, serious, "not_established")
    with pytest.raises(Conflict):
        decide.countersign(everybody.second_reviewer, serious.pk, read_at, True, "", NOON)


def test_nobody_signs_for_a_face_that_changed_since(serious: Case, everybody: Cast, place: Province) -> None:
    judge(everybody.reviewer, serious)
    cast.suspect(place.zhengzhou_account, "郑州發布", severity="S1")
    take_in(LATER)
    with pytest.raises(WrongState, match="judge it anew"):
        sign(everybody.second_reviewer, serious)
    assert serious.decisions.get().standing == "awaiting"
    sign(everybody.second_reviewer, serious, agree=False)
    assert serious.decisions.get().standing == "refused"


def test_without_a_decision_that_waits_there_is_nothing_to_sign(warned: Case, everybody: Cast) -> None:
    with pytest.raises(WrongState, match="no decision of this case waits"):
        sign(everybody.second_reviewer, warned)


def test_a_newer_judgement_takes_the_place_of_one_that_waits(serious: Case, everybody: Cast) -> None:
    first = judge(everybody.reviewer, serious)
    judge(everybody.second_reviewer, serious, now=LATER)
    first.refresh_from_db()
    assert first.standing == "replaced"
    sign(everybody.reviewer, serious)
    assert serious.confirmed


def test_a_reversal_to_s1_counterfeit_waits_and_lets_the_old_word_stand(
    serious: Case, everybody: Cast
) -> None:
    old = judge(everybody.reviewer, serious, "not_established")
    judge(everybody.reviewer, serious)
    assert (serious.state, serious.confirmed) == ("not_established", False)
    assert standing.in_effect(serious) == old
    sign(everybody.second_reviewer, serious, now=LATER)
    assert (serious.state, serious.confirmed, serious.judged_at) == ("under_review", True, LATER)
    assert last(serious).details["reversal"] is True
    old.refresh_from_db()
    assert old.standing == "replaced"


def test_alone_at_night_it_takes_effect_and_is_signed_within_four_hours(
    serious: Case, everybody: Cast
) -> None:
    decision = judge(everybody.duty_officer, serious, now=NIGHT, alone=True)
    assert (decision.standing, decision.second_by) == ("provisional", NIGHT + timedelta(hours=4))
    assert (serious.confirmed, serious.judged_at) == (True, NIGHT)
    assert last(serious).details["effect"] == "confirmed"
    signed = sign(everybody.reviewer, serious, now=NIGHT + timedelta(hours=1))
    assert signed.standing == "final"
    assert (serious.confirmed, serious.judged_at) == (True, NIGHT)
    # It was told at night: nothing new takes effect.
    assert last(serious).details["effect"] == ""


def test_saying_it_again_alone_starts_no_new_clock(serious: Case, everybody: Cast) -> None:
    first = judge(everybody.duty_officer, serious, now=NIGHT, alone=True)
    later = NIGHT + timedelta(hours=3)
    again = judge(everybody.duty_officer, serious, now=later, alone=True, crime_signs=True)
    assert (again.standing, again.second_by, again.replaces) == ("provisional", first.second_by, first)


@pytest.mark.parametrize(
    ("who", "now"), [("duty_officer", NOON), ("reviewer", NIGHT), ("second_reviewer", WEEKEND)]
)
def test_nobody_else_and_at_no_other_time_acts_alone(
    serious: Case, everybody: Cast, who: str, now: object
) -> None:
    with pytest.raises(NotAllowed, match="only a duty officer acts alone"):
        judge(getattr(everybody, who), serious, now=now, alone=True)  # type: ignore[arg-type]
    assert moves(serious) == ["opened"]


def test_a_weekend_is_night(serious: Case, everybody: Cast) -> None:
    assert judge(everybody.duty_officer, serious, now=WEEKEND, alone=True).standing == "provisional"


def test_alone_says_nothing_where_one_person_suffices(place: Province, everybody: Cast) -> None:
    case = cast.case(place.zhengzhou_account, severity="S2", at=NOON)
    assert judge(everybody.duty_officer, case, alone=True).standing == "final"


def test_a_night_decision_that_is_refused_is_taken_back(serious: Case, everybody: Cast) -> None:
    decision = judge(everybody.duty_officer, serious, now=NIGHT, alone=True)
    morning = NIGHT + timedelta(hours=3)
    sign(everybody.reviewer, serious, agree=False, now=morning)
    decision.refresh_from_db()
    assert decision.standing == "refused"
    assert (serious.state, serious.confirmed, serious.judged_at) == ("under_review", False, None)
    assert serious.judge_by == morning + timedelta(minutes=30)
    assert last(serious).details["effect"] == "reversed"
    assert last(serious).details["was"] == "counterfeit"


def test_signs_of_a_crime_go_with_the_decision_that_is_refused(serious: Case, everybody: Cast) -> None:
    judge(everybody.duty_officer, serious, now=NIGHT, alone=True, crime_signs=True)
    assert serious.crime_signs
    sign(everybody.reviewer, serious, agree=False, now=NIGHT)
    assert not serious.crime_signs


def test_what_is_taken_back_goes_on_in_the_later_case_if_there_is_one(
    serious: Case, everybody: Cast, place: Province
) -> None:
    judge(everybody.duty_officer, serious, now=NIGHT, alone=True)
    cast.suspect(place.zhengzhou_account, "郑州發布", severity="S1")
    take_in(NIGHT)
    sign(everybody.reviewer, serious, agree=False)
    assert (serious.state, serious.confirmed) == ("not_established", False)
    assert Case.objects.latest("pk").state == "detected"


@pytest.fixture
def of_two(serious: Case, everybody: Cast) -> Case:
    """An S1 case that two confirmed."""
    judge(everybody.reviewer, serious)
    sign(everybody.second_reviewer, serious)
    return serious


def test_what_two_confirmed_one_does_not_undo(of_two: Case, everybody: Cast) -> None:
    decision = judge(everybody.duty_officer, of_two, "not_established")
    assert (decision.standing, decision.second_by) == ("awaiting", NOON + timedelta(hours=4))
    assert (of_two.state, of_two.confirmed, last(of_two).details["effect"]) == ("under_review", True, "")
    sign(everybody.reviewer, of_two, now=LATER)
    assert (of_two.state, of_two.confirmed, of_two.judged_at) == ("not_established", False, LATER)
    assert (last(of_two).details["was"], last(of_two).details["effect"]) == ("counterfeit", "reversed")


def test_nor_by_lowering_it_nor_at_night(of_two: Case, everybody: Cast) -> None:
    move(everybody.duty_officer, of_two, "severity", "level_mistaken", "定级过高。")
    for outcome in ("counterfeit", "legit_homonym"):
        with pytest.raises(NotAllowed, match="what two decided is not undone alone"):
            judge(everybody.duty_officer, of_two, outcome, NIGHT, alone=True)
        assert judge(everybody.duty_officer, of_two, outcome, NIGHT).standing == "awaiting"
    assert of_two.confirmed


def test_a_refused_reversal_leaves_what_two_confirmed(of_two: Case, everybody: Cast) -> None:
    judge(everybody.duty_officer, of_two, "not_established")
    sign(everybody.reviewer, of_two, agree=False)
    assert (of_two.confirmed, last(of_two).details["effect"]) == (True, "")


def test_a_signed_report_is_undone_by_two_and_left_alone_by_the_same_word(
    warned: Case, everybody: Cast
) -> None:
    move(everybody.sponsor, warned, "report", "by_sponsor")
    sign(everybody.supervisor, warned)
    assert judge(everybody.reviewer, warned, crime_signs=True).standing == "final"
    assert judge(everybody.reviewer, warned, "not_established").standing == "awaiting"
    assert (warned.state, warned.confirmed) == ("reported", True)


def test_a_report_leaves_when_two_have_signed(warned: Case, everybody: Cast) -> None:
    change = move(everybody.sponsor, warned, "report", "by_sponsor", "附样张。")
    assert (warned.state, warned.notified_at) == ("warned", None)
    assert change.details["effect"] == ""
    assert warned.decisions.get(outcome="report").second_by == NOON + timedelta(hours=4)
    sign(everybody.supervisor, warned, now=LATER)
    assert (warned.state, warned.notified_at) == ("reported", LATER)
    assert last(warned).details["effect"] == "reported"
    report = warned.decisions.get(outcome="report")
    assert (report.standing, report.by, report.second) == ("final", everybody.sponsor, everybody.supervisor)
    assert moves(warned) == logged(warned) == ["opened", "take", "judge", "warn", "report", "countersign"]


@pytest.mark.parametrize("who", ["reviewer", "duty_officer", "supervisor"])
def test_others_may_report_in_place_of_the_sponsor(warned: Case, everybody: Cast, who: str) -> None:
    move(getattr(everybody, who), warned, "report", "in_its_place")
    sign(everybody.sponsor, warned)
    assert warned.state == "reported"


def test_a_refused_report_leaves_the_case_as_it_was(warned: Case, everybody: Cast) -> None:
    move(everybody.sponsor, warned, "report", "by_sponsor")
    sign(everybody.reviewer, warned, agree=False)
    assert (warned.state, warned.confirmed, warned.notified_at) == ("warned", True, None)
    move(everybody.sponsor, warned, "report", "by_sponsor")
    assert warned.decisions.filter(outcome="report").count() == 2


def test_one_report_at_a_time(warned: Case, everybody: Cast) -> None:
    move(everybody.sponsor, warned, "report", "by_sponsor")
    with pytest.raises(WrongState, match="waits for its second person already"):
        move(everybody.reviewer, warned, "report", "in_its_place")


@pytest.mark.parametrize("state", ["detected", "under_review", "reported", "not_established", "concluded"])
def test_only_what_is_confirmed_and_not_under_way_is_reported(
    place: Province, everybody: Cast, state: str
) -> None:
    case = cast.case(place.zhengzhou_account, state, at=NOON)
    with pytest.raises(WrongState):
        move(everybody.reviewer, case, "report", "in_its_place")
    assert not Decision.objects.filter(case=case, outcome="report", standing="awaiting").exists()


def test_a_report_sent_alone_at_night_and_refused_is_withdrawn(warned: Case, everybody: Cast) -> None:
    move(everybody.duty_officer, warned, "report", "in_its_place", now=NIGHT, alone=True)
    assert (warned.state, warned.notified_at) == ("reported", NIGHT)
    sign(everybody.sponsor, warned, agree=False)
    assert (warned.state, warned.notified_at, warned.confirmed) == ("warned", None, True)
    assert last(warned).details["effect"] == "withdrawn"


def test_a_night_report_that_was_accepted_since_stays_accepted(warned: Case, everybody: Cast) -> None:
    move(everybody.duty_officer, warned, "report", "in_its_place", now=NIGHT, alone=True)
    move(everybody.cac_officer, warned, "accept", "accepted", acceptance_number="7")
    sign(everybody.sponsor, warned, agree=False)
    assert (warned.state, warned.notified_at) == ("accepted", NIGHT)


def test_of_two_that_wait_each_signs_the_oldest_they_may(serious: Case, everybody: Cast) -> None:
    judgement = judge(everybody.duty_officer, serious, now=NIGHT, alone=True)
    move(everybody.duty_officer, serious, "report", "in_its_place", now=NIGHT)
    assert sign(everybody.sponsor, serious).outcome == "report"
    assert sign(everybody.reviewer, serious).pk == judgement.pk


@pytest.mark.parametrize(
    ("outcome", "severity", "needed"),
    [
        ("counterfeit", "S1", True),
        ("counterfeit", "S2", False),
        ("not_established", "S1", False),
        ("report", "S4", True),
    ],
)
def test_two_are_needed_for_s1_and_for_what_leaves_the_house(
    outcome: str, severity: str, needed: bool
) -> None:
    assert second.needed(outcome, severity) is needed


def test_a_second_confirmed_case_of_a_target_weighs_more_and_then_needs_two(
    place: Province, everybody: Cast
) -> None:
    cast.case(place.zhengzhou_account, "warned", uid="9001", at=NOON)
    again = cast.case(place.zhengzhou_account, uid="9002", at=NOON)
    decision = decide.judge(
        everybody.reviewer, again.pk, again.version, Judgement("counterfeit", "name_imitated"), NOON
    )
    again.refresh_from_db()
    assert (decision.standing, again.severity) == ("awaiting", "S1")
    assert moves(again) == logged(again) == ["opened", "severity", "judge"]

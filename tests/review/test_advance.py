"""The moves beside judging, from taking a case to the archive."""

import pytest

from review import decide
from review.decide import move as act
from review.errors import Incomplete, NotAllowed, NotFound, WrongState
from review.intake import take_in
from review.models import Case
from review.moves import ADVANCES
from tests import cast
from tests.cast import Cast, Province
from tests.review.acts import NOON, judge, last, logged, move, moves, sign

NUMBER = "豫网信〔2026〕7号"


@pytest.fixture
def reported(place: Province, everybody: Cast) -> Case:
    """A case whose report has left."""
    return cast.case(place.zhengzhou_account, "reported", at=NOON)


def test_the_cyberspace_office_walks_a_case_to_its_end(reported: Case, everybody: Cast) -> None:
    chen = everybody.cac_officer
    move(chen, reported, "accept", "accepted", acceptance_number=f" {NUMBER} ")
    assert (reported.state, reported.acceptance_number) == ("accepted", NUMBER)
    assert last(reported).details == {"acceptance_number": NUMBER}
    move(chen, reported, "dispose", "name_cleared")
    assert (reported.state, reported.outcome, reported.disposed_at) == ("disposed", "name_cleared", NOON)
    move(chen, reported, "recheck", "still_there")
    move(chen, reported, "recheck", "gone")
    move(chen, reported, "conclude", "settled")
    move(everybody.reviewer, reported, "archive", "complete")
    assert (reported.state, reported.confirmed) == ("archived", True)
    walked = ["accept", "dispose", "recheck", "recheck", "conclude", "archive"]
    assert moves(reported)[-6:] == logged(reported)[-6:] == walked


def test_an_acceptance_has_its_number(reported: Case, everybody: Cast) -> None:
    for number in (None, "", "  ", "7" * 81, 7):
        with pytest.raises(Incomplete, match="acceptance number"):
            move(everybody.cac_officer, reported, "accept", "accepted", acceptance_number=number)


def test_nobody_accepts_in_place_of_the_cyberspace_office(reported: Case, everybody: Cast) -> None:
    for who in (everybody.reviewer, everybody.duty_officer, everybody.sponsor, everybody.supervisor):
        with pytest.raises(NotAllowed):
            move(who, reported, "accept", "accepted", acceptance_number=NUMBER)


def test_whoever_does_not_see_a_case_moves_nothing(reported: Case, everybody: Cast) -> None:
    for who in (everybody.outsider, everybody.contractor, everybody.auditor, everybody.psb_officer):
        for name in ADVANCES:
            with pytest.raises(NotFound):
                move(who, reported, name, "accepted")


def test_the_cyberspace_office_loses_sight_of_what_was_reversed(reported: Case, everybody: Cast) -> None:
    judge(everybody.reviewer, reported, "legit_homonym")
    sign(everybody.second_reviewer, reported)
    with pytest.raises(NotFound):
        move(everybody.cac_officer, reported, "accept", "accepted", acceptance_number=NUMBER)


def test_a_move_that_is_none_is_refused(reported: Case, everybody: Cast) -> None:
    for name in ("judge", "opened", "countersign", "joined", "warn", "", "nonsense"):
        with pytest.raises(Incomplete, match="no such move"):
            move(everybody.reviewer, reported, name)


@pytest.mark.parametrize(
    ("name", "code"), [("dispose", "gone"), ("recheck", ""), ("conclude", "no_remedy"), ("accept", "")]
)
def test_every_step_has_a_reason_of_its_list(place: Province, everybody: Cast, name: str, code: str) -> None:
    before = {"accept": "reported", "dispose": "accepted", "recheck": "disposed", "conclude": "rechecked"}
    case = cast.case(place.zhengzhou_account, before[name], at=NOON)
    with pytest.raises(Incomplete):
        move(everybody.cac_officer, case, name, code, acceptance_number=NUMBER)
    assert case.state == before[name]


def test_a_case_is_taken_and_handed_over(place: Province, everybody: Cast) -> None:
    case = cast.case(place.zhengzhou_account, at=NOON)
    move(everybody.reviewer, case, "take")
    assert (case.state, case.owner) == ("under_review", everybody.reviewer)
    change = move(everybody.duty_officer, case, "take")
    assert case.owner == everybody.duty_officer
    assert change.details == {"from_owner": everybody.reviewer.pk}


def test_what_a_second_person_has_not_signed_is_not_concluded(place: Province, everybody: Cast) -> None:
    case = cast.case(place.zhengzhou_account, "rechecked", at=NOON)
    move(everybody.reviewer, case, "report", "again")
    with pytest.raises(WrongState, match="second person"):
        move(everybody.cac_officer, case, "conclude", "settled")


def test_a_rejected_case_may_be_reported_again(place: Province, everybody: Cast) -> None:
    case = cast.case(place.zhengzhou_account, "accepted", at=NOON)
    move(everybody.cac_officer, case, "dispose", "rejected")
    move(everybody.sponsor, case, "report", "again")
    decide.countersign(everybody.reviewer, case.pk, case.version, True, "", NOON)
    case.refresh_from_db()
    assert case.state == "reported"
    old = case.acceptance_number
    move(everybody.cac_officer, case, "accept", "accepted", acceptance_number="8")
    assert last(case).details == {"acceptance_number": "8", "former_number": old}


def test_a_reopened_case_is_undecided_again(place: Province, everybody: Cast) -> None:
    case = cast.case(place.zhengzhou_account, "not_established", at=NOON)
    with pytest.raises(Incomplete):
        move(everybody.reviewer, case, "reopen", "mistaken")
    move(everybody.second_reviewer, case, "reopen", "mistaken", "主体不符。")
    assert (case.state, case.confirmed, case.judged_at) == ("under_review", False, None)
    assert case.owner == everybody.second_reviewer
    assert case.decisions.get().standing == "replaced"
    assert last(case).details["replaced"] == [case.decisions.get().pk]


def test_a_pair_is_under_review_in_one_case_only(place: Province, everybody: Cast) -> None:
    old = cast.case(place.zhengzhou_account, "not_established", at=NOON)
    cast.suspect(place.zhengzhou_account, "郑州發布")
    take_in(NOON)
    newer = Case.objects.latest("pk")
    with pytest.raises(WrongState, match=f"under review in {newer}"):
        move(everybody.reviewer, old, "reopen", "mistaken", "主体不符。")


def test_signs_of_a_crime_are_a_persons_word_and_may_be_withdrawn(place: Province, everybody: Cast) -> None:
    case = cast.case(place.zhengzhou_account, "warned", at=NOON)
    move(everybody.duty_officer, case, "crime_signs", "money_asked")
    assert last(case).code == "money_asked"
    assert Case.objects.get(crime_signs=True) == case
    with pytest.raises(Incomplete):
        move(everybody.duty_officer, case, "crime_signs", "withdrawn")
    move(everybody.duty_officer, case, "crime_signs", "withdrawn", "误报。")
    assert not Case.objects.filter(crime_signs=True).exists()
    assert last(case).code == "withdrawn"


def test_an_act_on_another_version_saves_nothing(reported: Case, everybody: Cast) -> None:
    with pytest.raises(Exception, match="was first"):
        act(everybody.cac_officer, reported.pk, reported.version - 1, "accept", "accepted", "", {}, NOON)

"""Raised once for each reason, never above S1; lowered only by a person who says why."""

from datetime import timedelta

import pytest

from review import clocks
from review.errors import Incomplete, NotAllowed, WrongState
from review.models import Case
from review.severity import RAISES, raise_for_silence
from tests import cast
from tests.cast import Cast, Province
from tests.review.acts import NOON, judge, last, logged, move, moves

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def case(place: Province, everybody: Cast) -> Case:
    """An S3 case nobody has taken."""
    return cast.case(place.zhengzhou_account, severity="S3", at=NOON)


def test_each_reason_raises_one_level_once(case: Case, everybody: Cast) -> None:
    move(everybody.reviewer, case, "severity", "avatar_copied", now=LATER)
    assert (case.severity, last(case).severity, last(case).details) == ("S2", "S2", {"was": "S3"})
    assert case.judge_by == LATER + timedelta(hours=4)
    with pytest.raises(WrongState, match="raised for this reason already"):
        move(everybody.duty_officer, case, "severity", "avatar_copied")
    move(everybody.duty_officer, case, "severity", "money_asked", now=LATER)
    assert (case.severity, case.judge_by) == ("S1", LATER + timedelta(minutes=30))
    with pytest.raises(WrongState, match="no higher level"):
        move(everybody.reviewer, case, "severity", "many_views")
    assert moves(case) == logged(case) == ["opened", "severity", "severity"]


def test_it_is_lowered_with_a_text_only(case: Case, everybody: Cast) -> None:
    with pytest.raises(Incomplete, match="needs a text"):
        move(everybody.reviewer, case, "severity", "little_harm")
    move(everybody.reviewer, case, "severity", "little_harm", "从未发布内容。")
    assert (case.severity, case.judge_by) == ("S4", clocks.deadlines("S4", NOON).judge_by)
    with pytest.raises(WrongState, match="no lower level"):
        move(everybody.reviewer, case, "severity", "little_harm", "从未发布内容。")


@pytest.mark.parametrize("code", ["repeat_180_days", "sponsor_silent"])
def test_reasons_of_the_service_are_not_a_persons(case: Case, everybody: Cast, code: str) -> None:
    assert code in RAISES
    with pytest.raises(Incomplete, match="given by the service itself"):
        move(everybody.reviewer, case, "severity", code)


@pytest.mark.parametrize("who", ["sponsor", "supervisor"])
def test_only_who_judges_changes_a_severity(case: Case, everybody: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        move(getattr(everybody, who), case, "severity", "money_asked")


def test_what_is_raised_waits_no_longer(case: Case, everybody: Cast) -> None:
    judge(everybody.reviewer, case, "wait", review_on=clocks.today(NOON) + timedelta(days=30))
    move(everybody.reviewer, case, "severity", "money_asked", now=LATER)
    assert (case.review_on, case.judge_by) == (None, LATER + timedelta(hours=4))


def test_a_confirmed_s1_is_the_word_of_two(place: Province, everybody: Cast) -> None:
    case = cast.case(place.zhengzhou_account, "warned", severity="S2", at=NOON)
    with pytest.raises(NotAllowed, match="another person must raise it"):
        move(everybody.reviewer, case, "severity", "money_asked")
    move(everybody.second_reviewer, case, "severity", "money_asked")
    assert case.severity == "S1"


def confirmed(place: Province, uid: str, days: int = 0) -> Case:
    return cast.case(place.zhengzhou_account, "confirmed", uid=uid, severity="S3", at=NOON + timedelta(days))


def test_a_second_confirmed_case_of_the_target_within_180_days_weighs_one_level_more(
    place: Province, everybody: Cast
) -> None:
    assert confirmed(place, "9001").severity == "S3"
    again = confirmed(place, "9002", days=179)
    assert again.severity == "S2"
    raised = again.changes.get(move="severity")
    assert (raised.actor, raised.code) == ("system:review", "repeat_180_days")
    assert confirmed(place, "9003", days=180 + 180).severity == "S3"


def test_a_case_that_was_not_confirmed_weighs_nothing(place: Province, everybody: Cast) -> None:
    cast.case(place.zhengzhou_account, "not_established", uid="9001", severity="S3", at=NOON)
    cast.case(place.kaifeng_account, "confirmed", uid="9002", severity="S3", at=NOON)
    assert confirmed(place, "9003").severity == "S3"


def test_a_repeat_raises_once_even_if_judged_again(place: Province, everybody: Cast) -> None:
    confirmed(place, "9001")
    again = confirmed(place, "9002", days=1)
    judge(everybody.reviewer, again, "not_established")
    judge(everybody.reviewer, again)
    assert again.severity == "S2"
    assert moves(again).count("severity") == 1


def test_silence_raises_once(case: Case) -> None:
    stale = Case.objects.get(pk=case.pk)
    raise_for_silence(case, LATER)
    assert case.severity == "S2"
    # Whoever read the case before is brought up to date, and it is not raised again.
    raise_for_silence(stale, LATER)
    assert (stale.severity, moves(case)) == ("S2", ["opened", "severity"])


def test_silence_raises_nothing_above_s1_nor_in_the_archive(place: Province, everybody: Cast) -> None:
    serious = cast.case(place.zhengzhou_account, uid="9001", severity="S1", at=NOON)
    archived = cast.case(place.kaifeng_account, "archived", uid="9002", severity="S3", at=NOON)
    for one in (serious, archived):
        before = moves(one)
        raise_for_silence(one, LATER)
        assert moves(one) == before

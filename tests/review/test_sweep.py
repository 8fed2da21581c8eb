"""What time alone does to cases."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from registry import calendar
from registry.models import Account
from review import sweep as review_sweep
from review.models import Case, CaseChange
from review.sweep import Swept, sweep
from review.transitions import apply
from tests import cast
from tests.cast import Cast, Province
from tests.review.acts import NIGHT, NOON, judge, last, logged, move, moves, sign

OVERDUE = NIGHT + timedelta(hours=4)


def test_a_countersignature_that_is_overdue_is_said_once(place: Province, everybody: Cast) -> None:
    case = cast.case(place.zhengzhou_account, severity="S1", at=NOON)
    decision = judge(everybody.duty_officer, case, now=NIGHT, alone=True)
    assert sweep(OVERDUE - timedelta(seconds=1)) == Swept(0, 0)
    assert sweep(OVERDUE) == Swept(second_missing=1, registered=0)
    assert sweep(OVERDUE + timedelta(days=1)) == Swept(0, 0)
    case.refresh_from_db()
    assert (case.state, case.confirmed) == ("under_review", True)
    assert moves(case) == logged(case) == ["opened", "judge", "second_missing"]
    assert (last(case).actor, last(case).details["decision"]) == ("system:sweep", decision.pk)
    # Late is not too late.
    assert sign(everybody.reviewer, case, now=OVERDUE).standing == "final"


def test_one_that_was_signed_in_time_is_not_missing(place: Province, everybody: Cast) -> None:
    case = cast.case(place.zhengzhou_account, severity="S1", at=NOON)
    judge(everybody.duty_officer, case, now=NIGHT, alone=True)
    sign(everybody.reviewer, case, now=NIGHT)
    assert sweep(OVERDUE) == Swept(0, 0)


def test_a_judgement_and_a_report_of_one_night_are_each_missed(place: Province, everybody: Cast) -> None:
    case = cast.case(place.zhengzhou_account, severity="S1", at=NOON)
    judge(everybody.duty_officer, case, now=NIGHT, alone=True)
    later = NIGHT + timedelta(hours=1)
    move(everybody.duty_officer, case, "report", "in_its_place", now=later, alone=True)
    assert sweep(OVERDUE) == Swept(1, 0)
    assert sweep(OVERDUE + timedelta(hours=1)) == Swept(1, 0)
    assert sweep(OVERDUE + timedelta(hours=2)) == Swept(0, 0)
    missed = case.changes.filter(move="second_missing").order_by("pk")
    assert [change.details["outcome"] for change in missed] == ["counterfeit", "report"]


def test_what_has_no_effect_without_a_second_person_is_missed_too(place: Province, everybody: Cast) -> None:
    case = cast.case(place.zhengzhou_account, severity="S1", at=NOON)
    decision = judge(everybody.reviewer, case)
    due = NOON + timedelta(minutes=30)
    assert sweep(due - timedelta(seconds=1)) == Swept(0, 0)
    assert sweep(due) == Swept(second_missing=1, registered=0)
    assert sweep(due + timedelta(days=1)) == Swept(0, 0)
    case.refresh_from_db()
    assert (case.state, case.confirmed, decision.standing) == ("under_review", False, "awaiting")


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Call it when the State Council has published 2027: New Year's Day is the one holiday of this test."""

    def is_workday(day: date) -> bool:
        return day.weekday() < 5 and day != date(2027, 1, 1)

    return lambda: monkeypatch.setattr("chinese_calendar.is_workday", is_workday)


def test_a_guessed_date_is_set_right_when_the_holidays_are_known(
    place: Province, everybody: Cast, published: Callable[[], None]
) -> None:
    detected = datetime(2026, 12, 29, 1, tzinfo=UTC)
    case = cast.case(place.zhengzhou_account, severity="S3", at=detected)
    certain = cast.case(place.zhengzhou_account, uid="9002", severity="S3", at=NOON)
    guess = case.judge_by
    assert sweep(detected) == Swept(0, 0, 0)
    published()
    assert sweep(detected) == Swept(0, 0, recounted=1)
    assert sweep(detected) == Swept(0, 0, 0)
    case.refresh_from_db()
    assert guess is not None
    assert case.judge_by == case.report_by == guess + timedelta(days=1)
    assert (case.due_is_provisional, moves(case)) == (False, ["opened", "due"])
    assert logged(case) == ["opened", "due"]
    assert moves(certain) == ["opened"]


def test_a_date_is_counted_again_from_where_its_clock_began(
    place: Province, everybody: Cast, published: Callable[[], None]
) -> None:
    case = cast.case(place.zhengzhou_account, severity="S4", at=NOON)
    later = datetime(2026, 12, 30, 1, tzinfo=UTC)
    move(everybody.reviewer, case, "severity", "sensitive_matter", now=later)
    assert case.due_is_provisional
    published()
    sweep(later)
    case.refresh_from_db()
    assert case.judge_by == calendar.due_after(later, 5).at


def test_a_case_that_cannot_be_moved_holds_up_no_other(
    place: Province, everybody: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = (cast.case(place.zhengzhou_account, uid=uid, severity="S1", at=NOON) for uid in ("1", "2"))
    for case in (bad, good):
        judge(everybody.duty_officer, case, now=NIGHT, alone=True)

    def fails(case: Case, *args: object, **more: object) -> CaseChange:
        change = apply(case, *args, **more)  # type: ignore[arg-type]
        if case == bad:
            raise ValueError("planted")
        return change

    monkeypatch.setattr(review_sweep, "apply", fails)
    assert sweep(OVERDUE) == Swept(second_missing=1, registered=0, left_out=1)
    assert (last(good).move, last(bad).move) == ("second_missing", "judge")
    assert f"second_missing of {bad}" in caplog.text
    monkeypatch.undo()
    assert sweep(OVERDUE) == Swept(second_missing=1, registered=0)


def register(uid: str, place: Province) -> Account:
    return cast.account("郑州発布", "zhengzhou0", place.zhengzhou_account.unit, uid)


def test_a_stranger_who_is_registered_meanwhile_is_no_suspect_any_more(
    place: Province, everybody: Cast
) -> None:
    case = cast.case(place.zhengzhou_account, at=NOON)
    judge(everybody.reviewer, case, "wait", review_on=NOON.date() + timedelta(days=3))
    other = cast.case(place.zhengzhou_account, uid="9002", name="郑洲发布", at=NOON)
    register("9001", place)
    assert sweep(NOON) == Swept(second_missing=0, registered=1)
    assert sweep(NOON) == Swept(0, 0)
    case.refresh_from_db()
    other.refresh_from_db()
    assert (case.state, case.confirmed, case.review_on) == ("not_established", False, None)
    assert (last(case).move, last(case).code) == ("registered", "registered")
    assert case.decisions.get().standing == "replaced"
    assert last(case).details["replaced"] == [case.decisions.get().pk]
    assert other.state == "detected"


def test_what_was_decided_stays_decided_though_it_is_registered_now(place: Province, everybody: Cast) -> None:
    case = cast.case(place.zhengzhou_account, "confirmed", at=NOON)
    register("9001", place)
    assert sweep(NOON) == Swept(0, 0)
    case.refresh_from_db()
    assert case.confirmed

"""Who sees which case, the work list, what is due, and a case in time."""

from datetime import date, datetime, timedelta
from typing import get_args

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from registry.models import User
from registry.roles import Role
from review import clocks, selectors
from review.intake import take_in
from review.models import Case
from review.selectors import Narrowing, visible_cases
from review.severity import raise_for_silence
from tests import cast
from tests.cast import Cast, Province
from tests.review.acts import NIGHT, NOON, judge, move, sign

QUEUE = Narrowing(standing="queue")
LATER = NOON + timedelta(hours=5)


@pytest.fixture
def cases(place: Province, everybody: Cast) -> dict[str, Case]:
    """A case of each kind that somebody may see and somebody else may not; all of Zhengzhou but one."""
    here = place.zhengzhou_account
    crime = cast.case(here, "warned", uid="9003", severity="S3", at=NOON - timedelta(days=400))
    move(everybody.reviewer, crime, "crime_signs", "money_asked", now=NOON - timedelta(days=400))
    return {
        "undecided": cast.case(here, uid="9001", at=NOON),
        "confirmed": cast.case(here, "warned", uid="9002", severity="S3", at=NOON - timedelta(days=200)),
        "crime": crime,
        "serious": cast.case(here, "warned", uid="9004", severity="S1", at=NOON),
        "cleared": cast.case(here, "not_established", uid="9005", at=NOON),
        "elsewhere": cast.case(place.kaifeng_account, "warned", uid="9006", severity="S3", at=NOON),
    }


def queue(user: User, now: datetime) -> QuerySet[Case]:
    """What `user` has to judge."""
    return selectors.narrowed(visible_cases(user), QUEUE, now)


EVERYTHING = {"undecided", "confirmed", "crime", "serious", "cleared", "elsewhere"}
HERE = EVERYTHING - {"elsewhere"}
SEEN = {
    "reviewer": EVERYTHING,
    "second_reviewer": EVERYTHING,
    "duty_officer": HERE,
    "sponsor": HERE,
    "supervisor": HERE,
    "cac_officer": {"confirmed", "crime", "serious", "elsewhere"},
    "publicity": {"confirmed", "crime", "serious", "elsewhere"},
    "psb_officer": {"crime", "serious"},
}


def test_everybody_sees_what_the_handbook_gives_them(cases: dict[str, Case], everybody: Cast) -> None:
    for who in everybody.__dataclass_fields__:
        seen = set(visible_cases(getattr(everybody, who)))
        assert {name for name, case in cases.items() if case in seen} == SEEN.get(who, set()), who


def test_what_is_reversed_is_out_of_sight_of_the_authorities(cases: dict[str, Case], everybody: Cast) -> None:
    judge(everybody.reviewer, cases["serious"], "legit_homonym")
    sign(everybody.second_reviewer, cases["serious"])
    for user in (everybody.cac_officer, everybody.psb_officer, everybody.publicity):
        assert cases["serious"] not in visible_cases(user)


def test_the_police_see_an_s1_by_the_word_of_a_person_only(place: Province, everybody: Cast) -> None:
    silent = cast.case(place.zhengzhou_account, "warned", uid="9001", severity="S2", at=NOON)
    raise_for_silence(silent, LATER)
    assert (silent.severity, visible_cases(everybody.psb_officer).count()) == ("S1", 0)
    said = cast.case(place.kaifeng_account, "warned", uid="9002", severity="S2", at=NOON)
    move(everybody.second_reviewer, said, "severity", "money_asked", now=LATER)
    assert list(visible_cases(everybody.psb_officer)) == [said]


def test_administrators_strangers_and_those_who_left_see_nothing(
    cases: dict[str, Case], everybody: Cast
) -> None:
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, "nonsense"):
        administrator = User.objects.create(username=f"admin-{role}", role=role)
        assert not visible_cases(administrator).exists()
    assert not visible_cases(AnonymousUser()).exists()
    everybody.reviewer.is_active = False
    everybody.supervisor.until = date(2026, 1, 1)
    assert not visible_cases(everybody.reviewer).exists()
    assert not visible_cases(everybody.supervisor).exists()


def test_the_queue_is_ordered_by_severity_then_score(place: Province, everybody: Cast) -> None:
    for uid, severity, score in (("1", "S3", 0.99), ("2", "S2", 0.8), ("3", "S2", 0.9), ("4", "S1", 0.7)):
        cast.suspect(place.zhengzhou_account, f"郑州発布{uid}", uid, severity=severity, score=score)
    take_in(NOON)
    cast.case(place.zhengzhou_account, "confirmed", uid="5", at=NOON)
    assert [case.uid for case in queue(everybody.reviewer, NOON)] == ["4", "3", "2", "1"]


def test_a_waiting_case_is_back_in_the_queue_on_its_day(place: Province, everybody: Cast) -> None:
    case = cast.case(place.zhengzhou_account, at=NOON)
    day = date(2026, 11, 27)
    judge(everybody.reviewer, case, "wait", review_on=day)
    before, then = clocks.start_of(day) - timedelta(seconds=1), clocks.start_of(day)
    everything = visible_cases(everybody.reviewer)
    waiting = Narrowing(standing="waiting")
    assert not queue(everybody.reviewer, before).exists()
    assert list(selectors.narrowed(everything, waiting, before)) == [case]
    assert list(queue(everybody.reviewer, then)) == [case]
    assert not selectors.narrowed(everything, waiting, then).exists()
    assert not selectors.due(everybody.reviewer, then).overdue.exists()
    assert selectors.due(everybody.reviewer, then + timedelta(days=1, seconds=1)).overdue.exists()


NARROWED: list[tuple[Narrowing, set[str]]] = [
    (QUEUE, {"undecided"}),
    (Narrowing(), EVERYTHING),
    (Narrowing(severities=("S1",)), {"serious"}),
    (Narrowing(platforms=("weibo",)), set()),
    (Narrowing(kinds=("look_alike",)), EVERYTHING),
    (Narrowing(text="开封"), {"elsewhere"}),
    (Narrowing(text="9004"), {"serious"}),
]


def test_a_list_is_narrowed(cases: dict[str, Case], everybody: Cast) -> None:
    for by, kept in NARROWED:
        found = set(selectors.narrowed(visible_cases(everybody.reviewer), by, NOON))
        assert {name for name, case in cases.items() if case in found} == kept, by


def test_a_case_is_found_by_its_number(cases: dict[str, Case], everybody: Cast) -> None:
    for text in (cases["crime"].number, "zw-2026-999999999999999999999999", "ZW-²"):
        found = selectors.narrowed(visible_cases(everybody.reviewer), Narrowing(text=text), NOON)
        assert list(found) == ([cases["crime"]] if text == cases["crime"].number else [])


def test_a_list_is_narrowed_to_an_owner(cases: dict[str, Case], everybody: Cast) -> None:
    everything = visible_cases(everybody.reviewer)
    move(everybody.second_reviewer, cases["undecided"], "take")
    own = Narrowing(owner=everybody.second_reviewer.pk)
    assert list(selectors.narrowed(everything, own, NOON)) == [cases["undecided"]]


def test_every_order_is_total(cases: dict[str, Case], everybody: Cast) -> None:
    for order in get_args(selectors.Order):
        found = selectors.narrowed(visible_cases(everybody.reviewer), Narrowing(order=order), NOON)
        assert len(list(found)) == len(cases)
        assert found.query.order_by[-1] in ("pk", "-pk")


def test_all_severities_are_counted(cases: dict[str, Case], everybody: Cast) -> None:
    counted = selectors.by_severity(visible_cases(everybody.duty_officer))
    assert counted == {"S1": 1, "S2": 2, "S3": 2, "S4": 0}


def test_the_neighbours_of_a_case_are_those_of_the_list(cases: dict[str, Case], everybody: Cast) -> None:
    listed = selectors.narrowed(visible_cases(everybody.reviewer), Narrowing(), NOON)
    first, second, *_, last = [case.pk for case in listed]
    assert selectors.neighbours(first, listed) == (None, second)
    assert selectors.neighbours(last, listed)[1] is None
    assert selectors.neighbours(0, listed) == (None, None)


def test_what_is_due_is_what_the_role_can_do(cases: dict[str, Case], everybody: Cast) -> None:
    due = selectors.due(everybody.reviewer, LATER)
    assert list(due.to_judge) == list(due.overdue) == [cases["undecided"]]
    assert not selectors.due(everybody.reviewer, NOON).overdue.exists()
    assert set(selectors.due(everybody.sponsor, NOON).to_report) == {
        cases[name] for name in ("confirmed", "crime", "serious")
    }
    assert not selectors.due(everybody.sponsor, LATER).to_judge.exists()
    nothing = selectors.due(everybody.auditor, LATER)
    assert not any(rows.exists() for rows in (nothing.to_judge, nothing.overdue, nothing.to_report))
    assert not selectors.due(everybody.cac_officer, LATER).to_report.exists()


def test_what_was_disposed_of_is_looked_at_after_a_week_and_after_a_month(
    place: Province, everybody: Cast
) -> None:
    case = cast.case(place.zhengzhou_account, "disposed", at=NOON)
    assert case.disposed_at == NOON

    def is_due(days: int, user: User = everybody.cac_officer) -> bool:
        return selectors.due(user, NOON + timedelta(days=days)).to_recheck.exists()

    assert [is_due(days) for days in (6, 7, 40)] == [False, True, True]
    assert is_due(7, everybody.reviewer)
    assert not any(
        is_due(7, user) for user in (everybody.sponsor, everybody.duty_officer, everybody.outsider)
    )
    move(everybody.cac_officer, case, "recheck", "gone", now=NOON + timedelta(days=8))
    assert [is_due(days) for days in (8, 29, 30)] == [False, False, True]
    move(everybody.cac_officer, case, "recheck", "gone", now=NOON + timedelta(days=31))
    assert not is_due(40)


def test_nothing_is_overdue_by_a_guess(place: Province, everybody: Cast) -> None:
    new_year = NOON + timedelta(days=36)
    cast.case(place.zhengzhou_account, severity="S3", at=new_year)
    due = selectors.due(everybody.reviewer, new_year + timedelta(days=60))
    assert due.to_judge.exists()
    assert not due.overdue.exists()


def test_a_decision_waits_for_those_who_may_sign_it(place: Province, everybody: Cast) -> None:
    case = cast.case(place.zhengzhou_account, severity="S1", at=NOON)
    judgement = judge(everybody.duty_officer, case, now=NIGHT, alone=True)
    move(everybody.sponsor, case, "report", "by_sponsor", now=NIGHT)
    report = case.decisions.get(outcome="report")
    signs = {
        who: {decision.outcome for decision in selectors.due(getattr(everybody, who), NIGHT).to_sign}
        for who in everybody.__dataclass_fields__
    }
    assert {who: outcomes for who, outcomes in signs.items() if outcomes} == {
        "reviewer": {"counterfeit", "report"},
        "second_reviewer": {"counterfeit", "report"},
        "duty_officer": {"report"},
        "supervisor": {"report"},
    }
    assert list(selectors.pending(case)) == [judgement, report]
    assert selectors.to_sign(case, everybody.reviewer) == judgement
    assert selectors.to_sign(case, everybody.duty_officer) == report
    assert selectors.to_sign(case, everybody.sponsor) is None


def test_the_chain_holds_everything_in_time(place: Province, everybody: Cast) -> None:
    case = cast.case(place.zhengzhou_account, severity="S1", at=NOON)
    judge(everybody.duty_officer, case, now=NIGHT, alone=True)
    sign(everybody.reviewer, case, now=NIGHT + timedelta(hours=1))
    steps = selectors.chain(case)
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    kinds = [
        "intake" if step.intake else step.change.move if step.change else step.decision.outcome  # type: ignore[union-attr]
        for step in steps
    ]
    assert kinds == ["intake", "opened", "judge", "counterfeit", "countersign"]


def test_the_relatives_of_a_case_are_its_strangers_other_cases(place: Province, everybody: Cast) -> None:
    first = cast.case(place.zhengzhou_account, "not_established", at=NOON)
    again = cast.case(place.zhengzhou_account, name="郑州發布", at=NOON)
    cast.case(place.zhengzhou_account, uid="9002", at=NOON)
    everything = visible_cases(everybody.reviewer)
    assert list(selectors.relatives(first, everything)) == [again]
    assert list(selectors.relatives(again, everything)) == [first]


def test_more_cases_are_no_more_queries(place: Province, everybody: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            for case in queue(everybody.reviewer, NOON):
                _ = (case.suspect.observation.name, case.target.unit.line_division.name, case.owner)
        return len(made)

    cast.case(place.zhengzhou_account, uid="9001", at=NOON)
    before = queries()
    for uid in ("9002", "9003", "9004"):
        cast.case(place.zhengzhou_account, uid=uid, at=NOON)
    assert queries() == before == 1

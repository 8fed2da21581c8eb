"""What becomes of a suspect: opened, joined, raised again or covered; and nobody is asked twice."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit_logs.models import Event
from detection import detect, severity
from detection.models import Suspect
from detection.reasons import Reason
from observations.models import Observation, Sighting
from registry.models import Account
from registry.protection import protect_accounts
from review import clocks, intake
from review.intake import Taken, take_in
from review.models import Case, Intake
from review.transitions import open_case
from tests import cast
from tests.cast import Cast, Province
from tests.review.acts import NOON, judge, last, logged, move, moves, sign

LATER = NOON + timedelta(days=3)


@pytest.fixture
def target(place: Province, everybody: Cast) -> Account:
    """郑州发布, and the people who judge its imitators."""
    return place.zhengzhou_account


def taken(**counts: int) -> Taken:
    return Taken(**counts)


def became(suspect: Suspect) -> tuple[str, str]:
    row = Intake.objects.get(pk=suspect.pk)
    assert row.reason["zh"] and row.reason["en"]
    return row.outcome, row.reason["code"]


def test_a_new_pair_opens_a_case(target: Account) -> None:
    suspect = cast.suspect(target, severity="S3", at=NOON)
    assert take_in(LATER) == taken(opened=1)
    case = Case.objects.get()
    assert became(suspect) == ("opened", "first")
    assert (case.state, case.severity, case.version, case.confirmed) == ("detected", "S3", 1, False)
    assert (case.suspect, case.target, case.uid, case.earlier) == (suspect, target, "9001", None)
    assert (case.detected_at, case.first_seen_at) == (NOON, suspect.observation.seen_at)
    assert case.judge_by == clocks.deadlines("S3", NOON).judge_by
    assert moves(case) == logged(case) == ["opened"]
    assert (last(case).actor, last(case).by) == ("system:intake", None)


def test_a_row_that_cannot_be_taken_in_holds_up_no_other(
    target: Account, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = cast.suspect(target, uid="9001", at=NOON), cast.suspect(target, "郑洲发布", "9002", at=NOON)

    def fails(case: Case, *args: object, **more: object) -> Case:
        opened = open_case(case, *args, **more)  # type: ignore[arg-type]
        if case.suspect == bad:
            raise ValueError("planted")
        return opened

    monkeypatch.setattr(intake, "open_case", fails)
    monkeypatch.setattr(intake, "BATCH", 1)
    assert take_in(NOON) == taken(opened=1, left_out=1)
    assert [case.suspect for case in Case.objects.all()] == [good]
    assert f"suspect {bad.pk} is left out" in caplog.text
    assert not intake.left_out(NOON).exists()
    assert list(intake.left_out(LATER)) == [bad]
    monkeypatch.undo()
    assert take_in(LATER) == taken(opened=1)


def test_every_row_is_taken_in_once(target: Account) -> None:
    cast.suspect(target)
    assert take_in(NOON) == taken(opened=1)
    assert take_in(LATER) == taken()
    assert Intake.objects.count() == Case.objects.count() == 1


def test_more_rows_than_a_batch_are_all_taken_in(target: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "BATCH", 2)
    for number in range(5):
        cast.suspect(target, f"郑州発布{number}", str(number))
    assert take_in(NOON) == taken(opened=5)


def test_one_stranger_and_two_targets_are_two_pairs(place: Province, target: Account) -> None:
    cast.suspect(target)
    cast.suspect(place.kaifeng_account)
    assert take_in(NOON) == taken(opened=2)


def test_a_later_look_joins_the_undecided_case(target: Account) -> None:
    cast.suspect(target, at=NOON)
    take_in(NOON)
    newer = cast.suspect(target, "郑州發布", at=LATER)
    assert take_in(LATER) == taken(joined=1)
    case = Case.objects.get()
    assert became(newer) == ("joined", "changed")
    assert Intake.objects.get(pk=newer.pk).reason["zh"] == "待判案件的账号资料有变（名称），并入。"
    assert (case.suspect, case.detected_at, case.version) == (newer, NOON, 2)
    assert moves(case) == logged(case) == ["opened", "joined"]


def test_the_same_face_under_other_rules_joins_too(target: Account) -> None:
    cast.suspect(target)
    newer = cast.suspect(target, rules="names-2")
    assert take_in(NOON) == taken(opened=1, joined=1)
    assert became(newer) == ("joined", "same")


def test_worse_evidence_raises_an_undecided_case_and_milder_does_not_lower_it(target: Account) -> None:
    cast.suspect(target, severity="S3", at=NOON)
    worse = cast.suspect(target, severity="S2", rules="names-2")
    take_in(LATER)
    case = Case.objects.get()
    assert became(worse) == ("joined", "worse")
    assert (case.severity, case.judge_by) == ("S2", LATER + timedelta(hours=4))
    cast.suspect(target, severity="S4", rules="names-3")
    take_in(LATER)
    case.refresh_from_db()
    assert case.severity == last(case).severity == "S2"


def test_what_a_person_lowered_is_not_raised_by_more_of_the_same(target: Account, everybody: Cast) -> None:
    case = cast.case(target, severity="S2")
    move(everybody.reviewer, case, "severity", "little_harm", "无内容。")
    cast.suspect(target, severity="S2", rules="names-2")
    take_in(NOON)
    case.refresh_from_db()
    assert case.severity == "S3"


def test_a_waiting_case_sleeps_on_while_the_face_is_the_same(target: Account, everybody: Cast) -> None:
    case = cast.case(target, at=NOON)
    judge(everybody.reviewer, case, "wait", review_on=clocks.today(LATER))
    cast.suspect(target, rules="names-2")
    take_in(NOON)
    case.refresh_from_db()
    assert case.review_on == clocks.today(LATER)


@pytest.mark.parametrize("severity", ["S2", "S3"])
def test_a_waiting_case_wakes_up_when_the_face_changes(
    target: Account, everybody: Cast, severity: str
) -> None:
    case = cast.case(target, severity="S3", at=NOON)
    judge(everybody.reviewer, case, "wait", review_on=clocks.today(LATER))
    woken = NOON + timedelta(hours=1)
    cast.suspect(target, "郑州發布", severity=severity)
    take_in(woken)
    case.refresh_from_db()
    assert case.review_on is None
    assert case.judge_by == clocks.deadlines(severity, woken).judge_by


@pytest.mark.parametrize("state", ["confirmed", "warned", "archived", "not_established"])
def test_what_was_judged_is_covered_while_the_face_is_the_same(target: Account, state: str) -> None:
    case = cast.case(target, state, at=NOON)
    before = logged(case)
    again = cast.suspect(target, rules="names-2")
    assert take_in(LATER) == taken(covered=1)
    assert became(again) == ("covered", "judged")
    assert Intake.objects.get(pk=again.pk).case == case
    assert "2026-11-24" in Intake.objects.get(pk=again.pk).reason["zh"]
    case.refresh_from_db()
    assert (case.suspect_id, case.version) == (again.pk - 1, len(moves(case)))
    # Nobody was asked, which is on record as well.
    assert logged(case) == [*before, "cover"]


@pytest.mark.parametrize("state", ["confirmed", "not_established"])
def test_a_changed_face_raises_the_pair_again(target: Account, state: str) -> None:
    case = cast.case(target, state, at=NOON)
    changed = cast.suspect(target, "郑州發布", handle="zhengzhou1")
    assert take_in(LATER) == taken(raised=1)
    assert became(changed) == ("raised", "changed")
    assert "名称、用户名" in Intake.objects.get(pk=changed.pk).reason["zh"]
    again = Case.objects.latest("pk")
    assert (again.earlier, again.state, again.suspect) == (case, "detected", changed)
    assert moves(again) == logged(again) == ["raised"]


def test_worse_than_what_was_judged_raises_the_pair_again(target: Account) -> None:
    case = cast.case(target, "not_established", severity="S3", at=NOON)
    worse = cast.suspect(target, severity="S2", rules="names-2")
    assert take_in(LATER) == taken(raised=1)
    assert became(worse) == ("raised", "worse")
    assert Case.objects.latest("pk").earlier == case


def test_a_level_that_a_person_lowered_before_judging_is_not_asked_again(
    target: Account, everybody: Cast
) -> None:
    case = cast.case(target, severity="S2", at=NOON)
    move(everybody.reviewer, case, "severity", "little_harm", "无内容。")
    judge(everybody.reviewer, case, "not_established")
    cast.suspect(target, severity="S2", rules="names-2")
    assert take_in(LATER) == taken(covered=1)
    cast.suspect(target, severity="S1", rules="names-3")
    assert take_in(LATER) == taken(raised=1)


def test_an_old_face_put_on_again_is_covered_by_what_was_said_of_it(target: Account, everybody: Cast) -> None:
    first = cast.case(target, "not_established", at=NOON)
    second = cast.case(target, "confirmed", name="郑州發布", at=NOON)
    assert second.earlier == first
    old = cast.suspect(target, rules="names-2")
    assert take_in(LATER) == taken(covered=1)
    assert Intake.objects.get(pk=old.pk).case == first


def test_an_old_face_is_asked_again_once_what_was_said_of_it_stands_no_more(
    target: Account, everybody: Cast
) -> None:
    first = cast.case(target, "not_established", at=NOON)
    move(everybody.reviewer, first, "reopen", "mistaken", "看错了。")
    cast.suspect(target, rules="names-2")
    assert take_in(LATER) == taken(joined=1)


def test_a_reversed_decision_covers_as_its_reversal_does(target: Account, everybody: Cast) -> None:
    case = cast.case(target, "confirmed", at=NOON)
    judge(everybody.reviewer, case, "legit_homonym")
    cast.suspect(target, rules="names-2")
    assert take_in(LATER) == taken(covered=1)


def test_a_decision_that_awaits_its_second_person_covers_nothing(target: Account, everybody: Cast) -> None:
    case = cast.case(target, severity="S1", at=NOON)
    judge(everybody.reviewer, case)
    cast.suspect(target, severity="S1", rules="names-2")
    assert take_in(LATER) == taken(joined=1)
    sign(everybody.second_reviewer, case)
    cast.suspect(target, severity="S1", rules="names-3")
    assert take_in(LATER) == taken(covered=1)


def test_a_case_closed_without_a_judgement_covers_nothing(target: Account, everybody: Cast) -> None:
    case = cast.case(target, at=NOON)
    Case.objects.filter(pk=case.pk).update(state="not_established")
    again = cast.suspect(target, rules="names-2")
    assert take_in(LATER) == taken(raised=1)
    assert became(again) == ("raised", "not_judged")


def test_a_suspect_more_is_a_few_queries_more(target: Account) -> None:
    def queries(uids: range) -> int:
        for uid in uids:
            cast.suspect(target, f"郑州発布{uid}", str(uid))
        with CaptureQueriesContext(connection) as made:
            take_in(NOON)
        return len(made)

    assert (queries(range(20, 30)) - queries(range(1, 2))) / 9 <= 9


@pytest.fixture
def guarded(target: Account) -> Account:
    """The same account, its name protected as an import does it."""
    protect_accounts(list(Account.objects.select_related("unit")), NOON)
    return target


def scan() -> Taken:
    detect.detect(NOON)
    return take_in(NOON)


def seen_again(name: str) -> Observation:
    """Stranger 9001 with this name, as the newest answer shows it."""
    known = Observation.objects.filter(uid="9001", name=name).first()
    if known is None:
        return cast.observation(name, "zz0", "9001")
    Sighting.objects.create(observation=known, response=cast.response(), rank=1)
    return known


def test_the_second_scan_raises_nobody_again_and_a_changed_name_does(
    guarded: Account, everybody: Cast
) -> None:
    seen_again("郑州発布")
    assert scan() == taken(opened=1)
    assert scan() == taken()
    judge(everybody.reviewer, Case.objects.get(), "not_established")
    assert scan() == taken()
    seen_again("郑洲发布")
    assert scan() == taken(raised=1)
    judge(everybody.reviewer, Case.objects.latest("pk"))
    seen_again("郑州発布")
    assert scan() == taken()


def test_new_rules_raise_nobody_again_unless_they_find_worse(
    guarded: Account, everybody: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen_again("郑州发布官方")
    scan()
    judge(everybody.reviewer, Case.objects.get(), "not_established")
    monkeypatch.setattr(detect, "RULES_VERSION", "names-2")
    assert scan() == taken(covered=1)
    monkeypatch.setattr(detect, "RULES_VERSION", "names-3")
    worse = severity.Severity("S1", Reason("strong_likeness", 0.0, {"score": "1.00"}))
    monkeypatch.setattr(detect, "severity", lambda *_: worse)
    assert scan() == taken(raised=1)


def test_what_was_covered_is_logged_with_its_decision(target: Account) -> None:
    case = cast.case(target, "not_established", at=NOON)
    again = cast.suspect(target, rules="names-2")
    take_in(LATER)
    event = Event.objects.get(action="case.cover")
    assert event.actor == "system:intake"
    decision = case.decisions.get()
    assert f'"decision":{decision.pk},"suspect":{again.pk}' in bytes(event.body).decode()

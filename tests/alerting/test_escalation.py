"""Who is told next, and when: the rules one by one. That they hold together: test_escalation_storm.py."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from alerting.escalation import (
    CASE_KINDS,
    MAX_ROUNDS,
    Progress,
    Step,
    due_at,
    next_step,
    promise_due,
    promise_limit,
    quiet_until,
    settled,
)
from common.clock import BEIJING

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # a Tuesday, 12:00 in Beijing
LADDER = ("sponsor", "sponsor", "supervision", "supervision")
WAITING = Progress("confirmed", "sponsor", "S2", rung=0, rounds=0, next_at=NOON)


def beijing(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BEIJING)


def step(progress: Progress, ladder: tuple[str, ...] = LADDER, now: datetime = NOON) -> Step:
    found = next_step(progress, ladder, now)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("severity", "first", "then"),
    [
        ("S1", timedelta(minutes=15), timedelta(minutes=30)),
        ("S2", timedelta(hours=2), timedelta(hours=4)),
    ],
)
def test_the_first_contact_has_half_the_clock_and_everybody_after_a_whole_one(
    severity: str, first: timedelta, then: timedelta
) -> None:
    assert due_at("confirmed", "sponsor", severity, 0, 0, NOON) == NOON + first
    for rung, rounds in ((1, 0), (2, 0), (0, 1), (7, 2)):
        assert due_at("confirmed", "sponsor", severity, rung, rounds, NOON) == NOON + then


def test_s3_counts_working_days_and_waits_for_the_morning() -> None:
    # Wednesday, Thursday, Friday; the next morning that is worked is Monday.
    assert due_at("confirmed", "sponsor", "S3", 0, 0, NOON) == beijing(30, 8)
    assert due_at("confirmed", "sponsor", "S3", 1, 0, NOON) == beijing(2, 8, month=12)


def test_s3_over_a_holiday_waits_for_the_first_day_that_is_worked() -> None:
    # 2026-09-30 is a Wednesday; the National Day holiday ends on 10-07, and Saturday 10-10 is made up for.
    told = beijing(30, 12, month=9)
    assert due_at("confirmed", "sponsor", "S3", 0, 0, told) == beijing(12, 8, month=10)


def test_s4_and_what_is_for_information_never_escalate() -> None:
    assert due_at("confirmed", "sponsor", "S4", 0, 0, NOON) is None
    assert due_at("reversed", "cac", "S1", 0, 0, NOON) is None
    assert promise_due("reversed", "cac", "S1", NOON) is None
    assert due_at("reported", "sponsor", "S1", 0, 0, NOON) is None
    assert due_at("reported", "cac", "S1", 0, 0, NOON) is not None


def test_nothing_happens_before_its_time() -> None:
    assert next_step(WAITING, LADDER, NOON - timedelta(microseconds=1)) is None
    assert next_step(replace(WAITING, next_at=None), LADDER, NOON) is None


def test_silence_tells_the_next_rung_and_counts_from_now() -> None:
    late = NOON + timedelta(hours=7)
    cac = replace(WAITING, line="cac")
    assert step(cac, now=late) == Step("silent", 1, 0, "S2", late + timedelta(hours=4))


def test_a_silent_sponsor_raises_the_severity_by_one_and_once() -> None:
    assert step(WAITING) == Step("silent", 1, 0, "S1", NOON + timedelta(minutes=30))
    assert step(replace(WAITING, raised=True)).severity == "S2"
    assert step(replace(WAITING, severity="S1")).severity == "S1"
    assert step(replace(WAITING, severity="S3")).severity == "S2"


@pytest.mark.parametrize("kind", ["reported", "second_missing", "delivery_parked", "contact_missing"])
def test_silence_about_anything_else_raises_nothing(kind: str) -> None:
    assert step(replace(WAITING, kind=kind)).severity == "S2"


@pytest.mark.parametrize("line", ["supervision", "cac", "police", "publicity", "duty"])
def test_the_silence_of_others_raises_nothing(line: str) -> None:
    assert step(replace(WAITING, line=line)).severity == "S2"


def test_before_a_judgement_nobody_beside_sponsor_and_duty_desk_is_told() -> None:
    alert = replace(WAITING, kind="preliminary", severity="S1")
    assert step(alert).rung == 1
    assert step(replace(alert, rung=1)) == Step("silent", 1, 1, "S1", NOON + timedelta(minutes=30))
    assert step(alert, ("supervision",)).why == "nobody"
    duty = replace(alert, line="duty")
    assert step(duty, ("duty", "duty")).rung == 1


def test_at_the_top_the_last_rung_is_told_again_three_times_and_then_nobody() -> None:
    alert = replace(WAITING, line="cac", rung=3)
    for rounds in range(MAX_ROUNDS):
        again = step(replace(alert, rounds=rounds))
        assert (again.why, again.rung, again.rounds, again.tells) == ("silent", 3, rounds + 1, True)
    assert step(replace(alert, rounds=MAX_ROUNDS)) == Step("unanswered", 3, MAX_ROUNDS, "S2", None)


def test_a_ladder_that_grew_is_climbed_and_one_that_shrank_is_not_descended() -> None:
    at_top = replace(WAITING, line="cac", rung=1, rounds=2)
    assert step(at_top).rung == 2
    assert step(at_top).rounds == 0
    shorter = step(at_top, ("cac",))
    assert (shorter.rung, shorter.rounds) == (1, 3)


def test_where_nobody_is_to_be_told_it_looks_again_later() -> None:
    nobody = step(replace(WAITING, told=False), ())
    assert nobody == Step("nobody", 0, 0, "S2", NOON + timedelta(hours=2))
    assert not nobody.tells
    found = step(replace(WAITING, told=False))
    assert found == Step("found", 0, 0, "S2", NOON + timedelta(hours=2))
    assert found.tells


def test_a_promise_without_progress_lapses_and_the_next_rung_is_told() -> None:
    lapsed = step(replace(WAITING, promised_by=NOON))
    assert lapsed == Step("lapsed", 1, 0, "S2", NOON + timedelta(hours=4), lapses=True)


def test_a_broken_promise_is_told_even_after_the_last_round() -> None:
    alert = replace(WAITING, rung=3, rounds=MAX_ROUNDS, promised_by=NOON)
    assert step(alert).rounds == MAX_ROUNDS + 1


def test_a_promise_lapses_also_where_nobody_is_left_to_be_told() -> None:
    assert step(replace(WAITING, promised_by=NOON), ()).lapses


def test_a_promise_with_progress_is_kept_and_ends_the_alert() -> None:
    assert step(replace(WAITING, promised_by=NOON, moved=True)) == Step("kept", 0, 0, "S2", None)


def test_a_case_that_became_s4_is_left_in_peace() -> None:
    assert step(replace(WAITING, severity="S4")) == Step("no_clock", 0, 0, "S4", None)


def test_s3_waits_through_the_night_and_s2_does_not() -> None:
    night = beijing(24, 23, 30)
    due = replace(WAITING, next_at=night)
    assert next_step(replace(due, severity="S3"), LADDER, night) is None
    assert step(due, now=night).tells
    assert step(replace(due, severity="S3"), now=beijing(25, 8)).tells


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        (beijing(24, 7, 59), beijing(24, 8)),
        (beijing(24, 8), beijing(24, 8)),
        (beijing(24, 21, 59), beijing(24, 21, 59)),
        (beijing(24, 22), beijing(25, 8)),
        (beijing(27, 22), beijing(30, 8)),  # from Friday evening to Monday
        (beijing(28, 12), beijing(30, 8)),
        (beijing(20, 12, month=9), beijing(20, 12, month=9)),  # a Sunday that is worked
    ],
)
def test_quiet_hours_end_on_a_morning_that_is_worked(moment: datetime, until: datetime) -> None:
    assert quiet_until("S3", moment) == quiet_until("S4", moment) == until
    assert quiet_until("S1", moment) == quiet_until("S2", moment) == moment


def test_a_promise_is_bounded_by_the_severity() -> None:
    assert promise_limit("S1", NOON) == NOON + timedelta(hours=2)
    assert promise_limit("S2", NOON) == NOON + timedelta(hours=24)
    assert promise_limit("S3", NOON) == beijing(9, 0, month=12)


@pytest.mark.parametrize("state", ["concluded", "archived", "not_established"])
def test_what_is_over_is_closed_but_the_news_of_a_reversal_only_with_the_archive(state: str) -> None:
    facts = {"confirmed": False, "superseded": False, "cause_gone": False}
    assert settled("preliminary", "sponsor", state, **facts) == state
    assert settled("confirmed", "sponsor", state, **facts) == state
    assert settled("reversed", "sponsor", state, **facts) == ("archived" if state == "archived" else "")
    noted = "archived" if state == "archived" else "noted"
    assert settled("reversed", "sponsor", state, **facts, noted=True) == noted
    assert settled("preliminary", "sponsor", "detected", **facts, noted=True) == ""
    assert settled("delivery_parked", "sponsor", state, **facts) == ""


def test_a_confirmation_that_no_longer_stands_is_closed() -> None:
    facts = {"confirmed": False, "superseded": False, "cause_gone": False}
    for kind, standing in (("confirmed", ""), ("reported", "withdrawn")):
        assert settled(kind, "sponsor", "under_review", **facts) == "reversed"
        assert settled(kind, "sponsor", "under_review", **{**facts, "confirmed": True}) == standing
    assert settled("preliminary", "sponsor", "under_review", **facts) == ""


def test_a_newer_word_replaces_the_one_before_and_no_internal_alert() -> None:
    facts = {"confirmed": True, "superseded": True, "cause_gone": False}
    assert {settled(kind, "sponsor", "warned", **facts) for kind in CASE_KINDS} == {"superseded"}
    assert settled("second_missing", "sponsor", "warned", **facts) == ""
    assert settled("second_missing", "sponsor", "warned", **{**facts, "cause_gone": True}) == "cause_gone"


@pytest.mark.parametrize(
    ("kind", "line", "state", "reason"),
    [
        ("confirmed", "supervision", "warned", ""),
        ("confirmed", "supervision", "reported", "reported"),
        ("confirmed", "supervision", "accepted", "accepted"),
        ("reported", "cac", "reported", ""),
        ("reported", "cac", "accepted", "accepted"),
        ("reported", "cac", "rechecked", "rechecked"),
        ("confirmed", "cac", "accepted", "accepted"),
        ("confirmed", "police", "accepted", ""),
    ],
)
def test_an_alert_that_brought_about_what_it_asked_for_is_closed(
    kind: str, line: str, state: str, reason: str
) -> None:
    assert settled(kind, line, state, confirmed=True, superseded=False, cause_gone=False) == reason

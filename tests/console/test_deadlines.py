"""What a case is due for, in words."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from console.deadlines import Deadline, deadline
from review.models import Case

NOW = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)  # 08:30 in Beijing


def case(minutes: float | None = 60, **columns: object) -> Case:
    """A case found four hours ago, to be judged in `minutes`; never saved."""
    by = None if minutes is None else NOW + timedelta(minutes=minutes)
    found = NOW - timedelta(hours=4)
    fields = {"state": "under_review", "detected_at": found, "judge_by": by, "report_by": by} | columns
    annotated = {name: fields.pop(name) for name in ("second_waits", "second_by") if name in fields}
    made = Case(**fields)
    for name, value in annotated.items():
        setattr(made, name, value)
    return made


def of(about: Case) -> Deadline:
    """What it is due for, in English."""
    with translation.override("en"):
        found = deadline(about, NOW)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("minutes", "tone", "said"),
    [
        (180, "calm", "3 h 0 min left"),
        (61, "soon", "1 h 1 min left"),
        (0.5, "soon", "0 min left"),
        (0, "soon", "0 min left"),
        (-1, "late", "overdue by 1 min"),
        (-75, "late", "overdue by 1 h 15 min"),
        (-2 * 24 * 60, "late", "overdue by 2 days"),
        (3 * 24 * 60, "calm", "3 days left"),
    ],
)
def test_time_left_and_time_over_are_said_and_the_last_quarter_presses(
    minutes: float, tone: str, said: str
) -> None:
    found = of(case(minutes))
    assert (found.what, found.tone, found.said) == ("judge", tone, said)


def test_nothing_is_late_by_a_date_that_is_a_guess() -> None:
    found = of(case(-60, due_is_provisional=True))
    assert (found.tone, found.said, found.guess) == ("calm", "the date is not certain", True)


def test_the_time_of_a_second_person_is_no_guess() -> None:
    late = NOW - timedelta(minutes=5)
    found = of(case(60, confirmed=True, due_is_provisional=True, second_waits=True, second_by=late))
    assert (found.what, found.tone, found.said) == ("second", "late", "overdue by 5 min")


def test_a_signature_without_a_time_of_its_own_is_due_with_the_judgement() -> None:
    found = of(case(10, second_waits=True, second_by=None))
    assert (found.what, found.said) == ("second", "10 min left")


@pytest.mark.parametrize(
    ("day", "said", "tone"),
    [
        (date(2026, 11, 25), "on 2026-11-25", "calm"),
        (date(2026, 11, 24), "today", "soon"),
        (date(2026, 11, 20), "since 2026-11-20", "soon"),
    ],
)
def test_a_case_put_off_tells_its_day(day: date, said: str, tone: str) -> None:
    found = of(case(60, review_on=day))
    assert (found.what, found.said, found.tone, found.at) == ("review", said, tone, None)


def test_what_is_confirmed_is_to_be_reported() -> None:
    assert of(case(60, confirmed=True, state="warned")).what == "report"


@pytest.mark.parametrize("state", ["reported", "accepted", "concluded", "archived", "not_established"])
def test_later_nothing_is_due_from_here(state: str) -> None:
    assert deadline(case(60, state=state, confirmed=state != "not_established"), NOW) is None


def test_a_case_without_a_clock_has_none() -> None:
    found = of(case(None))
    assert (found.at, found.said) == (None, "")

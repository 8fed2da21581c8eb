"""A person raised the case: every alert that is open goes by the shorter clock."""

from datetime import timedelta

import pytest

from alerting.acknowledge import acknowledge
from alerting.escalate import escalate
from alerting.fan_out import fan_out
from alerting.models import Alert, Delivery
from review.decide import move
from review.models import Case
from tests import cast
from tests.alerting import world
from tests.alerting.world import NIGHT

SOON = NIGHT + timedelta(minutes=5)

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(place: cast.Province, everybody: cast.Cast) -> Case:
    """A confirmed S3 whose messages wait for the morning."""
    world.contacts(place)
    case = world.confirmed(place, everybody, "S3")
    fan_out(NIGHT)
    return case


def weighed(case: Case, user: object, *codes: str) -> None:
    """`user` raises or lowers the case for these reasons, and it is fanned out."""
    for code in codes:
        case.refresh_from_db()
        move(user, case.pk, case.version, "severity", code, "写明", {}, SOON)  # type: ignore[arg-type]
    fan_out(SOON)


def of(case: Case, line: str) -> Alert:
    return Alert.objects.get(case=case, line=line, kind="confirmed")


def test_clock_and_messages_are_those_of_the_new_severity(case: Case, everybody: cast.Cast) -> None:
    weighed(case, everybody.second_reviewer, "money_asked", "emergency_rumours")
    assert set(Alert.objects.values_list("severity", "next_at")) == {("S1", SOON + timedelta(minutes=15))}
    assert set(Delivery.objects.values_list("next_at", flat=True)) == {SOON}
    assert escalate(SOON + timedelta(minutes=15)) == 6


def test_a_promise_ends_at_its_new_limit(case: Case, everybody: cast.Cast) -> None:
    until = NIGHT + timedelta(days=3)
    acknowledge(
        of(case, "duty").pk, by="王强", via="console", user=everybody.duty_officer, promise="核对",
        promised_by=until, now=NIGHT,
    )  # fmt: skip
    weighed(case, everybody.reviewer, "money_asked")
    duty = of(case, "duty")
    assert (duty.promised_by, duty.next_at) == (SOON + timedelta(hours=24),) * 2
    assert duty.acknowledgements.get().promised_by == until


def test_what_is_due_sooner_stays_so(case: Case, everybody: cast.Cast) -> None:
    due = SOON + timedelta(minutes=1)
    Alert.objects.update(next_at=due)
    weighed(case, everybody.reviewer, "money_asked")
    assert set(Alert.objects.values_list("severity", "next_at")) == {("S2", due)}


def test_to_lower_a_case_changes_no_alert(case: Case, everybody: cast.Cast) -> None:
    before = set(Alert.objects.values_list("pk", "severity", "next_at"))
    weighed(case, everybody.reviewer, "little_harm")
    assert set(Alert.objects.values_list("pk", "severity", "next_at")) == before


def test_who_was_silent_to_the_top_is_not_asked_anew(case: Case, everybody: cast.Cast) -> None:
    Alert.objects.update(next_at=None)
    weighed(case, everybody.reviewer, "money_asked")
    assert set(Alert.objects.values_list("severity", "next_at")) == {("S2", None)}

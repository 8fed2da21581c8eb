"""A flood of strangers who imitate one account tells of the first few, and of no more."""

from datetime import timedelta

import pytest

from alerting.campaign import TOLD_OF
from alerting.fan_out import fan_out
from alerting.models import Alert, Delivery, FanOut
from review.decide import countersign
from review.intake import take_in
from review.models import Case
from tests import cast
from tests.alerting import world
from tests.alerting.world import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases(place: cast.Province, everybody: cast.Cast) -> list[Case]:
    """Two more S1 of one account than are told of."""
    world.contacts(place)
    for number in range(TOLD_OF + 2):
        cast.suspect(place.zhengzhou_account, f"郑州発布{number}", f"9{number}", severity="S1", at=NOON)
    take_in(NOON)
    fan_out(NOON)
    return list(Case.objects.order_by("pk"))


def reason(case: Case) -> dict[str, str]:
    said: dict[str, str] = FanOut.objects.filter(change__case=case).latest("pk").reason
    return said


def test_the_first_are_told_of_and_the_others_join_their_thread(cases: list[Case]) -> None:
    alerts = Alert.objects.order_by("case", "line").values_list("case", "line")
    assert list(alerts) == [(case.pk, line) for case in cases[:TOLD_OF] for line in ("duty", "sponsor")]
    assert Delivery.objects.count() == 2 * TOLD_OF
    assert [reason(case)["code"] for case in cases] == ["told"] * TOLD_OF + ["campaign"] * 2
    assert cases[0].number in reason(cases[-1])["zh"]
    assert cases[0].number in reason(cases[-1])["en"]


def test_another_account_is_told_of(cases: list[Case], place: cast.Province) -> None:
    other = cast.case(place.kaifeng_account, uid="8001", name="开封発布", severity="S1", at=NOON)
    fan_out(NOON)
    assert Alert.objects.filter(case=other, kind="preliminary").count() == 2


def test_the_next_is_told_of_when_one_was_settled(cases: list[Case], place: cast.Province) -> None:
    Alert.objects.filter(case=cases[0]).update(closed_at=NOON)
    later = NOON + timedelta(minutes=1)
    new = cast.case(place.zhengzhou_account, uid="7001", name="鄭州发布", severity="S1", at=later)
    fan_out(later)
    assert reason(new)["code"] == "told"


def test_a_case_of_the_thread_that_is_confirmed_is_told_of_like_any(
    cases: list[Case], everybody: cast.Cast
) -> None:
    case = cases[-1]
    world.judged(case, everybody.reviewer, "counterfeit", "name_imitated")
    case.refresh_from_db()
    countersign(everybody.second_reviewer, case.pk, case.version, True, "", NOON)
    fan_out(NOON)
    assert Alert.objects.filter(case=case, kind="confirmed").count() == 6

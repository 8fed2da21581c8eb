"""Who sees which alerts, messages and gaps (domain handbook 1)."""

import pytest
from django.contrib.auth.models import AnonymousUser
from pytest_django import DjangoAssertNumQueries

from alerting import selectors
from alerting.fan_out import fan_out
from alerting.models import Alert, ContactGap, Delivery, Stuck
from review.decide import countersign
from review.models import Case, CaseChange
from review.selectors import visible_cases
from tests import cast
from tests.alerting import world
from tests.alerting.world import NOON

pytestmark = pytest.mark.django_db
ALL = {"sponsor", "supervision", "cac", "police", "publicity", "duty"}


@pytest.fixture
def case(place: cast.Province, everybody: cast.Cast) -> Case:
    """A confirmed S1 that every line was told of."""
    world.contacts(place)
    case = world.confirmed(place, everybody, "S1")
    fan_out(NOON)
    return case


@pytest.mark.parametrize(
    ("who", "lines"),
    [
        ("reviewer", ALL),
        ("duty_officer", ALL),
        ("supervisor", {"sponsor", "supervision"}),
        ("sponsor", {"sponsor"}),
        ("cac_officer", {"cac"}),
        ("psb_officer", {"police"}),
        ("publicity", {"publicity"}),
        ("contractor", set()),
        ("auditor", set()),
        ("outsider", set()),
    ],
)
def test_each_role_sees_and_acknowledges_its_lines(
    case: Case, everybody: cast.Cast, who: str, lines: set[str]
) -> None:
    user = getattr(everybody, who)
    assert set(selectors.visible_alerts(user).values_list("line", flat=True)) == lines
    acknowledges = {alert.line for alert in Alert.objects.all() if selectors.may_acknowledge(user, alert)}
    assert acknowledges == lines
    assert {alert.line for alert in selectors.of_case(user, case)} == lines


def test_a_withdrawal_is_seen_by_every_line_that_was_warned(case: Case, everybody: cast.Cast) -> None:
    Delivery.objects.update(tries=1)
    decision = world.judged(case, everybody.reviewer, "not_established", "name_alone")
    if decision.standing == "awaiting":
        case.refresh_from_db()
        countersign(everybody.second_reviewer, case.pk, case.version, True, "", NOON)
    fan_out(NOON)
    assert not visible_cases(everybody.cac_officer)
    for who, line in (("cac_officer", "cac"), ("psb_officer", "police"), ("publicity", "publicity")):
        [alert] = selectors.visible_alerts(getattr(everybody, who))
        assert (alert.kind, alert.line) == ("reversed", line)
        assert selectors.may_acknowledge(getattr(everybody, who), alert)
    for who in ("outsider", "contractor", "auditor"):
        assert not selectors.visible_alerts(getattr(everybody, who))


def test_who_is_not_signed_in_sees_nothing(case: Case) -> None:
    nobody = AnonymousUser()
    for seen in (selectors.visible_alerts, selectors.parked, selectors.open_gaps, selectors.stuck):
        assert not seen(nobody).exists()


def test_before_a_judgement_the_sponsor_sees_its_warning_and_no_authority_does(
    place: cast.Province, everybody: cast.Cast
) -> None:
    world.contacts(place)
    world.opened(place, "S1")
    fan_out(NOON)
    assert selectors.visible_alerts(everybody.sponsor).count() == 1
    for officer in (everybody.cac_officer, everybody.psb_officer, everybody.publicity):
        assert not selectors.visible_alerts(officer).exists()


def test_the_unacknowledged_come_most_severe_first_and_go_when_answered(
    case: Case, place: cast.Province, everybody: cast.Cast
) -> None:
    other = cast.account("文明郑州", "wenming", place.zhengzhou_account.unit, uid="1009")
    cast.case(other, "confirmed", name="文眀郑州", uid="9002", at=NOON)
    fan_out(NOON)
    found = [alert.severity for alert in selectors.unacknowledged(everybody.duty_officer)]
    assert found == sorted(found)
    assert set(found) == {"S1", "S2"}
    Alert.objects.filter(severity="S1").update(acked_at=NOON)
    assert {alert.severity for alert in selectors.unacknowledged(everybody.duty_officer)} == {"S2"}


def test_what_everybody_ignored_comes_first_of_its_severity(case: Case, everybody: cast.Cast) -> None:
    Alert.objects.filter(line="cac").update(next_at=None)
    Alert.objects.filter(line="duty").update(next_at=NOON)
    Alert.objects.filter(line="sponsor").update(acked_at=NOON)
    waiting = selectors.unacknowledged(everybody.duty_officer)
    assert [alert.line for alert in waiting][:2] == ["cac", "duty"]
    everything = selectors.in_order(selectors.visible_alerts(everybody.duty_officer))
    assert [alert.line for alert in everything] == [*(alert.line for alert in waiting), "sponsor"]


def test_the_alerts_of_a_case_come_with_their_messages_in_few_queries(
    case: Case, everybody: cast.Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(5):
        for alert in selectors.of_case(everybody.duty_officer, case):
            assert all(message.recipient.name for message in alert.deliveries.all())
            assert not [message for message in alert.deliveries.all() if "body" in vars(message)]


def test_parked_messages_are_seen_with_their_alert(case: Case, everybody: cast.Cast) -> None:
    Delivery.objects.filter(alert__line="cac").update(outcome="parked", done_at=NOON)
    assert [d.alert.line for d in selectors.parked(everybody.duty_officer)] == ["cac"]
    assert [d.alert.line for d in selectors.parked(everybody.cac_officer)] == ["cac"]
    assert not selectors.parked(everybody.sponsor)
    assert not selectors.parked(everybody.outsider)
    for change in ({"acked_at": NOON}, {"acked_at": None, "closed_at": NOON}):
        Alert.objects.filter(line="cac").update(**change)
        assert not selectors.parked(everybody.duty_officer)


def test_gaps_are_the_task_of_who_judges_in_their_place_also_those_above_it(
    place: cast.Province, everybody: cast.Cast
) -> None:
    world.confirmed(place, everybody)
    fan_out(NOON)
    everything = set(ContactGap.objects.values_list("pk", flat=True))
    assert {gap.pk for gap in selectors.open_gaps(everybody.duty_officer)} == everything
    assert {gap.pk for gap in selectors.open_gaps(everybody.reviewer)} == everything
    for other in (everybody.outsider, everybody.sponsor, everybody.cac_officer, everybody.contractor):
        assert not selectors.open_gaps(other).exists()
    ContactGap.objects.update(resolved_at=NOON)
    assert not selectors.open_gaps(everybody.reviewer).exists()


def test_a_change_told_to_nobody_is_seen_by_who_judges(case: Case, everybody: cast.Cast) -> None:
    change = CaseChange.objects.filter(case=case).latest("pk")
    Stuck.objects.create(change=change, since=NOON, next_at=NOON, tries=1, problem="ValueError: no way")
    assert selectors.stuck(everybody.reviewer).get().problem == "ValueError: no way"
    assert not selectors.stuck(everybody.cac_officer).exists()
    assert not selectors.stuck(everybody.outsider).exists()


def test_who_would_be_told_of_an_account_is_asked_as_if_it_were_s1(place: cast.Province) -> None:
    world.contacts(place)
    way = selectors.who_would_be_told(place.zhengzhou_account, NOON)
    assert {ladder.line for ladder in way.ladders} == ALL


def test_who_would_be_told_of_a_case_is_who_is_told(place: cast.Province, everybody: cast.Cast) -> None:
    world.contacts(place)
    case = world.opened(place)
    before = selectors.who_would_be_told(case, NOON)
    world.judged(case, everybody.reviewer, "counterfeit", "name_imitated")
    fan_out(NOON)
    told = {alert.line: [one.name for one in alert.recipients.all()] for alert in Alert.objects.all()}
    assert told == {
        ladder.line: [one.name for one in ladder.rungs[0].addressees] for ladder in before.ladders
    }

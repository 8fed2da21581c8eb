"""What people decided becomes what others are told: once, to the right ones, together or not at all."""

import email
import logging
from collections.abc import Callable
from datetime import timedelta
from email.policy import default

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from alerting import fan_out as module
from alerting import wording
from alerting.escalate import escalate
from alerting.fan_out import fan_out
from alerting.models import Alert, ContactGap, Delivery, FanOut, Recipient, Stuck
from audit_logs.models import Event
from registry.models import Contact
from review.decide import Judgement, countersign, judge, move
from review.intake import take_in
from review.models import Case, CaseChange
from review.sweep import sweep
from review.transitions import apply
from tests import cast
from tests.alerting import world
from tests.alerting.world import NIGHT, NOON

pytestmark = pytest.mark.django_db


def told(case: Case, kind: str) -> dict[str, list[str]]:
    """Line → names told on its first rung."""
    return {
        alert.line: [one.name for one in alert.recipients.order_by("pk")]
        for alert in Alert.objects.filter(case=case, kind=kind).order_by("pk")
    }


def mail(case: Case, kind: str) -> str:
    """The text of the first mail of a kind."""
    body = Delivery.objects.filter(alert__case=case, alert__kind=kind).earliest("created_at").body
    return str(email.message_from_bytes(bytes(body), policy=default).get_content())


def reasons(case: Case) -> list[str]:
    return [row.reason["code"] for row in FanOut.objects.filter(change__case=case).order_by("pk")]


@pytest.fixture
def people(place: cast.Province) -> dict[str, Contact]:
    return world.contacts(place)


def test_a_new_suspect_is_told_to_nobody_before_a_person_has_judged(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = world.opened(place)
    assert fan_out(NOON) == 1
    assert not Alert.objects.exists()
    assert reasons(case) == ["quiet"]


def test_of_a_new_s1_sponsor_and_duty_desk_hear_at_once_and_nobody_else(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = world.opened(place, "S1")
    fan_out(NOON)
    assert told(case, "preliminary") == {"sponsor": ["主办甲"], "duty": ["市duty"]}
    assert {d.address for d in Delivery.objects.all()} == {"sponsor1@zz.example", "duty.410100@henan.example"}


def test_a_case_raised_to_s1_before_judgement_is_told_then_and_once(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = world.opened(place)
    fan_out(NOON)
    assert not Alert.objects.exists()
    move(everybody.reviewer, case.pk, case.version, "severity", "money_asked", "", {}, NOON)
    fan_out(NOON)
    assert set(told(case, "preliminary")) == {"sponsor", "duty"}
    cast.suspect(place.zhengzhou_account, "郑州發布", "9001", severity="S1", at=NOON)
    take_in(NOON)
    fan_out(NOON)
    assert CaseChange.objects.filter(case=case, move="joined").exists()
    assert Alert.objects.filter(kind="preliminary").count() == 2


def test_a_confirmed_counterfeit_goes_to_sponsor_supervisor_and_cyberspace_office(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = world.confirmed(place, everybody)
    fan_out(NOON)
    assert told(case, "confirmed") == {
        "sponsor": ["主办甲"],
        "supervision": ["市supervision"],
        "cac": ["市cac"],
        "duty": ["市duty"],
    }
    assert Recipient.objects.count() == Delivery.objects.count() == 4


def test_a_confirmed_s1_goes_to_police_and_publicity_as_well(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = world.confirmed(place, everybody, "S1")
    fan_out(NOON)
    assert list(told(case, "confirmed")) == ["sponsor", "supervision", "cac", "police", "publicity", "duty"]


def test_an_s1_awaiting_its_second_person_is_told_to_no_authority(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = world.opened(place, "S1")
    world.judged(case, everybody.reviewer, "counterfeit", "name_imitated")
    fan_out(NOON)
    assert set(Alert.objects.values_list("kind", "line")) == {
        ("preliminary", "sponsor"),
        ("preliminary", "duty"),
    }


def test_the_case_is_warned_once_a_message_has_arrived_and_no_sooner(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case, later = world.confirmed(place, everybody), NOON + timedelta(seconds=5)
    fan_out(NOON)
    Delivery.objects.filter(alert__line="duty").update(outcome="parked", done_at=NOON)
    fan_out(NOON)
    case.refresh_from_db()
    assert (case.state, case.warned_at) == ("under_review", None)
    Delivery.objects.filter(alert__line="cac").update(outcome="delivered", done_at=later)
    assert fan_out(later) == 1  # the move `warn` itself, of which nobody needs to be told
    case.refresh_from_db()
    assert (case.state, case.warned_at) == ("warned", later)
    assert reasons(case)[-1] == "quiet"


def test_confirmed_anew_it_is_warned_by_messages_of_its_own(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = world.confirmed(place, everybody)
    fan_out(NOON)
    world.sent(case)
    world.judged(case, everybody.reviewer, "not_established", "name_alone")
    fan_out(NOON)
    world.sent(case)
    world.judged(case, everybody.reviewer, "counterfeit", "name_imitated")
    fan_out(NOON)
    fan_out(NOON)
    case.refresh_from_db()
    assert case.state == "under_review"
    world.sent(case)
    fan_out(NOON)
    case.refresh_from_db()
    assert case.state == "warned"


def test_of_several_cases_the_most_severe_is_told_first(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    world.confirmed(place, everybody)
    other = cast.account("文明郑州", "wenming", place.zhengzhou_account.unit, uid="1009")
    worse = cast.case(other, "confirmed", uid="9002", name="文眀郑州", severity="S1", at=NOON)
    fan_out(NOON)
    first = Alert.objects.earliest("pk")
    assert first.case == worse


def test_one_confirmation_reads_the_offices_once(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    world.confirmed(place, everybody)
    with CaptureQueriesContext(connection) as asked:
        fan_out(NOON)
    from_contacts = [query for query in asked if 'FROM "registry_contact"' in query["sql"]]
    assert len([query for query in from_contacts if '"registry_contact"."person"' in query["sql"]]) == 1
    assert len(asked) < 90


def test_with_nothing_to_do_the_database_is_asked_three_times(
    place: cast.Province, everybody: cast.Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    world.confirmed(place, everybody)  # nobody is there to be told: gaps stay open
    fan_out(NOON)
    with django_assert_num_queries(3):
        assert fan_out(NOON) == 0
    with django_assert_num_queries(2):
        assert escalate(NOON) == 0


def test_where_nobody_can_be_reached_the_case_is_not_called_warned(
    place: cast.Province, everybody: cast.Cast
) -> None:
    case = world.confirmed(place, everybody)
    fan_out(NOON)
    case.refresh_from_db()
    assert case.state == "under_review"
    assert Alert.objects.filter(case=case, kind="confirmed").count() == 4
    assert not Delivery.objects.exists()


def test_it_is_called_warned_when_somebody_was_reached_after_all(
    place: cast.Province, everybody: cast.Cast
) -> None:
    case = world.confirmed(place, everybody)
    fan_out(NOON)
    cast.contact("cac", place.zhengzhou, "市cac")
    later = NOON + timedelta(hours=3)
    escalate(later)
    Delivery.objects.filter(alert__line="cac").update(outcome="delivered", done_at=later)
    fan_out(later)
    case.refresh_from_db()
    assert (case.state, case.warned_at) == ("warned", later)


def test_every_office_without_contact_becomes_a_task_and_duty_is_told_once(
    place: cast.Province, everybody: cast.Cast
) -> None:
    cast.contact("duty", place.zhengzhou, "市duty")
    cast.contact("cac", place.henan, "省cac")
    case = world.confirmed(place, everybody)
    fan_out(NOON)
    gaps = {(gap.line, gap.division_id, gap.unit_id) for gap in ContactGap.objects.all()}
    assert gaps == {
        ("sponsor", None, place.zhengzhou_account.unit_id),
        ("supervision", "410100", None),
        ("supervision", "410000", None),
        ("cac", "410100", None),
    }
    assert told(case, "confirmed")["cac"] == ["省cac"]
    assert told(case, "contact_missing") == {"duty": ["市duty"]}
    body = Delivery.objects.get(alert__kind="contact_missing").body
    assert bytes(body)


def test_a_gap_bridged_by_the_office_above_waits_for_the_morning(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    Contact.objects.filter(pk=people["市cac"].pk).update(valid_to=NOON.date() - timedelta(days=1))
    case = world.opened(place, "S1")
    judgement = Judgement("counterfeit", "name_imitated", alone=True)
    judge(everybody.duty_officer, case.pk, case.version, judgement, NIGHT)
    fan_out(NIGHT)
    alert = Alert.objects.get(case=case, kind="contact_missing")
    morning = NIGHT + timedelta(hours=8, minutes=30)
    assert (alert.severity, alert.deliveries.get().next_at) == ("S3", morning)
    escalate(NIGHT + timedelta(hours=6))
    alert.refresh_from_db()
    assert (alert.rung, alert.rounds) == (0, 0)
    case.refresh_from_db()
    escalate(alert.next_at)  # type: ignore[arg-type]
    alert.refresh_from_db()
    assert (alert.rung, alert.severity) == (1, "S3")
    assert not CaseChange.objects.filter(case=case, code="sponsor_silent", at=alert.rung_at).exists()


def test_a_gap_nobody_bridges_is_as_urgent_as_its_case(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    Contact.objects.filter(line="cac").update(valid_to=NOON.date() - timedelta(days=1))
    world.confirmed(place, everybody, "S1")
    fan_out(NOON)
    alert = Alert.objects.get(kind="contact_missing")
    assert (alert.severity, alert.next_at) == ("S1", NOON + timedelta(minutes=15))


def test_a_second_case_with_the_same_gaps_opens_no_second_task(
    place: cast.Province, everybody: cast.Cast
) -> None:
    world.confirmed(place, everybody)
    fan_out(NOON)
    open_gaps = ContactGap.objects.count()
    other = cast.account("文明郑州", "wenming", place.zhengzhou_account.unit, uid="1009")
    case = cast.case(other, "confirmed", uid="9002", name="文眀郑州", at=NOON)
    fan_out(NOON)
    assert ContactGap.objects.count() == open_gaps
    assert told(case, "contact_missing") == {}


def test_a_gap_ends_when_a_contact_is_there_and_so_does_its_alert(
    place: cast.Province, everybody: cast.Cast
) -> None:
    cast.contact("duty", place.zhengzhou, "市duty")
    world.confirmed(place, everybody)
    fan_out(NOON)
    alert = Alert.objects.get(kind="contact_missing")
    cast.contact("cac", place.zhengzhou, "市cac")
    later = NOON + timedelta(minutes=5)
    fan_out(later)
    alert.refresh_from_db()
    assert alert.closed_at is None
    assert ContactGap.objects.get(line="cac", division="410100").resolved_at == later
    for line, where in ContactGap.objects.filter(resolved_at=None).values_list("line", "division"):
        cast.contact(
            line, place.henan if where == "410000" else place.zhengzhou, f"{line}{where}"
        ) if where else (cast.contact(line, place.zhengzhou_account.unit))
    fan_out(later)
    closed = Alert.objects.get(pk=alert.pk)
    assert (closed.closed_at, closed.closed_reason) == (later, "cause_gone")
    assert Delivery.objects.get(alert=alert).outcome == "cancelled"


def test_a_contact_without_an_address_mends_no_gap(place: cast.Province, everybody: cast.Cast) -> None:
    world.confirmed(place, everybody)
    fan_out(NOON)
    cast.contact("cac", place.zhengzhou, "市cac", email="")
    fan_out(NOON)
    assert ContactGap.objects.get(line="cac", division="410100").resolved_at is None


def test_nobody_beside_the_victims_own_places_is_told(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    world.confirmed(place, everybody, "S1")
    fan_out(NOON)
    assert not Recipient.objects.filter(contact__division=place.kaifeng).exists()


def test_fanning_out_again_tells_nobody_twice(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    world.confirmed(place, everybody)
    fan_out(NOON)
    before = set(Delivery.objects.values_list("pk", flat=True))
    for _ in range(3):
        fan_out(NOON)
    assert set(Delivery.objects.values_list("pk", flat=True)) == before


def test_a_later_sign_of_crime_opens_the_police_line_alone(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = world.confirmed(place, everybody)
    fan_out(NOON)
    case.refresh_from_db()
    move(everybody.reviewer, case.pk, case.version, "crime_signs", "money_asked", "", {}, NOON)
    fan_out(NOON)
    assert Alert.objects.filter(case=case, kind="confirmed", line="police").count() == 1
    assert Alert.objects.filter(case=case, kind="confirmed").count() == 5


def test_what_the_service_itself_raised_opens_no_line_to_an_authority(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = world.confirmed(place, everybody)
    fan_out(NOON)
    case.refresh_from_db()
    apply(case, case.version, "severity", "system:escalate", NOON, sets={"severity": "S1"})
    fan_out(NOON)
    assert not Alert.objects.filter(case=case, line__in=["police", "publicity"]).exists()


def silent(case: Case) -> None:
    """Nobody of the sponsor answered: the service makes an S2 an S1."""
    escalate(NOON + timedelta(hours=2))
    case.refresh_from_db()
    assert case.severity == "S1"


def authorities(case: Case) -> set[str]:
    return set(told(case, "confirmed")) & {"police", "publicity"}


def test_after_a_raise_for_silence_one_persons_word_opens_no_line(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = world.confirmed(place, everybody)
    fan_out(NOON)
    silent(case)
    fan_out(NOON)
    assert world.judged(case, everybody.reviewer, "counterfeit", "name_imitated").standing == "awaiting"
    fan_out(NOON)
    assert authorities(case) == set()
    case.refresh_from_db()
    countersign(everybody.second_reviewer, case.pk, case.version, True, "", NOON)
    fan_out(NOON)
    assert authorities(case) == {"police", "publicity"}


def test_a_sign_of_crime_after_a_raise_for_silence_opens_the_police_line_alone(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = world.confirmed(place, everybody)
    fan_out(NOON)
    silent(case)
    move(everybody.reviewer, case.pk, case.version, "crime_signs", "money_asked", "", {}, NOON)
    fan_out(NOON)
    assert authorities(case) == {"police"}


@pytest.mark.parametrize(("move_name", "code"), [("severity", "little_harm"), ("crime_signs", "withdrawn")])
def test_what_is_lowered_or_withdrawn_opens_no_line(
    move_name: str, code: str, place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = world.confirmed(place, everybody)
    fan_out(NOON)
    # A line that came since, of a body that is police by its name.
    type(case.target.unit).objects.update(name="郑州市公安局")
    case.refresh_from_db()
    move(everybody.reviewer, case.pk, case.version, move_name, code, "写明", {}, NOON)
    fan_out(NOON)
    assert authorities(case) == set()


def test_a_case_a_person_raises_to_s1_is_told_to_police_and_publicity(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = world.confirmed(place, everybody)
    fan_out(NOON)
    case.refresh_from_db()
    move(everybody.second_reviewer, case.pk, case.version, "severity", "money_asked", "", {}, NOON)
    fan_out(NOON)
    assert authorities(case) == {"police", "publicity"}


def test_a_decision_taken_back_is_told_to_everybody_who_heard_of_it(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = world.confirmed(place, everybody)
    fan_out(NOON)
    world.sent(case)
    world.judged(case, everybody.reviewer, "not_established", "name_alone")
    fan_out(NOON)
    assert told(case, "reversed") == told(case, "confirmed")
    fan_out(NOON)
    assert Alert.objects.filter(kind="reversed").count() == 4


def test_of_a_decision_taken_back_whoever_heard_nothing_yet_hears_nothing(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = world.opened(place, "S3")
    world.judged(case, everybody.reviewer, "counterfeit", "name_imitated")
    fan_out(NIGHT)  # all of it waits for the morning
    Delivery.objects.filter(alert__line="cac").update(outcome="delivered", done_at=NIGHT, tries=1)
    world.judged(case, everybody.reviewer, "not_established", "name_alone")
    fan_out(NIGHT)
    assert told(case, "reversed") == {"cac": ["市cac"]}
    waiting = Delivery.objects.filter(alert__case=case, done_at=None)
    assert [delivery.alert.kind for delivery in waiting] == ["reversed"]
    assert set(Alert.objects.filter(kind="confirmed").values_list("closed_reason", flat=True)) == {"reversed"}


def test_what_nobody_heard_of_is_told_as_new_when_it_is_confirmed_after_all(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = world.opened(place, "S3")
    world.judged(case, everybody.reviewer, "counterfeit", "name_imitated")
    fan_out(NIGHT)
    world.judged(case, everybody.reviewer, "not_established", "name_alone")
    fan_out(NIGHT)
    assert not Alert.objects.filter(kind="reversed").exists()
    world.judged(case, everybody.reviewer, "counterfeit", "name_imitated")
    fan_out(NIGHT)
    assert Alert.objects.filter(kind="confirmed", closed_at=None, line="cac").count() == 1


def test_whoever_was_told_of_the_report_alone_hears_that_the_decision_was_taken_back(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = reported_alone(place, everybody, people)
    world.judged(case, everybody.reviewer, "not_established", "name_alone")
    fan_out(NIGHT)
    assert told(case, "reversed")["cac"] == ["市cac", "新网信"]


def test_a_report_its_second_person_refuses_is_withdrawn_from_exactly_those_who_were_told(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = reported_alone(place, everybody, people)
    assert wording.PROVISIONAL.zh in mail(case, "reported")
    countersign(everybody.reviewer, case.pk, case.version, False, "证据不足", NIGHT)
    fan_out(NIGHT)
    assert told(case, "withdrawn") == {"sponsor": ["主办甲"], "cac": ["新网信"]}
    assert wording.SUMMARIES["withdrawn"].zh.partition("{name}")[0] in mail(case, "withdrawn")
    gone = Alert.objects.filter(case=case, kind="reported")
    assert set(gone.values_list("closed_reason", flat=True)) == {"withdrawn"}
    assert not Alert.objects.filter(case=case, kind="reversed").exists()


def reported_alone(place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]) -> Case:
    """A case whose report one person sent off at night, to somebody new at the cyberspace office."""
    case = world.confirmed(place, everybody)
    fan_out(NOON)
    world.sent(case)
    case.refresh_from_db()
    move(everybody.duty_officer, case.pk, case.version, "report", "in_its_place", "", {"alone": True}, NIGHT)
    gone = Contact.objects.filter(pk=people["市cac"].pk)
    gone.update(valid_to=NIGHT - timedelta(days=2))
    cast.contact("cac", place.zhengzhou, "新网信", email="new@zz.example")
    fan_out(NIGHT)
    world.sent(case)
    gone.update(valid_to=None)
    case.refresh_from_db()
    return case


def test_confirmed_anew_after_a_reversal_is_told_anew(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = world.confirmed(place, everybody)
    fan_out(NOON)
    world.sent(case)
    world.judged(case, everybody.reviewer, "not_established", "name_alone")
    fan_out(NOON)
    world.judged(case, everybody.reviewer, "counterfeit", "name_imitated")
    fan_out(NOON)
    assert Alert.objects.filter(case=case, kind="confirmed", line="cac").count() == 2


def test_an_s1_that_comes_to_nothing_is_called_off_where_it_was_announced(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = world.opened(place, "S1")
    fan_out(NOON)
    world.sent(case)
    world.judged(case, everybody.reviewer, "not_established", "name_alone")
    fan_out(NOON)
    assert told(case, "reversed") == {"sponsor": ["主办甲"], "duty": ["市duty"]}


def test_after_a_stop_nobody_is_told_of_what_was_taken_back_meanwhile(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = world.confirmed(place, everybody)
    world.judged(case, everybody.reviewer, "not_established", "name_alone")
    assert fan_out(NOON) == 3
    assert not Alert.objects.filter(case=case).exists()


def test_a_night_decision_refused_by_the_second_person_is_taken_back(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = world.opened(place, "S1")
    case.refresh_from_db()
    judgement = Judgement("counterfeit", "name_imitated", alone=True)
    judge(everybody.duty_officer, case.pk, case.version, judgement, NIGHT)
    fan_out(NIGHT)
    assert "cac" in told(case, "confirmed")
    world.sent(case)
    case.refresh_from_db()
    countersign(everybody.reviewer, case.pk, case.version, False, "看错了", NIGHT)
    fan_out(NIGHT)
    assert set(told(case, "reversed")) == set(told(case, "confirmed"))


def test_an_overdue_countersignature_is_told_to_duty(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = world.opened(place, "S1")
    judgement = Judgement("counterfeit", "name_imitated", alone=True)
    judge(everybody.duty_officer, case.pk, case.version, judgement, NIGHT)
    late = NIGHT + timedelta(hours=4)
    sweep(late)
    fan_out(late)
    assert told(case, "second_missing") == {"duty": ["市duty"]}
    assert wording.AWAITING.zh not in mail(case, "second_missing")


def test_what_waits_in_vain_for_its_second_person_is_told_as_not_in_effect(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = world.opened(place, "S1")
    world.judged(case, everybody.reviewer, "counterfeit", "name_imitated")
    late = NOON + timedelta(minutes=30)
    sweep(late)
    fan_out(late)
    assert told(case, "second_missing") == {"duty": ["市duty"]}
    assert wording.AWAITING.zh in mail(case, "second_missing")


def test_one_that_was_signed_before_anybody_was_told_is_told_to_nobody(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = world.opened(place, "S1")
    world.judged(case, everybody.reviewer, "counterfeit", "name_imitated")
    late = NOON + timedelta(minutes=30)
    sweep(late)
    case.refresh_from_db()
    countersign(everybody.second_reviewer, case.pk, case.version, True, "", late)
    fan_out(late)
    assert told(case, "second_missing") == {}


def test_a_formal_report_is_told_to_sponsor_and_cyberspace_office(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = cast.case(place.zhengzhou_account, "reported", at=NOON)
    fan_out(NOON)
    assert told(case, "reported") == {"sponsor": ["主办甲"], "cac": ["市cac"]}


def test_what_can_wait_waits_for_the_morning(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    world.confirmed(place, everybody, "S3")
    fan_out(NIGHT)
    assert {d.next_at for d in Delivery.objects.all()} == {NIGHT + timedelta(hours=8, minutes=30)}


def test_what_is_urgent_does_not(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    world.confirmed(place, everybody, "S2")
    fan_out(NIGHT)
    assert {d.next_at for d in Delivery.objects.all()} == {NIGHT}


@pytest.fixture
def poisoned(monkeypatch: pytest.MonkeyPatch) -> Callable[[Case], None]:
    """Make every fan-out of one case fail."""

    def poison(case: Case) -> None:
        tell = module._tell

        def failing(change: CaseChange, now: object) -> None:
            tell(change, now)  # type: ignore[arg-type]
            if change.case_id == case.pk:
                raise ValueError("no way")

        monkeypatch.setattr(module, "_tell", failing)

    return poison


def test_a_change_that_fails_leaves_nothing_and_stops_no_other(
    place: cast.Province,
    everybody: cast.Cast,
    people: dict[str, Contact],
    poisoned: Callable[[Case], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    bad = world.confirmed(place, everybody)
    good = cast.case(place.zhengzhou_account, "confirmed", uid="9002", name="郑洲发布", at=NOON)
    poisoned(bad)
    fan_out(NOON)
    assert not Alert.objects.filter(case=bad).exists()
    assert told(good, "confirmed")
    stuck = Stuck.objects.get()
    assert (stuck.change.case_id, stuck.problem) == (bad.pk, "ValueError: no way")
    assert "no way" in caplog.text


def test_a_change_that_fails_is_tried_again_later_and_later_and_logged_once(
    place: cast.Province,
    everybody: cast.Cast,
    people: dict[str, Contact],
    poisoned: Callable[[Case], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    poisoned(world.confirmed(place, everybody))
    fan_out(NOON)
    assert fan_out(NOON + timedelta(seconds=4)) == 0
    assert Stuck.objects.get().tries == 1
    fan_out(NOON + timedelta(seconds=5))
    stuck = Stuck.objects.get()
    assert (stuck.tries, stuck.next_at) == (2, NOON + timedelta(seconds=15))
    assert len([r for r in caplog.records if r.levelno == logging.ERROR]) == 1


def test_a_pause_from_a_clock_that_was_set_back_holds_nothing(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = world.confirmed(place, everybody)
    first = CaseChange.objects.filter(case=case).earliest("pk")
    stuck = Stuck.objects.create(change=first, since=NOON, next_at=NOON + timedelta(hours=2), problem="x")
    assert fan_out(NOON) == 0
    Stuck.objects.filter(pk=stuck.pk).update(next_at=NOON + timedelta(days=300))
    fan_out(NOON)
    assert told(case, "confirmed")


def test_a_case_that_cannot_be_called_warned_keeps_no_other_back(
    place: cast.Province,
    everybody: cast.Cast,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    bad = world.confirmed(place, everybody)
    good = cast.case(place.zhengzhou_account, "confirmed", uid="9002", name="郑洲发布", at=NOON)
    fan_out(NOON)
    cast.contact("cac", place.zhengzhou, "市cac")
    later = NOON + timedelta(hours=3)
    escalate(later)
    Delivery.objects.update(outcome="delivered", done_at=later)

    def failing(case: Case, *rest: object, **more: object) -> object:
        if case.pk == bad.pk:
            raise ValueError("no way")
        return apply(case, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "apply", failing)
    fan_out(later)
    good.refresh_from_db()
    assert good.state == "warned"
    assert "no way" in caplog.text


def test_a_case_taken_back_in_between_is_not_called_warned(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = world.confirmed(place, everybody)
    fan_out(NOON)
    Case.objects.filter(pk=case.pk).update(state="under_review", confirmed=False)
    module._warn(case.pk, NOON)
    case.refresh_from_db()
    assert case.state == "under_review"


def test_a_tick_stops_at_its_time_and_the_next_goes_on(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = world.confirmed(place, everybody)
    assert fan_out(NOON, until=0.0) == 1
    assert not told(case, "confirmed")
    assert fan_out(NOON, until=0.0) == 1
    assert told(case, "confirmed")


def test_later_changes_of_a_case_wait_for_the_one_that_fails(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = world.confirmed(place, everybody)
    tell, first = module._tell, CaseChange.objects.filter(case=case).order_by("pk")[0]

    def failing(change: CaseChange, now: object) -> None:
        if change.pk == first.pk:
            raise ValueError("no way")
        tell(change, now)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(module, "_tell", failing)
        assert fan_out(NOON) == 0
    assert fan_out(NOON + timedelta(minutes=1)) == 2
    assert Stuck.objects.get().resolved_at == NOON + timedelta(minutes=1)
    assert told(case, "confirmed")


def test_fan_out_is_on_record(place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]) -> None:
    case = world.confirmed(place, everybody)
    fan_out(NOON)
    event = Event.objects.get(action="alert.fan_out")
    assert (event.actor, event.subject_kind, event.subject_id) == ("system:alerting", "case", str(case.pk))


def test_the_claim_of_another_worker_is_respected(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = world.confirmed(place, everybody)
    for change in CaseChange.objects.filter(case=case):
        FanOut.objects.create(change=change, at=NOON, alerts=0, reason={})
        with transaction.atomic():
            assert module._fan_out_one(change.pk, NOON) is False
    assert not Alert.objects.exists()

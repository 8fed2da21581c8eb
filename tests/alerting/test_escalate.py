"""Nobody answered: the next in line is told, once, in one transaction with everything that belongs to it."""

import logging
from datetime import datetime, timedelta

import pytest

from alerting.acknowledge import acknowledge
from alerting.close import close_settled
from alerting.enqueue import enqueue
from alerting.escalate import PAUSE, escalate
from alerting.escalation import Progress, Step, next_step
from alerting.fan_out import fan_out
from alerting.internal import alert_parked
from alerting.models import Alert, ContactGap, Delivery, Recipient
from audit_logs.models import Event
from registry.models import Contact
from review.decide import Judgement, countersign, judge, move
from review.models import Case, CaseChange
from review.transitions import apply
from tests import cast
from tests.alerting import world
from tests.alerting.world import NIGHT, NOON

HALF, WHOLE = timedelta(hours=2), timedelta(hours=4)  # of S2

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(place: cast.Province) -> dict[str, Contact]:
    return world.contacts(place)


@pytest.fixture
def case(place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]) -> Case:
    """A confirmed S2 everybody was told of at noon."""
    case = world.confirmed(place, everybody)
    fan_out(NOON)
    return case


def of(case: Case, line: str, kind: str = "confirmed") -> Alert:
    return Alert.objects.get(case=case, line=line, kind=kind)


def told(alert: Alert, rung: int, round: int = 0) -> list[str]:
    return [one.name for one in Recipient.objects.filter(alert=alert, rung=rung, round=round).order_by("pk")]


def promised(alert: Alert, at: datetime, until: datetime, user: object) -> None:
    world.tried()
    assert acknowledge(
        alert.pk, by="王强", via="console", user=user, promise="核对", promised_by=until, now=at  # type: ignore[arg-type]
    )  # fmt: skip


def test_at_half_the_clock_the_substitute_is_told_and_not_before(case: Case) -> None:
    assert escalate(NOON + HALF - timedelta(microseconds=1)) == 0
    assert escalate(NOON + HALF) == 4
    sponsor = of(case, "sponsor")
    assert (told(sponsor, 0), told(sponsor, 1)) == (["主办甲"], ["主办乙"])
    assert (sponsor.rung, sponsor.rung_at) == (1, NOON + HALF)
    assert Delivery.objects.filter(alert=sponsor, recipient__rung=1).count() == 1


def test_a_second_tick_at_the_same_moment_tells_nobody(case: Case) -> None:
    escalate(NOON + HALF)
    before = Delivery.objects.count()
    assert escalate(NOON + HALF) == 0
    assert Delivery.objects.count() == before


def test_the_silence_of_the_sponsor_raises_the_case_once(case: Case) -> None:
    escalate(NOON + HALF)
    case.refresh_from_db()
    assert case.severity == "S1"
    change = CaseChange.objects.get(case=case, move="severity")
    assert (change.code, change.by, change.actor) == ("sponsor_silent", None, "system:review")
    sponsor = of(case, "sponsor")
    assert (sponsor.severity, sponsor.severity_raised) == ("S1", True)
    assert sponsor.next_at == NOON + HALF + timedelta(minutes=30)
    assert not of(case, "cac").severity_raised


def test_it_goes_up_to_the_top_repeats_and_stays_open_unanswered(case: Case) -> None:
    now, steps = NOON, 0
    while (duty := of(case, "duty")).next_at:
        now = duty.next_at
        escalate(now)
        steps += 1
    assert steps == 5  # the province, three repeats, the end
    assert [told(duty, 0), told(duty, 1)] == [["市duty"], ["省duty"]]
    assert [told(duty, 1, round) for round in (1, 2, 3)] == [["省duty"]] * 3
    assert (duty.closed_at, duty.acked_at, duty.next_at) == (None, None, None)
    last = Event.objects.filter(action="alert.escalate", subject_id=str(duty.pk)).latest("pk")
    assert (last.details["why"], last.details["told"]) == ("unanswered", 0)


def test_a_preliminary_alert_never_leaves_sponsor_and_duty(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = world.opened(place, "S1")
    fan_out(NOON)
    for minutes in range(15, 400, 15):
        escalate(NOON + timedelta(minutes=minutes))
    lines = Recipient.objects.filter(alert__case=case).values_list("contact__line", flat=True)
    assert set(lines) == {"sponsor", "duty"}


def test_who_came_since_is_told_and_who_left_is_not(
    case: Case, place: cast.Province, people: dict[str, Contact]
) -> None:
    Contact.objects.filter(pk=people["主办乙"].pk).update(valid_to=NOON - timedelta(days=2))
    unit = place.zhengzhou_account.unit
    cast.contact("sponsor", unit, "主办丙", rank=2, email="sponsor3@zz.example")
    escalate(NOON + HALF)
    assert told(of(case, "sponsor"), 1) == ["主办丙"]


def test_whoever_came_below_the_rung_in_the_meantime_is_told_too(
    case: Case, place: cast.Province, people: dict[str, Contact]
) -> None:
    unit = place.zhengzhou_account.unit
    Contact.objects.filter(pk=people["主办甲"].pk).update(valid_to=NOON - timedelta(days=2))
    cast.contact("sponsor", unit, "主办新", email="new@zz.example")
    escalate(NOON + HALF)
    assert told(of(case, "sponsor"), 1) == ["主办新", "主办乙"]


def test_a_contact_off_duty_when_the_step_comes_is_told_by_day(
    place: cast.Province, everybody: cast.Cast
) -> None:
    people = world.contacts(place)
    Contact.objects.filter(pk=people["主办甲"].pk).update(hours="workdays")
    case = world.confirmed(place, everybody)
    fan_out(NIGHT)
    sponsor = of(case, "sponsor")
    assert told(sponsor, 0) == ["主办乙"]
    escalate(NIGHT + timedelta(hours=10))
    assert told(sponsor, 1) == ["主办甲", "主办乙"]


def test_an_office_without_contact_on_the_way_up_becomes_a_task(
    case: Case, people: dict[str, Contact]
) -> None:
    Contact.objects.filter(pk=people["市supervision"].pk).update(valid_to=NOON - timedelta(days=2))
    escalate(NOON + HALF)
    escalate(NOON + HALF + timedelta(minutes=30))
    assert told(of(case, "sponsor"), 2) == ["省supervision"]
    assert ContactGap.objects.filter(line="supervision", division="410100", resolved_at=None).exists()
    assert Alert.objects.filter(kind="contact_missing").exists()


def test_where_nobody_could_be_told_the_first_who_comes_is(
    place: cast.Province, everybody: cast.Cast
) -> None:
    case = world.confirmed(place, everybody)
    fan_out(NOON)
    escalate(NOON + HALF)
    assert not Recipient.objects.exists()
    cast.contact("cac", place.zhengzhou, "市cac")
    escalate(NOON + 2 * HALF)
    assert told(of(case, "cac"), 0) == ["市cac"]


def test_after_an_acknowledgement_nobody_is_told(case: Case, everybody: cast.Cast) -> None:
    cac, until = of(case, "cac"), NOON + timedelta(hours=20)
    promised(cac, NOON + timedelta(hours=1), until, everybody.duty_officer)
    before = Delivery.objects.filter(alert=cac).count()
    for hours in range(1, 20):
        escalate(NOON + timedelta(hours=hours))
    assert Delivery.objects.filter(alert=cac).count() == before


def test_a_promise_that_ran_out_lapses_stays_visible_and_the_next_is_told(
    case: Case, everybody: cast.Cast
) -> None:
    cac, until = of(case, "cac"), NOON + timedelta(hours=5)
    promised(cac, NOON + timedelta(hours=1), until, everybody.duty_officer)
    escalate(until)
    cac.refresh_from_db()
    assert (cac.acked_at, cac.acked_by, cac.promise, cac.promised_by) == (None, "", "", None)
    assert told(cac, 1) == ["省cac"]
    assert cac.acknowledgements.get().promised_by == until
    event = Event.objects.filter(action="alert.escalate", subject_id=str(cac.pk)).latest("pk")
    assert event.details["why"] == "lapsed"


def test_a_promise_after_which_a_person_moved_the_case_was_kept(case: Case, everybody: cast.Cast) -> None:
    cac, until = of(case, "cac"), NOON + timedelta(hours=5)
    promised(cac, NOON + timedelta(hours=1), until, everybody.duty_officer)
    case.refresh_from_db()
    later = NOON + timedelta(hours=2)
    apply(case, case.version, "report", everybody.reviewer, later, to="reported")
    escalate(until)
    cac.refresh_from_db()
    assert (cac.closed_at, cac.closed_reason, cac.acked_at) == (
        until,
        "kept",
        NOON + timedelta(hours=1),
    )
    assert told(cac, 1) == []


def test_what_a_person_of_the_line_does_is_progress_and_the_weighing_of_others_is_none(
    case: Case, everybody: cast.Cast
) -> None:
    until, later = NOON + timedelta(hours=5), NOON + timedelta(hours=2)
    for line in ("cac", "duty"):
        promised(of(case, line), NOON + timedelta(hours=1), until, everybody.duty_officer)
    case.refresh_from_db()
    move(everybody.duty_officer, case.pk, case.version, "crime_signs", "money_asked", "", {}, later)
    escalate(until)
    assert of(case, "duty").closed_reason == "kept"
    assert told(of(case, "cac"), 1) == ["省cac"]


def test_to_take_a_case_keeps_no_promise_of_others(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case, until = world.opened(place, "S1"), NOON + timedelta(hours=1)
    fan_out(NOON)
    for line in ("sponsor", "duty"):
        promised(of(case, line, "preliminary"), NOON, until, everybody.duty_officer)
    move(everybody.reviewer, case.pk, case.version, "take", "", "", {}, NOON + timedelta(minutes=1))
    escalate(until)
    assert told(of(case, "sponsor", "preliminary"), 1) == ["主办乙"]


def test_a_judgement_that_waits_for_its_second_person_keeps_no_promise(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case, until = world.opened(place, "S1"), NOON + timedelta(hours=1)
    fan_out(NOON)
    for line in ("sponsor", "duty"):
        promised(of(case, line, "preliminary"), NOON - timedelta(minutes=1), until, everybody.duty_officer)
    assert world.judged(case, everybody.reviewer, "counterfeit", "name_imitated").standing == "awaiting"
    escalate(until)
    assert told(of(case, "sponsor", "preliminary"), 1) == ["主办乙"]
    assert of(case, "duty", "preliminary").closed_at is None


def test_what_the_service_did_itself_is_no_progress(case: Case, everybody: cast.Cast) -> None:
    cac, until = of(case, "cac"), NOON + timedelta(hours=5)
    promised(cac, NOON + timedelta(hours=1), until, everybody.duty_officer)
    escalate(NOON + HALF)  # raises the case
    escalate(until)
    assert told(cac, 1) == ["省cac"]


def test_a_confirmation_replaces_the_preliminary_alert(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = world.confirmed(place, everybody, "S1")
    # The alert before the judgement, as it would stand had a tick come between.
    Alert.objects.create(
        case=case, kind="preliminary", line="sponsor", severity="S1", opened_at=NOON, rung_at=NOON,
        next_at=NOON,
    )  # fmt: skip
    fan_out(NOON)
    escalate(NOON)
    preliminary = of(case, "sponsor", "preliminary")
    assert (preliminary.closed_reason, preliminary.next_at) == ("superseded", None)
    assert Recipient.objects.filter(alert=preliminary).count() == 0


def test_a_reversal_closes_what_was_told_and_stands_itself(case: Case, everybody: cast.Cast) -> None:
    escalate(NOON + HALF)
    Delivery.objects.filter(recipient__rung=0).update(outcome="delivered", done_at=NOON, tries=1)
    world.judged(case, everybody.reviewer, "not_established", "name_alone")
    fan_out(NOON)
    assert close_settled(NOON) == 0
    assert of(case, "sponsor").closed_reason == "reversed"
    waited = Delivery.objects.filter(alert=of(case, "sponsor"), recipient__rung=1)
    closed = "预警已关闭，不再发送。 The alert is closed: not sent any more."
    assert set(waited.values_list("outcome", "reason")) == {("cancelled", closed)}
    taken_back = of(case, "sponsor", "reversed")
    assert (taken_back.closed_at, taken_back.next_at) == (None, None)
    assert Delivery.objects.get(alert=taken_back).outcome == ""
    assert Event.objects.filter(action="alert.close").count() == 4


def test_the_news_of_a_reversal_ends_when_it_is_noted_or_after_a_week(
    case: Case, everybody: cast.Cast
) -> None:
    world.sent(case)
    world.judged(case, everybody.reviewer, "not_established", "name_alone")
    fan_out(NOON)
    promised(of(case, "cac", "reversed"), NOON, NOON + timedelta(hours=1), everybody.cac_officer)
    close_settled(NOON + timedelta(days=1))
    news = Alert.objects.filter(case=case, kind="reversed")
    assert list(news.exclude(closed_at=None).values_list("line", "closed_reason")) == [("cac", "noted")]
    close_settled(NOON + timedelta(days=7))
    assert news.filter(closed_at=None).count() == 3  # their messages wait to be sent
    world.sent(case)
    close_settled(NOON + timedelta(days=7))
    assert not news.filter(closed_at=None).exists()


def test_a_concluded_case_is_closed_with_all_its_alerts(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = cast.case(place.zhengzhou_account, "reported", at=NOON)
    fan_out(NOON)
    Case.objects.filter(pk=case.pk).update(state="concluded")
    close_settled(NOON)
    assert not Alert.objects.filter(case=case, closed_at=None).exists()
    assert close_settled(NOON) == 0


def test_a_countersignature_that_came_closes_the_alert_about_it(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact]
) -> None:
    case = world.opened(place, "S1")
    judgement = Judgement("counterfeit", "name_imitated", alone=True)
    decision = judge(everybody.duty_officer, case.pk, case.version, judgement, NIGHT)
    Alert.objects.create(
        case=case, kind="second_missing", line="duty", severity="S1", opened_at=NIGHT, rung_at=NIGHT
    )
    late = NIGHT + timedelta(hours=4)
    close_settled(late)
    assert of(case, "duty", "second_missing").closed_at is None
    case.refresh_from_db()
    countersign(everybody.reviewer, case.pk, case.version, True, "", NIGHT)
    decision.refresh_from_db()
    close_settled(late)
    assert of(case, "duty", "second_missing").closed_reason == "cause_gone"


def test_an_alert_about_a_parked_message_ends_when_it_has_arrived_and_no_sooner(case: Case) -> None:
    message = Delivery.objects.filter(pk=Delivery.objects.get(alert=of(case, "cac")).pk)
    message.update(outcome="parked", done_at=NOON)
    alert = alert_parked(message.get(), NOON)
    assert alert is not None
    for outcome, done_at in (("parked", NOON), ("", None)):  # the second: it is sent again
        message.update(outcome=outcome, done_at=done_at)
        assert close_settled(NOON) == 0
    message.update(outcome="delivered", done_at=NOON)
    assert close_settled(NOON) == 1
    alert.refresh_from_db()
    assert alert.closed_reason == "cause_gone"


def test_an_alert_that_cannot_be_closed_keeps_no_other_open(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = world.confirmed(place, everybody)
    fan_out(NOON)
    Case.objects.filter(pk=case.pk).update(state="concluded")
    bad = of(case, "sponsor")

    def failing(alert: Alert, *rest: object) -> int:
        if alert.pk == bad.pk:
            raise ValueError("no way")
        return 0

    monkeypatch.setattr("alerting.close.cancel_waiting", failing)
    assert close_settled(NOON) == 3
    assert list(Alert.objects.filter(closed_at=None)) == [bad]


def test_a_time_from_a_clock_that_was_set_back_is_due_now(case: Case) -> None:
    cac = Alert.objects.filter(pk=of(case, "cac").pk)
    for ahead, rung in ((timedelta(hours=48), 0), (timedelta(days=365), 1)):
        cac.update(next_at=NOON + ahead)
        escalate(NOON)
        assert cac.get().rung == rung


def test_a_tick_takes_so_many_steps_and_stops_at_its_time(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = NOON + HALF
    assert escalate(now, until=0.0) == 1
    monkeypatch.setattr("alerting.escalate.BATCH", 2)
    assert (escalate(now), escalate(now), escalate(now)) == (2, 1, 0)


def test_at_night_what_waits_for_the_morning_keeps_nothing_urgent_back(
    place: cast.Province, everybody: cast.Cast, people: dict[str, Contact], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alerting.escalate.BATCH", 1)
    calm = world.confirmed(place, everybody)
    fan_out(NIGHT)
    Case.objects.filter(pk=calm.pk).update(severity="S3")
    cast.case(place.kaifeng_account, "confirmed", uid="9002", name="开封発布", at=NIGHT)
    fan_out(NIGHT + timedelta(minutes=1))
    assert escalate(NIGHT + timedelta(minutes=1) + HALF) == 1


def test_somebody_who_acknowledges_in_between_is_not_passed_over(
    case: Case, everybody: cast.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cac = of(case, "cac")

    def overtaken(progress: Progress, ladder: list[str], now: datetime) -> Step | None:
        if progress.line == "cac":
            promised(cac, now, now + WHOLE, everybody.duty_officer)
        return next_step(progress, ladder, now)

    monkeypatch.setattr("alerting.escalate.next_step", overtaken)
    assert escalate(NOON + HALF) == 3
    assert told(cac, 1) == []


def test_one_alert_that_fails_keeps_no_other_back_and_is_tried_again(
    case: Case, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first = of(case, "sponsor")

    def failing(alert: Alert, *rest: object) -> object:
        if alert.pk == first.pk:
            raise ValueError("no way")
        return enqueue(alert, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("alerting.escalate.enqueue", failing)
    now = NOON + HALF
    with caplog.at_level(logging.CRITICAL):
        assert escalate(now) == 3
        assert (escalate(now), escalate(now + PAUSE)) == (0, 0)
    assert told(first, 1) == []
    case.refresh_from_db()
    assert case.severity == "S2"
    monkeypatch.setattr("alerting.escalate.enqueue", enqueue)
    escalate(now + 2 * PAUSE)
    assert told(first, 1) == ["主办乙"]

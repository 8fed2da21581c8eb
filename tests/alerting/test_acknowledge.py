"""One acknowledges, with a promise; the others are told who; and from then on nothing is sent."""

from datetime import timedelta

import pytest
import time_machine
from django.core import signing

from alerting import acknowledge as module
from alerting.acknowledge import LINK_AGE, Answer, acknowledge, link_token, may_send, recipient_of
from alerting.errors import LinkRefused, NotTheirs, PromiseRefused
from alerting.fan_out import fan_out
from alerting.models import Acknowledgement, Alert, Delivery, Recipient
from audit_logs.models import Event
from registry.models import Contact, User
from review.models import Case
from tests import cast
from tests.alerting import world
from tests.alerting.world import NOON

LATER, UNTIL = NOON + timedelta(minutes=5), NOON + timedelta(hours=2)
WORDS = "核对账号并回复"

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(place: cast.Province, everybody: cast.Cast) -> Case:
    """A confirmed S2 everybody was told of at noon."""
    world.contacts(place)
    case = world.confirmed(place, everybody)
    fan_out(NOON)
    return case


@pytest.fixture
def alert(case: Case) -> Alert:
    return Alert.objects.get(case=case, line="sponsor")


def by_link(alert: Alert, promise: str = WORDS, until: object = UNTIL, now: object = LATER) -> Answer:
    recipient = Recipient.objects.filter(alert=alert).earliest("pk")
    return acknowledge(
        alert.pk, by="主办甲", via="link", recipient=recipient,
        promise=promise, promised_by=until, now=now,  # type: ignore[arg-type]
    )  # fmt: skip


def in_console(alert: Alert, user: User) -> Answer:
    return acknowledge(
        alert.pk, by=user.full_name, via="console", user=user, promise=WORDS, promised_by=UNTIL, now=LATER
    )


def test_who_acknowledges_stands_there_with_promise_and_time(alert: Alert) -> None:
    answer = by_link(alert)
    assert answer == Answer("acknowledged", LATER, "主办甲", WORDS, UNTIL)
    alert.refresh_from_db()
    assert (alert.acked_at, alert.acked_by, alert.acked_via) == (LATER, "主办甲", "link")
    assert (alert.promise, alert.promised_by, alert.next_at) == (WORDS, UNTIL, UNTIL)
    row = Acknowledgement.objects.get()
    assert (row.alert, row.by, row.promise, row.promised_by) == (alert, "主办甲", WORDS, UNTIL)


def test_of_two_one_acknowledges_and_the_other_is_told_who(alert: Alert, everybody: cast.Cast) -> None:
    by_link(alert)
    answer = in_console(alert, everybody.duty_officer)
    assert not answer
    assert (answer.outcome, answer.by, answer.at) == ("already", "主办甲", LATER)
    assert Acknowledgement.objects.count() == 1


def test_a_second_click_changes_nothing(alert: Alert) -> None:
    by_link(alert)
    again = by_link(alert, "别的承诺", UNTIL + timedelta(hours=1), LATER + timedelta(minutes=1))
    assert (again.outcome, again.promise, again.promised_by) == ("already", WORDS, UNTIL)
    assert Event.objects.filter(action="alert.acknowledge").count() == 1


def test_somebody_faster_between_look_and_claim_wins(
    alert: Alert, everybody: cast.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = module._check

    world.tried()

    def overtaken(said: Acknowledgement, severity: str) -> None:
        check(said, severity)
        monkeypatch.setattr(module, "_check", check)
        in_console(alert, everybody.duty_officer)

    monkeypatch.setattr(module, "_check", overtaken)
    answer = by_link(alert)
    assert (answer.outcome, answer.by) == ("already", "王强")
    assert Acknowledgement.objects.count() == 1


def test_messages_that_wait_are_cancelled_and_one_that_is_being_sent_is_not(alert: Alert) -> None:
    waiting = Delivery.objects.get(alert=alert)
    leased = clone(waiting, "1" * 40, lease_until=LATER + timedelta(minutes=1), lease_holder="w")
    dead = clone(waiting, "2" * 40, lease_until=LATER - timedelta(minutes=1), lease_holder="w")
    done = clone(waiting, "3" * 40, done_at=NOON, outcome="delivered")
    by_link(alert)
    outcomes = dict(Delivery.objects.filter(alert=alert).values_list("pk", "outcome"))
    assert outcomes == {waiting.pk: "cancelled", leased.pk: "", dead.pk: "cancelled", done.pk: "delivered"}
    said = "已有人确认，不再发送。 Somebody acknowledged it: not sent any more."
    assert Delivery.objects.get(pk=waiting.pk).reason == said
    assert not Delivery.objects.exclude(alert=alert).exclude(outcome="").exists()


def clone(delivery: Delivery, pk: str, **fields: object) -> Delivery:
    kept = {name: getattr(delivery, name) for name in (
        "alert", "recipient", "channel", "address", "body", "created_at", "next_at")}  # fmt: skip
    return Delivery.objects.create(pk=pk, **{**kept, **fields})


def test_a_worker_that_holds_a_message_is_stopped_before_the_network(alert: Alert) -> None:
    held = Delivery.objects.get(alert=alert)
    Delivery.objects.filter(pk=held.pk).update(lease_until=LATER + timedelta(minutes=1))
    assert may_send(held)
    by_link(alert)
    leave = may_send(held)
    assert not leave
    assert "确认" in leave.zh
    assert "acknowledged" in leave.en


def test_it_stays_stopped_when_the_promise_has_run_out(alert: Alert) -> None:
    held = Delivery.objects.get(alert=alert)
    by_link(alert)
    Alert.objects.filter(pk=alert.pk).update(acked_at=None)
    assert not may_send(held)
    assert may_send(clone(held, "4" * 40, created_at=LATER + timedelta(minutes=1)))


def test_a_closed_alert_sends_nothing_and_takes_no_promise(alert: Alert) -> None:
    Alert.objects.filter(pk=alert.pk).update(closed_at=NOON, closed_reason="superseded")
    assert not may_send(Delivery.objects.get(alert=alert))
    assert by_link(alert) == Answer("closed", NOON, closed_reason="superseded")


@pytest.mark.parametrize("promise", ["", "  \n ", "字" * 501, "回复\x00", "回复\u202e复回"])
def test_a_promise_that_cannot_be_read_is_refused(alert: Alert, promise: str) -> None:
    with pytest.raises(PromiseRefused, match="visible"):
        by_link(alert, promise)
    assert untouched(alert)


@pytest.mark.parametrize(
    ("until", "code"),
    [(LATER, "past"), (NOON, "past"), (LATER + timedelta(hours=24, seconds=1), "too_late")],
)
def test_a_promise_ends_in_the_future_and_within_the_limit(alert: Alert, until: object, code: str) -> None:
    with pytest.raises(PromiseRefused) as refused:
        by_link(alert, until=until)
    assert refused.value.code == code
    assert untouched(alert)


def untouched(alert: Alert) -> bool:
    alert.refresh_from_db()
    return alert.acked_at is None and not Acknowledgement.objects.exists()


def test_who_comes_too_late_is_told_so_whatever_they_promise(alert: Alert) -> None:
    by_link(alert)
    assert by_link(alert, "", NOON).outcome == "already"


def test_line_breaks_in_a_promise_become_spaces(alert: Alert) -> None:
    assert by_link(alert, " 先核对\r\n再回复 ").promise == "先核对 再回复"


def test_in_the_console_only_those_of_the_line_acknowledge(
    case: Case, alert: Alert, everybody: cast.Cast
) -> None:
    cac = Alert.objects.get(case=case, line="cac")
    world.tried()
    for user in (everybody.outsider, everybody.contractor, everybody.auditor, everybody.sponsor):
        with pytest.raises(NotTheirs):
            in_console(cac, user)
    assert in_console(cac, everybody.cac_officer)
    assert in_console(alert, everybody.sponsor)


def test_nobody_answers_on_behalf_before_a_message_was_tried(alert: Alert, everybody: cast.Cast) -> None:
    for user in (everybody.duty_officer, everybody.reviewer, everybody.supervisor):
        with pytest.raises(PromiseRefused, match="No message") as refused:
            in_console(alert, user)
        assert refused.value.code == "untold"
    assert untouched(alert)
    assert Delivery.objects.get(alert=alert).outcome == ""
    world.tried()
    assert in_console(alert, everybody.duty_officer)


def test_an_own_line_is_answered_at_once(case: Case, alert: Alert, everybody: cast.Cast) -> None:
    assert in_console(Alert.objects.get(case=case, line="duty"), everybody.duty_officer)
    assert in_console(alert, everybody.sponsor)


def test_where_a_message_has_arrived_another_that_waits_is_no_hindrance(
    alert: Alert, everybody: cast.Cast
) -> None:
    arrived = Delivery.objects.get(alert=alert)
    clone(arrived, "5" * 40)
    Delivery.objects.filter(pk=arrived.pk).update(outcome="delivered", done_at=NOON, tries=1)
    assert in_console(alert, everybody.duty_officer)


def test_a_link_is_for_the_alert_it_was_made_for(case: Case, alert: Alert) -> None:
    other = Alert.objects.get(case=case, line="cac")
    recipient = Recipient.objects.get(alert=other)
    with pytest.raises(ValueError, match="no other"):
        acknowledge(
            alert.pk, by="x", via="link", recipient=recipient, promise=WORDS, promised_by=UNTIL, now=LATER
        )


def test_a_link_leads_to_its_recipient_and_can_be_opened_often(alert: Alert) -> None:
    recipient = Recipient.objects.get(alert=alert)
    token = link_token(recipient)
    assert [recipient_of(token).pk for _ in range(3)] == [recipient.pk] * 3
    assert untouched(alert)


def test_every_changed_character_of_a_link_is_noticed(alert: Alert) -> None:
    token = link_token(Recipient.objects.get(alert=alert))
    for place, character in enumerate(token):
        for other in ("A" if character != "A" else "B", "", "."):
            changed = token[:place] + other + token[place + 1 :]
            if changed != token:
                with pytest.raises(LinkRefused) as refused:
                    recipient_of(changed)
                assert refused.value.code == "forged"


@pytest.mark.parametrize("token", ["", ".", "1", "1.2.3", "é", "9" * 5000, "\x00.\x00.\x00"])
def test_no_link_at_all_is_refused(token: str) -> None:
    with pytest.raises(LinkRefused):
        recipient_of(token)


def test_a_link_of_another_purpose_is_refused(alert: Alert) -> None:
    with pytest.raises(LinkRefused):
        recipient_of(signing.TimestampSigner(sep=".", salt="elsewhere").sign("1"))


def test_a_link_ends_after_thirty_days(alert: Alert) -> None:
    with time_machine.travel(NOON, tick=False):
        token = link_token(Recipient.objects.get(alert=alert))
    with time_machine.travel(NOON + LINK_AGE, tick=False):
        assert recipient_of(token)
    with time_machine.travel(NOON + LINK_AGE + timedelta(seconds=1), tick=False):
        with pytest.raises(LinkRefused) as refused:
            recipient_of(token)
        assert refused.value.code == "expired"


def test_a_link_leads_to_no_other_alert_after_a_restored_database_gave_its_number_anew(alert: Alert) -> None:
    token = link_token(Recipient.objects.get(alert=alert))
    Alert.objects.filter(pk=alert.pk).update(opened_at=NOON + timedelta(microseconds=1))
    with pytest.raises(LinkRefused) as refused:
        recipient_of(token)
    assert refused.value.code == "gone"


@pytest.mark.parametrize("last_day", [-1, 0])
def test_whose_post_has_ended_acknowledges_nothing_by_link(alert: Alert, last_day: int) -> None:
    contacts = Recipient.objects.filter(alert=alert).values("contact")
    Contact.objects.filter(pk__in=contacts).update(valid_to=NOON.date() + timedelta(days=last_day))
    if last_day == 0:
        assert by_link(alert)
    else:
        with pytest.raises(NotTheirs, match="hold the post"):
            by_link(alert)
        assert untouched(alert)


def test_an_acknowledgement_is_on_record_without_its_words(alert: Alert, everybody: cast.Cast) -> None:
    in_console(alert, everybody.sponsor)
    event = Event.objects.get(action="alert.acknowledge")
    assert (event.actor, event.subject_id) == (f"user:{everybody.sponsor.pk}", str(alert.pk))
    assert event.details["cancelled"] == 1
    assert WORDS not in bytes(event.body).decode()

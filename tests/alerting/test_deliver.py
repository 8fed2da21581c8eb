"""Claim, send, record: each message once, none lost, and no message in another's way."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from alerting import claim, schedule, webhooks
from alerting.deliver import Worker
from alerting.envelope import Envelope, Outcome
from alerting.flights import PER_HOST, THREADS
from alerting.models import Alert, Attempt, Delivery
from alerting.receipts import Receipt, Receipts
from audit_logs.models import Event
from review.models import Case
from tests import cast
from tests.alerting import outbox, world
from tests.alerting.outbox import Script

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-11-24T02:00:00+00:00")
RETRY = Outcome("retry", "not_now", "451", "later")
PERMANENT = Outcome("permanent", "rejected", "550", "no such mailbox")


@pytest.fixture
def case(place: cast.Province, everybody: cast.Cast) -> Case:
    return cast.case(place.zhengzhou_account)


@pytest.fixture
def alert(case: Case) -> Alert:
    return outbox.alert(case)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def deliver(folder: Path, script: Script, now: datetime = NOW) -> Worker:
    """One worker, until nothing is due at `now`."""
    with Worker({"mail": script, "webhook": script}, folder, lambda: now) as worker:
        worker.until_done()
    return worker


def attempts(delivery: Delivery) -> list[str]:
    return [attempt.outcome for attempt in delivery.attempts.order_by("number")]


def events(action: str) -> list[Event]:
    return [event for event in Event.objects.order_by("pk") if f'"{action}"'.encode() in bytes(event.body)]


# -- what becomes of a message


def test_a_message_is_sent_once_and_it_is_on_record(alert: Alert, folder: Path) -> None:
    message, script = outbox.delivery(alert), Script()
    worker = deliver(folder, script)
    deliver(folder, script)
    message.refresh_from_db()
    assert script.sent == [Envelope(message.pk, message.address, outbox.MAIL)]
    assert (message.outcome, message.done_at, message.tries) == ("delivered", NOW, 1)
    assert (message.lease_until, message.lease_holder) == (None, "")
    (attempt,) = message.attempts.all()
    assert (attempt.outcome, attempt.remote_code, attempt.remote_text) == ("delivered", "250", "ok")
    assert (attempt.started_at, attempt.ended_at) == (NOW, NOW)
    assert worker.ended == {"delivered": 1}
    (event,) = events("alert.deliver")
    assert event.subject_id == message.pk
    assert b"chen@zz.example" not in bytes(event.body)


def test_a_failed_try_comes_back_when_the_schedule_says_under_the_same_id(alert: Alert, folder: Path) -> None:
    message, script = outbox.delivery(alert), Script([RETRY])
    deliver(folder, script)
    message.refresh_from_db()
    assert message.next_at == schedule.next_try(message.pk, 1, NOW)
    assert (message.outcome, message.lease_until) == ("", None)
    deliver(folder, script, message.next_at - timedelta(seconds=1))
    assert len(script.sent) == 1
    deliver(folder, script, message.next_at)
    assert attempts(message) == ["retry", "delivered"]
    assert script.sent[0] == script.sent[1]


def test_after_the_last_try_it_is_parked_and_the_duty_desk_is_told(
    place: cast.Province, alert: Alert, folder: Path
) -> None:
    world.contacts(place)
    message, script = outbox.delivery(alert), Script([RETRY] * 20)
    now = NOW
    for _ in range(schedule.MAX_TRIES):
        deliver(folder, script, now)
        message.refresh_from_db()
        now = message.next_at
    assert (message.outcome, message.tries) == ("parked", schedule.MAX_TRIES)
    assert "已试 10 次" in message.reason
    told = Alert.objects.get(kind="delivery_parked")
    assert (told.about, told.line) == (f"{message.pk}/0", "duty")
    assert len(events("alert.deliver")) == 1


def test_what_can_never_arrive_is_parked_at_once(place: cast.Province, alert: Alert, folder: Path) -> None:
    world.contacts(place)
    message = outbox.delivery(alert)
    deliver(folder, Script([PERMANENT]))
    message.refresh_from_db()
    assert (message.outcome, attempts(message)) == ("parked", ["permanent"])
    assert message.reason == PERMANENT.reason
    assert Alert.objects.filter(kind="delivery_parked", about=message.parking).count() == 1


def test_a_message_about_a_parked_message_is_parked_without_another(case: Case, folder: Path) -> None:
    outbox.delivery(outbox.alert(case, "duty", "delivery_parked", about="x"))
    deliver(folder, Script([PERMANENT]))
    assert Alert.objects.count() == 1


def test_a_poisoned_message_is_parked_and_holds_up_no_other(
    place: cast.Province, alert: Alert, folder: Path
) -> None:
    world.contacts(place)
    poisoned, other = outbox.delivery(alert), outbox.delivery(alert)
    deliver(folder, Script(poison=poisoned.pk))
    for message in (poisoned, other):
        message.refresh_from_db()
    assert (poisoned.outcome, other.outcome) == ("parked", "delivered")
    assert poisoned.attempts.get().remote_text == "by design"


def test_a_row_that_fails_in_an_unforeseen_way_waits_and_holds_up_no_other(
    alert: Alert, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = outbox.delivery(alert, "bad@zz.example"), outbox.delivery(alert, "good@zz.example")

    def fail(script: Script, delivery: Delivery) -> Envelope:
        if delivery.address.startswith("bad"):
            raise ZeroDivisionError("by design")
        return Envelope(delivery.pk, delivery.address, b"")

    monkeypatch.setattr(Script, "seal", fail)
    deliver(folder, Script())
    for message in (bad, good):
        message.refresh_from_db()
    assert good.outcome == "delivered"
    assert (bad.outcome, bad.tries, attempts(bad)) == ("", 1, [])
    assert bad.next_at > NOW
    assert "by design" in caplog.text


def test_a_transport_that_raises_is_a_failed_try(
    alert: Alert, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(script: Script, envelope: Envelope) -> Outcome:
        raise ZeroDivisionError("by design")

    message = outbox.delivery(alert)
    monkeypatch.setattr(Script, "send", fail)
    deliver(folder, Script())
    assert attempts(message) == ["retry"]
    assert "by design" in caplog.text


def test_what_a_receiver_says_is_shown_harmless_and_short(alert: Alert, folder: Path) -> None:
    message = outbox.delivery(alert)
    deliver(folder, Script([Outcome("retry", "not_taken", "HTTP 500", "\u202e\r\n\0" + "长" * 999)]))
    said = message.attempts.get().remote_text
    assert len(said) <= 300
    assert not set("\u202e\r\n\0") & set(said)


def test_without_a_channel_its_messages_wait_untouched(alert: Alert, folder: Path) -> None:
    message = outbox.delivery(alert)
    with Worker({}, folder, lambda: NOW) as worker:
        worker.until_done()
    message.refresh_from_db()
    assert (message.tries, message.outcome, attempts(message)) == (0, "", [])


# -- acknowledged meanwhile


def acknowledge(alert: Alert) -> None:
    Alert.objects.filter(pk=alert.pk).update(acked_at=NOW, acked_by="陈晨")


def test_nothing_is_sent_of_an_acknowledged_alert(alert: Alert, folder: Path) -> None:
    message, script = outbox.delivery(alert), Script()
    acknowledge(alert)
    deliver(folder, script)
    message.refresh_from_db()
    assert (message.outcome, script.sent, attempts(message)) == ("cancelled", [], [])


def test_an_acknowledgement_between_claim_and_network_stops_the_message(
    alert: Alert, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    message, script = outbox.delivery(alert), Script()

    def overtaken(name: str) -> None:
        if name == "deliver.claimed":
            acknowledge(alert)

    monkeypatch.setattr("alerting.deliver.crash_point", overtaken)
    deliver(folder, script)
    message.refresh_from_db()
    assert (message.outcome, message.lease_holder, message.tries) == ("cancelled", "", 0)
    assert (script.sent, attempts(message)) == ([], [])
    (event,) = events("alert.call_off")
    assert event.subject_id == message.pk


@pytest.mark.parametrize("outcome", [RETRY, PERMANENT], ids=["retry", "permanent"])
def test_a_failure_after_the_acknowledgement_is_called_off_and_told_to_nobody(
    alert: Alert, folder: Path, monkeypatch: pytest.MonkeyPatch, outcome: Outcome
) -> None:
    message = outbox.delivery(alert)
    with Worker({"mail": Script([outcome])}, folder, lambda: NOW) as worker:
        worker.turn()
        worker.wait(10)
        acknowledge(alert)
    message.refresh_from_db()
    assert (message.outcome, attempts(message)) == ("cancelled", [outcome.kind])
    assert Alert.objects.count() == 1


def test_many_messages_that_may_not_go_out_keep_none_behind_them(
    alert: Alert, case: Case, folder: Path
) -> None:
    silent = [outbox.delivery(alert, f"a{number}@a{number}.example") for number in range(2 * THREADS)]
    other = outbox.delivery(outbox.alert(case, "duty"), "z@z.example")
    acknowledge(alert)
    deliver(folder, Script())
    other.refresh_from_db()
    assert other.outcome == "delivered"
    assert Delivery.objects.filter(outcome="cancelled").count() == len(silent)


# -- what receivers ask for


def test_a_receiver_that_is_gone_is_switched_off_and_what_waits_for_it_is_parked(
    place: cast.Province, alert: Alert, folder: Path
) -> None:
    endpoint, _ = outbox.endpoint(place)
    first = outbox.delivery(alert, webhook=endpoint)
    gone = Outcome("permanent", "gone", "HTTP 410", is_gone=True)
    deliver(folder, Script([gone]))
    endpoint.refresh_from_db()
    first.refresh_from_db()
    assert (endpoint.state, first.outcome) == ("disabled", "parked")
    assert endpoint.state_reason == gone.reason
    assert len(events("webhook.disable")) == 1


def test_while_one_message_waits_as_told_the_others_to_the_address_wait_too_but_not_for_long(
    place: cast.Province, alert: Alert, folder: Path
) -> None:
    endpoint, _ = outbox.endpoint(place)
    first = outbox.delivery(alert, webhook=endpoint)
    slow = Outcome("retry", "slow_down", "HTTP 429", "", timedelta(hours=3))
    other, elsewhere = Delivery(), Delivery()
    with Worker({"mail": Script(), "webhook": Script([slow])}, folder, lambda: NOW) as worker:
        worker.turn()
        worker.wait(10)
        other, elsewhere = outbox.delivery(alert, webhook=endpoint), outbox.delivery(alert)
        worker.turn(claiming=False)
    for message in (first, other, elsewhere):
        message.refresh_from_db()
    assert first.next_at == NOW + timedelta(hours=3)
    assert other.next_at == NOW + timedelta(minutes=5)
    assert elsewhere.next_at == outbox.LONG_AGO


# -- who holds what


def test_the_most_urgent_goes_first(case: Case, folder: Path) -> None:
    script = Script()
    for severity, line in (("S3", "duty"), ("S1", "cac"), ("S2", "police")):
        outbox.delivery(outbox.alert(case, line, severity=severity), f"{severity}@zz.example")
    assert [row.address[:2] for row in claim.due(["mail"], NOW, PER_HOST)] == ["S1", "S2", "S3"]
    deliver(folder, script)
    assert len(script.sent) == 3


def test_what_nobody_has_judged_waits_for_what_people_decided(case: Case) -> None:
    for kind, line, severity in (("preliminary", "duty", "S1"), ("confirmed", "cac", "S4")):
        outbox.delivery(outbox.alert(case, line, kind, severity), f"{kind}@zz.example")
    addresses = [row.address for row in claim.due(["mail"], NOW, PER_HOST)]
    assert addresses == ["confirmed@zz.example", "preliminary@zz.example"]


def test_every_address_has_its_turn_before_one_has_a_second(case: Case) -> None:
    flood, other = (outbox.alert(case, line, "preliminary", "S1") for line in ("duty", "sponsor"))
    for _ in range(5):
        outbox.delivery(flood, "flood@zz.example")
    outbox.delivery(other, "other@zz.example")
    addresses = [row.address[:5] for row in claim.due(["mail"], NOW, PER_HOST)]
    assert (set(addresses[:2]), addresses[2:]) == ({"flood", "other"}, ["flood"])


def test_of_two_workers_one_gets_the_message(alert: Alert, folder: Path) -> None:
    message = outbox.delivery(alert)
    assert claim.claim(message.pk, "first", NOW) is not None
    assert claim.claim(message.pk, "second", NOW) is None
    assert claim.due(["mail"], NOW, PER_HOST) == []


def test_a_lease_that_ran_out_frees_the_message_and_the_try_is_called_dead(
    alert: Alert, folder: Path
) -> None:
    message, script = outbox.delivery(alert), Script()
    claim.claim(message.pk, "elsewhere", NOW)
    deliver(folder, script, NOW + claim.LEASE)
    assert script.sent == []
    deliver(folder, script, NOW + claim.LEASE + timedelta(seconds=1))
    assert attempts(message) == ["died", "delivered"]
    assert [envelope.id for envelope in script.sent] == [message.pk]


def test_a_lease_from_a_clock_that_was_set_back_holds_nothing_for_hours(alert: Alert, folder: Path) -> None:
    message = outbox.delivery(alert)
    claim.claim(message.pk, "elsewhere", NOW + timedelta(days=30))
    assert claim.claim(message.pk, "here", NOW) is not None


@pytest.mark.parametrize(("severity", "days"), [("S1", 3), ("S2", 3), ("S3", 30), ("S4", 30)])
def test_a_time_from_a_clock_that_was_set_back_keeps_no_message(
    case: Case, folder: Path, severity: str, days: int
) -> None:
    message, script = outbox.delivery(outbox.alert(case, severity=severity)), Script()
    for ahead, sent in ((timedelta(days=days), 0), (timedelta(days=days, seconds=1), 1)):
        Delivery.objects.filter(pk=message.pk).update(next_at=NOW + ahead)
        deliver(folder, script)
        assert len(script.sent) == sent


def test_a_message_whose_tries_all_died_is_parked(alert: Alert, folder: Path) -> None:
    message, script = outbox.delivery(alert), Script()
    now = NOW
    for _ in range(schedule.MAX_TRIES):
        claim.claim(message.pk, "elsewhere", now)
        now += claim.LEASE + timedelta(seconds=1)
    deliver(folder, script, now)
    message.refresh_from_db()
    assert (message.outcome, script.sent) == ("parked", [])


def dead_worker(folder: Path, message: Delivery, *outcomes: Outcome) -> None:
    """A worker of this machine that claimed `message`, noted these outcomes and is gone."""
    attempt = claim.claim(message.pk, "dead", NOW)
    assert attempt is not None
    file = Receipts(folder, "dead")
    for outcome in outcomes:
        file.note(Receipt(message.pk, attempt.pk, outcome, NOW))
    file._file.close()


def test_what_a_dead_worker_noted_is_recorded_and_not_sent_again(alert: Alert, folder: Path) -> None:
    message, script = outbox.delivery(alert), Script()
    dead_worker(folder, message, Outcome("delivered", "delivered", "250", "ok"))
    deliver(folder, script)
    message.refresh_from_db()
    assert (message.outcome, attempts(message), script.sent) == ("delivered", ["delivered"], [])


def test_an_outcome_is_noted_before_it_is_recorded(alert: Alert, folder: Path) -> None:
    message = outbox.delivery(alert)
    with Worker({"mail": Script()}, folder, lambda: NOW) as worker:
        worker.turn()
        worker.wait(10)
        noted = (folder / "outbox" / f"{worker.name}.jsonl").read_text(encoding="ascii")
        assert attempts(message) == ["sending"]
        assert message.pk in noted
        worker.turn()
        assert attempts(message) == ["delivered"]
        assert (folder / "outbox" / f"{worker.name}.jsonl").read_bytes() == b""


def test_what_a_dead_worker_held_without_a_note_goes_out_at_once(alert: Alert, folder: Path) -> None:
    message, script = outbox.delivery(alert), Script()
    dead_worker(folder, message)
    deliver(folder, script)
    assert attempts(message) == ["died", "delivered"]


def test_notes_that_were_recorded_before_the_kill_change_nothing(alert: Alert, folder: Path) -> None:
    message, script = outbox.delivery(alert), Script()
    deliver(folder, script)
    attempt = message.attempts.get()
    file = Receipts(folder, "dead")
    file.note(Receipt(message.pk, attempt.pk, PERMANENT, NOW))
    file._file.close()
    deliver(folder, script)
    message.refresh_from_db()
    assert (message.outcome, attempts(message)) == ("delivered", ["delivered"])
    assert list((folder / "outbox").glob("*.jsonl")) == []


def test_a_note_that_was_recorded_switches_nothing_off_a_second_time(
    place: cast.Province, alert: Alert, folder: Path
) -> None:
    endpoint, _ = outbox.endpoint(place)
    message, gone = outbox.delivery(alert, webhook=endpoint), Outcome("permanent", "gone", is_gone=True)
    deliver(folder, Script([gone]))
    webhooks.enable(endpoint, "system:test", NOW)
    file = Receipts(folder, "dead")
    file.note(Receipt(message.pk, message.attempts.get().pk, gone, NOW))
    file._file.close()
    deliver(folder, Script())
    endpoint.refresh_from_db()
    assert endpoint.state == "active"


def test_a_late_success_counts_though_another_worker_has_the_message(alert: Alert, folder: Path) -> None:
    message = outbox.delivery(alert)
    late = Worker({"mail": Script()}, folder, lambda: NOW)
    late.turn()
    late.wait(10)
    other = claim.claim(message.pk, "other", NOW + claim.LEASE + timedelta(seconds=1))
    assert other is not None
    late.__exit__(None, None, None)
    message.refresh_from_db()
    assert message.outcome == "delivered"
    assert attempts(message) == ["delivered", "sending"]


def test_a_late_failure_leaves_the_decision_to_who_has_the_message(alert: Alert, folder: Path) -> None:
    message = outbox.delivery(alert)
    with Worker({"mail": Script([PERMANENT])}, folder, lambda: NOW) as late:
        late.turn()
        late.wait(10)
        claim.claim(message.pk, "other", NOW + claim.LEASE + timedelta(seconds=1))
    message.refresh_from_db()
    assert (message.outcome, message.lease_holder) == ("", "other")


def test_a_person_who_sends_it_again_starts_a_new_count_of_tries(alert: Alert, folder: Path) -> None:
    message = outbox.delivery(alert)
    deliver(folder, Script([PERMANENT]))
    Delivery.objects.update(tries=0, done_at=None, outcome="", next_at=NOW)
    deliver(folder, Script([RETRY]))
    message.refresh_from_db()
    assert (message.tries, attempts(message)) == (1, ["permanent", "retry"])


# -- one that hangs


class Hanging(Script):
    """Answers everybody but `hung`, who has to wait until the test says so."""

    def __init__(self, hung: str) -> None:
        super().__init__()
        self.hung, self.release = hung, threading.Event()
        self.most = 0
        self._now: list[str] = []
        self._lock = threading.Lock()

    def send(self, envelope: Envelope) -> Outcome:
        host = self.host(envelope.address)
        with self._lock:
            self._now.append(host)
            self.most = max(self.most, self._now.count(host))
        if host == self.hung:
            assert self.release.wait(60)
        with self._lock:
            self._now.remove(host)
        return super().send(envelope)


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    script = Hanging("hung.example")
    yield script
    script.release.set()


def test_one_receiver_that_hangs_holds_up_itself_alone(alert: Alert, folder: Path, hanging: Hanging) -> None:
    stuck = [outbox.delivery(alert, f"s{number}@hung.example") for number in range(20)]
    others = [outbox.delivery(alert, f"o@h{number}.example") for number in range(50)]
    worker = Worker({"mail": hanging}, folder, lambda: NOW)
    worker.turn()
    while Delivery.objects.filter(outcome="delivered").count() < len(others):
        worker.wait(10)
        worker.turn()
    assert {envelope.address for envelope in hanging.sent} == {message.address for message in others}
    hanging.release.set()
    worker.until_done()
    worker.__exit__(None, None, None)
    assert Delivery.objects.filter(outcome="delivered").count() == len(stuck) + len(others)
    assert hanging.most == PER_HOST


def test_a_worker_that_stops_waits_for_what_is_under_way_and_claims_no_more(
    alert: Alert, folder: Path, hanging: Hanging
) -> None:
    under_way = [outbox.delivery(alert, f"s{number}@hung.example") for number in range(3)]
    with Worker({"mail": hanging}, folder, lambda: NOW) as worker:
        worker.turn()
        hanging.release.set()
    outcomes = [Delivery.objects.get(pk=message.pk).outcome for message in under_way]
    assert sorted(outcomes) == ["", "delivered", "delivered"]
    assert not Attempt.objects.filter(outcome="sending").exists()
    assert list((folder / "outbox").glob("*.jsonl")) == []

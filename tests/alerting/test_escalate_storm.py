"""The naive model beside the database: fan-out, steps, promises, senders, kills, and clocks that jump."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import count
from random import Random

import pytest
from django.db.models import F, Q

from alerting.acknowledge import Answer, acknowledge, may_send
from alerting.errors import PromiseRefused
from alerting.escalate import escalate
from alerting.fan_out import fan_out
from alerting.models import Alert, ContactGap, Delivery, Recipient
from registry.models import Contact, User
from review.decide import Judgement, countersign, judge
from review.models import Case
from review.transitions import apply
from tests import cast
from tests.alerting import naive
from tests.alerting.storm import Seen, parts, storm

STEPS, PARTS = 2_000, 8
LONG_GONE = date(2020, 1, 2)
KILLS = ("escalate.before_commit", "escalate.after_commit", "escalate.after_close_commit")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LIVES = (
    ("detected", "S1"),
    ("detected", "S1"),
    ("confirmed", "S1"),
    ("confirmed", "S2"),
    ("confirmed", "S3"),
    ("reported", "S2"),
)
"""How a case begins: two alerts before a judgement, at least four after it."""

FURTHER = {
    "reported": ("accept", "accepted"),
    "accepted": ("dispose", "disposed"),
    "disposed": ("recheck", "rechecked"),
}


class Killed(BaseException):
    """The process dies here: what was committed stays, the rest never was."""


class DatabaseWorld:
    """The alerts of one case, as rows. Contacts come and go, a sender holds messages, the service dies."""

    def __init__(
        self, random: Random, now: datetime, number: int, place: cast.Province, everybody: cast.Cast,
        patch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        self.random, self.place, self.everybody, self.patch = random, place, everybody, patch
        self.kill_at, self.is_raised = "", False
        self.held: list[Delivery] = []
        self.model: list[naive.Alert] = []
        self.alerts: list[Alert] = []
        self._forget_the_former()
        self.change_ladders(now)
        state, severity = random.choice(LIVES)
        # An account of its own: a second counterfeit of the same one weighs more.
        uid = str(20_000 + number)
        target = cast.account(f"郑州发布{number}", f"zz{number}", place.zhengzhou_account.unit, uid=uid)
        self.row = cast.case(
            target, state, uid=f"9{uid}", name=f"郑州発布{number}", severity=severity, at=now
        )
        self.case = naive.Case(self.row.severity)
        self.decided = self.row.severity if self.row.confirmed else ""
        self.tick(now)

    def _forget_the_former(self) -> None:
        """The case before is over, or its alerts would be escalated for ever beside this one's."""
        Alert.objects.filter(closed_at=None).update(closed_at=F("opened_at"), next_at=None)
        ContactGap.objects.filter(resolved_at=None).update(resolved_at=F("since"))
        Case.objects.update(state="archived")

    def ladder(self, line: str) -> list[str]:
        """Offices from the unit's own place upwards; two contacts of the nearest are two rungs."""
        if line in ("police", "publicity") and not (self.case.severity == "S1" and self._is_persons()):
            return []
        present = Contact.objects.filter(valid_to=None).values_list("line", "unit", "division")
        of_unit = [one for one, unit, _ in present if one == "sponsor" and unit]
        upper = "supervision" if line == "sponsor" else line
        offices = [of_unit] if line == "sponsor" else []
        for division in ("410100", "410000"):
            offices.append([one for one, _, code in present if one == upper and code == division])
        reachable = [office for office in offices if office]
        return [*(reachable[0] if reachable else []), *(office[0] for office in reachable[1:])]

    def _is_persons(self) -> bool:
        """Whether S1 was decided, or is what a person said last."""
        return self.decided == "S1" or not self.case.by_silence

    def tick(self, now: datetime) -> None:
        fan_out(now)
        if self.is_raised and self.row.state != "not_established":
            for diary in self.model:
                diary.raised(now)
        self.is_raised = False
        if self.kill_at:
            self._die(now)
        escalate(now)
        self._notice(now)
        self._send(now)

    def _die(self, now: datetime) -> None:
        def crash_point(name: str) -> None:
            if name == self.kill_at:
                raise Killed

        with self.patch.context() as patched:
            patched.setattr("alerting.escalate.crash_point", crash_point)
            patched.setattr("alerting.close.crash_point", crash_point)
            with suppress(Killed):
                escalate(now)
        self.kill_at = ""

    def _notice(self, now: datetime) -> None:
        """Give every new alert its diary, and note in it what was closed because it is settled."""
        rows = Alert.objects.filter(case=self.row.pk).order_by("pk")
        for alert in rows[len(self.model) :]:
            # A missing contact is as severe as it was when it was missed, whatever becomes of the case.
            own = naive.Case(alert.severity, self.case.progress)
            case = own if alert.kind == "contact_missing" else self.case
            diary = naive.Alert(alert.kind, alert.line, case)
            assert alert.opened_at == now
            # A reversal goes to whoever was told, and no further.
            was_told = [alert.line] if alert.recipients.exists() else []
            ladder = was_told if alert.kind == "reversed" else self.ladder(alert.line)
            diary.opened(now, ladder, alert.severity)
            self.model.append(diary)
        self.alerts = list(rows)
        for alert, diary in zip(self.alerts, self.model, strict=True):
            if alert.closed_reason == "kept" or diary.over:
                continue
            if alert.kind != "contact_missing":
                settled = self._is_settled(alert) or self._is_noted(alert, now)
                assert (alert.closed_at is not None) == settled, alert.closed_reason
            if alert.closed_at:
                diary.closed(now)

    def _is_settled(self, alert: Alert) -> bool:
        """Whether its line got a newer word of the case, or the case came to nothing."""
        newer = any(
            other.pk > alert.pk and other.line == alert.line and other.kind != "contact_missing"
            for other in self.alerts
        )
        state = self.row.state
        accepted = state in ("accepted", "disposed", "rechecked")
        is_done = {
            ("confirmed", "supervision"): accepted or state == "reported",
            ("confirmed", "cac"): accepted,
            ("reported", "cac"): accepted,
        }.get((alert.kind, alert.line), False)
        return newer or is_done or (state == "not_established" and alert.kind != "reversed")

    def _is_noted(self, alert: Alert, now: datetime) -> bool:
        """Whether somebody knows that it was taken back, or everybody was written to a week ago."""
        old = now - alert.opened_at >= 7 * DAY and not alert.deliveries.filter(done_at=None).exists()
        return alert.kind == "reversed" and (alert.acked_at is not None or old)

    def _send(self, now: datetime) -> None:
        """A sender asks before the network about what it took at the tick before, then takes what is due."""
        for delivery in self.held:
            diary = self._diary_of(delivery)
            if may_send(delivery):
                assert not (diary.promise or diary.over), "sent after an acknowledgement"
                Delivery.objects.filter(pk=delivery.pk).update(done_at=now, outcome="delivered")
            else:
                assert any(entry.what in ("acknowledged", "closed") for entry in diary.diary)
                Delivery.objects.filter(pk=delivery.pk).update(done_at=now, outcome="cancelled")
        due = Delivery.objects.filter(alert__case=self.row.pk, done_at=None, next_at__lte=now)
        due.update(lease_until=now + MINUTE, tries=1)
        self.held = list(due)

    def _diary_of(self, delivery: Delivery) -> naive.Alert:
        return self.model[[alert.pk for alert in self.alerts].index(delivery.alert_id)]

    def acknowledge(self, which: int, now: datetime, until: datetime) -> bool:
        alert = self.alerts[which]
        in_post = alert.recipients.filter(contact__valid_to=None).order_by("?")
        recipient = in_post.first() if self.random.random() < 0.5 else None
        waits = alert.deliveries.filter(done_at=None, tries=0).exists()
        untold = waits and not alert.deliveries.filter(outcome="delivered").exists()
        try:
            answer = self._promise(alert, recipient, now, until)
            assert recipient or alert.line == "duty" or not (answer and untold)
        except PromiseRefused:
            assert untold and not recipient and alert.line != "duty"
            alert.deliveries.filter(done_at=None).update(tries=1)
            answer = self._promise(alert, None, now, until)
        waiting = Delivery.objects.filter(
            Q(lease_until=None) | Q(lease_until__lt=now), alert=alert, done_at=None
        )
        assert not (answer and waiting.exists())
        return bool(answer)

    def _promise(self, alert: Alert, recipient: Recipient | None, now: datetime, until: datetime) -> Answer:
        """By the link of `recipient`, or in the console by the duty officer, who is of one line only."""
        user = None if recipient else self.everybody.duty_officer
        return acknowledge(
            alert.pk, by="某人", via="link" if recipient else "console", recipient=recipient, user=user,
            promise="核对并回复", promised_by=until, now=now,
        )  # fmt: skip

    def person_moves(self, now: datetime) -> None:
        """The reviewer or the duty officer weighs the case, or the cyberspace office takes it further."""
        self.row.refresh_from_db()
        further = FURTHER.get(self.row.state)
        if further and self.random.random() < 0.5:
            name, state = further
            self._apply(name, now, self.everybody.cac_officer, to=state)
            self.case.progress.append((now, ""))
        elif self.random.random() < 0.5:
            self._apply("crime_signs", now, self.everybody.duty_officer)
            self.case.progress.append((now, "duty"))
        else:
            self._apply("crime_signs", now, self.everybody.reviewer)

    def set_severity(self, now: datetime, severity: str) -> None:
        was: dict[str, object] = {"was": self.case.severity}
        self.is_raised |= severity < self.case.severity
        self._apply("severity", now, self.everybody.reviewer, was, severity=severity)
        self.case.severity, self.case.by_silence = severity, False

    def _apply(
        self, name: str, now: datetime, by: User, said: dict[str, object] | None = None, **more: object
    ) -> None:
        self.row = Case.objects.get(pk=self.row.pk)
        to = str(more.pop("to", self.row.state))
        apply(self.row, self.row.version, name, by, now, to=to, details=said, sets=more)

    def change_ladders(self, now: datetime) -> None:
        for contact in Contact.objects.all():
            gone = self.random.random() < 0.3
            Contact.objects.filter(pk=contact.pk).update(valid_to=LONG_GONE if gone else None)

    def end(self, now: datetime) -> None:
        """A person takes back, or calls off, what was told."""
        self.row = Case.objects.get(pk=self.row.pk)
        if self.row.state != "not_established":
            judgement = Judgement("not_established", "name_alone")
            decision = judge(self.everybody.reviewer, self.row.pk, self.row.version, judgement, now)
            if decision.standing == "awaiting":
                second = self.everybody.second_reviewer
                countersign(second, self.row.pk, self.row.version + 1, True, "", now)
            self.case.progress.append((now, ""))
            self.row.refresh_from_db()

    def restart(self) -> None:
        """At the next tick the process dies in the middle, and another one starts."""
        self.kill_at = self.random.choice(KILLS)

    def seen(self) -> list[Seen]:
        told: dict[int, set[tuple[datetime, int, int]]] = {alert.pk: set() for alert in self.alerts}
        rows = Recipient.objects.filter(alert__case=self.row.pk).values_list(
            "alert", "told_at", "rung", "round"
        )
        for pk, *when in rows:
            told[pk].add(tuple(when))  # type: ignore[arg-type]
        columns = {alert.pk: alert for alert in Alert.objects.filter(case=self.row.pk)}
        return [
            Seen(
                len(told[alert.pk]), max(told[alert.pk], key=lambda one: one[1:], default=None),
                columns[alert.pk].severity, columns[alert.pk].next_at, columns[alert.pk].promised_by,
                columns[alert.pk].closed_at is not None,
            )
            for alert in self.alerts
        ]  # fmt: skip


@pytest.fixture
def contacts(place: cast.Province) -> None:
    """Two contacts of the unit and of the city's cyberspace office, one of every other office."""
    unit = place.zhengzhou_account.unit
    cast.contact("sponsor", unit, "主办甲", email="a@zz.example")
    cast.contact("sponsor", unit, "主办乙", rank=2, email="b@zz.example")
    cast.contact("cac", place.zhengzhou, "市网信乙", rank=2, email="c@zz.example")
    for line in ("supervision", "cac", "police", "publicity", "duty"):
        for division in (place.zhengzhou, place.henan):
            cast.contact(line, division, f"{division.name}{line}", email=f"{line}@{division.code}.example")
    Contact.objects.update(valid_from=LONG_GONE - timedelta(days=1))


@pytest.mark.parametrize("seed", parts(PARTS))
def test_the_database_and_the_naive_model_never_part(
    seed: int,
    place: cast.Province,
    everybody: cast.Cast,
    contacts: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numbers = count(1)

    def a_world(random: Random, now: datetime) -> DatabaseWorld:
        return DatabaseWorld(random, now, next(numbers), place, everybody, monkeypatch)

    assert storm(a_world, seed, STEPS // PARTS) > STEPS // PARTS // 10

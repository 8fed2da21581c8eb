"""One alert: its people, its messages, and what one may do."""

import html
import re
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from alerting.escalate import escalate
from alerting.fan_out import fan_out
from alerting.models import Acknowledgement, Alert, Attempt, Delivery
from alerting.selectors import LINES_OF
from audit_logs.models import Event
from common import clock
from registry.models import Contact
from review.decide import Judgement, countersign, judge
from tests import cast as people
from tests.alerting import outbox
from tests.cast import Cast, Province
from tests.console import alarm
from tests.console.conftest import SignedIn
from tests.console.views.test_acknowledge import promise


@pytest.fixture
def alerts(place: Province, everybody: Cast) -> list[Alert]:
    """What a confirmed S2 of Zhengzhou became."""
    alarm.contacts(place)
    return alarm.raised(place.zhengzhou_account)


@pytest.fixture
def alert(alerts: list[Alert]) -> Alert:
    """The sponsor's."""
    return alarm.of_line(alerts, "sponsor")


@pytest.fixture
def duty(everybody: Cast, signed_in: SignedIn) -> Client:
    """Wang's browser, in English."""
    return signed_in(everybody.duty_officer)


def shown(browser: Client, alert: Alert) -> str:
    """The words of the page."""
    answer = browser.get(f"/alerts/{alert.pk}/")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", answer.content.decode()))


def test_it_says_who_was_told_why_and_how_to_call_them(duty: Client, alert: Alert) -> None:
    text = shown(duty, alert)
    assert "step 1 郑州市人民政府办公厅主办单位 赵敏 0371-1001" in text
    assert "It runs the account that is imitated. First contact there." in text


def test_it_says_who_is_told_next_if_nobody_answers(duty: Client, alert: Alert) -> None:
    text = shown(duty, alert)
    assert "step 2 郑州市人民政府办公厅主办单位 钱多" in text
    assert "step 3 郑州市主管单位 高洁" in text
    due = alert.next_at.astimezone(clock.BEIJING).strftime("%Y-%m-%d %H:%M") if alert.next_at else ""
    assert f"If nobody acknowledges by {due}, the next step is told." in text


def test_steps_taken_are_no_longer_to_come(duty: Client, alert: Alert) -> None:
    assert alert.next_at is not None
    escalate(alert.next_at)
    text = shown(duty, alert)
    assert text.count("钱多") >= 1
    assert "Substitute: the one before did not acknowledge in time." in text
    assert "severity raised once, for silence" in text


def test_a_sponsor_reads_which_office_is_next_and_not_who_sits_there(
    alert: Alert, everybody: Cast, signed_in: SignedIn
) -> None:
    text = shown(signed_in(everybody.sponsor), alert)
    assert "step 2 郑州市人民政府办公厅主办单位 钱多" in text
    assert "step 3 supervising office · 郑州市" in text
    assert "高洁" not in text


@pytest.mark.parametrize(("who", "reads"), [("sponsor", False), ("supervisor", True), ("reviewer", True)])
def test_how_others_are_reached_is_read_by_who_keeps_their_contacts(
    who: str, reads: bool, alert: Alert, place: Province, everybody: Cast, signed_in: SignedIn
) -> None:
    Contact.objects.filter(person="高洁").update(phone="0371-3003")
    gao = people.contact("supervision", place.zhengzhou, "高山", email="shan@zhengzhou.example")
    for _ in range(2):
        alert.refresh_from_db()
        assert alert.next_at is not None
        escalate(alert.next_at)
    told = alert.recipients.get(contact=gao).deliveries.get()
    Attempt.objects.create(
        delivery=told, number=1, started_at=clock.now(), outcome="retry", remote_text="450 <shan>: later"
    )
    text = shown(signed_in(getattr(everybody, who)), alert)
    assert "郑州市主管单位 高洁" in text
    assert "zhao@zhengzhou.example" in text
    assert "0371-1001" in text
    for secret in ("0371-3003", "shan@zhengzhou.example", "gao@zhengzhou.example", "<shan>"):
        assert (html.escape(secret) in text) == reads, secret


def test_of_a_webhook_the_host_alone_is_shown(
    place: Province, everybody: Cast, duty: Client, signed_in: SignedIn
) -> None:
    outbox.endpoint(place, "https://hook.example/send?access_token=hidden")
    alarm.contacts(place)
    one = alarm.of_line(alarm.raised(place.zhengzhou_account), "cac")
    for browser in (duty, signed_in(everybody.cac_officer)):
        text = shown(browser, one)
        assert "hook.example:443" in text
        assert "access_token" not in text


@pytest.mark.parametrize("who", ["cac_officer", "psb_officer", "publicity"])
def test_who_was_warned_opens_the_withdrawal_and_not_the_case(
    who: str, place: Province, everybody: Cast, signed_in: SignedIn
) -> None:
    alarm.contacts(place)
    people.contact("publicity", place.zhengzhou, "冯宁")
    case = alarm.raised(place.zhengzhou_account, severity="S1")[0].case
    case.refresh_from_db()
    decision = judge(
        everybody.reviewer, case.pk, case.version, Judgement("not_established", "name_alone"), clock.now()
    )
    if decision.standing == "awaiting":
        case.refresh_from_db()
        countersign(everybody.second_reviewer, case.pk, case.version, True, "", clock.now())
    fan_out(clock.now())
    browser, line = signed_in(getattr(everybody, who)), LINES_OF[getattr(everybody, who).role]
    [back] = Alert.objects.filter(case=case, kind="reversed", line__in=line)
    page = browser.get(f"/alerts/{back.pk}/").content.decode()
    assert case.number in page
    assert f"/cases/{case.pk}/" not in page
    assert browser.get(f"/cases/{case.pk}/").status_code == 404
    Delivery.objects.update(tries=1)
    assert browser.post(f"/alerts/{back.pk}/acknowledge/", promise()).status_code == 302
    assert Acknowledgement.objects.get().alert == back


def test_a_preliminary_alert_never_leads_to_the_supervision(
    duty: Client, place: Province, everybody: Cast
) -> None:
    alarm.contacts(place)
    one = alarm.of_line(alarm.raised(place.zhengzhou_account, "detected", severity="S1"), "sponsor")
    text = shown(duty, one)
    assert "not judged by a person yet" in text
    assert "钱多" in text and "高洁" not in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"next_at": None}, "Everybody up the line was told and nobody answered. Nobody else will be told"),
        ({"closed_at": clock.now(), "closed_reason": "kept"}, "Closed: the promise was kept."),
        ({"closed_at": clock.now(), "closed_reason": "new_reason"}, "Closed: new_reason."),
        ({"rung": 3}, "Nobody is further up. If nobody acknowledges by"),
        ({"rung": 3, "rounds": 3}, "All were told, the last 3 times more. After"),
        ({"severity": "S4", "next_at": None}, "Silence has no consequence here: nobody else is told."),
    ],
)
def test_what_happens_next_is_said_in_every_state(
    change: dict[str, object], said: str, duty: Client, alert: Alert
) -> None:
    Alert.objects.filter(pk=alert.pk).update(**change)
    assert said in shown(duty, alert)


def test_a_message_shows_every_attempt_and_why_it_failed(duty: Client, alert: Alert) -> None:
    alarm.done(alert, "parked", "550 no such user")
    text = shown(duty, alert)
    assert "parked mail to 郑州市人民政府办公厅主办单位 赵敏 zhao@zhengzhou.example" in text
    assert "refused for good 550 no such &lt;b&gt;user&lt;/b&gt; 550 no such user" in text
    assert "2 seconds" in text


def test_a_message_not_tried_yet_says_so(duty: Client, alert: Alert) -> None:
    assert "Not tried yet." in shown(duty, alert)


def test_the_message_is_shown_without_the_token_that_acknowledges(
    place: Province, everybody: Cast, duty: Client, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://zhenwei.example"
    alarm.contacts(place)
    one = alarm.of_line(alarm.raised(place.zhengzhou_account), "sponsor")
    text = shown(duty, one)
    assert "经人工研判" in text
    assert "https://zhenwei.example/acknowledge/…/" in text
    assert alarm.link(one).split("/")[2].partition(".")[2] not in text


def test_opening_is_on_record(duty: Client, alert: Alert, everybody: Cast) -> None:
    shown(duty, alert)
    event = Event.objects.get(action="alert.view")
    assert (event.actor, event.subject_kind, event.subject_id) == (
        f"user:{everybody.duty_officer.pk}",
        "alert",
        str(alert.pk),
    )


def test_acknowledging_in_the_console_is_in_ones_own_name(
    alert: Alert, everybody: Cast, signed_in: SignedIn
) -> None:
    browser = signed_in(everybody.sponsor, "zh-hans")
    answer = browser.post(f"/alerts/{alert.pk}/acknowledge/", promise(promise="report"), follow=True)
    assert "已确认。在您承诺的时限之前不再通知他人。" in answer.content.decode()
    said = Acknowledgement.objects.get()
    assert (said.by, said.via, said.user, said.promise) == (
        "主办单位 赵敏",
        "console",
        everybody.sponsor,
        "准备并签署举报材料",
    )


def test_the_second_is_told_who_was_first(
    alert: Alert, duty: Client, everybody: Cast, signed_in: SignedIn
) -> None:
    signed_in(everybody.sponsor).post(f"/alerts/{alert.pk}/acknowledge/", promise())
    answer = duty.post(f"/alerts/{alert.pk}/acknowledge/", promise(), follow=True)
    assert "主办单位 赵敏 was first; your promise was not taken." in answer.content.decode()
    assert Acknowledgement.objects.count() == 1


def test_a_closed_alert_is_not_acknowledged(alert: Alert, duty: Client) -> None:
    Alert.objects.update(closed_at=clock.now(), closed_reason="superseded")
    answer = duty.post(f"/alerts/{alert.pk}/acknowledge/", promise(), follow=True)
    assert "there is nothing to acknowledge" in answer.content.decode()
    assert not Acknowledgement.objects.exists()


@pytest.mark.parametrize("wrong", [{"until": "2020-01-01T00:00"}, {"promise": "other"}, {"text": "\u202e"}])
def test_what_is_no_promise_keeps_what_was_typed(wrong: dict[str, str], alert: Alert, duty: Client) -> None:
    answer = duty.post(f"/alerts/{alert.pk}/acknowledge/", promise(**wrong))
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert not Acknowledgement.objects.exists()


def test_an_acknowledgement_that_lapsed_stays_in_sight(alert: Alert, duty: Client) -> None:
    alarm.acknowledged(alert, "第一次承诺")
    escalate(clock.now() + timedelta(hours=2))
    text = shown(duty, alert)
    assert "第一次承诺" in text
    assert "the time ran out without progress" in text
    assert "Acknowledge " in text, "it may be acknowledged again"


def test_a_standing_acknowledgement_offers_no_form(alert: Alert, duty: Client) -> None:
    alarm.acknowledged(alert)
    text = duty.get(f"/alerts/{alert.pk}/").content.decode()
    assert f'action="/alerts/{alert.pk}/acknowledge/"' not in text
    assert "the time ran out" not in text


@pytest.mark.parametrize("outcome", ["parked", "delivered"])
def test_a_message_that_is_done_is_sent_again_by_a_person(outcome: str, alert: Alert, duty: Client) -> None:
    sent = alarm.done(alert, outcome)
    assert f'action="/deliveries/{sent.pk}/resend/"' in duty.get(f"/alerts/{alert.pk}/").content.decode()
    answer = duty.post(f"/deliveries/{sent.pk}/resend/", follow=True)
    assert "It is sent again under the same number." in answer.content.decode()
    sent.refresh_from_db()
    assert (sent.done_at, sent.resends) == (None, 1)
    assert Event.objects.filter(action="delivery.resend", subject_id=sent.pk).count() == 1


def test_a_message_under_way_is_not_sent_twice(alert: Alert, duty: Client) -> None:
    sent = alarm.delivery(alert)
    assert "Send it again" not in shown(duty, alert)
    answer = duty.post(f"/deliveries/{sent.pk}/resend/", follow=True)
    assert "it is still under way" in answer.content.decode()
    assert Delivery.objects.get(pk=sent.pk).resends == 0


def test_a_message_that_never_was_is_not_found(duty: Client, alert: Alert) -> None:
    assert duty.post("/deliveries/none/resend/").status_code == 404


def test_only_who_keeps_the_messages_sees_the_button(
    alert: Alert, everybody: Cast, signed_in: SignedIn
) -> None:
    alarm.done(alert, "parked")
    assert "Send it again" not in shown(signed_in(everybody.sponsor), alert)


def test_an_alert_without_anybody_says_so(place: Province, everybody: Cast, duty: Client) -> None:
    one = alarm.of_line(alarm.raised(place.zhengzhou_account), "cac")
    text = shown(duty, one)
    assert "Nobody: no contact is known on this line." in text
    assert "No message was written: nobody could be told." in text


def test_hostile_names_do_nothing(place: Province, everybody: Cast, duty: Client) -> None:
    alarm.contacts(place)
    one = alarm.raised(place.zhengzhou_account, name="<script>\u202e郑州发布")[0]
    text = duty.get(f"/alerts/{one.pk}/").content.decode()
    assert "<script>\u202e" not in text and "\u202e" not in text
    assert "[U+202E]" in text


def test_it_asks_the_database_a_bounded_number_of_times(
    duty: Client, alert: Alert, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for rank in range(3, 8):
        people.contact("sponsor", alert.case.target.unit, f"人{rank}", rank=rank, email=f"a{rank}@b.example")
    shown(duty, alert)
    with django_assert_max_num_queries(26):
        shown(duty, alert)

"""The page behind the link of a message."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.core import signing
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries, Settings

from alerting import acknowledge as rules
from alerting.models import Acknowledgement, Alert
from audit_logs.models import Event
from common import clock
from console import gate, letters
from console.views import acknowledge
from registry.models import Contact
from tests.cast import Cast, Province
from tests.console import alarm
from tests.console.conftest import SignedIn, tried


@pytest.fixture(autouse=True)
def new_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gate that has seen nobody."""
    monkeypatch.setattr(acknowledge, "GATE", gate.Gate())


@pytest.fixture
def alert(place: Province, everybody: Cast) -> Alert:
    """The sponsor's alert of a confirmed counterfeit."""
    alarm.contacts(place)
    return alarm.of_line(alarm.raised(place.zhengzhou_account), "sponsor")


def visitor(**environment: str) -> Client:
    """A browser that has never been here, keeps no cookies and is checked for CSRF like any other."""
    return Client(enforce_csrf_checks=True, **environment)  # type: ignore[arg-type]


def promise(**changes: str) -> dict[str, str]:
    """What the form sends: half an hour from now."""
    until = (clock.now() + timedelta(minutes=30)).astimezone(clock.BEIJING)
    return {"promise": "check", "text": "", "until": until.strftime("%Y-%m-%dT%H:%M")} | changes


def text_of(answer: Any) -> str:
    """The words of a page, white space made one."""
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", answer.content.decode()))


def test_it_shows_what_is_asked_of_whom_and_nothing_of_the_imitator(alert: Alert) -> None:
    text = text_of(visitor().get(alarm.link(alert)))
    assert alert.case.number in text
    assert "郑州发布" in text
    assert "准备并签署举报材料" in text
    assert "赵敏" in text
    assert not re.findall(r"郑州発布|zhengzhou0|9001|形近|0\.9", text)


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing_not_even_the_log(method: str, alert: Alert) -> None:
    before = list(Alert.objects.values()), Event.objects.count(), Acknowledgement.objects.count()
    for _ in range(3):
        assert getattr(visitor(), method)(alarm.link(alert)).status_code == 200
    assert (list(Alert.objects.values()), Event.objects.count(), Acknowledgement.objects.count()) == before


def test_a_promise_acknowledges_without_cookies(alert: Alert) -> None:
    answer = visitor().post(alarm.link(alert), promise(text="已联系平台"))
    assert (answer.status_code, answer.headers["Location"]) == (302, alarm.link(alert))
    alert.refresh_from_db()
    assert (alert.acked_by, alert.acked_via) == ("郑州市人民政府办公厅主办单位 赵敏", "link")
    assert alert.promise == "核实情况并反馈 – 已联系平台"
    assert Event.objects.get(action="alert.acknowledge").subject_id == str(alert.pk)


def test_the_second_visit_shows_who_and_when_and_offers_no_form(alert: Alert) -> None:
    visitor().post(alarm.link(alert), promise())
    answer = visitor().get(alarm.link(alert))
    assert "赵敏" in text_of(answer)
    assert "已于 20" in text_of(answer)
    assert "<form" not in answer.content.decode()


def test_the_second_promise_is_not_taken(alert: Alert) -> None:
    visitor().post(alarm.link(alert), promise())
    assert visitor().post(alarm.link(alert), promise(promise="warn")).status_code == 302
    assert Acknowledgement.objects.get().promise == "核实情况并反馈"


def test_a_closed_alert_asks_for_nothing(alert: Alert) -> None:
    Alert.objects.update(closed_at=clock.now(), closed_reason="superseded")
    answer = visitor().get(alarm.link(alert))
    assert "本预警已关闭" in text_of(answer)
    assert "<form" not in answer.content.decode()
    visitor().post(alarm.link(alert), promise())
    assert not Acknowledgement.objects.exists()


def test_who_has_left_the_post_sees_the_page_and_cannot_promise(alert: Alert) -> None:
    Contact.objects.filter(person="赵敏").update(valid_to=clock.now().date() - timedelta(days=2))
    for answer in (visitor().get(alarm.link(alert)), visitor().post(alarm.link(alert), promise())):
        assert "您已不担任该联系人" in text_of(answer)
        assert "<form" not in answer.content.decode()
    assert answer.status_code == 422
    assert not Acknowledgement.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"promise": "x"},
        {"until": ""},
        {"until": "2020-01-01T00:00"},
        {"promise": "other"},
        {"text": "\u202e"},
    ],
)
def test_what_is_no_promise_is_asked_again(wrong: dict[str, str], alert: Alert) -> None:
    answer = visitor().post(alarm.link(alert), promise(**wrong))
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert not Acknowledgement.objects.exists()


def test_an_empty_post_is_no_promise(alert: Alert) -> None:
    assert visitor().post(alarm.link(alert)).status_code == 422


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_no_other_method_is_answered(method: str, alert: Alert) -> None:
    assert getattr(visitor(), method)(alarm.link(alert)).status_code == 405


def test_the_address_goes_nowhere(alert: Alert) -> None:
    answer = visitor().get(alarm.link(alert))
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.cookies == {}
    assert alarm.link(alert) not in answer.content.decode()


def test_the_language_is_chosen_by_a_link(alert: Alert) -> None:
    answer = visitor().get(alarm.link(alert), {"language": "en"})
    assert "What is asked of you" in text_of(answer)
    assert answer.headers["Content-Language"] == "en"
    assert '<html lang="en">' in answer.content.decode()
    assert visitor().get(alarm.link(alert), {"language": "xx"}).headers["Content-Language"] == "zh-hans"


def test_the_language_stays_after_the_promise(alert: Alert) -> None:
    address = f"{alarm.link(alert)}?language=en"
    assert visitor().post(address, promise()).headers["Location"] == address


def test_a_changed_token_is_not_found_and_tells_nothing(alert: Alert) -> None:
    good = alarm.link(alert)
    for place in range(len("/acknowledge/"), len(good) - 1):
        changed = good[:place] + ("A" if good[place] != "A" else "B") + good[place + 1 :]
        with_gate_open = visitor(REMOTE_ADDR=f"10.0.{place}.1")
        answer = with_gate_open.get(changed)
        assert answer.status_code == 404, changed
        assert not re.search("郑州|ZW-2", answer.content.decode())


@pytest.mark.parametrize("salt", ["django.core.signing", "password", ""])
def test_a_token_signed_for_something_else_is_none(salt: str, alert: Alert) -> None:
    token = signing.TimestampSigner(sep=".", salt=salt).sign(str(alarm.recipient(alert).pk))
    assert visitor().get(f"/acknowledge/{token}/").status_code == 404


def test_an_old_token_is_gone_and_tells_nothing(alert: Alert) -> None:
    address = alarm.link(alert)
    with time_machine.travel(clock.now() + rules.LINK_AGE + timedelta(hours=1), tick=False):
        for answer in (visitor().get(address), visitor().post(address, promise())):
            assert answer.status_code == 410
            assert "链接已过期" in text_of(answer)
            assert not re.search("郑州|ZW-2", answer.content.decode())
    assert not Acknowledgement.objects.exists()


def test_a_token_of_another_recipient_acknowledges_its_own_alert_only(alert: Alert, place: Province) -> None:
    other = alarm.of_line(list(Alert.objects.filter(case=alert.case)), "cac")
    visitor().post(alarm.link(other), promise())
    assert [ack.alert_id for ack in Acknowledgement.objects.all()] == [other.pk]


@pytest.mark.django_db
def test_guessing_is_turned_away_and_recorded_once() -> None:
    guesser = visitor(REMOTE_ADDR="203.0.113.9")
    codes = [guesser.get(f"/acknowledge/{number}.x.y/").status_code for number in range(gate.FAILURES + 3)]
    assert codes == [404] * gate.FAILURES + [429] * 3
    assert Event.objects.get().actor == "visitor:203.0.113.9"
    assert visitor(REMOTE_ADDR="203.0.113.10").get("/acknowledge/1.x.y/").status_code == 404


def test_a_good_link_opens_whoever_else_guesses_from_there(alert: Alert) -> None:
    browser = visitor()
    for number in range(gate.FAILURES + 3):
        browser.get(f"/acknowledge/{number}.x.y/")
    assert browser.get(alarm.link(alert)).status_code == 200


@tried
@given(st.text(st.characters(exclude_characters="/?#"), min_size=1, max_size=80))
@pytest.mark.django_db
def test_no_token_breaks_it(token: str) -> None:
    assert visitor().get(f"/acknowledge/{quote(token, safe='')}/").status_code in (404, 429)


def test_it_works_beside_a_sign_in_and_a_due_password(
    alert: Alert, everybody: Cast, signed_in: SignedIn
) -> None:
    everybody.outsider.password_change_due = True
    everybody.outsider.save()
    assert signed_in(everybody.outsider).get(alarm.link(alert)).status_code == 200


def test_it_asks_the_database_a_few_times(
    alert: Alert, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(6):
        visitor().get(alarm.link(alert))


def test_the_links_of_a_message_lead_to_the_public_address_whatever_the_host(
    place: Province, everybody: Cast, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://zhenwei.example"
    alarm.contacts(place)
    sent = alarm.delivery(alarm.of_line(alarm.raised(place.zhengzhou_account), "sponsor"))
    text = letters.read(bytes(sent.body)).text
    assert set(re.findall(r"https?://[^/\s]+(?=/acknowledge)", text)) == {"https://zhenwei.example"}

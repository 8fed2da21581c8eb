"""Recipients and deliveries: written once, the right bytes to the right address."""

import email
import json
from datetime import timedelta
from email.policy import default

import pytest
from pytest_django import Settings

from alerting.acknowledge import recipient_of
from alerting.enqueue import enqueue
from alerting.grounds import Reason
from alerting.models import Alert, Delivery, Recipient, Webhook
from alerting.routing import Addressee
from tests import cast
from tests.alerting import world
from tests.alerting.world import NOON

pytestmark = pytest.mark.django_db
WHY = (Reason("first", "第一联系人。", "First contact."),)


@pytest.fixture
def alert(place: cast.Province, everybody: cast.Cast) -> Alert:
    """An S2 alert of the sponsor's line, nobody told yet."""
    return cast.alert(cast.case(place.zhengzhou_account, at=NOON), at=NOON)


def someone(place: cast.Province, **more: object) -> Addressee:
    contact = cast.contact("sponsor", place.zhengzhou_account.unit, "主办甲", email="a@zz.example")
    given: dict[str, object] = {"contact": contact.pk, "email": contact.email, **more}
    return Addressee("主办甲", "办公厅", WHY, **given)  # type: ignore[arg-type]


def a_system(place: cast.Province) -> Addressee:
    webhook = Webhook.objects.create(
        line="sponsor", unit=place.zhengzhou_account.unit, label="值班系统", url="https://hook.example/x",
        sealed_secret=b"", created_at=NOON, changed_at=NOON,
    )  # fmt: skip
    return Addressee("值班系统", "办公厅", WHY, webhook=webhook.pk)


def test_a_person_gets_a_mail_and_a_system_a_webhook(alert: Alert, place: cast.Province) -> None:
    sent = enqueue(alert, [someone(place), a_system(place)], 0, 0, NOON)
    assert [(d.channel, d.address) for d in sent] == [
        ("mail", "a@zz.example"),
        ("webhook", "https://hook.example/x"),
    ]
    assert [r.reasons for r in Recipient.objects.all()] == [[WHY[0]._asdict()]] * 2


def test_doing_it_again_writes_nothing_more(alert: Alert, place: cast.Province) -> None:
    told = [someone(place), a_system(place)]
    first = {d.pk: bytes(d.body) for d in enqueue(alert, told, 0, 0, NOON)}
    assert enqueue(alert, told, 0, 0, NOON + timedelta(hours=1)) == []
    assert {d.pk: bytes(d.body) for d in Delivery.objects.all()} == first


def test_another_rung_or_round_is_another_message(alert: Alert, place: cast.Province) -> None:
    one = someone(place)
    ids = {d.pk for rung, again in ((0, 0), (1, 0), (1, 1)) for d in enqueue(alert, [one], rung, again, NOON)}
    assert len(ids) == 3
    assert all(len(pk) == 40 and int(pk, 16) for pk in ids)


def test_the_same_row_number_in_a_restored_database_is_another_id(alert: Alert, place: cast.Province) -> None:
    one = someone(place)
    before = enqueue(alert, [one], 0, 0, NOON)[0].pk
    Delivery.objects.all().delete()
    alert.opened_at += timedelta(seconds=1)
    assert enqueue(alert, [one], 0, 0, NOON)[0].pk != before


def test_who_can_only_be_phoned_is_a_recipient_without_a_message(alert: Alert, place: cast.Province) -> None:
    assert enqueue(alert, [someone(place, email="")], 0, 0, NOON) == []
    assert Recipient.objects.get().name == "主办甲"


def test_the_link_in_the_mail_is_the_recipients_own(
    alert: Alert, place: cast.Province, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://zhenwei.example"
    settings.MAIL_FROM = "甄伪 <alerts@mail.example>"
    enqueue(alert, [someone(place)], 0, 0, NOON)
    message = email.message_from_bytes(bytes(Delivery.objects.get().body), policy=default)
    link = next(line.strip() for line in message.get_content().splitlines() if "/acknowledge/" in line)
    token = link.removeprefix("https://zhenwei.example/acknowledge/").removesuffix("/")
    assert recipient_of(token) == Recipient.objects.get()
    assert message["Message-ID"] == f"<{Delivery.objects.get().pk}@mail.example>"
    assert message["From"] == "甄伪 <alerts@mail.example>"


def test_without_a_public_address_there_is_no_link(
    alert: Alert, place: cast.Province, settings: Settings
) -> None:
    settings.PUBLIC_URL = settings.MAIL_FROM = ""
    enqueue(alert, [a_system(place)], 0, 0, NOON)
    body = json.loads(bytes(Delivery.objects.get().body))
    assert body["data"]["acknowledge"] is None
    assert body["source"] == "urn:zhenwei"


def test_a_mail_written_before_mail_is_set_up_has_a_sender_all_the_same(
    alert: Alert, place: cast.Province, settings: Settings
) -> None:
    settings.MAIL_FROM, settings.PUBLIC_URL = "", "http://[::1]:8000"
    enqueue(alert, [someone(place)], 0, 0, NOON)
    delivery = Delivery.objects.get()
    head = email.message_from_bytes(bytes(delivery.body), policy=default)
    assert head["From"] == "zhenwei@zhenwei.invalid"
    assert head["Message-ID"] == f"<{delivery.pk}@zhenwei.invalid>"


def test_what_the_sponsor_gets_holds_no_score_and_no_rule(alert: Alert, place: cast.Province) -> None:
    alert.case.suspect.reasons = [
        {"code": "shape", "points": 0.6, "detail": {}, "zh": "形近。", "en": "Alike."},
        {"code": "strong_likeness", "points": 0.0, "detail": {}, "zh": "高度相似（0.97）。", "en": "0.97"},
    ]
    enqueue(alert, [someone(place), a_system(place)], 0, 0, NOON)
    for delivery in Delivery.objects.all():
        body = bytes(delivery.body)
        mail = email.message_from_bytes(body, policy=default)
        told = mail.get_content() if delivery.channel == "mail" else body.decode()
        assert "形近。" in told
        assert "0.97" not in told
        assert "points" not in told


def test_an_address_of_no_web_stays_out(alert: Alert, place: cast.Province) -> None:
    alert.case.suspect.observation.profile_url = "javascript:alert(1)"
    enqueue(alert, [a_system(place)], 0, 0, NOON)
    assert json.loads(bytes(Delivery.objects.get().body))["data"]["imitator"]["url"] is None


def test_the_duty_phones_of_the_nearest_desk_are_named(alert: Alert, place: cast.Province) -> None:
    cast.contact("duty", place.zhengzhou, "市值班", phone="", email="d@zz.example")
    cast.contact("duty", place.henan, "省值班", phone="0371-1")
    enqueue(alert, [a_system(place)], 0, 0, NOON)
    assert json.loads(bytes(Delivery.objects.get().body))["data"]["duty_phones"] == ["0371-1"]


def test_long_names_of_offices_are_cut_not_refused(alert: Alert, place: cast.Province) -> None:
    one = someone(place)
    long = Addressee("长" * 300, "办" * 300, WHY, contact=one.contact, email="a@zz.example")
    enqueue(alert, [long], 0, 0, NOON)
    assert len(Recipient.objects.get().office) == 120


def test_it_is_the_first_rung_that_the_cast_tells(place: cast.Province, everybody: cast.Cast) -> None:
    world.contacts(place)
    alert = cast.alert(cast.case(place.zhengzhou_account, at=NOON), "cac", at=NOON)
    assert [one.name for one in alert.recipients.all()] == ["市cac"]
    assert alert.next_at == NOON + timedelta(hours=2)

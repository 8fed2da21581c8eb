"""A person sends a message again: under its id, on record, and never what was called off."""

import email
import email.policy
from datetime import timedelta

import pytest

from alerting import selectors
from alerting.close import close_settled
from alerting.errors import Refused
from alerting.fan_out import fan_out
from alerting.internal import alert_parked
from alerting.models import Alert, Delivery, Webhook
from alerting.resend import resend
from audit_logs.models import Event
from registry.models import Contact
from tests import cast
from tests.alerting import outbox, world
from tests.alerting.world import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=3)


@pytest.fixture
def delivery(place: cast.Province, everybody: cast.Cast) -> Delivery:
    """A mail on its way."""
    world.contacts(place)
    world.confirmed(place, everybody)
    fan_out(NOON)
    return Delivery.objects.get(alert__line="cac")


def done(delivery: Delivery, outcome: str) -> Delivery:
    Delivery.objects.filter(pk=delivery.pk).update(
        outcome=outcome, done_at=NOON, tries=10, lease_until=NOON, lease_holder="x", reason="550"
    )
    return delivery


@pytest.mark.parametrize("outcome", ["parked", "delivered"])
def test_it_goes_out_again_from_the_first_try(delivery: Delivery, outcome: str) -> None:
    again = resend(done(delivery, outcome).pk, "user:7", LATER)
    assert (again.outcome, again.done_at, again.tries, again.next_at) == ("", None, 0, LATER)
    assert (again.lease_until, again.lease_holder, again.reason, again.resends) == (None, "", "", 1)
    assert bytes(again.body) == bytes(delivery.body)


def test_it_is_on_record_who_did_it(delivery: Delivery) -> None:
    resend(done(delivery, "parked").pk, "user:7", LATER)
    event = Event.objects.get(action="delivery.resend")
    assert (event.actor, event.subject_id) == ("user:7", delivery.pk)


def refusal(pk: str) -> str:
    with pytest.raises(Refused) as refused:
        resend(pk, "user:7", LATER)
    assert refused.value.zh
    assert not Event.objects.filter(action="delivery.resend").exists()
    return refused.value.code


def test_a_message_under_way_is_not_sent_beside_itself(delivery: Delivery) -> None:
    assert refusal(delivery.pk) == "under_way"


def test_what_was_called_off_stays_so(delivery: Delivery) -> None:
    assert refusal(done(delivery, "cancelled").pk) == "cancelled"


@pytest.mark.parametrize("ended", [{"closed_at": NOON}, {"acked_at": NOON}])
def test_once_the_alert_is_settled_nothing_is_sent_again(
    delivery: Delivery, ended: dict[str, object]
) -> None:
    Alert.objects.filter(pk=delivery.alert_id).update(**ended)
    assert refusal(done(delivery, "parked").pk) == "needless"


def test_it_goes_to_where_the_contact_is_reached_now(delivery: Delivery) -> None:
    Contact.objects.filter(line="cac").update(email="right@zz.example")
    again = resend(done(delivery, "parked").pk, "user:7", LATER)
    assert (again.address, again.outcome, again.next_at, again.resends) == ("right@zz.example", "", LATER, 1)
    assert again.pk != delivery.pk
    letter = email.message_from_bytes(bytes(again.body), policy=email.policy.default)
    assert "right@zz.example" in letter["To"]
    assert letter["Message-ID"].startswith(f"<{again.pk}@")
    delivery.refresh_from_db()
    assert (delivery.outcome, delivery.address) == ("parked", "cac.410100@henan.example")
    assert again.pk[:12] in delivery.reason
    assert Event.objects.get(action="delivery.resend").details["as"] == again.pk
    with pytest.raises(Refused, match="under way"):
        resend(delivery.pk, "user:7", LATER)


def test_the_parking_it_replaces_stands_until_the_new_one_has_arrived(delivery: Delivery) -> None:
    alert = alert_parked(done(delivery, "parked"), NOON)
    assert alert
    Contact.objects.filter(line="cac").update(email="right@zz.example")
    again = resend(delivery.pk, "user:7", LATER)
    close_settled(LATER)
    alert.refresh_from_db()
    assert (alert.closed_at, alert.about[:40]) == (None, again.pk)
    assert not selectors.reached_nobody()
    done(again, "delivered")
    close_settled(LATER)
    alert.refresh_from_db()
    assert alert.closed_at == LATER


def test_a_webhook_goes_to_its_address_of_today(place: cast.Province, everybody: cast.Cast) -> None:
    endpoint, _ = outbox.endpoint(place)
    alert = outbox.alert(cast.case(place.zhengzhou_account))
    sent = done(outbox.delivery(alert, webhook=endpoint), "parked")
    Webhook.objects.update(url="https://new.example/in?key=hidden")
    again = resend(sent.pk, "user:7", LATER)
    assert (again.address, again.destination) == ("https://new.example/in?key=hidden", "new.example:443")
    assert again.pk.encode() in bytes(again.body)


def test_who_has_left_is_sent_nothing_and_the_refusal_names_who_holds_the_post(
    delivery: Delivery, place: cast.Province
) -> None:
    Contact.objects.filter(line="cac").update(valid_to=NOON.date() - timedelta(days=1))
    cast.contact("cac", place.zhengzhou, "新任")
    with pytest.raises(Refused) as refused:
        resend(done(delivery, "parked").pk, "user:7", LATER)
    assert refused.value.code == "left"
    assert "郑州市网信 新任" in refused.value.zh
    assert "郑州市网信 新任" in refused.value.en


def test_who_has_no_address_any_more_has_to_be_called(delivery: Delivery) -> None:
    Contact.objects.filter(line="cac").update(email="")
    assert refusal(done(delivery, "parked").pk) == "no_address"


def test_a_message_that_never_was_is_refused(delivery: Delivery) -> None:
    assert refusal("0" * 40) == "unknown"

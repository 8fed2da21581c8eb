"""A person sends a message again: under its id, on record, and never what was called off."""

from datetime import timedelta

import pytest

from alerting.errors import Refused
from alerting.fan_out import fan_out
from alerting.models import Alert, Delivery
from alerting.resend import resend
from audit_logs.models import Event
from tests import cast
from tests.alerting import world
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


def test_a_message_that_never_was_is_refused(delivery: Delivery) -> None:
    assert refusal("0" * 40) == "unknown"

"""What the service tells its own duty desk: a message that reached nobody, an office without a contact."""

import email
from datetime import timedelta
from email.policy import default

import pytest
from django.db import transaction

from alerting.close import close_settled
from alerting.fan_out import fan_out
from alerting.internal import alert_parked, note_gaps
from alerting.models import Alert, ContactGap, Delivery
from alerting.resend import resend
from alerting.routing import Gap
from audit_logs.models import Event
from tests import cast
from tests.alerting import world
from tests.alerting.world import NOON

pytestmark = pytest.mark.django_db


def parked(place: cast.Province, everybody: cast.Cast) -> Delivery:
    """The mail to Zhengzhou's cyberspace office, given up."""
    world.contacts(place)
    world.confirmed(place, everybody)
    fan_out(NOON)
    delivery = Delivery.objects.get(alert__line="cac")
    delivery.outcome, delivery.done_at, delivery.reason = "parked", NOON, "550 no such user"
    delivery.save()
    return delivery


def test_a_parked_message_is_told_to_duty_with_whom_to_call(
    place: cast.Province, everybody: cast.Cast
) -> None:
    delivery = parked(place, everybody)
    alert = alert_parked(delivery, NOON)
    assert alert is not None
    assert (alert.kind, alert.line, alert.about, alert.severity) == (
        "delivery_parked",
        "duty",
        f"{delivery.pk}/0",
        "S2",
    )
    assert [one.name for one in alert.recipients.all()] == ["市duty"]
    assert Event.objects.filter(action="alert.open", subject_id=str(alert.pk)).exists()


def test_it_is_told_once(place: cast.Province, everybody: cast.Cast) -> None:
    delivery = parked(place, everybody)
    alert_parked(delivery, NOON)
    assert alert_parked(delivery, NOON + timedelta(hours=1)) is None
    assert Alert.objects.filter(kind="delivery_parked").count() == 1


def test_parked_again_after_a_person_sent_it_again_it_is_told_anew(
    place: cast.Province, everybody: cast.Cast
) -> None:
    delivery = parked(place, everybody)
    first = alert_parked(delivery, NOON)
    resend(delivery.pk, "system:test", NOON)
    close_settled(NOON)
    assert Alert.objects.get(pk=first.pk).closed_at is None  # type: ignore[union-attr]
    Delivery.objects.filter(pk=delivery.pk).update(outcome="parked", done_at=NOON, reason="550 still not")
    second = alert_parked(Delivery.objects.get(pk=delivery.pk), NOON)
    assert second is not None
    close_settled(NOON)
    still_open = Alert.objects.filter(kind="delivery_parked", closed_at=None)
    assert list(still_open) == [second]
    body = email.message_from_bytes(bytes(second.deliveries.get().body), policy=default).get_content()
    assert "550 still not" in body


def test_of_a_parked_message_about_a_parked_message_there_is_no_alert(
    place: cast.Province, everybody: cast.Cast
) -> None:
    alert = alert_parked(parked(place, everybody), NOON)
    assert alert is not None
    assert alert_parked(alert.deliveries.get(), NOON) is None


def test_without_a_duty_desk_the_alert_is_there_for_all_to_see_and_the_gap_too(
    place: cast.Province, everybody: cast.Cast
) -> None:
    delivery = parked(place, everybody)
    place.zhengzhou.contacts.filter(line="duty").update(valid_to=NOON.date() - timedelta(days=1))
    place.henan.contacts.filter(line="duty").update(valid_to=NOON.date() - timedelta(days=1))
    alert = alert_parked(delivery, NOON)
    assert alert is not None
    assert not alert.recipients.exists()
    assert set(ContactGap.objects.values_list("line", "division")) == {("duty", "410100"), ("duty", "410000")}
    assert not Alert.objects.filter(kind="contact_missing").exists()


def test_gaps_met_by_a_later_step_are_told_in_one_alert_and_once(
    place: cast.Province, everybody: cast.Cast
) -> None:
    case = world.opened(place)
    missing = [Gap("cac", "郑州市", "410100"), Gap("cac", "河南省", "410000"), Gap("cac", "郑州市", "410100")]
    with transaction.atomic():
        alert = note_gaps(case, missing, NOON)
        assert note_gaps(case, missing, NOON) is None
    assert alert is not None
    assert ContactGap.objects.filter(line="cac").count() == 2
    assert alert.about == str(ContactGap.objects.order_by("pk")[0].pk)


def test_the_duty_desk_learns_whom_it_can_call_instead(place: cast.Province, everybody: cast.Cast) -> None:
    cast.contact("duty", place.zhengzhou, "市duty")
    cast.contact("cac", place.zhengzhou, "市cac", email="", phone="0371-55")
    with transaction.atomic():
        note_gaps(world.opened(place), [Gap("cac", "郑州市", "410100")], NOON)
    body = email.message_from_bytes(bytes(Delivery.objects.get().body), policy=default).get_content()
    assert "· 郑州市（网信），仅有电话：0371-55" in body


def test_no_gap_no_alert(place: cast.Province, everybody: cast.Cast) -> None:
    assert note_gaps(world.opened(place), [], NOON) is None

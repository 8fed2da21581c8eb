"""Alerts for the pages to show, made the way they are: a case, the fan-out, and somebody to tell."""

from datetime import datetime, timedelta

from alerting.acknowledge import acknowledge, link_token
from alerting.fan_out import fan_out
from alerting.models import Alert, Attempt, Delivery, Recipient
from common import clock
from registry.models import Account, Contact
from tests import cast as people
from tests.cast import Province


def contacts(place: Province) -> list[Contact]:
    """Somebody on every line of Zhengzhou but publicity, a substitute of the sponsor, and Henan's 网信."""
    zhengzhou, unit = place.zhengzhou, place.zhengzhou_account.unit
    return [
        people.contact("sponsor", unit, "赵敏", email="zhao@zhengzhou.example", phone="0371-1001"),
        people.contact("sponsor", unit, "钱多", email="qian@zhengzhou.example", rank=2),
        people.contact("supervision", zhengzhou, "高洁", email="gao@zhengzhou.example"),
        people.contact("cac", zhengzhou, "陈晨", email="chen@zhengzhou.example"),
        people.contact("police", zhengzhou, "何川", email="he@zhengzhou.example"),
        people.contact("duty", zhengzhou, "王强", email="wang@zhengzhou.example"),
        people.contact("cac", place.henan, "黄河", email="huang@henan.example"),
    ]


def raised(
    target: Account,
    state: str = "confirmed",
    *,
    severity: str = "S2",
    uid: str = "9001",
    name: str = "郑州発布",
    at: datetime | None = None,
) -> list[Alert]:
    """A case of `target` and the alerts it became, in the order of the lines; their messages were tried."""
    now = at or clock.now()
    case = people.case(target, state, severity=severity, uid=uid, name=name, at=now)
    fan_out(now)
    Delivery.objects.filter(alert__case=case).update(tries=1)
    return list(Alert.objects.filter(case=case).order_by("pk"))


def of_line(alerts: list[Alert], line: str) -> Alert:
    """The alert of that line about the case itself."""
    return next(alert for alert in alerts if alert.line == line and alert.kind != "contact_missing")


def recipient(alert: Alert) -> Recipient:
    """The first who was told."""
    return alert.recipients.order_by("pk")[0]


def link(alert: Alert) -> str:
    """The address the first recipient got."""
    return f"/acknowledge/{link_token(recipient(alert))}/"


def delivery(alert: Alert) -> Delivery:
    """The first message."""
    return alert.deliveries.order_by("pk")[0]


def done(alert: Alert, outcome: str, reason: str = "") -> Delivery:
    """The first message of `alert`, tried once and ended so."""
    sent, now = delivery(alert), clock.now()
    Attempt.objects.create(
        delivery=sent,
        number=1,
        started_at=now,
        ended_at=now + timedelta(seconds=2),
        outcome="delivered" if outcome == "delivered" else "permanent",
        remote_code="250" if outcome == "delivered" else "550",
        remote_text="no such <b>user</b>",
        reason=reason,
    )
    Delivery.objects.filter(pk=sent.pk).update(done_at=now, outcome=outcome, reason=reason, tries=1)
    return sent


def acknowledged(alert: Alert, promise: str = "核实情况", at: datetime | None = None) -> None:
    """The first recipient answers by the link, and promises for an hour later."""
    now, who = at or clock.now(), recipient(alert)
    acknowledge(
        alert.pk,
        by=f"{who.office} {who.name}",
        via="link",
        recipient=who,
        promise=promise,
        promised_by=now + timedelta(hours=1),
        now=now,
    )

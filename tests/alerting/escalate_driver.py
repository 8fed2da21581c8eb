"""Kills steps, closings and acknowledgements at every commit, on a real database. Run by test_escalate_kill.

The data folder ZHENWEI_VAR holds a database that is up to date and empty.

usage: python -m tests.alerting.escalate_driver crashes|race    prints one JSON object a line

One warm process forks a worker a step; it opens no database connection itself, so none is shared.
"""

import os
import signal
import sys
from collections import Counter
from datetime import timedelta
from functools import partial

import django

from tests.audit_logs.crash_driver import forked, report

POINTS = [
    "escalate.before_commit",
    "escalate.after_commit",
    "escalate.before_close_commit",
    "escalate.after_close_commit",
    "acknowledge.before_commit",
    "acknowledge.after_commit",
]
RACERS = 4


def prepare() -> None:
    from tests import cast
    from tests.alerting import world

    place = cast.province()
    cast.cast(place)
    world.contacts(place)


def open_case(point: str) -> None:
    """A confirmed case of its own whose alerts were told at noon; for a closing, taken back again."""
    from alerting.fan_out import fan_out
    from registry.models import Unit, User
    from review.decide import Judgement, judge
    from tests import cast
    from tests.alerting.world import NOON

    uid = f"7{[*POINTS, 'race'].index(point)}"
    target = cast.account(f"郑州{uid}", f"zz{uid}", Unit.objects.get(name__startswith="郑州"), uid=uid)
    case = cast.case(target, "confirmed", uid=f"9{uid}", name=f"郑州{uid}", at=NOON)
    fan_out(NOON)
    if "close" in point:
        case.refresh_from_db()
        li = User.objects.get(username="li")
        judge(li, case.pk, case.version, Judgement("not_established", "name_alone"), NOON)


def act(point: str) -> None:
    """What has this crash point."""
    from alerting.escalate import escalate
    from tests.alerting.world import NOON

    if point.startswith("acknowledge"):
        acknowledge_sponsors()
    else:
        escalate(NOON if "close" in point else NOON + timedelta(hours=2))


def acknowledge_sponsors() -> None:
    """By the link of whoever of the sponsor was told last; reports how it went."""
    from alerting.acknowledge import acknowledge
    from alerting.models import Recipient
    from tests.alerting.world import NOON

    now = NOON + timedelta(hours=2)
    recipient = Recipient.objects.filter(alert__line="sponsor").latest("pk")
    answer = acknowledge(
        recipient.alert_id, by=f"{os.getpid()}", via="link", recipient=recipient, promise="核对",
        promised_by=now + timedelta(hours=1), now=now,
    )  # fmt: skip
    report({"point": "answer", "outcome": answer.outcome, "by": answer.by})


def die(point: str) -> None:
    os.environ["ZHENWEI_CRASH_AT"] = point
    act(point)


def look(point: str) -> None:
    """Report how the alerts of the newest case stand."""
    from alerting.models import Acknowledgement, Alert, Delivery, Recipient
    from audit_logs.models import Event
    from review.models import Case

    case = Case.objects.latest("pk")
    alerts = Alert.objects.filter(case=case, kind="confirmed")
    told = Recipient.objects.filter(alert__in=alerts).values_list("alert__line", "rung")
    events = Event.objects.filter(subject_kind="alert", subject_id__in=[str(alert.pk) for alert in alerts])
    found: dict[str, object] = {
        "point": point,
        "rungs": {alert.line: alert.rung for alert in alerts},
        "told": sorted(f"{line} {rung}" for line, rung in told),
        "messages": Delivery.objects.filter(alert__in=alerts).count(),
        "cancelled": Delivery.objects.filter(alert__in=alerts, outcome="cancelled").count(),
        "closed": alerts.exclude(closed_at=None).count(),
        "acknowledged": Acknowledgement.objects.filter(alert__in=alerts).count(),
        "severity": case.severity,
        "events": Counter(events.values_list("action", flat=True)),
    }
    report(found)


def forget() -> None:
    """Let nothing of this case be due when the next one is looked at."""
    from alerting.models import Alert
    from tests.alerting.world import NOON

    Alert.objects.filter(closed_at=None).update(closed_at=NOON, next_at=None)


def crashes() -> list[int]:
    """Every point in turn; the exit codes of the first case that did not go as it must, or none."""
    for point in POINTS:
        steps = (open_case, die, look, act, look)
        codes = [forked(partial(step, point)) for step in steps] + [forked(forget)]
        if codes != [0, -signal.SIGKILL, 0, 0, 0, 0]:
            return codes
    return []


def race() -> list[int]:
    """Several processes take the same steps at once, then acknowledge the same alert at once."""
    codes = [forked(partial(open_case, "race"))]
    for point in ("escalate", "acknowledge"):
        racers = [start(point) for _ in range(RACERS)]
        codes += [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in racers]
        codes.append(forked(partial(look, point)))
    return codes if any(codes) else []


def start(point: str) -> int:
    """A racer in a process of its own; its id."""
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        act(point)
        code = 0
    finally:
        os._exit(code)


def main(what: str) -> int:
    """Exit code 1 if a step did not end as it must."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    if forked(prepare) != 0:
        return 1
    wrong = {"crashes": crashes, "race": race}[what]()
    if wrong:
        report({"codes": wrong})
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

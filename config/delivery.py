"""The loop of `zhenwei deliver`: fan out, escalate, deliver; tables say what is due.

One stage that fails is logged and tried again with the next round; it keeps no other from its work.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import OperationalError, close_old_connections

from alerting import channels
from alerting.deliver import Worker
from alerting.escalate import escalate
from alerting.fan_out import fan_out, warn
from alerting.models import Delivery
from common import clock
from observations.heartbeat import beat

EVERY_S = 1.0
"""How often the tables are asked; what ends in between is recorded at once."""
WORK_S = 1.0
"""How long a stage may work before it lets the others work: in a flood too messages leave and leases hold."""
log = logging.getLogger("zhenwei.deliver")


def once() -> Counter[str]:
    """Everything that is due now; how many tries ended how."""
    with worker() as at_work:
        _until_nothing_is_left(fan_out)
        _until_nothing_is_left(escalate)
        at_work.until_done()
        warn(clock.now())
    return at_work.ended


def run(stop: threading.Event) -> None:
    """Until `stop` is set. What is under way then is waited for and recorded."""
    with worker() as at_work:
        next_look = 0.0
        while not stop.is_set():
            close_old_connections()
            # First of all: what is ready waits for nothing, however much is to be fanned out.
            _try("deliver", at_work.turn)
            if time.monotonic() >= next_look:
                next_look = time.monotonic() + EVERY_S
                _try("fan out", lambda: fan_out(clock.now(), time.monotonic() + WORK_S))
                _try("escalate", lambda: escalate(clock.now(), time.monotonic() + WORK_S))
                _try("beat", lambda: beat("deliver", clock.now(), _told(at_work.ended)))
            _try("deliver", at_work.turn)
            at_work.wait(max(0.05, next_look - time.monotonic()))


def waiting() -> str:
    """What is still to be sent, and what no channel is set up for."""
    open_now = Delivery.objects.filter(done_at=None)
    idle = [name for name in channels.TRANSPORTS if name not in channels.load()]
    told = f"{open_now.count()} wait for their time"
    unset = open_now.filter(channel__in=idle).count()
    return f"{told}, {unset} of them until {' and '.join(idle)} is set up" if unset else told


def worker() -> Worker:
    """A worker with every channel this installation has set up."""
    return Worker(channels.load(), settings.DATA_FOLDER)


def _until_nothing_is_left(stage: Callable[[datetime], int]) -> None:
    now = clock.now()
    while stage(now):
        pass


def _try(stage: str, work: Callable[[], object]) -> None:
    try:
        work()
    except OperationalError as error:
        # A locked or full disk passes; what was to be written still waits.
        log.warning("%s: %s; trying again", stage, error)
    except Exception:
        log.exception("%s failed; trying again", stage)


def _told(ended: Counter[str]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in sorted(ended.items())) or "nothing sent yet"

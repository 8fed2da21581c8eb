"""Run in a process of its own: fills a fresh installation, fans out what waits, or sends a message again.

python -m tests.alerting.fan_out_driver fill|fan_out|resend
"""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db.models import QuerySet  # noqa: E402  (the settings come first)

from alerting.fan_out import fan_out  # noqa: E402
from alerting.models import Delivery  # noqa: E402
from alerting.resend import resend  # noqa: E402
from tests import cast  # noqa: E402
from tests.alerting import world  # noqa: E402
from tests.alerting.world import NOON  # noqa: E402


def fill() -> None:
    """A confirmed case, and a second one still new and S1."""
    place = cast.province()
    everybody = cast.cast(place)
    world.contacts(place)
    world.confirmed(place, everybody)
    cast.case(place.kaifeng_account, name="开卦发布", uid="9002", severity="S1", at=NOON)


def send_again() -> None:
    """The message to the cyberspace office, which was parked."""
    parked: QuerySet[Delivery] = Delivery.objects.filter(alert__line="cac")
    parked.filter(resends=0).update(outcome="parked", done_at=NOON, tries=10)
    resend(parked.get().pk, "user:1", NOON)


if __name__ == "__main__":
    {"fill": fill, "fan_out": lambda: fan_out(NOON), "resend": send_again}[sys.argv[1]]()

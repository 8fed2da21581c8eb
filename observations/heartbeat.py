"""How a process of this installation says that it is alive."""

from datetime import datetime, timedelta

from observations.models import Heartbeat

EVERY = timedelta(seconds=20)


def beat(name: str, now: datetime, detail: str = "") -> None:
    """Note that process `name` is alive now; written every 20 s at most, for a write is a commit."""
    if not Heartbeat.objects.filter(name=name, at__range=(now - EVERY, now)).exists():
        Heartbeat.objects.update_or_create(name=name, defaults={"at": now, "detail": detail[:200]})

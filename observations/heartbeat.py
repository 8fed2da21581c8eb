"""How a process of this installation says that it is alive."""

from datetime import datetime

from observations.models import Heartbeat


def beat(name: str, now: datetime, detail: str = "") -> None:
    """Note that process `name` is alive now."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now, "detail": detail[:200]})

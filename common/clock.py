"""The clock, read once per run and passed on; UTC inside, Beijing time for people."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def isoformat(moment: datetime) -> str:
    """`moment` as UTC text with microseconds and `Z`; sorts as it happened. ValueError if naive."""
    if moment.tzinfo is None:
        raise ValueError("a time without zone cannot be placed in UTC")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def parse(text: str) -> datetime:
    """The moment written by `isoformat`. Raises ValueError on anything else."""
    moment = datetime.fromisoformat(text)
    if isoformat(moment) != text:
        raise ValueError(f"not a UTC time with microseconds and Z: {text!r}")
    return moment

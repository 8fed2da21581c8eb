"""One asker per host: host leases, and the day's budget. Each change is one conditional UPDATE.

A lease outlives a dead holder by `LEASE` at most; its run is then taken over by `observations.crawl.recover`.
"""

from datetime import date, datetime, timedelta

from django.db.models import F, Q

from common.clock import BEIJING
from observations.models import HostLease

LEASE = timedelta(seconds=120)


def take(host: str, holder: str, now: datetime) -> bool:
    """Whether `holder` now has `host`: free, expired or its own, and not paused."""
    HostLease.objects.get_or_create(
        host=host, defaults={"lease_until": now, "not_before": now, "day": _day(now)}
    )
    HostLease.objects.filter(host=host).exclude(day=_day(now)).update(day=_day(now), spent=0)
    free = Q(holder="") | Q(holder=holder) | Q(lease_until__lt=now)
    taken = HostLease.objects.filter(free, host=host, not_before__lte=now).update(
        holder=holder, lease_until=now + LEASE
    )
    return taken == 1


def renew(holder: str, now: datetime) -> int:
    """Prolong every lease of `holder`; returns how many it still has."""
    return HostLease.objects.filter(holder=holder).update(lease_until=now + LEASE)


def release(holder: str, now: datetime) -> None:
    """Give every host of `holder` back."""
    HostLease.objects.filter(holder=holder).update(holder="", lease_until=now)


def spend(host: str, requests: int) -> None:
    """Count `requests` against the host's day."""
    HostLease.objects.filter(host=host).update(spent=F("spent") + requests)


def pause(host: str, until: datetime) -> None:
    """Leave the host alone until then; a shorter pause never shortens a longer one."""
    HostLease.objects.filter(host=host, not_before__lt=until).update(not_before=until)


def opens_at(host: str) -> datetime | None:
    """Until when the host is left alone, also where that is over; None if it was never asked."""
    return HostLease.objects.filter(host=host).values_list("not_before", flat=True).first()


def left(host: str, daily_budget: int, now: datetime) -> int:
    """How many requests the day still allows."""
    lease = HostLease.objects.filter(host=host, day=_day(now)).first()
    return max(0, daily_budget - (lease.spent if lease else 0))


def _day(now: datetime) -> date:
    """Budgets run by the Beijing day, as offices count."""
    return now.astimezone(BEIJING).date()

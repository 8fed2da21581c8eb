"""A lease in the database: one holder at a time, and a dead holder's lease simply ends."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from django.db import transaction

from audit_logs.errors import LeaseLost
from audit_logs.models import Lease

TERM = timedelta(seconds=30)  # longer than any one batch, short enough to wait for after a kill
_ENDED = datetime(1970, 1, 1, tzinfo=UTC)


class Held:
    """A lease this process holds."""

    def __init__(self, name: str, holder: str) -> None:
        self._name, self._holder = name, holder

    def renew(self, now: datetime) -> None:
        """Hold on for another term; inside the work's transaction this fences the work. Raises LeaseLost."""
        if Lease.objects.filter(name=self._name, holder=self._holder).update(until=now + TERM) != 1:
            raise LeaseLost(f"another process took over the {self._name} lease")

    def release(self) -> None:
        """Let the next one in at once."""
        Lease.objects.filter(name=self._name, holder=self._holder).update(holder="", until=_ENDED)


@contextmanager
def taken(name: str, now: Callable[[], datetime]) -> Iterator[Held | None]:
    """The lease `name` until the block ends, or None if somebody else holds it.

    After an error the lease is released too; after a kill it ends by itself after TERM.
    """
    holder = uuid4().hex
    if not _take(name, holder, now):
        yield None
        return
    held = Held(name, holder)
    try:
        yield held
    finally:
        held.release()


def _take(name: str, holder: str, now: Callable[[], datetime]) -> bool:
    with transaction.atomic():
        Lease.objects.get_or_create(name=name, defaults={"until": _ENDED})
        moment = now()  # read inside: waiting for the write lock may have taken a while
        # A lease that runs for much longer than a term was taken by a clock that has since been set back.
        free = Lease.objects.filter(name=name).exclude(until__gt=moment, until__lte=moment + 2 * TERM)
        return free.update(holder=holder, until=moment + TERM) == 1

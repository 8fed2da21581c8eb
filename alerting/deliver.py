"""The delivery worker: claim, send, record. Several may run; none keeps anything in memory alone.

One turn is one transaction, in this order:

1. what ended since the last turn is settled (`alerting.settle`);
2. what dead workers of this machine had noted is settled too, and their leases are given back;
3. what is due is claimed, its attempt written as `sending`; a message that cannot be sent is parked.

Then the claimed messages fly (`alerting.flights`), each if nobody has acknowledged since its claim. Their
outcomes, noted in a file the moment they are known (`alerting.receipts`), come back in a later turn.

What a kill leaves: before the claim is committed, nothing; then a lease, which the next worker of this
machine gives back at once and one elsewhere when it runs out. Between the receiver's answer and its note the
outcome is lost, and the message goes out again under the same id; from then on it is recorded from the note.
"""

import logging
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self
from uuid import uuid4

from django.db import OperationalError, transaction

from alerting import claim, schedule
from alerting.envelope import Outcome, Transport, Unsendable
from alerting.flights import PER_HOST, THREADS, Flight, Flights
from alerting.models import Attempt
from alerting.receipts import Receipt, Receipts
from alerting.settle import postpone, settle
from common import clock
from common.crash import crash_point

LOOK_FOR_DEAD_S = 10.0
log = logging.getLogger("zhenwei.deliver")


class _Held(NamedTuple):
    """An outcome to be recorded, and the worker that held the message."""

    receipt: Receipt
    holder: str


class Worker:
    """One delivery worker. Use as a context manager: at its end every try under way is waited for."""

    def __init__(
        self, transports: Mapping[str, Transport], folder: Path, now: Callable[[], datetime] = clock.now
    ) -> None:
        self.name = f"{os.getpid()}-{uuid4().hex}"
        self.ended: Counter[str] = Counter()
        self._transports, self._now = transports, now
        self._receipts = Receipts(folder, self.name)
        self._flights = Flights(self._receipts, now)
        self._unrecorded: list[_Held] = []
        self._dead: set[str] = set()
        self._look_again = 0.0

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way and nothing waits to be recorded."""
        return not (len(self._flights) or self._unrecorded or self._dead)

    def turn(self, *, claiming: bool = True) -> int:
        """Record what ended and begin what is due; how much that was, 0 if there was nothing to do.

        Raises django.db.OperationalError if the database cannot be written now. Nothing is lost: call again.
        """
        self._gather()
        due = self._choose() if claiming else []
        if not (self._unrecorded or self._dead or due):
            return 0
        with transaction.atomic():
            now = self._now()  # read inside: waiting for the write lock may have taken half a lease
            self._record(now)
            begun = [flight for row in due if (flight := self._begin(row, now))]
            if begun:
                crash_point("deliver.before_claim")
        served = self._forget()
        if begun:
            crash_point("deliver.claimed")
        for flight in begun:
            self._send_off(flight)
        return served + len(due)

    def wait(self, seconds: float) -> None:
        """Until a try ends, `seconds` at most."""
        self._flights.wait(seconds)

    def until_done(self) -> None:
        """Take turns until nothing is due and nothing is under way."""
        while self.turn() or not self.is_idle:
            if not self.is_idle:
                self.wait(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._flights.close()
        self.turn(claiming=False)
        self._receipts.close()

    def _send_off(self, flight: Flight) -> None:
        """Unless somebody acknowledged since the claim. If that cannot be asked now, its lease runs out."""
        if claim.may_leave(flight.attempt, self._now()):
            self._flights.send_off(flight)

    def _gather(self) -> None:
        """What ended here, and every few seconds what dead workers had noted."""
        self._unrecorded += [_Held(receipt, self.name) for receipt in self._flights.landed()]
        if time.monotonic() >= self._look_again:
            self._look_again = time.monotonic() + LOOK_FOR_DEAD_S
            for holder, receipts in self._receipts.left_behind().items():
                self._dead.add(holder)
                self._unrecorded += [_Held(receipt, holder) for receipt in receipts]

    def _choose(self) -> list[claim.Due]:
        """As much of what is due as there are threads, without crowding a host."""
        busy, chosen = self._flights.busy(), list[claim.Due]()
        room = THREADS - len(self._flights)
        for row in claim.due(self._transports, self._now(), of_each=PER_HOST) if room else ():
            host = self._host(row)
            if busy[host] < PER_HOST and len(chosen) < room:
                busy[host] += 1
                chosen.append(row)
        return chosen

    def _host(self, row: claim.Due) -> str:
        return f"{row.channel} {self._transports[row.channel].host(row.address)}"

    def _record(self, now: datetime) -> None:
        for held in self._unrecorded:
            with _apart(held.receipt.delivery, now):
                settle(held.receipt, held.holder, now)
        for holder in self._dead:
            claim.release(holder)
        if self._unrecorded:
            crash_point("deliver.before_record")

    def _forget(self) -> int:
        """Everything is committed: the notes have served. How many, and of how many dead workers."""
        served = len(self._unrecorded) + len(self._dead)
        if self._unrecorded:
            crash_point("deliver.recorded")
        self.ended.update(held.receipt.outcome.kind for held in self._unrecorded)
        self._unrecorded.clear()
        for holder in self._dead:
            self._receipts.bury(holder)
        self._dead.clear()
        if not len(self._flights):
            self._receipts.forget()
        return served

    def _begin(self, row: claim.Due, now: datetime) -> Flight | None:
        """A claimed message ready to fly; None if it is not ours to send, or cannot be sent."""
        flight = None
        with _apart(row.pk, now):
            if (attempt := claim.claim(row.pk, self.name, now)) is not None:
                try:
                    flight = self._ready(row, attempt)
                except Unsendable as error:
                    outcome = Outcome("permanent", "unsendable", text=str(error))
                    settle(Receipt(row.pk, attempt.pk, outcome, now), self.name, now)
                    self.ended[outcome.kind] += 1
        return flight

    def _ready(self, row: claim.Due, attempt: Attempt) -> Flight:
        """Raises Unsendable."""
        if attempt.delivery.tries > schedule.MAX_TRIES:
            raise Unsendable("none of its tries came to an end")
        transport = self._transports[row.channel]
        return Flight(attempt.pk, self._host(row), transport, transport.seal(attempt.delivery))


@contextmanager
def _apart(pk: str, now: datetime) -> Iterator[None]:
    """What fails about one message is undone and tried later; it holds up no other."""
    try:
        with transaction.atomic():
            yield
    except OperationalError:
        raise
    except Exception:
        log.exception("delivery %s could not be dealt with; later again", pk)
        postpone(pk, now)

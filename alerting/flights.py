"""Messages on their way, each in a thread that touches no database: send, note the outcome, hand it over.

At most `PER_HOST` conversations go to one host: an endpoint that hangs holds up itself alone.
"""

import logging
import queue
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from alerting.envelope import Envelope, Outcome, Transport
from alerting.receipts import Receipt, Receipts
from common.crash import crash_point

THREADS = 8
PER_HOST = 2
log = logging.getLogger("zhenwei.deliver")


@dataclass(frozen=True, slots=True)
class Flight:
    """One try: `attempt` is its row, `host` whose time it takes."""

    attempt: int
    host: str
    transport: Transport
    envelope: Envelope


class Flights:
    """The threads of one worker."""

    def __init__(self, receipts: Receipts, now: Callable[[], datetime]) -> None:
        self._receipts, self._now = receipts, now
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="deliver")
        self._hosts: dict[int, str] = {}
        self._landed: queue.SimpleQueue[Receipt] = queue.SimpleQueue()
        self._waited_for: list[Receipt] = []

    def __len__(self) -> int:
        """How many have not been handed over."""
        return len(self._hosts)

    def busy(self) -> Counter[str]:
        """Conversations by host."""
        return Counter(self._hosts.values())

    def send_off(self, flight: Flight) -> None:
        """Begin one try."""
        self._hosts[flight.attempt] = flight.host
        self._pool.submit(self._fly, flight)

    def wait(self, seconds: float) -> bool:
        """Until a try ends, `seconds` at most; whether one did."""
        if not self._waited_for:
            try:
                self._waited_for.append(self._landed.get(timeout=seconds))
            except queue.Empty:
                return False
        return True

    def landed(self) -> list[Receipt]:
        """The tries that ended since this was last asked."""
        ended, self._waited_for = self._waited_for, []
        while not self._landed.empty():
            ended.append(self._landed.get())
        for receipt in ended:
            del self._hosts[receipt.attempt]
        return ended

    def close(self) -> None:
        """Wait for every try: each ends within its transport's limit."""
        self._pool.shutdown(wait=True)

    def _fly(self, flight: Flight) -> None:
        crash_point("deliver.before_send")
        try:
            outcome = flight.transport.send(flight.envelope)
        except Exception:
            log.exception("delivery %s: the transport failed", flight.envelope.id)
            outcome = Outcome("retry", "fault")
        crash_point("deliver.after_send")
        receipt = Receipt(flight.envelope.id, flight.attempt, outcome, self._now())
        try:
            self._receipts.note(receipt)
        except OSError as error:
            log.error(
                "the outcome of %s could not be noted (%s); it is recorded all the same", receipt, error
            )
        crash_point("deliver.noted")
        self._landed.put(receipt)

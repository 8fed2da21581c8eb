"""An installation whose delivery worker is killed, who receives what it sends, and the count of both."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.alerting.collector import Collector, collecting
from tests.alerting.deliver_driver import MESSAGES_AN_INCIDENT, Ground, settings
from tests.crash import KILLED
from tests.installation import empty

LIVES = 1.5
"""A worker lives up to so many times as long as it takes to deliver one incident."""
MEASURED_EVERY = 25  # kills: other work of the machine makes a life longer


@dataclass
class Count:
    """What became of the messages of a while: outcome by id, and how often each id arrived."""

    messages: dict[str, str] = field(default_factory=dict)
    received: dict[str, int] = field(default_factory=dict)
    died: int = 0

    @property
    def doubles(self) -> int:
        """Arrivals beyond the first of each id."""
        return sum(self.received.values()) - len(self.received)

    def __str__(self) -> str:
        return f"{len(self.messages)} messages, {self.died} tries died, {self.doubles} raw doubles"


@dataclass(frozen=True)
class Bench:
    """A warm process with an installation of its own."""

    ground: Ground
    collector: Collector

    @contextmanager
    def counted(self) -> Iterator[Count]:
        """What became of what happened within the block, once everything is delivered."""
        before, received = self.ground.messages(), self.collector.received.copy()
        died, count = len(self.ground.attempts("died")), Count()
        yield count
        self.ground.must("deliver", once=True)
        count.messages = {pk: done for pk, done in self.ground.messages().items() if pk not in before}
        count.received = dict(self.collector.received - received)
        count.died = len(self.ground.attempts("died")) - died

    def check(self, count: Count, incidents: int) -> None:
        """Nothing lost, nothing made up, nothing under way."""
        assert len(count.messages) == incidents * MESSAGES_AN_INCIDENT, str(count)
        assert set(count.messages.values()) == {"delivered"}
        assert count.received.keys() == count.messages.keys()
        assert self.ground.attempts("sending") == []
        assert list((self.ground.installation.folder / "outbox").glob("*.jsonl")) == []
        assert self.ground.installation.query("PRAGMA integrity_check") == [("ok",)]

    def kill_at_random(self, kills: int) -> Count:
        """An incident, a worker killed at some moment of its life; `kills` times."""
        chance, incidents, life_s = random.Random(f"deliver {kills}"), 0, 0.0
        with self.counted() as count:
            for number in range(kills):
                if number % MEASURED_EVERY == 0:
                    life_s, incidents = self._life_s(), incidents + 1
                self.ground.must("incident")
                life = chance.uniform(0, LIVES * life_s)
                assert self.ground.order("deliver", kill_after=life) == KILLED
        self.check(count, incidents + kills)
        return count

    def _life_s(self) -> float:
        """How long one incident takes a worker now, everything before it being delivered."""
        self.ground.must("deliver", once=True)
        self.ground.must("incident")
        began = time.monotonic()
        self.ground.must("deliver", once=True)
        return time.monotonic() - began


@contextmanager
def benched(folder: Path) -> Iterator[Bench]:
    """A bench in the new `folder`."""
    with collecting() as collector:
        installation = empty(folder, settings(collector.smtp_port, collector.hook_port))
        with Ground(installation) as ground:
            ground.must("setup", hook=f"http://127.0.0.1:{collector.hook_port}/hook")
            yield Bench(ground, collector)

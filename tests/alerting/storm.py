"""Everything that can happen to the alerts of a case, at random: ticks, silence, promises, people, clocks.

`storm` drives a `World` (the pure machine, or the database) and the naive model side by side, and compares
them after every step. Time is virtual: it stands still, jumps an hour back or forth, or a day is missed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Protocol

import pytest

from tests.alerting import naive

LINES = ("sponsor", "supervision", "cac", "duty")
STEPS_A_LIFE = 60
HOUR = timedelta(hours=1)
LIMITS = {
    "S1": timedelta(hours=2),
    "S2": timedelta(hours=24),
    "S3": timedelta(days=9),
    "S4": timedelta(days=9),
}


def parts(count: int) -> list[object]:
    """Seeds of a storm in `count` parts: the first on every run of the tests, the others on every build."""
    later = (pytest.param(seed, marks=[pytest.mark.e2e, pytest.mark.smoke]) for seed in range(1, count))
    return [0, *later]


@dataclass(frozen=True)
class Seen:
    """What one alert looks like from outside: how often somebody was told, and the last time; its columns."""

    times_told: int
    last: tuple[datetime, int, int] | None
    severity: str
    next_at: datetime | None
    promised_by: datetime | None
    closed: bool


class World(Protocol):
    """The alerts of one case, in the order in which they were opened."""

    @property
    def model(self) -> list[naive.Alert]:
        """Their diaries; a world that opens another alert adds its diary."""

    @property
    def case(self) -> naive.Case: ...
    def ladder(self, line: str) -> list[str]: ...
    def tick(self, now: datetime) -> None: ...
    def acknowledge(self, which: int, now: datetime, until: datetime) -> bool: ...
    def person_moves(self, now: datetime) -> None: ...
    def set_severity(self, now: datetime, severity: str) -> None: ...
    def change_ladders(self, now: datetime) -> None: ...
    def end(self, now: datetime) -> None: ...
    def restart(self) -> None: ...
    def seen(self) -> list[Seen]: ...


def storm(a_world: Callable[[Random, datetime], World], seed: int, steps: int) -> int:
    """`steps` random steps; how often somebody was told. Fails with seed and step where the two part."""
    random, told = Random(seed), 0
    done = 0
    while done < steps:
        now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=random.randrange(500_000))
        world = a_world(random, now)
        for _ in range(min(STEPS_A_LIFE, steps - done)):
            now = _step(world, random, now)
            done += 1
            _compare(world, now, f"seed {seed}, step {done}")
            if all(alert.over or alert.deadline is None for alert in world.model):
                break
        told += sum(len(alert.told) for alert in world.model)
    return told


def _step(world: World, random: Random, now: datetime) -> datetime:
    """One thing happens; the time afterwards."""
    match random.choices(range(8), weights=(60, 12, 6, 4, 4, 1, 6, 7))[0]:
        case 1:
            _acknowledge(world, random, now)
        case 2:
            world.person_moves(now)
        case 3:
            world.set_severity(now, random.choice(("S1", "S2", "S3", "S4")))
        case 4:
            world.change_ladders(now)
        case 5:
            world.end(now)
        case 6:
            world.restart()
        case 7:
            now += random.choice((-HOUR, HOUR))
            _tick(world, now)
        case _:
            now += _pause(world, random, now)
            _tick(world, now)
    return now


def _pause(world: World, random: Random, now: datetime) -> timedelta:
    """Up to the next deadline, a hair before it, past it, none at all, or so long that ticks are missed."""
    waiting = [alert.deadline for alert in world.model if alert.deadline]
    left = max(min(waiting, default=now) - now, timedelta())
    pauses = (
        timedelta(),
        timedelta(seconds=random.randrange(600)),
        left,
        max(left - timedelta(microseconds=1), timedelta()),
        left + timedelta(seconds=random.randrange(90)),
        left * random.random() * 3,
        timedelta(minutes=random.randrange(3000)),
    )
    return random.choices(pauses, weights=(3, 4, 3, 3, 3, 1, 1))[0]


def _tick(world: World, now: datetime) -> None:
    world.tick(now)
    for alert in sorted((a for a in world.model if a.deadline), key=lambda alert: alert.deadline or now):
        alert.tick(now, world.ladder(alert.line))


def _acknowledge(world: World, random: Random, now: datetime) -> None:
    which = random.randrange(len(world.model))
    alert = world.model[which]
    until = now + LIMITS[alert.severity] * (random.random() * 0.99 + 0.01)
    assert world.acknowledge(which, now, until) == alert.acknowledged(now, until)


def _compare(world: World, now: datetime, where: str) -> None:
    for alert, seen in zip(world.model, world.seen(), strict=True):
        told = alert.told
        last = (told[-1].at, told[-1].rung, told[-1].round) if told else None
        until = alert.promised_until
        expected = Seen(len(told), last, alert.severity, alert.deadline, until, alert.over)
        said = f"{where}, at {now}: {alert.kind} {alert.line}\n{seen}\n{expected}\n{alert.diary}"
        assert seen == expected, said

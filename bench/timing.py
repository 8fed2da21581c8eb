"""Runs a subject and its rivals in turn, several rounds, and keeps medians and ratios of the same round.

A ratio within one round holds when the machine's speed drifts; an absolute time does not.
"""

import json
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from common import clock
from common.table import render

ROUNDS = 5
Work = Callable[[], int]
"""Does the work once and returns how many units (names, events, rows) it did."""


@dataclass(frozen=True)
class Measured:
    """One contestant: median units per second, and the median of its speed over the subject's, per round."""

    name: str
    per_second: float
    ratio: float


def contest(subject: str, contestants: Mapping[str, Work], rounds: int = ROUNDS) -> list[Measured]:
    """Time every contestant in every round, after one round that is not counted."""
    speeds: dict[str, list[float]] = {name: [] for name in contestants}
    for number in range(rounds + 1):
        for name, work in contestants.items():
            speed = _speed(work)
            if number:
                speeds[name].append(speed)
    return [
        Measured(
            name,
            statistics.median(values),
            statistics.median(value / base for value, base in zip(values, speeds[subject], strict=True)),
        )
        for name, values in speeds.items()
    ]


def report(path: Path, unit: str, results: list[Measured], note: str) -> None:
    """Print the table and keep it as JSON at `path`."""
    rows = [(r.name, f"{r.per_second:,.0f}", f"{r.ratio:.2f}") for r in results]
    print(f"\n{path.stem}: {note}\n{render(('', f'{unit}/s', 'ratio'), rows)}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps(_document(unit, results, note), ensure_ascii=False, indent=2), encoding="utf-8"
    )


def _speed(work: Work) -> float:
    start = time.perf_counter()
    units = work()
    return units / (time.perf_counter() - start)


def _document(unit: str, results: list[Measured], note: str) -> dict[str, object]:
    return {
        "measured_at": clock.isoformat(clock.now()),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "unit": f"{unit}/s",
        "note": note,
        "results": [vars(result) for result in results],
    }

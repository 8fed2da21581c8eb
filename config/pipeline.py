"""The main job from end to end: frontier → crawl → ingest → detect → cases → watch. Most are commands too."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from detection.detect import Detected, detect
from observations import coverage, crawl, frontier, heartbeat, ingest, leases, sources
from observations.models import CrawlRun, Source, Task
from review.intake import Taken, take_in
from watch.run import watch

Clock = Callable[[], datetime]
Tick = Callable[[CrawlRun], None]


@dataclass(frozen=True)
class Scanned:
    """What a scan came to; `run` is None where nothing was due or no host could be asked now."""

    run: CrawlRun | None
    detected: Detected
    taken: Taken
    verdicts: Counter[str]


def scan(clock: Clock, tick: Tick, everything: bool = False) -> Scanned:
    """Ask what is due (`everything`: all questions, whatever their time), then judge what is known."""
    run = ask(clock, tick, everything)
    scanned = Scanned(run, detect(clock()), take_in(clock()), watch(clock()))
    # Only a scan that came to its end is alive: one that fails each minute falls silent.
    heartbeat.beat("scan", clock())
    return scanned


def ask(clock: Clock, tick: Tick, everything: bool = False) -> CrawlRun | None:
    """Crawl and store what is due. A run left by a dead process is ended first."""
    crawl.recover(clock())
    for source in sources.answered_by_files():
        frontier.refresh(source, clock())
    for source in sources.askable():
        frontier.refresh(source, clock())
        if everything:
            frontier.make_due(source, clock())
    run = crawl.begin(clock())
    if run is None:
        coverage.keep_up(clock())
        return None

    def store_and_tick(current: CrawlRun) -> None:
        ingest.drain(current, clock())
        heartbeat.beat("scan", clock(), f"{Task.objects.filter(run=current).count()} questions left")
        tick(current)

    crawl.follow(run, clock, store_and_tick)
    crawl.conclude(run, clock())
    return run


def next_due() -> datetime | None:
    """When the next question can be asked: it is due and its host is not paused. None if there is none."""
    times = []
    for source in Source.objects.filter(enabled=True).exclude(base_url=""):
        waiting = source.tasks.filter(run=None, accounts__isnull=False).order_by("due_at").first()
        if waiting:
            times.append(max(waiting.due_at, leases.opens_at(source.host) or waiting.due_at))
    return min(times, default=None)

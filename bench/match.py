"""Names of strangers against a register: our engine on all processors, beside rapidfuzz on as many.

With ZHENWEI_BENCH_DATA naming a benchmark folder: its social names against its whole register. Without it:
the example platform against the example province, which is too small to say much. Every round has names that
no round before had, so that nothing is remembered.
"""

import csv
import gc
import json
import multiprocessing
import os
import random
import time
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path

from rapidfuzz import fuzz, process

from bench.accuracy.readers import read_folder
from bench.timing import Work, contest, report
from common.datafolder import CHECKOUT
from detection.compare import AccountName
from detection.engine import Engine
from detection.workers import available

HENAN = CHECKOUT / "examples" / "henan"
STRANGERS = 30_000  # a round, shared out to all processes, so that starting them does not count
PAIRED = 1_000  # a round of rapidfuzz, which compares all pairs
BATCH = 2_000


def run(results: Path) -> None:
    """Measure, and report into the folder `results`."""
    folder = os.environ.get("ZHENWEI_BENCH_DATA", "")
    official, strangers = _benchmark(Path(folder)) if folder else _example()
    started = time.perf_counter()
    engine = Engine(official)
    engine.search([])
    built = time.perf_counter() - started
    gc.disable()  # as in the processes of `zhenwei match`
    strings = [text for one in official for text in (one.name, one.handle) if text]
    workers = available()
    names = cycle(strangers)
    contestants = {
        f"engine, {workers} processes": _spread(engine, names, workers),
        "engine, one process": lambda: _searched(engine, _next(names, PAIRED)),
        "engine, name by name": lambda: _one_by_one(engine, _next(names, PAIRED // 4)),
        f"rapidfuzz cdist ratio, {workers} threads": lambda: _all_pairs(
            _next(names, PAIRED), strings, workers
        ),
    }
    subject = next(iter(contestants))
    note = f"{len(official):,} registered accounts, {len(strings):,} strings; index built in {built:.1f} s"
    report(results / "match.json", "names", contest(subject, contestants), note)


def _benchmark(folder: Path) -> tuple[list[AccountName], list[str]]:
    read = read_folder(folder)
    social = [stranger.name for stranger in read.social or () if not stranger.is_official]
    # The file lists one source after the other.
    random.Random(1).shuffle(social)
    return read.officials, social


def _example() -> tuple[list[AccountName], list[str]]:
    with (HENAN / "registry.csv").open(encoding="utf-8", newline="") as file:
        official = [AccountName(row["name"], row["handle"]) for row in csv.DictReader(file)]
    text = (HENAN / "accounts.jsonl").read_text(encoding="utf-8")
    return official, [json.loads(line)["name"] for line in text.splitlines()]


def _searched(engine: Engine, names: Sequence[str]) -> int:
    for start in range(0, len(names), BATCH):
        engine.search([AccountName(name) for name in names[start : start + BATCH]])
    return len(names)


def _one_by_one(engine: Engine, names: Sequence[str]) -> int:
    for name in names:
        engine.search([AccountName(name)])
    return len(names)


def _spread(engine: Engine, names: Iterator[str], workers: int) -> Work:
    """The names shared out to forked processes, each with the index that was built before."""
    context = multiprocessing.get_context("fork")

    def work() -> int:
        share = _next(names, STRANGERS)
        crew = [
            context.Process(target=_searched, args=(engine, share[part::workers])) for part in range(workers)
        ]
        for one in crew:
            one.start()
        for one in crew:
            one.join()
        return len(share)

    return work


def _next(names: Iterator[str], number: int) -> list[str]:
    return list(islice(names, number))


def _all_pairs(names: Sequence[str], strings: Sequence[str], workers: int) -> int:
    process.cdist(names, strings, scorer=fuzz.ratio, score_cutoff=85, workers=workers)
    return len(names)

"""A million looks from JSON Lines, beside a plain loop of `json.loads` and `executemany`.

The loop writes the same table with the same indexes, and nothing else: it checks nothing, converts nothing,
keeps no proof, and cannot be repeated. Each contestant runs in a process of its own, on a database of its
own, in turn.

    python -m bench.imports_observations zhenwei|loop FILE        one run in the folder ZHENWEI_VAR
"""

import hashlib
import json
import os
import random
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from common import clock
from common.datafolder import CHECKOUT, folder
from common.table import render
from config import boot

ROWS, ROUNDS, ENOUGH = 1_000_000, 3, 0.4
SUBJECT, RIVAL = "zhenwei", "loop"
WORDS = "郑州开封洛阳平顶山安阳鹤壁新乡焦作濮阳发布政务公安交警文旅生活美食徒步摄影小店同城会日报在线"
DATABASE = "zhenwei.sqlite3"
PLAIN = (
    "INSERT INTO observations_observation (platform, instance, uid, handle, name, bio, avatar_url,"
    " profile_url, certified_subject, followers, opened_at, fields, content_hash, seen_at, response_id)"
    " VALUES ('weibo', '', ?, ?, ?, ?, ?, '', ?, ?, NULL, ?, ?, '2026-11-24 06:00:00', 1)"
)


def run(keep: Callable[[str, dict[str, Any]], None]) -> None:
    """Measure, print, and keep the figures as the part `observations`."""
    with tempfile.TemporaryDirectory(prefix="zhenwei-bench-", dir=folder()) as scratch:
        export, empty = Path(scratch, "weibo.jsonl"), Path(scratch, "empty")
        _write(export, ROWS)
        empty.mkdir()
        (empty / "MODE").write_text("test\n", encoding="ascii")
        _measured("prepare", export, empty)
        rounds = [{name: _fresh(name, export, empty) for name in (SUBJECT, RIVAL)} for _ in range(ROUNDS)]
    figures = _figures(rounds)
    rows = [
        (name, f"{f['rows_per_s']:,.0f}", f"{f['peak_mib']:.0f}") for name, f in figures["results"].items()
    ]
    print(f"\nobservations: {ROWS:,} from JSON Lines\n{render(('', 'rows/s', 'MiB'), rows)}")
    print(f"ratio {figures['ratio']:.2f}, wanted {ENOUGH}")
    keep("observations", figures)


def _figures(rounds: list[dict[str, dict[str, float]]]) -> dict[str, Any]:
    results = {
        name: {
            "rows_per_s": statistics.median(ROWS / each[name]["seconds"] for each in rounds),
            "peak_mib": max(each[name]["peak_mib"] for each in rounds),
        }
        for name in (SUBJECT, RIVAL)
    }
    ratios = [each[RIVAL]["seconds"] / each[SUBJECT]["seconds"] for each in rounds]
    return {
        "rows": ROWS,
        "rounds": ROUNDS,
        "ratio": statistics.median(ratios),
        "ratios": ratios,
        "wanted": ENOUGH,
        "results": results,
    }


def _fresh(name: str, export: Path, empty: Path) -> dict[str, float]:
    """One run on a copy of the empty database."""
    var = empty.with_name(name)
    shutil.copytree(empty, var)
    try:
        return _measured(name, export, var)
    finally:
        shutil.rmtree(var)


def _measured(name: str, export: Path, var: Path) -> dict[str, float]:
    words = [sys.executable, "-m", "bench.imports_observations", name, str(export)]
    env = os.environ | {"ZHENWEI_VAR": str(var)}
    done = subprocess.run(words, env=env, cwd=CHECKOUT, check=True, capture_output=True, text=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def _write(path: Path, rows: int) -> None:
    """An export as the open interface of Weibo writes accounts: every account another."""
    chance = random.Random(20261124)
    with path.open("w", encoding="utf-8") as file:
        for uid in chance.sample(range(10**9, 10**10), rows):
            file.write(json.dumps(_account(uid, chance), ensure_ascii=False) + "\n")


def _account(uid: int, chance: random.Random) -> dict[str, Any]:
    day = time.strftime("%a %b %d %H:%M:%S +0800 %Y", time.gmtime(1_250_000_000 + uid % 500_000_000))
    return {
        "id": str(uid),
        "screen_name": "".join(chance.choices(WORDS, k=6)),
        "domain": f"u{uid}",
        "description": "".join(chance.choices(WORDS, k=20)),
        "avatar_large": f"https://img.example/{uid}/180.jpg",
        "verified_type": chance.choice((-1, -1, -1, 0, 1, 2)),
        "verified_reason": "",
        "followers_count": str(chance.randrange(10**6)),
        "created_at": day,
    }


def _rows(export: Path) -> Iterator[tuple[Any, ...]]:
    with export.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield (
                row["id"],
                row["domain"],
                row["screen_name"],
                row["description"],
                row["avatar_large"],
                row["verified_reason"],
                int(row["followers_count"]),
                line,
                hashlib.sha256(line.encode()).hexdigest(),
            )


def _loop(export: Path) -> None:
    database = sqlite3.connect(folder() / DATABASE)
    database.execute("PRAGMA synchronous=FULL")
    database.executemany(PLAIN, _rows(export))
    database.commit()
    database.close()


def _zhenwei(export: Path) -> None:
    from observations.handin import HandinOptions, import_observations  # Django first

    outcome = import_observations(
        export, export.name, "system:bench", clock.now(), HandinOptions("weibo", covers="all")
    )
    if outcome.counts["observations_added"] != ROWS:
        raise SystemExit(f"not every row was taken: {outcome.counts}")


def _prepare(export: Path) -> None:
    from config.database import prepare  # Django first
    from crawlers import specs
    from observations import sources

    prepare()
    sources.enable(specs.load("weibo"), "", "", 0, None, clock.now())


def main(name: str, export: Path) -> None:
    """One contestant in this process; prints its time and its greatest memory as JSON."""
    if name != RIVAL:
        boot.django()
    start = time.perf_counter()
    {SUBJECT: _zhenwei, RIVAL: _loop, "prepare": _prepare}[name](export)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mib": peak}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

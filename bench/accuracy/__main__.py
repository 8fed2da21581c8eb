"""`python -m bench.accuracy [DIR]`: how well the rules do, on a benchmark folder or the example province."""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.accuracy import province, report
from bench.accuracy.desk import Build, Desk, open_desk
from bench.accuracy.measures import MEASURES, Measure, Taken, take
from bench.accuracy.readers import BenchDataError, Folder, read_folder
from common import clock
from common.datafolder import CHECKOUT, DataFolderError, create
from detection.answerfiles import EvaluateInputError
from detection.compare import RULES_VERSION
from detection.engine import Engine

DONE, BAD_INPUT = 0, 2
WORKERS = 2
_NAMES = [measure.name for measure in MEASURES]


def main(arguments: Sequence[str], build: Build = Engine) -> int:
    """Measure, print tables, write lists below the data folder. 0 however well the rules do, 2 bad input."""
    args = _parser().parse_args(arguments)
    try:
        results = create() / "evaluate"
        if args.folder is None:
            text = province.run(CHECKOUT / "examples" / "henan", results)
        else:
            chosen = [one for one in MEASURES if one.name in (args.only or _NAMES)]
            text = benchmark(Path(args.folder), results, chosen, build, args.workers)
    except (BenchDataError, DataFolderError, EvaluateInputError) as error:
        print(f"evaluate: {error}", file=sys.stderr)
        return BAD_INPUT
    print(f"{text}\n\nwritten to {results}: figures.json, misses.tsv, false_alarms.tsv")
    return DONE


def benchmark(source: Path, results: Path, chosen: Sequence[Measure], build: Build, workers: int) -> str:
    """Take the `chosen` measures on the folder `source`, write files into `results`, return the tables."""
    folder = read_folder(source)
    circumstances = report.Circumstances(RULES_VERSION, clock.now(), folder.hashes)
    with open_desk(folder.officials, build, workers) as desk:
        taken = [_take(measure, desk, folder) for measure in chosen]
    report.write(
        results,
        report.as_json(taken, circumstances),
        [miss for one in taken for miss in one.section.misses],
        [alarm for one in taken for alarm in one.section.alarms],
    )
    return report.as_text(taken, circumstances)


def _take(measure: Measure, desk: Desk, folder: Folder) -> Taken:
    start = time.monotonic()
    print(f"evaluate: {measure.name} … ", end="", file=sys.stderr, flush=True)
    taken = take(measure, desk, folder)
    print(f"{time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
    return taken


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.accuracy", description=__doc__)
    parser.add_argument(
        "folder",
        nargs="?",
        metavar="DIR",
        default=os.environ.get("ZHENWEI_BENCH_DATA") or None,
        help="benchmark folder; default ZHENWEI_BENCH_DATA, or else the example province",
    )
    parser.add_argument("--only", action="append", choices=_NAMES, help="take this measure alone; repeatable")
    parser.add_argument("--workers", type=int, default=WORKERS, help="processes, default %(default)s")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`zhenwei scan`: crawl, ingest, detect and watch, once."""

import argparse
import json
from pathlib import Path

from common import clock
from config.arguments import positive
from config.progress import Progress

HELP = """\
Asks the enabled platforms what is due, stores the answers, compares what was seen with the register and
judges the registered accounts. Run it again at any time: only what is due is asked.

With --answers FILE (the answer key of an example folder) it also says how many counterfeits a query reached
and how many of those were found; one that no query reaches is a miss."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--now, --answers, --limit, --json."""
    parser.add_argument("--now", action="store_true", help="ask everything, also what is not yet due")
    parser.add_argument("--answers", type=Path, metavar="FILE", help="answer key to compare the result with")
    parser.add_argument(
        "--limit", type=positive, default=20, metavar="N", help="suspects to print (default 20)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of tables")


def needs_django(args: argparse.Namespace) -> bool:
    """A scan reads and writes the database."""
    return True


def run(args: argparse.Namespace) -> int:
    """Scan and print what was found and what could not be checked."""
    from config import answers, pipeline, report

    with Progress("scan") as bar:
        scanned = pipeline.scan(
            clock.now, lambda current: bar.at(report.answered(current), current.tasks), args.now
        )
    key = answers.measure(args.answers) if args.answers else None
    if args.json:
        print(json.dumps(report.as_json(scanned, key), ensure_ascii=False, indent=2))
    else:
        print(report.text(scanned, key, args.limit, clock.now()))
    return 0

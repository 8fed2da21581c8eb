"""`zhenwei crawl`: ask the platforms what is due."""

import argparse

from common import clock
from config.progress import Progress

HELP = """\
Ends runs that a dead process left behind, brings the questions in line with the register, and asks what is
due within each platform's budget. The answers lie in the spool until `zhenwei ingest` stores them."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--now."""
    parser.add_argument("--now", action="store_true", help="ask everything, also what is not yet due")


def needs_django(args: argparse.Namespace) -> bool:
    """Questions and leases are rows."""
    return True


def run(args: argparse.Namespace) -> int:
    """Crawl and print how it ended."""
    from config import pipeline, report

    with Progress("crawl") as bar:
        done = pipeline.ask(
            clock.now, lambda current: bar.at(report.answered(current), current.tasks), args.now
        )
    print(report.asked(done, clock.now()))
    return 0

"""`zhenwei ingest`: store what crawls have written."""

import argparse

from common import clock

HELP = """\
Stores the spool of every run whose process is dead, up to its last whole line, and ends that run. A running
crawl stores its own. Safe to repeat: nothing is stored twice."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def needs_django(args: argparse.Namespace) -> bool:
    """It writes the database."""
    return True


def run(args: argparse.Namespace) -> int:
    """Ingest and print what was found."""
    from observations import crawl

    ended = crawl.recover(clock.now())
    print(f"{len(ended)} interrupted crawls stored: {sum(run.responses.count() for run in ended)} answers.")
    return 0

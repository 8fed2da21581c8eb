"""`zhenwei ticker`: start due work at its time."""

import argparse

HELP = """\
Every two seconds it lets the audit sequencer number what waits, every minute it starts a scan of what is due.
It keeps no state: what is due stands in the database."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def needs_django(args: argparse.Namespace) -> bool:
    """It reads and writes the database."""
    return True


def run(args: argparse.Namespace) -> int:
    """Tick until stopped."""
    from config import processes, ticker

    processes.end_with_parent()
    ticker.run()
    return 0

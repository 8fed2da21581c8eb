"""`zhenwei ticker`: start due work at its time."""

import argparse

from common import parent

HELP = """\
Every two seconds it lets the audit sequencer number what waits. Every minute it moves the cases whose time
has come (a countersignature is overdue) and starts a scan of what is due. Files that people bring in through
the console are read within seconds, each by a process of its own, and their bytes removed after thirty days.
It keeps no state: what is due stands in the database."""

GRACE_S = 15.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def needs_django(args: argparse.Namespace) -> bool:
    """It reads and writes the database."""
    return True


def run(args: argparse.Namespace) -> int:
    """Tick until stopped."""
    from config import ticker

    parent.die_with_parent(GRACE_S)
    ticker.run()
    return 0

"""`zhenwei run`: console, ticker and workers of this machine as one group."""

import argparse
import sys

from config.processes import Group

HELP = """\
Starts the console, and the ticker that scans what is due and numbers the audit log, as one group of
processes. Ctrl-C or SIGTERM stops them together; if one ends by itself, all end (exit code 3), for a
supervisor to see."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--port."""
    parser.add_argument("--port", type=int, default=8700, help="of the console, default 8700")


def needs_django(args: argparse.Namespace) -> bool:
    """The database is brought up to date first."""
    return True


def run(args: argparse.Namespace) -> int:
    """Run until stopped."""
    from config import database

    database.prepare()
    group = Group()
    start(group, args.port)
    print(f"The console is at http://127.0.0.1:{args.port}/ — Ctrl-C stops everything.", flush=True)
    try:
        ended = group.wait()
    finally:
        group.stop()
    if ended:
        print(f"zhenwei run: the {ended} process ended by itself; all were stopped", file=sys.stderr)
        return 3
    return 0


def start(group: Group, port: int) -> None:
    """Start the processes of this installation in `group`."""
    group.start("web", ["-m", "config.cli", "serve", "--port", str(port)])
    group.start("ticker", ["-m", "config.cli", "ticker"])

"""`zhenwei imports`: the files that people brought in through the console."""

import argparse

from common import clock, parent
from config.arguments import positive

HELP = """\
work reads the files that wait in the console's import pages: it checks what was brought in, and takes what
was confirmed. The ticker starts it by itself, one process for each file; a killed one leaves nothing
half-done, and the page says so. --one reads one file and stops."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """work, --one, --memory."""
    parser.add_argument("what", choices=["work"], help="read what waits")
    parser.add_argument("--one", action="store_true", help="read one file and stop")
    parser.add_argument(
        "--memory",
        type=positive,
        default=2048,
        metavar="MIB",
        help="MiB of address space that the reading may use (default 2048)",
    )


def needs_django(args: argparse.Namespace) -> bool:
    """The files that wait are rows."""
    return True


def run(args: argparse.Namespace) -> int:
    """Read what waits; say what became of it."""
    from config import importing
    from registry import imports

    parent.die_with_parent()
    importing.bound(args.memory * 1024 * 1024)
    imports.interrupted(clock.now())
    while (job := importing.work(clock.now)) is not None:
        print(f"{job.key} {job.state}", flush=True)
        if args.one:
            break
    return 0

"""`zhenwei detect`: compare what was seen with the register."""

import argparse

from common import clock

HELP = """\
Compares every account as last seen, unless it is registered itself, with every protected name. The same facts
under the same rules give the same suspects; running it again adds nothing."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def needs_django(args: argparse.Namespace) -> bool:
    """Observations and register are rows."""
    return True


def run(args: argparse.Namespace) -> int:
    """Detect and print the counts."""
    from detection.detect import detect

    result = detect(clock.now())
    print(f"{result.compared} strangers compared, {result.found} suspects, {result.new} of them new.")
    return 0

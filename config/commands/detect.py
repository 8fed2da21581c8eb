"""`zhenwei detect`: compare what was seen with the register."""

import argparse

from common import clock

HELP = """\
Compares every account as last seen, unless it is registered itself, with every protected name. The same facts
under the same rules give the same suspects; running it again adds nothing.

A new suspect opens a case, joins one that is undecided, or is covered by what was decided about it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def needs_django(args: argparse.Namespace) -> bool:
    """Observations and register are rows."""
    return True


def run(args: argparse.Namespace) -> int:
    """Detect and print the counts."""
    from detection.detect import detect
    from review.intake import take_in

    result, taken = detect(clock.now()), take_in(clock.now())
    print(f"{result.compared} strangers compared, {result.found} suspects, {result.new} of them new.")
    print(
        f"Cases: {taken.opened} opened, {taken.raised} raised again, {taken.joined} joined; "
        f"{taken.covered} suspects covered by a decision."
    )
    if taken.left_out:
        print(f"{taken.left_out} suspects could not be taken in: see the log.")
    return 0

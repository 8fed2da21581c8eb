"""`zhenwei watch`: judge the registered accounts themselves."""

import argparse

from common import clock

HELP = """\
Judges each registered account in service by the update rules in force for its division, from the publication
times that were observed. What was not observed is never called in time."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def needs_django(args: argparse.Namespace) -> bool:
    """Publications and findings are rows."""
    return True


def run(args: argparse.Namespace) -> int:
    """Watch and print how many accounts stand how."""
    from watch.run import watch

    verdicts = watch(clock.now())
    print(
        ", ".join(f"{verdict.replace('_', ' ')}: {count}" for verdict, count in verdicts.most_common())
        or "none"
    )
    return 0

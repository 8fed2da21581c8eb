"""`zhenwei doctor`: check this installation and say what to mend."""

import argparse

HELP = """\
Checks settings, key files, database, captures and processes, and prints one line for each defect with its
mend. Exit code 1 if there is a defect; warnings alone leave it at 0."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def needs_django(args: argparse.Namespace) -> bool:
    """Settings and database are what it checks."""
    return True


def run(args: argparse.Namespace) -> int:
    """Check and print."""
    from config import doctor

    findings = doctor.examine()
    for finding in findings:
        print(finding)
    if not findings:
        print("Nothing to mend.")
    return 1 if any(finding.is_defect for finding in findings) else 0

"""`zhenwei sequence`: the worker that numbers audit events and signs checkpoints."""

import argparse
import sys
import time

from audit_logs.errors import AuditLogError, LeaseLost, LogBroken

HELP = """\
Number waiting audit events every second, and sign a checkpoint once a minute while there is something new.
Several may run; one at a time works. Before it starts it verifies the log, and refuses a broken one.
"""
PAUSE = 1.0  # seconds


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--once."""
    parser.add_argument("--once", action="store_true", help="one pass without the check before, then leave")


def needs_django(args: argparse.Namespace) -> bool:
    """It works on the database."""
    return True


def run(args: argparse.Namespace) -> int:
    """Exit code 0; 1 if the log is broken; 2 if nothing can be signed. Ends on Ctrl-C."""
    try:
        return _pass() if args.once else _work()
    except LogBroken as error:
        print(f"sequence stops, the audit log is {error}", file=sys.stderr)
        return 1
    except AuditLogError as error:
        print(f"zhenwei sequence: {error}", file=sys.stderr)
        return 2


def _pass() -> int:
    from audit_logs.sequence import Busy, sequence

    done = sequence()
    if isinstance(done, Busy):
        print("another sequencer is at work")
        return 0
    signed = f"signed a checkpoint of {done.signed.size}" if done.signed else "no checkpoint was due"
    print(f"numbered {done.numbered}, {signed}")
    return 0


def _work() -> int:
    from django.db import OperationalError

    from audit_logs import tree
    from audit_logs.sequence import sequence
    from audit_logs.verify_database import verify_database

    verdict = tree.demand_intact(verify_database())
    print(f"audit log {verdict}")
    while True:
        try:
            sequence()
        except (OperationalError, LeaseLost) as error:
            # A locked or full disk passes; nothing was half-written, the events still wait.
            print(f"sequence: {error}; trying again", file=sys.stderr)
        time.sleep(PAUSE)

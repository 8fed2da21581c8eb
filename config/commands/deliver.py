"""`zhenwei deliver`: the worker that tells people."""

import argparse
import signal
import threading
from types import FrameType

from common import parent

HELP = """\
Turns case changes into alerts, tells the next in line when nobody answers, and sends what is due by mail and
webhook, until Ctrl-C or SIGTERM; what is under way then is waited for. Several may run. It can be killed at
any moment: nothing is lost, and a message that goes out twice bears the same id.
"""
GRACE_S = 15.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--once."""
    parser.add_argument("--once", action="store_true", help="what is due now, then leave")


def needs_django(args: argparse.Namespace) -> bool:
    """It works on the database."""
    return True


def run(args: argparse.Namespace) -> int:
    """Deliver until stopped."""
    from config import delivery

    if args.once:
        ended = delivery.once()
        told = (f"{ended[kind]} {kind}" for kind in ("delivered", "retry", "permanent"))
        print(f"{', '.join(told)}; {delivery.waiting()}")
        return 0
    parent.die_with_parent(GRACE_S)
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    delivery.run(stop)
    return 0

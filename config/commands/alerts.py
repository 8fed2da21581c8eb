"""`zhenwei alerts`: who is told of a case and why, what is open, and a message sent again."""

import argparse
import sys

from alerting.errors import Refused
from config.shell import at_the_shell

HELP = """\
预警：通知谁、为什么、由何渠道、缺谁；待确认的预警；重发一条通知。
Alerts: who is told and why, by which channel, who is missing; what is open; a message sent again.

  zhenwei alerts explain ZW-2026-000042   also of a case not confirmed yet: who would be told
  zhenwei alerts list                     unacknowledged, parked messages, missing contacts
  zhenwei alerts resend 2807505878bf      the number stands at the end of a message
  zhenwei alerts resend --parked          every message that was parked today
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """explain, list, resend."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="explain|list|resend")
    explain = acts.add_parser("explain", help="who is, or would be, told of a case, and why")
    explain.add_argument("case", metavar="CASE", help="number of a case, as ZW-2026-000042 or 42")
    acts.add_parser("list", help="unacknowledged alerts, parked messages, missing contacts")
    resend = acts.add_parser("resend", help="send a message again, to the address of today")
    which = resend.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "delivery", metavar="DELIVERY", nargs="?", help="its number, or the first 6 digits and more"
    )
    which.add_argument("--parked", action="store_true", help="every message that was parked today")


def needs_django(args: argparse.Namespace) -> bool:
    """Always: alerts are rows."""
    return True


def run(args: argparse.Namespace) -> int:
    """0 if done, 2 if refused; the reason is on standard error."""
    from common import clock
    from config import alerts  # holds models, which exist only once Django has started

    try:
        with at_the_shell():
            print(alerts.ACTS[args.act](args, clock.now()))
    except Refused as error:
        print(f"zhenwei: {error.zh} {error.en}", file=sys.stderr)
        return 2
    return 0

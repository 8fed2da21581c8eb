"""`zhenwei contacts`: whom an alert cannot reach."""

import argparse
import sys

HELP = """\
missing 列出还没有联系人的办公室和单位：预警到了那里没有人可以通知。补齐联系人用 zhenwei import contacts。
missing lists the offices and units where an alert finds nobody: those that registered units with accounts
need and that have no contact today, or only a telephone. `zhenwei import contacts` brings contacts in.

exit codes: 0 nobody is missing; 1 somebody is; 2 bad input"""

NOBODY_MISSING, SOMEBODY_MISSING, BAD_INPUT = 0, 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """missing."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="missing")
    gaps = acts.add_parser("missing", help="offices and units without a contact 没有联系人的办公室和单位")
    gaps.add_argument("--scope", metavar="CODE", default="", help="this division and below, as 410100")
    gaps.add_argument("--json", action="store_true", help="as JSON")


def needs_django(args: argparse.Namespace) -> bool:
    """Always: contacts are rows."""
    return True


def run(args: argparse.Namespace) -> int:
    """List them."""
    from config import contacts  # holds models, which exist only once Django has started
    from registry.errors import Refused

    try:
        found = contacts.listed(args)
    except Refused as error:
        print(f"zhenwei: {error}", file=sys.stderr)
        return BAD_INPUT
    print(found.text)
    return SOMEBODY_MISSING if found.gaps else NOBODY_MISSING

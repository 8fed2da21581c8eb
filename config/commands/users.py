"""`zhenwei users`: the people who sign in."""

import argparse
import sys

from config.shell import at_the_shell
from registry.errors import Refused
from registry.roles import CHINESE, UNIT_ROLES, Role

HELP = (
    "登录人员，一人一个角色。\nThe people who sign in. One person has one role; the roles:\n\n"
    + "\n".join(f"  {role:<15} {CHINESE[role]}" for role in Role)
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `zhenwei users`."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    add = acts.add_parser("add", help="let a person sign in; prints a one-time password")
    add.add_argument("name", metavar="NAME", help="user name: a-z, 0-9, dot, - and _")
    add.add_argument("--role", required=True, help=", ".join(Role))
    add.add_argument(
        "--scope", metavar="CODE", default="", help="division to watch with all below it, as 410000"
    )
    add.add_argument("--unit", metavar="NAME", default="", help=f"own unit ({', '.join(sorted(UNIT_ROLES))})")
    add.add_argument("--unit-division", metavar="CODE", default="", help="where several units share a name")
    add.add_argument("--full-name", default="", metavar="NAME", help="how the person is called")
    add.add_argument(
        "--until", metavar="DAY", default="", help="last day of the rights; a contractor's contract end"
    )
    end = acts.add_parser("until", help="a new last day of a person's rights; “none” for no end")
    end.add_argument("name", metavar="NAME")
    end.add_argument("day", metavar="DAY", help="as 2027-12-31; a day gone by ends the rights at once")
    shown = acts.add_parser("list", help="everybody, also the disabled")
    shown.add_argument("--json", action="store_true", help="as JSON")
    for act, summary in (
        ("reset", "a new one-time password; ends the person's sessions"),
        ("disable", "lock a person out; ends their sessions"),
        ("enable", "let a disabled person in again, with a one-time password"),
    ):
        acts.add_parser(act, help=summary).add_argument("name", metavar="NAME")


def needs_django(args: argparse.Namespace) -> bool:
    """Always: people live in the database."""
    return True


def run(args: argparse.Namespace) -> int:
    """0 if done, 2 if refused; the reason is on standard error."""
    from config import users  # holds models, which exist only once Django has started

    try:
        with at_the_shell():
            print(users.ACTS[args.act](args))
    except Refused as error:
        print(f"zhenwei: {error}", file=sys.stderr)
        return 2
    return 0

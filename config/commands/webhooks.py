"""`zhenwei webhooks`: the systems of offices that take alerts."""

import argparse
import sys

from config.shell import at_the_shell
from registry.contacts import LINES

HELP = (
    "接收预警的系统（Standard Webhooks 签名）。密钥只显示一次。\n"
    "Systems that take alerts, signed by Standard Webhooks. A secret is shown once.\n\n"
    "lines 条线:\n" + "\n".join(f"  {line.key:<12} {line.zh} {line.en}" for line in LINES.values())
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `zhenwei webhooks`."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    add = acts.add_parser("add", help="tell a system too; prints its signing secret")
    add.add_argument("url", metavar="URL", help="https, public, or opened by ZHENWEI_WEBHOOK_ALLOW")
    add.add_argument("--line", required=True, choices=list(LINES), help="whose alerts it takes")
    add.add_argument("--division", metavar="CODE", default="", help="of the office, as 410000")
    add.add_argument("--unit", metavar="NAME", default="", help="of the sponsor, instead of a division")
    add.add_argument("--unit-division", metavar="CODE", default="", help="where several units share a name")
    add.add_argument("--label", metavar="NAME", required=True, help="how the system is called")
    acts.add_parser("list", help="all of them, also the disabled")
    acts.add_parser("reseal", help="bring all secrets under the newest master key")
    rotate = acts.add_parser("rotate", help="a new secret; the former signs too until --end")
    rotate.add_argument("--end", action="store_true", help="the receiver knows the new one: drop the former")
    for each in (
        rotate,
        acts.add_parser("disable", help="send nothing there any more"),
        acts.add_parser("enable", help="send there again"),
        acts.add_parser("test", help="send a signed test message now"),
    ):
        each.add_argument("number", metavar="NUMBER", type=int, help="as the list shows it")


def needs_django(args: argparse.Namespace) -> bool:
    """Always: endpoints are rows."""
    return True


def run(args: argparse.Namespace) -> int:
    """0 if done, 1 if a test was not delivered, 2 if refused; the reason is on standard error."""
    from alerting import errors as alerting
    from config import webhooks
    from registry import errors as registry

    try:
        with at_the_shell():
            done, text = webhooks.ACTS[args.act](args)
    except (alerting.Refused, registry.Refused) as error:
        print(f"zhenwei: {error}", file=sys.stderr)
        return 2
    print(text)
    return 0 if done else 1

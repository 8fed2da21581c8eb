"""`zhenwei suspects`: a judgement of the rules made again."""

import argparse
import sys

HELP = """\
按当时的规则和当时的登记情况重算一个疑似账号，看评分、类别和理由是否与记录一致。
Judges a suspect again by the rules and the register of its day: are score, kind and reasons those on record?

  zhenwei suspects replay 12      the number stands on the page of the suspect 编号见疑似账号页面

exit codes: 0 the same; 1 another; 2 unknown, or judged by other rules, which cannot be replayed"""

SAME, ANOTHER, CANNOT = 0, 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """replay."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="replay")
    again = acts.add_parser("replay", help="judge a suspect again as it was judged")
    again.add_argument("number", metavar="NUMBER", type=int, help="number of the suspect")


def needs_django(args: argparse.Namespace) -> bool:
    """Always: suspects are rows."""
    return True


def run(args: argparse.Namespace) -> int:
    """Judge again and print."""
    from config import suspects  # holds models, which exist only once Django has started

    try:
        result = suspects.replayed(args.number)
    except suspects.Refused as error:
        print(f"zhenwei: {error}", file=sys.stderr)
        return CANNOT
    print(result.text)
    return SAME if result.same else ANOTHER

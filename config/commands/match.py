"""`zhenwei match`: compare names with a register file, without a database."""

import argparse
import json
import sys
from pathlib import Path

from config.arguments import positive
from detection import match
from detection.compare import AccountName

HELP = """\
Says for each NAME which accounts of REGISTRY_CSV it imitates, how, and why. A name may be followed by a tab
and a handle; one that begins with @ is a handle alone.

exit codes: 0 compared, whatever was found; 2 a file cannot be used"""

DONE, BAD_INPUT = 0, 2
MOST_SHOWN = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """REGISTRY_CSV, the names, and how to print."""
    parser.add_argument("registry", type=Path, metavar="REGISTRY_CSV", help="CSV file with a column name")
    parser.add_argument("names", nargs="*", metavar="NAME", help="names to compare")
    parser.add_argument("--file", type=Path, help="a file of names, one a line")
    parser.add_argument(
        "--json", action="store_true", help="one JSON object a line, reasons in both languages"
    )
    parser.add_argument(
        "--limit", type=positive, default=MOST_SHOWN, help="matches a name, default %(default)s"
    )
    parser.add_argument("--language", choices=("zh", "en"), default="zh", help="of the reasons in the table")


def needs_django(args: argparse.Namespace) -> bool:
    """Names and a file are all it reads."""
    return False


def run(args: argparse.Namespace) -> int:
    """Compare and print."""
    try:
        names = _names(args)
        officials = match.read_register(args.registry)
    except match.MatchInputError as error:
        print(f"zhenwei match: {error}", file=sys.stderr)
        return BAD_INPUT
    found = zip(names, match.hits(names, officials, args.limit), strict=True)
    if args.json:
        for one, listed in found:
            print(json.dumps(match.as_json(one, listed), ensure_ascii=False))
    else:
        print(match.as_table(found, args.language))
    return DONE


def _names(args: argparse.Namespace) -> list[AccountName]:
    given = [match.account(name, f"name {number}") for number, name in enumerate(args.names, 1)]
    names = [*given, *(match.read_names(args.file) if args.file else [])]
    if not names:
        raise match.MatchInputError("no name to compare: give NAME or --file")
    return names

"""`zhenwei import registry FILE` and `zhenwei import contacts FILE`."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from common import clock
from config.shell import at_the_shell
from registry.contacts import HOURS, LINES
from registry.csvtable import MAX_BYTES
from registry.errors import BadRegister
from registry.kinds import STATES, UNIT_KINDS

if TYPE_CHECKING:
    from config.imports import Taken

SHOWN = 50
HELP = """\
从 CSV 文件导入：UTF-8 编码，逗号分隔。
Take a CSV file: UTF-8, commas. It is taken whole or not at all; taken again it changes nothing.
What a file leaves out stays as it is."""
REGISTRY = f"""\
账号台账，每行一个账号。
The register of official accounts, one account a line.

columns, in any order (* needs a value; examples/henan/registry.csv is an example):
  platform*           平台, as weibo, wechat_oa, mastodon; a wrong one is answered with the known ones
  instance            实例, for platforms with many servers: the short name given to `platforms enable`
  platform_uid*       平台永久标识, the number that stays when the account is renamed
  handle              用户名
  name*               账号名称
  certified_subject   认证主体
  home_url            主页地址, http:// or https://
  opened_on           开设日期, as 2019-08-01
  state*              状态: {", ".join(STATES[:4])},
                      {", ".join(STATES[4:])}
  unit*               主办单位
  unit_division*      单位行政区划代码, six digits, as 410100
  unit_kind*          单位类别: {", ".join(UNIT_KINDS[:3])},
                      {", ".join(UNIT_KINDS[3:])}
"""
CONTACTS = f"""\
联系人，每行一人一职。
Who is told of a case: one person in one office a line. Import the register first: it names the units.

columns, in any order (* needs a value; examples/henan/contacts.csv is an example):
  line*               条线: {", ".join(LINES)}
  division            区划代码, six digits, for an office of a place; empty for a contact of a unit
  unit                单位名称, for sponsor, and for supervision by the upper body of the unit's own line
  unit_division       单位行政区划代码, of that unit
  office*             处室
  person*             姓名
  phone               电话, as 0371-60000000; phone, e-mail or both
  email               电子邮箱
  rank*               顺序: 1 is told first, 2 to 99 are the substitutes
  hours*              值守时间: {", ".join(HOURS)} (08:30–18:00 on working days)
  valid_from*         起, as 2026-01-01
  valid_to            止, the last day; a contact ends with this date, not by being left out
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `zhenwei import`."""
    kinds = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    registry = _kind(kinds, "registry", "the register of official accounts", REGISTRY)
    registry.add_argument(
        "--moving", action="store_true", help="accounts registered under another unit did change hands"
    )
    _kind(kinds, "contacts", "who is told of a case, by office and unit", CONTACTS)


def needs_django(args: argparse.Namespace) -> bool:
    """Always: the register lives in the database."""
    return True


def run(args: argparse.Namespace) -> int:
    """0 if the file was taken (or could be, in a dry run), 2 if anything is wrong with it."""
    from config import imports  # models exist only once Django has started

    try:
        with args.file.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        print(f"zhenwei: {args.file} cannot be read: {error.strerror}", file=sys.stderr)
        return 2
    try:
        with at_the_shell():
            taken = imports.KINDS[args.what](data, args, clock.now())
    except BadRegister as error:
        _print_faults(args, error)
        return 2
    if args.json:
        told = {"warnings": taken.warnings, "faults": [], "faults_total": 0}
        _print_json({**asdict(taken.outcome), **told})
    else:
        _print_taken(taken)
    return 0


def _kind(
    kinds: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, summary: str, text: str
) -> argparse.ArgumentParser:
    """The arguments of one kind of file."""
    parser = kinds.add_parser(name, help=summary, description=text)
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--dry-run", action="store_true", help="check and compare, write nothing")
    parser.add_argument("--json", action="store_true", help="the result as one JSON object")
    return parser


def _print_faults(args: argparse.Namespace, error: BadRegister) -> None:
    if args.json:
        faults = [asdict(fault) for fault in error.faults]
        _print_json({"dry_run": args.dry_run, "faults": faults, "faults_total": error.total})
        return
    for fault in error.faults:
        print(fault, file=sys.stderr)
    if error.total > len(error.faults):
        print(f"… and {error.total - len(error.faults)} more", file=sys.stderr)
    print(f"zhenwei: {args.file} was not taken, {_count(error.total, 'fault')}", file=sys.stderr)


def _print_taken(taken: "Taken") -> None:
    _print_some(taken.outcome.changes)
    print(taken.counts)
    _print_some(taken.warnings)
    if taken.outcome.dry_run:
        print("dry run: nothing was written")
    elif not taken.anything:
        print("everything stands like this already: nothing was changed")


def _print_some(lines: Sequence[object]) -> None:
    for line in lines[:SHOWN]:
        print(line)
    if len(lines) > SHOWN:
        print(f"… and {len(lines) - SHOWN} more")


def _print_json(result: dict[str, object]) -> None:
    print(json.dumps(result, ensure_ascii=False, indent=2))


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"

"""`zhenwei import registry FILE`: takes the register of official accounts."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from common import clock
from registry.csvtable import MAX_BYTES
from registry.errors import BadRegister
from registry.kinds import STATES, UNIT_KINDS

if TYPE_CHECKING:
    from registry.importers import Outcome

HELP = f"""\
从 CSV 文件导入账号台账：UTF-8 编码，逗号分隔，每行一个账号。
Take the register of official accounts from a CSV file: UTF-8, commas, one account a line.
A file is taken whole or not at all; taken again it changes nothing. Accounts it leaves out stay as they are.

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
ACTOR = "system:import"
SHOWN_CHANGES = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `zhenwei import`."""
    parser.add_argument("what", choices=["registry"], help="what the file holds")
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--dry-run", action="store_true", help="check and compare, write nothing")
    parser.add_argument(
        "--moving", action="store_true", help="accounts registered under another unit did change hands"
    )
    parser.add_argument("--json", action="store_true", help="the result as one JSON object")


def needs_django(args: argparse.Namespace) -> bool:
    """Always: the register lives in the database."""
    return True


def run(args: argparse.Namespace) -> int:
    """0 if the file was taken (or could be, in a dry run), 2 if anything is wrong with it."""
    from registry.importers import import_register  # models exist only once Django has started

    try:
        with args.file.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        print(f"zhenwei: {args.file} cannot be read: {error.strerror}", file=sys.stderr)
        return 2
    try:
        outcome = import_register(data, ACTOR, clock.now(), dry_run=args.dry_run, moving=args.moving)
    except BadRegister as error:
        _print_faults(args, error)
        return 2
    if args.json:
        _print_json({**asdict(outcome), "faults": [], "faults_total": 0})
    else:
        _print_outcome(outcome)
    return 0


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


def _print_outcome(outcome: "Outcome") -> None:
    for change in outcome.changes[:SHOWN_CHANGES]:
        print(change)
    if len(outcome.changes) > SHOWN_CHANGES:
        print(f"… and {len(outcome.changes) - SHOWN_CHANGES} more")
    accounts = f"{outcome.added} added, {outcome.changed} changed, {outcome.unchanged} unchanged"
    print(f"accounts: {accounts}; units: {outcome.units_added} added, {outcome.units_changed} changed")
    if outcome.dry_run:
        print("dry run: nothing was written")
    elif not (outcome.added or outcome.changed or outcome.units_added or outcome.units_changed):
        print("the register stands like this already: nothing was changed")


def _print_json(result: dict[str, object]) -> None:
    print(json.dumps(result, ensure_ascii=False, indent=2))


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"

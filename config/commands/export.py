"""`zhenwei export registry|contacts FILE`."""

import argparse
import sys
from pathlib import Path

from common import clock
from common.faults import Text
from config import language
from config.shell import at_the_shell

HELP = """\
导出台账或联系人：.csv（UTF-8）或 .xlsx，表头为中文，可直接再次导入。
Writes the register or the contacts to a .csv or .xlsx file with Chinese headings, which `zhenwei import`
reads again. No cell runs as a formula in a spreadsheet. The export is recorded in the audit log."""
ACTOR = "system:export"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What, where to, which place."""
    parser.add_argument("what", choices=["registry", "contacts"])
    parser.add_argument("file", metavar="FILE", type=Path, help="ends with .csv or .xlsx")
    parser.add_argument(
        "--scope", metavar="CODE", default="", help="this division and below, as 410100 只导出该区划及下级"
    )
    language.add_argument(parser)


def needs_django(args: argparse.Namespace) -> bool:
    """Always: the register lives in the database."""
    return True


def run(args: argparse.Namespace) -> int:
    """0 if the file was written, 2 if it cannot be."""
    from registry import export, lookups
    from registry.errors import Refused

    spoken = language.chosen(args)
    if args.file.suffix.lower() not in export.ENDINGS:
        return _refuse(args, Text("文件名应以 .csv 或 .xlsx 结尾", "the name must end with .csv or .xlsx"))
    try:
        scope = lookups.division(args.scope).path if args.scope else ""
        with at_the_shell():
            done = export.export(args.what, args.file, scope, ACTOR, clock.now())
    except Refused as error:
        return _refuse(args, Text(str(error), str(error)))
    except OSError as error:
        why = error.strerror or str(error)
        return _refuse(args, Text(f"{args.file} 无法写入：{why}", f"{args.file} cannot be written: {why}"))
    said = Text(f"已导出 {done.rows} 行到 {args.file}", f"{done.rows} rows written to {args.file}")
    print(language.say(said, spoken))
    return 0


def _refuse(args: argparse.Namespace, text: Text) -> int:
    print(f"zhenwei export: {language.say(text, language.chosen(args))}", file=sys.stderr)
    return 2

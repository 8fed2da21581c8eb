"""`zhenwei import registry|contacts|observations FILE`."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from common import clock
from common.faults import BadFile, Language, Text
from config import language
from config.shell import at_the_shell
from registry.errors import RegistryError
from registry.headers import FileKind, fields
from registry.words import titles

HELP = """\
从文件导入：CSV、TSV、XLSX、JSON、JSON Lines；UTF-8、UTF-16、GB18030 自动识别。
Takes a file: CSV, TSV, XLSX, JSON or JSON Lines, in UTF-8, UTF-16 or GB18030.
有一处错误就什么也不写入（--skip-bad 除外）；重复导入不会改变什么；文件没有提到的保持不变。
It is taken whole or not at all, but for --skip-bad; taken again it changes nothing; what a file leaves out
stays as it is. Every fault is told with its line, its column and what to write instead."""
REGISTRY = """\
主办单位与账号台账：一张表或多张表，表头中文英文均可。
Units and their accounts, in one sheet or several, with Chinese or English headings."""
CONTACTS = """\
联系人：每行一人一职。请先导入台账，其中有单位。
Who is told of a case: one person in one office a line. Import the register first: it names the units."""
OBSERVATIONS = """\
平台或服务商的导出文件：与采集结果同等入库、比对、计入覆盖情况。也可为 .gz、.zip。
An export of a platform or a vendor: stored, compared and counted as covered like a crawl. May be gzip or zip.
`zhenwei platforms show ID` shows the columns that a platform's exports have."""
NEEDED = {
    "registry": ("unit", "platform", "platform_uid", "name"),
    "contacts": ("line", "office", "person"),
}
# Closed lists whose words are named in the help, by field.
LISTS = {"state": "state", "unit_kind": "unit_kind", "line": "line", "hours": "hours"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `zhenwei import`."""
    kinds = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    registry = _kind(
        kinds, "registry", "units and official accounts 单位与账号", f"{REGISTRY}\n{_columns('registry')}"
    )
    registry.add_argument(
        "--moving",
        action="store_true",
        help="accounts registered under another unit did change hands 允许账号变更主办单位",
    )
    registry.add_argument(
        "--retire-missing",
        action="store_true",
        help="the file is the full list of the places and platforms it names: accounts it leaves out are "
        "deregistered 文件为完整名单，未列出的账号注销",
    )
    registry.add_argument(
        "--confirm-retired",
        metavar="COUNT",
        type=int,
        help="so many may be, where they are more than a handful 确认注销的账号数",
    )
    _kind(kinds, "contacts", "who is told of a case 联系人", f"{CONTACTS}\n{_columns('contacts')}")
    _add_observations(_kind(kinds, "observations", "an export of a platform 平台导出文件", OBSERVATIONS))


def needs_django(args: argparse.Namespace) -> bool:
    """Always: the register lives in the database."""
    return True


def run(args: argparse.Namespace) -> int:
    """0 if the file was taken (or could be, in a dry run), 2 if anything is wrong with it."""
    from config import broken_off, import_report, imports  # models exist only once Django has started

    spoken, now = language.chosen(args), clock.now()
    try:
        with at_the_shell():
            sys.stderr.writelines(broken_off.lines(spoken, now))
            _check_file(args.file)
            outcome = imports.take(args, now)
            soon = imports.offices_ending(now) if args.what == "contacts" else []
    except BadFile as error:
        if args.json:
            _print_json(import_report.json_of_faults(error, dry_run=args.dry_run))
        else:
            print(*import_report.of_faults(error, args.file.name, spoken), sep="\n", file=sys.stderr)
        return 2
    except OSError as error:
        return _cannot_read(args.file, error.strerror or str(error), spoken)
    except RegistryError as error:
        print(f"zhenwei import: {error}", file=sys.stderr)
        return 2
    if args.json:
        _print_json({**import_report.json_of_outcome(outcome), "ending": [text._asdict() for text in soon]})
    else:
        said = [language.say(text, spoken) for text in soon]
        print(*import_report.of_outcome(outcome, args.what, spoken), *said, sep="\n")
    return 0


def _check_file(path: Path) -> None:
    """A pipe or a device cannot be read twice. Raises OSError for what is no file."""
    if path.exists() and not path.is_file():
        raise OSError(0, "not a file 不是文件")


def _cannot_read(path: Path, why: str, spoken: Language) -> int:
    said = Text(f"{path} 无法读取：{why}", f"{path} cannot be read: {why}")
    print(f"zhenwei: {language.say(said, spoken)}", file=sys.stderr)
    return 2


def _kind(
    kinds: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, summary: str, text: str
) -> argparse.ArgumentParser:
    """The arguments of one kind of file."""
    parser = kinds.add_parser(name, help=summary, description=text)
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument(
        "--map",
        metavar="COLUMN=FIELD",
        type=_mapped,
        action="append",
        default=[],
        help='what a column means, may be repeated; "-" passes it over 指明某列是什么，可多次使用',
    )
    parser.add_argument("--profile", metavar="NAME", help="the columns as kept before 使用保存的列对应")
    parser.add_argument("--save-profile", metavar="NAME", help="keep them for next time 保存列对应")
    parser.add_argument(
        "--skip-bad", action="store_true", help="leave out rows with faults 略过有错误的行，导入其余"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="check and compare, write nothing 试运行，只检查不写入"
    )
    parser.add_argument(
        "--errors",
        metavar="FILE",
        type=Path,
        help="a copy of the file with the faults beside the rows 写出注明错误原因的副本",
    )
    parser.add_argument("--json", action="store_true", help="the result as one JSON object 结果为 JSON")
    language.add_argument(parser)
    return parser


def _add_observations(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--platform", metavar="ID", required=True, help="as weibo, douyin 平台")
    parser.add_argument("--instance", default="", help="of a platform with many servers 实例")
    parser.add_argument("--statement", default="", help="where the file is from 文件来源说明")
    parser.add_argument(
        "--covers",
        default="",
        help="what was searched: division codes or keywords 检索范围",
    )
    parser.add_argument("--exported-at", default="", help="as 2026-11-24 导出日期")


def _mapped(text: str) -> tuple[str, str]:
    """COLUMN=FIELD; a column may hold “=”."""
    column, found, field = text.rpartition("=")
    if not (found and column.strip() and field.strip()):
        raise argparse.ArgumentTypeError(f"{text!r}: write it as “列名=field”, for example 发文单位=unit")
    return column.strip(), field.strip()


def _columns(kind: FileKind) -> str:
    """The fields of a kind of file, with the headings that are understood."""
    lines = ["", "columns, in any order (* is needed) 列，顺序不限（* 必需）:"]
    for name, one in fields(kind).items():
        star = "*" if name in NEEDED[kind] else " "
        lines.append(f"  {name}{star:<{20 - len(name)}}{'，'.join(one.chinese[:3])}")
        if name in LISTS:
            words = titles(LISTS[name])
            lines.append(" " * 22 + "、".join(words.values()))
    return "\n".join(lines)


def _print_json(result: dict[str, Any]) -> None:
    print(json.dumps(result, ensure_ascii=False, indent=2))

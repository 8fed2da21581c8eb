"""The one door: `zhenwei <command>`.

Exit codes: 0 done, 1 the check found something wrong, 2 bad input, 3 internal error.
A command is a module of `config.commands` with HELP, add_arguments(parser), needs_django(args) and run(args);
it is imported only when called, so that `zhenwei match` starts without a database.
"""

import argparse
import importlib
import logging
import os
import sys
from collections.abc import Sequence
from typing import NamedTuple, Protocol, cast

from common.datafolder import DataFolderError
from config import boot
from config.arguments import Parser
from config.env import SettingError

DONE, FOUND_WRONG, BAD_INPUT, INTERNAL = 0, 1, 2, 3


class Command(NamedTuple):
    """A subcommand: the module that carries it out and its line in the help, in English and Chinese."""

    module: str
    summary: str
    chinese: str


class CommandModule(Protocol):
    """What a module of `config.commands` offers."""

    HELP: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...
    def needs_django(self, args: argparse.Namespace) -> bool: ...
    def run(self, args: argparse.Namespace) -> int: ...


COMMANDS = {
    "demo": Command(
        "demo",
        "the example province: set up, scan, show suspects, serve the console",
        "示例省份：建库、扫描、列出疑似账号、打开控制台",
    ),
    "run": Command(
        "run",
        "console, ticker and delivery of this machine as one group",
        "控制台、定时任务与预警发送一同运行",
    ),
    "serve": Command("serve", "the console alone", "只运行控制台"),
    "users": Command("users", "add, list, lock out the people who sign in", "登录人员的增加、查看与停用"),
    "import": Command(
        "import_",
        "register, contacts or exports of platforms from a table file",
        "导入台账、联系人或平台导出文件",
    ),
    "export": Command("export", "register or contacts as a table file", "导出台账或联系人"),
    "contacts": Command(
        "contacts", "offices and units nobody can be told at", "没有联系人、通知不到的办公室和单位"
    ),
    "imports": Command("imports", "read the files that wait in the console", "读取控制台中等待导入的文件"),
    "platforms": Command(
        "platforms", "platform specs: list, show, check, enable, disable", "平台规范的查看、检查与启停"
    ),
    "scan": Command("scan", "crawl, ingest, detect and watch, once", "采集、入库、比对、判定各一次"),
    "crawl": Command("crawl", "ask the platforms what is due", "向平台提出到期的查询"),
    "ingest": Command("ingest", "store what an interrupted crawl has written", "把中断的采集结果入库"),
    "detect": Command("detect", "compare what was seen with the register", "与台账比对，找出疑似仿冒"),
    "suspects": Command(
        "suspects", "judge a suspect again by the rules it was found by", "按当时的规则重算一个疑似账号"
    ),
    "watch": Command("watch", "judge the registered accounts themselves", "判定登记账号自身的更新情况"),
    "alerts": Command(
        "alerts", "who is told of a case and why; what is open; send again", "预警的路由说明、待办与重发"
    ),
    "deliver": Command(
        "deliver", "tell people: alerts, their next in line, by mail and webhook", "向有关方发送预警"
    ),
    "webhooks": Command(
        "webhooks",
        "systems that take alerts: add, list, test, change secrets",
        "接收预警的系统的增加、测试与密钥更换",
    ),
    "match": Command(
        "match", "compare names with a register file; needs no database", "用台账文件比对名称，不需数据库"
    ),
    "evaluate": Command(
        "evaluate",
        "recall and precision on an example folder; needs no database",
        "在样例上测查全率与查准率，不需数据库",
    ),
    "audit": Command(
        "audit", "verify, checkpoint, export and prove the audit log", "审计日志的校验、签署、导出与证明"
    ),
    "sequence": Command("sequence", "number and hash waiting audit events", "为待入账的审计事件编号"),
    "ticker": Command("ticker", "start due work at its time", "按时启动到期的工作"),
    "doctor": Command("doctor", "check this installation and say what to mend", "检查本安装并指出如何修正"),
}
EPILOG = """\
first steps 从这里开始:
  zhenwei demo                        look around in an example province 先看示例
  zhenwei users add NAME --role ROLE  let a person sign in 增加登录人员
  zhenwei import registry FILE        load the register of official accounts 导入账号台账
  zhenwei import contacts FILE        load who is told of a case 导入联系人
  zhenwei platforms enable ID ...     switch a platform on 启用平台
  zhenwei run                         keep watching 持续运行

Everything is written below the data folder: ZHENWEI_VAR, or var/ of the checkout.
所有数据写在数据目录下：环境变量 ZHENWEI_VAR，或源码目录的 var/。
exit codes: 0 done, 1 the check found something wrong, 2 bad input, 3 internal error
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command named by `arguments` (default: the process's own) and return its exit code."""
    # Database, captures and spool are for their owner, also in a data folder somebody made too open.
    os.umask(0o077)
    words = list(sys.argv[1:] if arguments is None else arguments)
    if any(not _is_text(word) for word in words):
        print("zhenwei: an argument is not UTF-8 text; write or rename it in UTF-8", file=sys.stderr)
        return BAD_INPUT
    name = next((word for word in words if not word.startswith("-")), None)
    parser = _parser(name)
    if not words:
        parser.print_help(sys.stderr)
        parser.exit(BAD_INPUT)
    args = parser.parse_args(words)
    module = _load(args.command)
    try:
        if module.needs_django(args):
            boot.django()
        code = module.run(args)
        sys.stdout.flush()
        return code
    except (DataFolderError, SettingError) as error:
        print(f"zhenwei: {error}", file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:
        # Nobody reads any more: what is still buffered goes nowhere, or Python would fail on it at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        return 130
    except Exception:
        logging.getLogger("zhenwei").exception("zhenwei %s failed", args.command)
        print("zhenwei: internal error, the details are above; nothing half-done was kept", file=sys.stderr)
        return INTERNAL


def _parser(chosen: str | None) -> argparse.ArgumentParser:
    """The parser; only the chosen command's module is imported for its own arguments."""
    parser = Parser(
        prog="zhenwei",
        description="甄伪：发现假冒政务账号，留存证据。\n"
        "Zhenwei: finds accounts that imitate official ones, and keeps proof of it.",
        epilog=EPILOG,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        description = _load(name).HELP if name == chosen else None
        sub = commands.add_parser(name, help=f"{command.summary} {command.chinese}", description=description)
        if name == chosen:
            _load(name).add_arguments(sub)
    return parser


def _is_text(word: str) -> bool:
    try:
        word.encode()
    except UnicodeEncodeError:  # bytes the shell passed on that are no text
        return False
    return True


def _load(name: str) -> CommandModule:
    return cast(CommandModule, importlib.import_module(f"config.commands.{COMMANDS[name].module}"))


if __name__ == "__main__":
    sys.exit(main())

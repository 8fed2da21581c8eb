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
from config.env import SettingError

DONE, FOUND_WRONG, BAD_INPUT, INTERNAL = 0, 1, 2, 3


class Command(NamedTuple):
    """A subcommand: the module that carries it out and its line in the help."""

    module: str
    summary: str


class CommandModule(Protocol):
    """What a module of `config.commands` offers."""

    HELP: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...
    def needs_django(self, args: argparse.Namespace) -> bool: ...
    def run(self, args: argparse.Namespace) -> int: ...


COMMANDS = {
    "demo": Command("demo", "the example province: set up, scan, show suspects, serve the console"),
    "run": Command("run", "console, ticker and workers of this machine as one group"),
    "serve": Command("serve", "the console alone"),
    "users": Command("users", "add and list the people who sign in"),
    "import": Command("import_", "the register of official accounts, from a CSV file"),
    "platforms": Command("platforms", "platform specs: list, show, check, enable"),
    "scan": Command("scan", "crawl, ingest, detect and watch, once"),
    "crawl": Command("crawl", "ask the platforms what is due"),
    "ingest": Command("ingest", "store what a crawl has written"),
    "detect": Command("detect", "compare what was seen with the register"),
    "watch": Command("watch", "judge the registered accounts themselves"),
    "match": Command("match", "compare names with a register file; needs no database"),
    "evaluate": Command("evaluate", "recall and precision on an example folder; needs no database"),
    "audit": Command("audit", "verify, checkpoint and export the audit log"),
    "sequence": Command("sequence", "number and hash waiting audit events"),
    "ticker": Command("ticker", "start due work at its time"),
    "doctor": Command("doctor", "check this installation and say what to mend"),
}
EPILOG = """\
first steps:
  zhenwei demo                        look around in an example province
  zhenwei users add NAME --role ROLE  let a person sign in
  zhenwei import registry FILE        load the register of official accounts
  zhenwei platforms enable ID ...     switch a platform on
  zhenwei run                         keep watching

Everything is written below the data folder: ZHENWEI_VAR, or var/ of the checkout.
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
    args = _parser(name).parse_args(words)
    module = _load(args.command)
    try:
        if module.needs_django(args):
            boot.django()
        return module.run(args)
    except (DataFolderError, SettingError) as error:
        print(f"zhenwei: {error}", file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:
        sys.stderr.close()
        return DONE
    except KeyboardInterrupt:
        return 130
    except Exception:
        logging.getLogger("zhenwei").exception("zhenwei %s failed", args.command)
        print("zhenwei: internal error, the details are above; nothing half-done was kept", file=sys.stderr)
        return INTERNAL


def _parser(chosen: str | None) -> argparse.ArgumentParser:
    """The parser; only the chosen command's module is imported for its own arguments."""
    parser = argparse.ArgumentParser(
        prog="zhenwei",
        description="甄伪 Zhenwei: finds accounts that imitate official ones, and keeps proof of it.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        description = _load(name).HELP if name == chosen else None
        sub = commands.add_parser(
            name,
            help=command.summary,
            description=description,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
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

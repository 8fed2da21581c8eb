"""`zhenwei run`: console, ticker and workers of this machine as one group."""

import argparse
import sys

from common import clock
from config import language
from config.arguments import port
from config.processes import Group

HELP = """\
Starts the console, the ticker that scans what is due and numbers the audit log, and the worker that delivers
alerts, as one group of processes. Ctrl-C or SIGTERM stops them together; if one ends by itself, all end (exit
code 3), for a supervisor to see."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--port."""
    parser.add_argument(
        "--port", type=port, default=8700, help="of the console, default 8700; 0 takes a free one"
    )


def needs_django(args: argparse.Namespace) -> bool:
    """The database is brought up to date first."""
    return True


def run(args: argparse.Namespace) -> int:
    """Run until stopped."""
    from config import broken_off, database, web

    database.prepare()
    sys.stderr.writelines(broken_off.lines(language.of_the_terminal(), clock.now()))
    group = Group()
    try:
        number = web.free(args.port)
        if start(group, number):
            print(f"The console 控制台: http://127.0.0.1:{number}/", flush=True)
            print("Ctrl-C stops everything. 按 Ctrl-C 停止。", flush=True)
        ended = group.wait()
    except web.PortTaken as error:
        print(f"zhenwei run: {error}", file=sys.stderr)
        return 2
    finally:
        group.stop()
    if ended:
        print(f"zhenwei run: the {ended} process ended by itself; all were stopped", file=sys.stderr)
        return 3
    return 0


def start(group: Group, number: int) -> bool:
    """Start the processes of this installation in `group`; whether the console answers on port `number`."""
    group.start("web", ["-m", "config.cli", "serve", "--port", str(number)])
    group.start("ticker", ["-m", "config.cli", "ticker"])
    group.start("deliver", ["-m", "config.cli", "deliver"])
    return group.answers("web", number)

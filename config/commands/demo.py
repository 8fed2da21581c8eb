"""`zhenwei demo`: the example province, from an empty folder to a console."""

import argparse
import sys

from common import clock
from config import boot, demo, language
from config.arguments import port
from config.commands import run as group_run
from config.processes import Group
from config.progress import Progress

HELP = """\
Sets up an example province (real divisions, invented accounts) in a data folder of its own, starts a platform
and a mailbox on loopback, scans the platform the way a real one is scanned, prints the suspects and serves
the console on 127.0.0.1 and ::1 with new random passwords. Mail goes to that mailbox alone, whatever the
settings say. Run it again at any time: only what is due is asked.

To use the data from another terminal: ZHENWEI_VAR=var/demo zhenwei audit verify"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--once, --port."""
    parser.add_argument("--once", action="store_true", help="set up, scan, print, and end without a console")
    parser.add_argument("--port", type=port, default=demo.CONSOLE_PORT, help="of the console, default 8700")


def needs_django(args: argparse.Namespace) -> bool:
    """Not yet: the settings depend on the demo's folder and its platform's port."""
    return False


def run(args: argparse.Namespace) -> int:
    """Run the demo until Ctrl-C."""
    group = Group()
    try:
        demo.enter()
        with demo.alone():
            home = demo.start_platform(group)
            boot.django()
            _scan(home)
            return 0 if args.once else _serve(group, demo.free_port(args.port))
    except demo.DemoError as error:
        print(f"zhenwei demo: {error}", file=sys.stderr)
        return 2
    finally:
        group.stop()


def _scan(home: str) -> None:
    from config import answers, broken_off, database, demo_data, pipeline, report

    database.prepare()
    sys.stderr.writelines(broken_off.lines(language.of_the_terminal(), clock.now()))
    print(demo_data.set_up(home, clock.now()))
    print(f"正在扫描示例平台 Scanning the example platform at {home} …", flush=True)
    with Progress("scan") as bar:
        scanned = pipeline.scan(clock.now, lambda run: bar.at(report.answered(run), run.tasks))
    key = answers.measure(demo.HENAN / "answers.csv")
    print(report.text(scanned, key, 20, clock.now()))


def _serve(group: Group, number: int) -> int:
    from config import demo_data, demo_guide

    address = f"http://127.0.0.1:{number}"
    demo.start_mailbox(group, address)
    people = demo_data.people()
    if group_run.start(group, number):
        print("", demo_guide.text(people, address, f"http://[::1]:{number}"), sep="\n", flush=True)
    ended = group.wait()
    if ended:
        print(f"zhenwei demo: the {ended} process ended by itself; all were stopped", file=sys.stderr)
    return 3 if ended else 0

"""`zhenwei serve`: the console alone."""

import argparse
import sys

from common import parent
from config.arguments import port

HELP = """\
Serves the console on 127.0.0.1 and ::1. Put a reverse proxy with TLS in front for other machines and set
ZHENWEI_HTTPS=on, ZHENWEI_HOSTS and ZHENWEI_PROXIES (docs/operating.md)."""

GRACE_S = 15.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--port."""
    parser.add_argument("--port", type=port, default=8700, help="default 8700; 0 takes a free one")


def needs_django(args: argparse.Namespace) -> bool:
    """The console reads the database."""
    return True


def run(args: argparse.Namespace) -> int:
    """Serve until stopped."""
    from config import database, web

    parent.die_with_parent(GRACE_S)
    database.prepare()
    try:
        web.serve(args.port)
    except web.PortTaken as error:
        print(f"zhenwei serve: {error}", file=sys.stderr)
        return 2
    return 0

"""`python -m examples.platform --data examples/henan [--port 0] [--limit N] [--announce FILE]`.

Serves until SIGTERM or Ctrl-C. One line of JSON, {"port": 4123, "home": "http://127.0.0.1:4123"}, says where:
printed, or written to FILE, which appears complete and is removed at the end.
"""

import argparse
import sys
from pathlib import Path

from common import parent
from examples.announce import announced, told_to_stop
from examples.platform.data import DataError
from examples.platform.server import DEFAULT_LIMIT, serve


def main(arguments: list[str] | None = None) -> int:
    """Run the platform. Returns the exit status: 0 when told to stop, 2 when it cannot start."""
    options = _options(arguments)
    parent.die_with_parent(grace_s=2)
    try:
        server = serve(options.data, options.port, options.limit)
    except (DataError, OSError) as error:
        print(f"the example platform cannot start: {error}", file=sys.stderr)
        return 2
    stop = told_to_stop()
    with server, announced({"port": server.port, "home": server.home}, options.announce):
        stop.wait()
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m examples.platform", description="the example platform")
    parser.add_argument("--data", type=Path, required=True, help="folder that holds accounts.jsonl")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--limit", type=int, default=DEFAULT_LIMIT, help="API calls in five minutes")
    parser.add_argument("--announce", type=Path, help="write the line saying where to this file")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())

"""`python -m examples.platform --data examples/henan [--port 0] [--limit N] [--announce FILE]`.

Serves until SIGTERM or Ctrl-C. One line of JSON, {"port": 4123, "home": "http://127.0.0.1:4123"}, says where:
printed, or written to FILE, which appears complete and is removed at the end.
"""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from common import parent
from examples.platform.data import DataError
from examples.platform.server import DEFAULT_LIMIT, Server, serve


def main(arguments: list[str] | None = None) -> int:
    """Run the platform. Returns the exit status: 0 when told to stop, 2 when it cannot start."""
    options = _options(arguments)
    parent.die_with_parent(grace_s=2)
    try:
        server = serve(options.data, options.port, options.limit)
    except (DataError, OSError) as error:
        print(f"the example platform cannot start: {error}", file=sys.stderr)
        return 2
    stop = threading.Event()

    def told(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told)
    with server:
        _announce(server, options.announce)
        stop.wait()
    if options.announce:
        options.announce.unlink(missing_ok=True)
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m examples.platform", description="the example platform")
    parser.add_argument("--data", type=Path, required=True, help="folder that holds accounts.jsonl")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--limit", type=int, default=DEFAULT_LIMIT, help="API calls in five minutes")
    parser.add_argument("--announce", type=Path, help="write the line saying where to this file")
    return parser.parse_args(arguments)


def _announce(server: Server, path: Path | None) -> None:
    line = json.dumps({"port": server.port, "home": server.home})
    if path is None:
        print(line, flush=True)
        return
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(line + "\n", encoding="ascii")
    unfinished.replace(path)


if __name__ == "__main__":
    sys.exit(main())

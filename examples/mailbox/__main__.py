"""`python -m examples.mailbox --folder FOLDER [--port 0] [--announce FILE]`.

Takes mail until SIGTERM or Ctrl-C. One line of JSON, {"port": 4125}, says where: printed, or written to FILE,
which appears complete and is removed at the end.
"""

import argparse
import sys
from pathlib import Path

from common import parent
from examples.announce import announced, told_to_stop
from examples.mailbox.catcher import catch
from examples.mailbox.store import Store


def main(arguments: list[str] | None = None) -> int:
    """Run the mailbox. Returns the exit status: 0 when told to stop, 2 when it cannot start."""
    options = _options(arguments)
    parent.die_with_parent(grace_s=2)
    try:
        catcher = catch(Store(options.folder), options.port)
    except OSError as error:
        print(f"the example mailbox cannot start: {error}", file=sys.stderr)
        return 2
    stop = told_to_stop()
    with catcher, announced({"port": catcher.port}, options.announce):
        stop.wait()
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m examples.mailbox", description="the example mailbox")
    parser.add_argument(
        "--folder", type=Path, required=True, help="where mail is kept; made if it is missing"
    )
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--announce", type=Path, help="write the line saying where to this file")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())

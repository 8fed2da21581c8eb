"""How a server of the examples says where it listens: one line of JSON, printed or written to a file."""

import json
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType


@contextmanager
def announced(place: dict[str, object], path: Path | None) -> Iterator[None]:
    """Say `place` on standard output, or in the file `path`, which appears complete and goes at the end."""
    line = json.dumps(place)
    if path is None:
        print(line, flush=True)
        yield
        return
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(line + "\n", encoding="ascii")
    unfinished.replace(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def told_to_stop() -> threading.Event:
    """An event that SIGTERM and Ctrl-C set; call it in the main thread, before announcing anything."""
    stop = threading.Event()

    def told(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told)
    return stop

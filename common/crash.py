"""Named places where a test may kill the process, so that every commit boundary is tried, not only likely ones."""

import os
import signal

from common.datafolder import mode


def crash_point(name: str) -> None:
    """Die by SIGKILL here if ZHENWEI_CRASH_AT names this point. Does nothing in production, whatever is set."""
    if os.environ.get("ZHENWEI_CRASH_AT") == name and mode() == "test":
        os.kill(os.getpid(), signal.SIGKILL)

"""Named places where a test may kill the process, so that every commit boundary is tried."""

import os
import signal

from common.datafolder import mode


def crash_point(name: str) -> None:
    """Die by SIGKILL here if ZHENWEI_CRASH_AT names this point; only in a test's data folder."""
    if os.environ.get("ZHENWEI_CRASH_AT") == name and mode() == "test":
        os.kill(os.getpid(), signal.SIGKILL)

"""What the spider watches beside its questions."""

import subprocess
import sys

from common.datafolder import CHECKOUT

CHILD = "from crawlers.spider import memory_kib; print(memory_kib())"
PARENT = f"""
import subprocess, sys
held = bytearray(400 * 2**20)
subprocess.run([sys.executable, "-c", {CHILD!r}], check=True)
"""


def test_the_memory_of_the_parent_is_not_counted_as_the_childs() -> None:
    """A scan of a large register holds much; its crawl would have been stopped at once."""
    done = subprocess.run(
        [sys.executable, "-c", PARENT], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert 10 * 1024 < int(done.stdout) < 300 * 1024

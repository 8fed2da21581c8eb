"""Starts the crawl process for a plan. What the parent needs of this package, without importing Scrapy."""

import os
import subprocess
import sys
from pathlib import Path

from common import datafolder, parent
from crawlers import plan as plans
from crawlers.plan import Plan

_PASSED_ON = ("PATH", "ZHENWEI_VAR", "ZHENWEI_CRASH_AT", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""Neither proxies nor secrets of the parent reach the child."""


def start(plan: Plan, folder: Path) -> subprocess.Popen[bytes]:
    """Write `plan` into the spool `folder` (made if missing) and start its child.

    SIGTERM makes the child finish what is in flight and account for the rest; its exit codes stand in
    `crawlers.child`, its complaints in `<run>.log` beside the spool.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    plan_path = folder / f"{plan.run}.plan.json"
    plans.write(plan, plan_path)
    log = os.open(folder / f"{plan.run}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "crawlers.child", str(plan_path), str(folder)],
            cwd=datafolder.CHECKOUT,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    finally:
        os.close(log)


def _environment() -> dict[str, str]:
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    # Each thread of the resolver would reserve 64 MiB of the limited address space for its own arena.
    return passed | parent.environment() | {"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2"}

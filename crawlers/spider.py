"""The one spider: carries out a plan, all hosts at the same time, each by its own chain."""

import asyncio
import resource
import signal
from collections import defaultdict
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import scrapy

from crawlers import chain, settings
from crawlers.plan import PlannedTask
from crawlers.run import Run

MAX_MEMORY_KIB = 512 * 1024
WATCH_S = 1.0


class PlanSpider(scrapy.Spider):
    """Works through the chains and closes the spool; requests go through the engine's `download_async`."""

    name = "plan"

    def __init__(self, run: Run, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run

    async def start(self) -> AsyncIterator[Any]:
        """Everything happens before the first yield: what is left for the scheduler is nothing."""
        settings.check_running(self.crawler)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.run.stop, "asked to stop")
        watch = asyncio.create_task(self._watch())
        try:
            self.run.begin()
            download = self.crawler.engine.download_async
            await asyncio.gather(*(chain.work(self.run, tasks, download) for tasks in self._chains()))
            if self.run.spool_error is None:
                self.run.finish()
        finally:
            watch.cancel()
        nothing_left: tuple[scrapy.Request, ...] = ()
        for request in nothing_left:
            yield request

    def _chains(self) -> list[list[PlannedTask]]:
        """The tasks by host, in the order of the plan."""
        chains: dict[str, list[PlannedTask]] = defaultdict(list)
        for task in self.run.plan.tasks:
            chains[self.run.plan.source(task.source).origin.pair].append(task)
        return list(chains.values())

    async def _watch(self) -> None:
        """Each second: sync the spool; stop at the deadline or with too much memory."""
        deadline = asyncio.get_running_loop().time() + self.run.plan.deadline_s
        while True:
            await asyncio.sleep(WATCH_S)
            self.run.sync()
            if asyncio.get_running_loop().time() >= deadline:
                self.run.stop("the deadline was reached")
            if memory_kib() > MAX_MEMORY_KIB:
                self.run.stop("more than 512 MiB of memory used")


def memory_kib() -> int:
    """The memory this process holds now; 0 where there is no /proc, and the limit of `child` alone bounds it.

    Not `ru_maxrss`: there Linux counts what the parent held when it started this program.
    """
    statm = Path("/proc/self/statm")
    pages = int(statm.read_text(encoding="ascii").split()[1]) if statm.exists() else 0
    return pages * resource.getpagesize() // 1024

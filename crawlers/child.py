"""The crawl process: `python -m crawlers.child PLAN SPOOLDIR`. Knows no database and holds no secret.

Exit codes: 0 every task was asked; 3 stopped early (signal, deadline), what was left is accounted as
deferred; 2 the plan cannot be carried out; 1 the run failed and its spool ends at its last whole line.
"""

import os
import resource
import sys
from collections.abc import Sequence
from pathlib import Path

from scrapy.crawler import AsyncCrawlerProcess

from common import datafolder, parent
from crawlers import plan as plans
from crawlers import settings
from crawlers.middlewares import http_client
from crawlers.plan import Plan, PlanError
from crawlers.run import Run
from crawlers.spider import PlanSpider
from crawlers.spool import SpoolError, SpoolWriter

DONE, FAILED, BAD_PLAN, STOPPED = 0, 1, 2, 3
MAX_ADDRESS_SPACE = 768 * 2**20
MAX_CPU_S = 600


def main(arguments: Sequence[str]) -> int:
    """Carry out the plan and return the exit code."""
    if len(arguments) != 2:
        print("usage: python -m crawlers.child PLAN SPOOLDIR", file=sys.stderr)  # noqa: T201
        return BAD_PLAN
    _limit()
    # At once: the spool is whole after every line, and nobody is left to renew the lease of the hosts.
    parent.die_with_parent()
    try:
        plan = plans.read(Path(arguments[0]))
        _check_mode(plan)
        spool = SpoolWriter(Path(arguments[1]), plan.run)
    except (PlanError, SpoolError) as error:
        print(f"crawl: {error}", file=sys.stderr)  # noqa: T201
        return BAD_PLAN
    return _crawl(plan, spool)


def _limit() -> None:
    """A hostile answer may cost this process its life, never the machine its memory."""
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_AS, (MAX_ADDRESS_SPACE, MAX_ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_S, MAX_CPU_S + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _check_mode(plan: Plan) -> None:
    """Loopback is opened for tests and the demo only, whoever wrote the plan."""
    if (plan.loopback.addresses or plan.loopback.politeness_off) and datafolder.mode() == "production":
        raise PlanError("plan.loopback: refused, this is a production data folder")


def _crawl(plan: Plan, spool: SpoolWriter) -> int:
    http_client.restrain()
    process = AsyncCrawlerProcess(settings.for_plan(plan))
    run = Run(plan, spool)
    process.crawl(PlanSpider, run=run)
    process.start(install_signal_handlers=False)
    if not run.finished:
        return FAILED
    return STOPPED if run.stop_reason else DONE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What a scan found, for a terminal or a script."""

from collections import Counter
from datetime import datetime
from typing import Any

from common.clock import BEIJING
from common.table import render, shown
from config import pipeline
from config.answers import Measured
from config.pipeline import Scanned
from detection.detect import Detected
from detection.models import Suspect
from observations.models import Coverage, CrawlRun, Task

MAX_WORDS = 40
PURPOSES = {"search": "search for imitators", "self": "look at itself"}
WORDS = {"lapsed": "lapsed", "due_soon": "due soon", "not_observed": "not observed", "in_time": "in time"}


def answered(run: CrawlRun) -> int:
    """How many questions of the run have their answer."""
    return run.tasks - Task.objects.filter(run=run).count()


def text(scanned: Scanned, key: Measured | None, limit: int, now: datetime) -> str:
    """The scan as tables and sentences; `limit` suspects are listed, the worst first."""
    parts = [asked(scanned.run, now), _suspects(scanned.detected, limit), _watch(scanned), _coverage()]
    return "\n\n".join([*parts, _measured(key)] if key else parts)


def as_json(scanned: Scanned, key: Measured | None) -> dict[str, Any]:
    """The scan as plain values."""
    run = scanned.run
    return {
        "run": str(run.key) if run else None,
        "state": run.state if run else "nothing due",
        "problem": run.problem if run else "",
        "questions": run.tasks if run else 0,
        "detected": vars(scanned.detected),
        "watch": dict(scanned.verdicts),
        "coverage": {f"{purpose}.{state}": n for (purpose, state), n in _coverage_counts().items()},
        "answer_key": vars(key) if key else None,
    }


def asked(run: CrawlRun | None, now: datetime) -> str:
    """How a crawl went, in a sentence; without a crawl, why there was none."""
    if run is None:
        return f"Nothing was asked: {_why_not(now)}."
    took = (run.finished_at - run.started_at).total_seconds() if run.finished_at else 0
    problem = f"; {shown(run.problem)}" if run.problem else ""
    return f"Asked {run.tasks} questions in {took:.0f} s, {run.responses.count()} answers{problem}."


def _why_not(now: datetime) -> str:
    if CrawlRun.objects.filter(state="crawling").exists():
        return "another scan is asking at this moment"
    due = pipeline.next_due()
    if due is None:
        return "no platform is enabled, or the register is empty (zhenwei platforms enable, zhenwei import)"
    if due <= now:
        return "today's requests to the platforms that have questions due are spent"
    return f"the next question can be asked at {due.astimezone(BEIJING):%Y-%m-%d %H:%M} Beijing time"


def _suspects(detected: Detected, limit: int) -> str:
    found = Suspect.objects.select_related("observation", "target").order_by("severity", "-score", "pk")
    if not detected.found:
        return f"No suspect among {detected.compared} strangers seen. What could not be checked is below."
    rows = [
        (
            s.severity,
            f"{s.score:.2f}",
            s.observation.name,
            f"@{s.observation.handle}",
            s.target.name,
            _because(s),
        )
        for s in found[:limit]
    ]
    table = render(("", "score", "suspect", "handle", "imitates", "because"), rows)
    more = f"\n… {detected.found - limit} more in the console" if detected.found > limit else ""
    head = f"{detected.found} suspects among {detected.compared} strangers seen, {detected.new} new:"
    return f"{head}\n{table}{more}"


def _because(suspect: Suspect) -> str:
    """The first reason, cut to what a line can hold; the console has all of it."""
    words = str(suspect.reasons[0]["zh"]) if suspect.reasons else ""
    return words if len(words) <= MAX_WORDS else words[: MAX_WORDS - 1] + "…"


def _watch(scanned: Scanned) -> str:
    rows = [(WORDS[verdict], str(scanned.verdicts[verdict])) for verdict in WORDS]
    return "Registered accounts, judgements by rule:\n" + render(("", "judgements"), rows)


def _coverage() -> str:
    rows = [
        (PURPOSES[purpose], state.replace("_", " "), str(count))
        for (purpose, state), count in sorted(_coverage_counts().items())
    ]
    return "What was looked at, per registered account:\n" + render(("", "state", "accounts"), rows)


def _coverage_counts() -> Counter[tuple[str, str]]:
    return Counter(Coverage.objects.values_list("purpose", "state"))


def _measured(key: Measured) -> str:
    lines = [
        f"Answer key: {key.planted} counterfeits planted, {key.reached} reached by a query, {key.found} of "
        f"those found; {key.false_alarms} genuine or unrelated accounts flagged."
    ]
    if key.missed:
        lines.append(f"Reached but not recognised: {'、'.join(key.missed)}")
    if key.attributed_otherwise:
        lines.append(f"Found as imitations of another account: {'、'.join(key.attributed_otherwise)}")
    if key.unreached:
        lines.append(f"Reached by no query: {len(key.unreached)}")
    return "\n".join(lines)

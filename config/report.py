"""What a scan found, for a terminal or a script."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.utils import translation

from common.clock import BEIJING
from common.table import render, shown
from config import pipeline, platform_report
from config.answers import Measured
from config.pipeline import Scanned
from console import words
from detection.detect import Detected
from detection.difference import differences
from detection.models import Suspect
from observations.models import Coverage, CrawlRun, Source, Task
from registry.models import Account
from review.intake import Taken

WITHIN = 100  # columns of the tables
MAX_CHANGES = 3  # more say nothing at a glance
WHOLE_NAME = ("same_body", "abbreviated", "reordered")  # no single character tells
SAME_HANDLE = "同用户名 same handle"
CHANGES = {"replace": "{2}→{1}", "insert": "+{1}", "delete": "-{2}"}
PURPOSES = {"search": "查找仿冒 search for imitators", "self": "账号本身 the account itself"}
VERDICTS = {
    "lapsed": "超期 lapsed",
    "due_soon": "即将到期 due soon",
    "not_observed": "未观测到 not observed",
    "in_time": "正常 in time",
}


def answered(run: CrawlRun) -> int:
    """How many questions of the run have their answer."""
    return run.tasks - Task.objects.filter(run=run).count()


def text(scanned: Scanned, key: Measured | None, limit: int, now: datetime) -> str:
    """The scan as tables and sentences; `limit` suspects are listed, the worst first."""
    parts = [asked(scanned.run, now), _suspects(scanned.detected, limit)]
    if any(vars(scanned.taken).values()):
        parts.append(_cases(scanned.taken))
    if Coverage.objects.exists():  # otherwise no account is registered, and there is nothing to count
        parts += [_watch(scanned), _coverage(), platform_report.text()]
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
        "cases": vars(scanned.taken),
        "watch": dict(scanned.verdicts),
        "coverage": {f"{purpose}.{state}": n for (purpose, state), n in _coverage_counts().items()},
        "answer_key": vars(key) if key else None,
    }


def asked(run: CrawlRun | None, now: datetime) -> str:
    """How a crawl went, in a sentence; without a crawl, why there was none."""
    if run is None:
        return f"本次未提问。\nNothing was asked: {_why_not(now)}."
    took = (run.finished_at - run.started_at).total_seconds() if run.finished_at else 0
    problem = f"; {shown(run.problem)}" if run.problem else ""
    answers = run.responses.count()
    return (
        f"提问 {run.tasks} 次，用时 {took:.0f} 秒，收到应答 {answers} 次。\n"
        f"Asked {run.tasks} questions in {took:.0f} s, {answers} answers{problem}."
    )


def _why_not(now: datetime) -> str:
    if CrawlRun.objects.filter(state="crawling").exists():
        return "another scan is asking at this moment"
    due = pipeline.next_due()
    if due is None:
        return _what_is_missing()
    if due <= now:
        return "today's requests to the platforms that have questions due are spent"
    return f"the next question can be asked at {due.astimezone(BEIJING):%Y-%m-%d %H:%M} Beijing time"


def _what_is_missing() -> str:
    if not Source.objects.filter(enabled=True).exists():
        return "no platform is enabled: zhenwei platforms enable ID …"
    if not Account.objects.exists():
        return "no account is registered: zhenwei import registry FILE"
    return "no registered account in use gives a question to the enabled platforms"


def _suspects(detected: Detected, limit: int) -> str:
    found = Suspect.objects.select_related("observation", "target").order_by("severity", "-score", "pk")
    if not detected.compared:
        return (
            "未看到任何账号，因此不能判断有无仿冒。\nNo account was seen, so nothing is known of imitators."
        )
    if not detected.found:
        return (
            f"看到陌生账号 {detected.compared} 个，无疑似仿冒；未核查的部分见下表。\n"
            f"No suspect among {detected.compared} strangers seen. What could not be checked is below."
        )
    rows = [
        (
            s.severity,
            f"{s.score:.2f}",
            s.observation.name,
            s.observation.handle and f"@{s.observation.handle}",
            s.target.name,
            _why(s),
        )
        for s in found[:limit]
    ]
    titles = ("", "评分", "疑似 suspect", "用户名 handle", "所仿 imitates", "理由 why")
    more = f"另有 {detected.found - limit} 个 more; " if detected.found > limit else ""
    return (
        f"看到陌生账号 {detected.compared} 个，疑似仿冒 {detected.found} 个，其中新增 {detected.new} 个：\n"
        f"{detected.found} suspects among {detected.compared} strangers seen, {detected.new} new:\n"
        f"{render(titles, rows, WITHIN)}\n"
        f"… {more}完整依据见控制台 the whole reasons are in the console"
    )


def _why(suspect: Suspect) -> str:
    """The kind of imitation and the characters in question: 形近字 人→入. The console has the sentences."""
    with translation.override("zh-hans"):
        kind = str(words.KINDS.get(suspect.kind, suspect.kind))
    compared = suspect.reasons[0]["detail"]
    if suspect.kind == "identical" and compared.get("candidate") == suspect.observation.handle:
        return SAME_HANDLE
    spans = differences(compared.get("candidate", ""), compared.get("official", ""))
    changes = [CHANGES[span.op].format(*span) for span in spans if span.op != "equal"]
    told = suspect.kind not in WHOLE_NAME and len(changes) <= MAX_CHANGES
    return " ".join([kind, *changes]) if told else kind


def _cases(taken: Taken) -> str:
    failed = f"\n未能立案 could not be taken in, see the log: {taken.left_out}" if taken.left_out else ""
    return (
        f"新立案 {taken.opened} 件，再次立案 {taken.raised} 件，并入待判案件 {taken.joined} 件；"
        f"已有研判结论、不再提示 {taken.covered} 件。\n"
        f"{taken.opened} cases opened, {taken.raised} raised again, {taken.joined} joined by later evidence; "
        f"{taken.covered} suspects covered by a decision.{failed}"
    )


def _watch(scanned: Scanned) -> str:
    rows = [(title, str(scanned.verdicts[verdict])) for verdict, title in VERDICTS.items()]
    return "登记账号更新情况 Registered accounts, judgements by rule:\n" + render(
        ("", "判定 judgements"), rows
    )


def _coverage() -> str:
    rows = [
        (PURPOSES[purpose], _state(state), str(count))
        for (purpose, state), count in sorted(_coverage_counts().items())
    ]
    head = "核查覆盖 What was looked at, per registered account:\n"
    return head + render(("", "状态 state", "账号 accounts"), rows)


def _state(code: str) -> str:
    with translation.override("zh-hans"):
        return f"{words.COVERAGE_STATES.get(code, '')} {code.replace('_', ' ')}".strip()


def _coverage_counts() -> Counter[tuple[str, str]]:
    return Counter(Coverage.objects.values_list("purpose", "state"))


def _measured(key: Measured) -> str:
    lines = [
        f"对照答案：植入仿冒 {key.planted} 个，查询触及 {key.reached} 个，查出 {key.found} 个；"
        f"误报 {key.false_alarms} 个。",
        f"Answer key: {key.planted} counterfeits planted, {key.reached} reached by a query, {key.found} of "
        f"those found; {key.false_alarms} genuine or unrelated accounts flagged.",
    ]
    lines += [
        f"  {place}: {planted} planted, {reached} reached, {found} found"
        for place, (planted, reached, found) in key.places.items()
    ]
    if key.missed:
        lines.append(f"触及但未识别 reached but not recognised: {'、'.join(key.missed)}")
    if key.attributed_otherwise:
        others = "、".join(key.attributed_otherwise)
        lines.append(f"查出但归到别的账号 found as imitations of another account: {others}")
    if key.unreached:
        lines.append(f"未被任何查询触及 reached by no query: {len(key.unreached)}")
    return "\n".join(lines)

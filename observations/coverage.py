"""What was looked at, per registered account: the ledger on which every "nothing found" rests."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from common.clock import BEIJING
from observations.judge import ANSWERED, Answer, Looked, judge
from observations.models import Coverage, Handover, Source, Task
from observations.told import words
from registry.models import Account

STAGES = {"search": ("search", "lookup"), "self": ("profile", "posts")}
COLUMNS = (
    "account_id",
    "task__stage",
    "task__state",
    "task__complete",
    "task__reason",
    "task__due_at",
    "task__looked_at",
)
HOURLY = timedelta(hours=1)
OVERDUE = timedelta(hours=24)
"""A question waiting for longer than this counts as not asked, whatever was answered before it was due."""
BATCH = 500
NO_SOURCE = Looked("no_access", "没有启用可查询的平台", "no platform is enabled that could be asked")
NO_EXPORT = Looked(
    "no_access",
    "该平台尚无导入的导出文件",
    "no export of this platform has been handed in yet",
)
NOT_HERE = Looked("no_access", "该账号所在的平台未启用", "the platform this account lives on is not enabled")


class Line(NamedTuple):
    """One line of the ledger; `looked_at` is when its questions were last answered."""

    account: int
    source: int | None
    platform: str
    purpose: str
    looked: Looked
    looked_at: datetime | None


def refresh(now: datetime) -> None:
    """Bring the ledger in line with the last answer to every question. Call inside a transaction."""
    sources = list(Source.objects.filter(enabled=True))
    lines = [line for source in sources for line in _lines(source, now)] + _unreachable(sources)
    kept = {line[:4] for line in lines}
    have = {(row.account_id, row.source_id, row.platform, row.purpose): row for row in Coverage.objects.all()}
    gone = [row.pk for key, row in have.items() if key not in kept]
    for start in range(0, len(gone), BATCH):
        Coverage.objects.filter(pk__in=gone[start : start + BATCH]).delete()
    # An upsert by id that always finds its row: several times as fast as bulk_update.
    Coverage.objects.bulk_create(
        [_changed(have[line[:4]], line, now) for line in lines if line[:4] in have],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["state", "reason", "at", "last_checked_at"],
    )
    new = [_new(line, now) for line in lines if line[:4] not in have]
    Coverage.objects.bulk_create(new, batch_size=BATCH)


def keep_up(now: datetime) -> None:
    """Bring the ledger up to date if nobody did for an hour: answers grow old also when nothing is asked."""
    with transaction.atomic():
        if not Coverage.objects.filter(at__range=(now - HOURLY, now)).exists():
            refresh(now)


def _lines(source: Source, now: datetime) -> Iterable[Line]:
    if not source.is_import_only:
        return _asked(source, now)
    here = {"platform": source.platform, "instance": source.instance}
    has_files = Handover.objects.filter(**here).exists()
    return _awaited(source, now) if has_files else _never_handed_in(source)


def _never_handed_in(source: Source) -> Iterator[Line]:
    """Lines of accounts about which only a file could tell, where nobody has brought one."""
    for purpose, stages in STAGES.items():
        asked = Task.accounts.through.objects.filter(task__source=source, task__stage__in=stages)
        for account in asked.values_list("account_id", flat=True).distinct():
            yield Line(account, source.pk, source.platform, purpose, NO_EXPORT, None)


def _awaited(source: Source, now: datetime) -> Iterator[Line]:
    """Lines of every account about which files were handed in: what they answered, and on whose word."""
    for purpose, stages in STAGES.items():
        known: dict[int, list[Answer]] = defaultdict(list)
        told: dict[int, list[str]] = defaultdict(list)
        looked_at: dict[int, datetime] = {}
        asked = Task.accounts.through.objects.filter(task__source=source, task__stage__in=stages)
        for account, _, state, complete, reason, due_at, at in asked.values_list(*COLUMNS).iterator():
            is_fresh = state in ANSWERED and due_at >= now
            known[account].append(Answer(state, complete, "") if is_fresh else _awaiting(state, due_at))
            if state in ANSWERED:
                told[account].append(reason)
                looked_at[account] = max(at, looked_at.get(account, at))
        for account, answers in known.items():
            looked = _as_told(judge(answers), told[account])
            yield Line(account, source.pk, source.platform, purpose, looked, looked_at.get(account))


def _awaiting(state: str, due_at: datetime) -> Answer:
    """A question no file has answered, or whose answer has grown old."""
    since = f"{due_at.astimezone(BEIJING):%Y-%m-%d}" if state in ANSWERED else ""
    return Answer("awaiting", False, since)


def _as_told(looked: Looked, reasons: list[str]) -> Looked:
    if not reasons:
        return looked
    zh, en = words(reasons)
    return Looked(looked.state, f"{looked.zh}；{zh}", f"{looked.en}; {en}")


def _asked(source: Source, now: datetime) -> Iterable[Line]:
    """Lines of every account that `source` is asked about."""
    for purpose, stages in STAGES.items():
        answers: dict[int, list[Answer]] = defaultdict(list)
        looked_at: dict[int, datetime] = {}
        asked = Task.accounts.through.objects.filter(task__source=source, task__stage__in=stages)
        rows = asked.values_list(*COLUMNS).iterator()
        for account, stage, state, complete, reason, due_at, answered_at in rows:
            # The newest page of a timeline answers the question whole, however long the timeline is.
            answer = Answer(state, complete or stage == "posts", reason)
            answers[account].append(_if_fresh(answer, due_at, now))
            if answered_at is not None:
                looked_at[account] = max(answered_at, looked_at.get(account, answered_at))
        for account, known in answers.items():
            yield Line(account, source.pk, source.platform, purpose, judge(known), looked_at.get(account))


def _if_fresh(answer: Answer, due_at: datetime, now: datetime) -> Answer:
    if answer.state in ANSWERED and due_at < now - OVERDUE:
        return Answer("deferred", False, f"due since {due_at.astimezone(BEIJING):%Y-%m-%d}")
    return answer


def _unreachable(sources: list[Source]) -> list[Line]:
    """Accounts nobody can be asked about, or whose own platform is not enabled."""
    enabled = {(source.platform, source.instance) for source in sources}
    lines = []
    for account in Account.objects.exclude(state="deregistered"):
        if not sources:
            lines.append(Line(account.pk, None, account.platform, "search", NO_SOURCE, None))
        if (account.platform, account.instance) not in enabled:
            lines.append(Line(account.pk, None, account.platform, "self", NOT_HERE, None))
    return lines


def _changed(row: Coverage, line: Line, now: datetime) -> Coverage:
    row.state, row.reason, row.at = line.looked.state, _reason(line.looked), now
    row.last_checked_at = line.looked_at or row.last_checked_at
    return row


def _new(line: Line, now: datetime) -> Coverage:
    return Coverage(
        account_id=line.account,
        source_id=line.source,
        platform=line.platform,
        purpose=line.purpose,
        state=line.looked.state,
        reason=_reason(line.looked),
        at=now,
        last_checked_at=line.looked_at,
    )


def _reason(looked: Looked) -> dict[str, str]:
    return {"zh": looked.zh, "en": looked.en}

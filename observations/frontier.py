"""The frontier: one row per question to a source, due at a time, leased to one run, answered with a state.

`refresh` derives the rows from the register, so an account added today is asked about today and one that was
retired is no longer. `lease` hands the best due rows to a run; `answer` and `release` give them back.
Questions to an import-only platform are leased to nobody: files answer them (`observations.answering`).
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models, transaction

from crawlers import specs
from observations.models import CrawlRun, Source, Task
from observations.questions import Question, Subject, for_files, questions
from registry.models import Account, ProtectedName

# How long an answer holds. A failure to look is tried again sooner than an answer is refreshed.
NEXT_DUE = {
    "ok": timedelta(hours=24),
    "empty": timedelta(hours=24),
    "not_found": timedelta(hours=24),
    "robots": timedelta(hours=24),
    "quarantine": timedelta(hours=24),
    "robots_unreachable": timedelta(hours=6),
    "challenge": timedelta(hours=12),
    "egress": timedelta(hours=24),
    "budget": timedelta(hours=1),
    "deferred": timedelta(hours=1),
    "error": timedelta(hours=1),
}


def refresh(source: Source, now: datetime) -> int:
    """Bring the questions to `source` in line with the register; returns how many are new."""
    wanted = _wanted(source)
    with transaction.atomic():
        known = {tuple(key): pk for pk, *key in source.tasks.values_list("pk", "stage", "value")}
        new = [
            Task(source=source, stage=q.stage, value=q.value, rank=q.rank, due_at=now)
            for (stage, value), (q, _) in wanted.items()
            if (stage, value) not in known
        ]
        known |= {(task.stage, task.value): task.pk for task in Task.objects.bulk_create(new, batch_size=500)}
        _link(source, {known[key]: accounts for key, (_, accounts) in wanted.items()})
    return len(new)


def due(source: Source, now: datetime) -> int:
    """How many questions to `source` are due."""
    return _due(source, now).count()


def lease(run: CrawlRun, source: Source, limit: int, now: datetime) -> list[Task]:
    """At most `limit` due questions, best rank first, marked as this run's. Call inside a transaction."""
    tasks = list(_due(source, now).order_by("rank", "due_at", "pk")[:limit])
    Task.objects.filter(pk__in=[task.pk for task in tasks]).update(run=run)
    return tasks


def release(run: CrawlRun, why: str) -> int:
    """Give back what a run left unanswered: due again at once, and until then not looked at, for `why`."""
    left = Task.objects.filter(run=run)
    return left.update(run=None, state="deferred", reason=why[:500], complete=False)


def make_due(source: Source, now: datetime) -> None:
    """Ask everything now, whatever its time (`zhenwei scan --now`)."""
    source.tasks.filter(run=None).update(due_at=now)


def _due(source: Source, now: datetime) -> models.QuerySet[Task]:
    return source.tasks.filter(run=None, due_at__lte=now, accounts__isnull=False).distinct()


def _wanted(source: Source) -> dict[tuple[str, str], tuple[Question, set[int]]]:
    stages = () if source.is_import_only else specs.load(source.platform).stages
    wanted: dict[tuple[str, str], tuple[Question, set[int]]] = {}
    for pk, subject in _subjects(source):
        for question in for_files(subject) if source.is_import_only else questions(subject, stages):
            entry = wanted.setdefault((question.stage, question.value), (question, set()))
            entry[1].add(pk)
            if question.rank < entry[0].rank:
                wanted[question.stage, question.value] = (question, entry[1])
    return wanted


def _subjects(source: Source) -> Iterable[tuple[int, Subject]]:
    protected = defaultdict(list)
    for name in ProtectedName.objects.order_by("pk"):
        protected[name.unit_id, name.account_id].append(name.text)
    for account in Account.objects.order_by("pk"):
        here = (account.platform, account.instance) == (source.platform, source.instance)
        own_uid = account.platform_uid if here and account.state != "deregistered" else None
        own, units = protected[account.unit_id, account.pk], protected[account.unit_id, None]
        names = tuple(dict.fromkeys([account.name, *own, *units]))
        yield account.pk, Subject(names, account.handle, own_uid)


def _link(source: Source, wanted: dict[int, set[int]]) -> None:
    """Make the links task → account exactly `wanted`."""
    links = Task.accounts.through.objects
    have = set(links.filter(task__source=source).values_list("task_id", "account_id"))
    want = {(task, account) for task, accounts in wanted.items() for account in accounts}
    gone = have - want
    if gone:
        stale = [
            pk
            for pk, *pair in links.filter(task__source=source).values_list("pk", "task_id", "account_id")
            if tuple(pair) in gone
        ]
        for start in range(0, len(stale), 500):
            links.filter(pk__in=stale[start : start + 500]).delete()
    rows = [Task.accounts.through(task_id=task, account_id=account) for task, account in sorted(want - have)]
    links.bulk_create(rows, batch_size=500, ignore_conflicts=True)

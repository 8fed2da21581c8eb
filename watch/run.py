"""Registered accounts × what was seen of them → findings. The judging is `watch.dormancy`.

Accounts are read and judged some hundred at a time, so the number of queries hardly grows with the register.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from audit_logs.record import record
from common.clock import BEIJING
from observations.judge import ANSWERED
from observations.models import Coverage, Publication, Task
from registry.models import Account, AccountKind
from watch.dormancy import RULES_VERSION, WEEK, Look, Problem, Verdict, dormant_veto, slow_update
from watch.models import Finding
from watch.profiles import Limit, limit

SEVERITY = {"lapsed": "S3", "due_soon": "S4", "in_time": "", "not_observed": ""}
BATCH = 500


def watch(now: datetime) -> Counter[str]:
    """Judge every account in service by every rule in force; returns how many stand how."""
    core = set(AccountKind.objects.filter(is_core=True).values_list("platform", flat=True))
    verdicts: Counter[str] = Counter()
    with transaction.atomic():
        written = 0
        for accounts in _in_service():
            looks = _looks(accounts, now)
            findings = [f for a in accounts for f in _judged(a, looks[a.pk], a.platform in core, now)]
            verdicts.update(finding.verdict for finding in findings)
            written += _keep(findings)
        # The ticker comes every minute: only what changed is worth an entry of the log.
        if written:
            details = {"findings": written, "rules_version": RULES_VERSION, **verdicts}
            record("system:watch", "watch.watch", ("register", "all"), details, at=now)
    return verdicts


def _in_service() -> Iterator[list[Account]]:
    accounts = list(Account.objects.filter(state="in_service").select_related("unit__line_division"))
    return (accounts[start : start + BATCH] for start in range(0, len(accounts), BATCH))


def _judged(account: Account, look: Look, is_core: bool, now: datetime) -> Iterator[Finding]:
    path, today = account.unit.line_division.path, now.astimezone(BEIJING).date()
    if gap := limit("veto_gap_days", path, today):
        yield _finding(account, "dormant_veto", gap, dormant_veto(look, gap.value, now), now)
    if weekly := limit("updates_core" if is_core else "updates_other", path, today):
        verdict = slow_update(look, weekly.value, account.opened_on, now)
        yield _finding(account, "slow_update", weekly, verdict, now)


def _looks(accounts: Collection[Account], now: datetime) -> dict[int, Look]:
    """What was seen of the publications of each account; a failed look does not undo an earlier one."""
    tasks, times, problems = _tasks(accounts), _times(accounts, now), _problems(accounts)
    looks = {}
    for account in accounts:
        task = tasks.get((account.platform, account.instance, account.platform_uid))
        problem = None if task and task.state in ANSWERED else problems.get(account.pk)
        looks[account.pk] = (
            Look(times[account.pk], task.looked_at, task.seen_back_to, problem)
            if task
            else Look((), None, None, problem)
        )
    return looks


def _tasks(accounts: Collection[Account]) -> dict[tuple[str, str, str], Task]:
    """The question for publications, by what its account is known by."""
    uids = [account.platform_uid for account in accounts]
    asked = Task.objects.filter(source__enabled=True, stage="posts", value__in=uids)
    return {
        (task.source.platform, task.source.instance, task.value): task
        for task in asked.select_related("source")
    }


def _times(accounts: Collection[Account], now: datetime) -> dict[int, list[datetime]]:
    """All times the rules look at: of two weeks, which hold the last closed one, and the last one before."""
    published, since = Publication.objects.filter(account__in=accounts), now - 2 * WEEK
    times: dict[int, list[datetime]] = defaultdict(list)
    recent = published.filter(at__gte=since).values_list("account_id", "at")
    before = published.filter(at__lt=since).values_list("account_id").annotate(Max("at"))
    for account, at in (*recent, *before):
        times[account].append(at)
    return times


def _problems(accounts: Collection[Account]) -> dict[int, Problem]:
    """Why an account could not be looked at, in the words of the ledger."""
    lines = Coverage.objects.filter(account__in=accounts, purpose="self").order_by("-pk")
    return {line.account_id: Problem(line.reason["zh"], line.reason["en"]) for line in lines}


def _finding(account: Account, rule: str, bound: Limit, verdict: Verdict, now: datetime) -> Finding:
    return Finding(
        account=account,
        rule=rule,
        verdict=verdict.verdict,
        severity=SEVERITY[verdict.verdict],
        profile=bound.profile.code,
        inputs=verdict.inputs,
        reasons=[vars(verdict.reason)],
        rules_version=RULES_VERSION,
        found_at=now,
    )


def _keep(findings: list[Finding]) -> int:
    """Write those that say otherwise than the newest row of their account and rule; returns how many."""
    stored = Finding.objects.filter(is_newest=True, account__in={f.account_id for f in findings})
    newest = {(finding.account_id, finding.rule): finding for finding in stored}
    changed, superseded = [], []
    for finding in findings:
        before = newest.get((finding.account_id, finding.rule))
        if before is None or _said(before) != _said(finding):
            changed.append(finding)
            superseded += [before.pk] if before else []
    Finding.objects.filter(pk__in=superseded).update(is_newest=False)
    Finding.objects.bulk_create(changed)
    return len(changed)


def _said(finding: Finding) -> tuple[str, dict[str, object], str]:
    return finding.verdict, finding.inputs, finding.rules_version

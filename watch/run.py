"""Registered accounts × what was seen of them → findings. The judging is `watch.dormancy`."""

from collections import Counter
from datetime import datetime

from django.db import transaction

from audit_logs.record import record
from common.clock import BEIJING
from observations.judge import ANSWERED
from observations.models import Coverage, Publication, Task
from registry.models import Account, AccountKind
from watch.dormancy import RULES_VERSION, Look, Problem, Verdict, dormant_veto, slow_update
from watch.models import Finding
from watch.profiles import Limit, limit

SEVERITY = {"lapsed": "S3", "due_soon": "S4", "in_time": "", "not_observed": ""}


def watch(now: datetime) -> Counter[str]:
    """Judge every account in service by every rule in force; returns how many stand how."""
    core = set(AccountKind.objects.filter(is_core=True).values_list("platform", flat=True))
    verdicts: Counter[str] = Counter()
    with transaction.atomic():
        written = 0
        for account in Account.objects.filter(state="in_service").select_related("unit__line_division"):
            for rule, bound, verdict in _judged(account, account.platform in core, now):
                verdicts[verdict.verdict] += 1
                written += _keep(account, rule, bound, verdict, now)
        details = {"findings": written, "rules_version": RULES_VERSION, **verdicts}
        record("system:watch", "watch.watch", ("register", "all"), details, at=now)
    return verdicts


def _judged(account: Account, is_core: bool, now: datetime) -> list[tuple[str, Limit, Verdict]]:
    path, today = account.unit.line_division.path, now.astimezone(BEIJING).date()
    look = _look(account)
    judged = []
    if gap := limit("veto_gap_days", path, today):
        judged.append(("dormant_veto", gap, dormant_veto(look, gap.value, now)))
    if weekly := limit("updates_core" if is_core else "updates_other", path, today):
        judged.append(("slow_update", weekly, slow_update(look, weekly.value, account.opened_on, now)))
    return judged


def _look(account: Account) -> Look:
    """What was seen of the account's publications; a failed look does not undo an earlier one."""
    task = Task.objects.filter(
        source__platform=account.platform,
        source__instance=account.instance,
        source__enabled=True,
        stage="posts",
        value=account.platform_uid,
    ).first()
    problem = None if task and task.state in ANSWERED else _problem(account)
    if task is None:
        return Look((), None, None, problem)
    times = list(Publication.objects.filter(account=account).values_list("at", flat=True))
    return Look(times, task.looked_at, task.seen_back_to, problem)


def _problem(account: Account) -> Problem | None:
    line = Coverage.objects.filter(account=account, purpose="self").first()
    return Problem(line.reason["zh"], line.reason["en"]) if line else None


def _keep(account: Account, rule: str, bound: Limit, verdict: Verdict, now: datetime) -> bool:
    """Write a row if the account stands otherwise than its newest row says."""
    newest = Finding.objects.filter(account=account, rule=rule, is_newest=True).first()
    if newest and (newest.verdict, newest.inputs, newest.rules_version) == (
        verdict.verdict,
        verdict.inputs,
        RULES_VERSION,
    ):
        return False
    if newest:
        Finding.objects.filter(pk=newest.pk).update(is_newest=False)
    Finding.objects.create(
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
    return True

"""Which files brought an account in and changed it, as far as the imports on record tell."""

import json
from dataclasses import dataclass

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from common.faults import visible
from registry.models import Account, FileImport
from registry.outcome import Change


@dataclass(frozen=True, slots=True)
class Entry:
    """An import that touched an account. `changes`: what is on record of it; only the first of a file are."""

    job: FileImport
    is_first: bool
    changes: tuple[Change, ...]


def imports_of(account: Account, most: int) -> list[Entry]:
    """The imports that brought `account` in or changed it, newest first; `most` at most."""
    entries = (_entry(job, account) for job in _candidates(account)[: 2 * most])
    found = [one for one in entries if one.is_first or one.changes or _is_last(one.job, account)]
    return found[:most]


def _candidates(account: Account) -> QuerySet[FileImport]:
    """Imports of the moments the account was written at, and those whose changes name its number."""
    number = json.dumps(account.platform_uid)[1:-1]
    moments = Q(changed_at__in=(account.created_at, account.changed_at))
    return (
        FileImport.objects.annotate(told=Cast("outcome", TextField()))
        .filter(moments | Q(told__contains=number), kind="registry", state="taken")
        .select_related("by")
        .order_by("-changed_at", "-pk")
    )


def _entry(job: FileImport, account: Account) -> Entry:
    key = "/".join(part for part in (account.platform, account.instance, account.platform_uid) if part)
    told = [Change(**change) for change in job.outcome.get("changes", ())]
    changes = tuple(change for change in told if change.subject.endswith(f"({visible(key)})"))
    return Entry(job, job.changed_at == account.created_at, changes)


def _is_last(job: FileImport, account: Account) -> bool:
    return job.changed_at == account.changed_at

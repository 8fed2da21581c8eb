"""Derives the protected names. A name is never released: when it stops being used, only its reason changes.

- the name of a unit: `unit`;
- the name an account bears: `account`, or `closed` once the account is deregistered;
- a name an account bore before, or bore for another unit: `former`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from registry.models import Account, ProtectedName, Unit

# SQLite takes a limited number of parameters in one statement.
BATCH = 500


def protect_units(units: Iterable[Unit], moment: datetime) -> None:
    """Protect the names of new, saved `units`."""
    names = [ProtectedName(text=unit.name, reason="unit", unit=unit, since=moment) for unit in units]
    ProtectedName.objects.bulk_create(names, batch_size=BATCH)


def protect_accounts(accounts: Sequence[Account], moment: datetime) -> None:
    """Bring the protected names of saved `accounts` in line with how they stand now."""
    stored = _stored(accounts)
    added: list[ProtectedName] = []
    altered: defaultdict[str, list[int]] = defaultdict(list)
    for account in accounts:
        reason = "closed" if account.state == "deregistered" else "account"
        borne = stored.pop((account.pk, account.unit_id, account.name), None)
        if borne is None:
            added.append(
                ProtectedName(
                    text=account.name, reason=reason, unit=account.unit, account=account, since=moment
                )
            )
        elif borne.reason != reason:
            altered[reason].append(borne.pk)
    for name in stored.values():
        if name.reason != "former":
            altered["former"].append(name.pk)
    ProtectedName.objects.bulk_create(added, batch_size=BATCH)
    for reason, keys in altered.items():
        for start in range(0, len(keys), BATCH):
            ProtectedName.objects.filter(pk__in=keys[start : start + BATCH]).update(reason=reason)


def _stored(accounts: Sequence[Account]) -> dict[tuple[int | None, int, str], ProtectedName]:
    rows: dict[tuple[int | None, int, str], ProtectedName] = {}
    for start in range(0, len(accounts), BATCH):
        keys = [account.pk for account in accounts[start : start + BATCH]]
        for name in ProtectedName.objects.filter(account_id__in=keys):
            rows[name.account_id, name.unit_id, name.text] = name
    return rows

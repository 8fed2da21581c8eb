"""Derives the protected names. A name is never released: when it stops being used, only its reason changes.

- the name of a unit: `unit`;
- the name an account bears: `account`, or `closed` once the account is deregistered;
- a name an account bore before, or bore for another unit: `former`.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from registry.models import Account, ProtectedName

# SQLite takes a limited number of parameters in one statement.
BATCH = 500


# The names of many new rows, straight from the rows: objects of them would take longer than all the rest.
_OF_UNITS = """INSERT INTO registry_protectedname (text, reason, unit_id, since)
    SELECT name, 'unit', id, %s FROM registry_unit WHERE id > %s"""
_OF_ACCOUNTS = """INSERT INTO registry_protectedname (text, reason, unit_id, account_id, since)
    SELECT name, CASE state WHEN 'deregistered' THEN 'closed' ELSE 'account' END, unit_id, id, %s
    FROM registry_account WHERE id > %s"""


def protect_new_units(after: int, moment: datetime) -> None:
    """Protect the names of all units whose key is beyond `after`."""
    _insert(_OF_UNITS, after, moment)


def protect_new_accounts(after: int, moment: datetime) -> None:
    """Protect the names of all accounts whose key is beyond `after`."""
    _insert(_OF_ACCOUNTS, after, moment)


def _insert(sql: str, after: int, moment: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, [connection.ops.adapt_datetimefield_value(moment), after])


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
                    text=account.name,
                    reason=reason,
                    unit_id=account.unit_id,
                    account_id=account.pk,
                    since=moment,
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

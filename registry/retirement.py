"""Accounts that a full list does not name any more: which those are, and the guard against a mistaken list.

- A list is full for an area and for the platforms it names. The area is the division of whoever brings it in;
  without one, everything below the topmost divisions that units of the file belong to. A platform (with its
  instance) that no row of the file names is left alone.
- What is registered there, not ended yet, and not in the file becomes `deregistered`. Nothing is deleted.
- More than a handful are ended without a word only if they are at most a tenth of what is registered there
  and no platform loses all it has. Otherwise somebody must confirm the exact number.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from common.faults import Faults, Place, Text
from registry import bulk
from registry.models import Account
from registry.protection import protect_accounts
from registry.register_accounts import subject
from registry.stage import BATCH
from registry.tally import Tally

HANDFUL = 5
LARGEST_SHARE = 0.10
ENDED = "deregistered"

PlatformKey = tuple[str, str]
"""Platform and instance."""


@dataclass(frozen=True, slots=True)
class FullList:
    """What a file is a full list of: paths of divisions, and platforms; and the accounts it names."""

    areas: tuple[str, ...]
    platforms: frozenset[PlatformKey]
    seen: Collection[int]

    @property
    def registered(self) -> QuerySet[Account]:
        """The accounts of this area and these platforms that have not ended."""
        inside = Q(pk__in=[])
        for area in self.areas:
            inside |= Q(unit__line_division__path__startswith=area)
        on = Q(pk__in=[])
        for platform, instance in self.platforms:
            on |= Q(platform=platform, instance=instance)
        return Account.objects.filter(inside, on).exclude(state=ENDED)


@dataclass(frozen=True, slots=True)
class Missing:
    """The accounts that a full list leaves out, and how many of how many there are on each platform."""

    keys: tuple[int, ...]
    registered: Counter[PlatformKey]
    gone: Counter[PlatformKey]

    @property
    def is_suspicious(self) -> bool:
        """Whether so many go that the list may not be full after all."""
        count = len(self.keys)
        if count <= HANDFUL:
            return False
        empties = any(self.registered[platform] == gone for platform, gone in self.gone.items())
        return empties or count > LARGEST_SHARE * self.registered.total()


def topmost(paths: Iterable[str]) -> tuple[str, ...]:
    """Those of `paths` that lie below none of the others."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return tuple(kept)


def missing_from(full: FullList) -> Missing:
    """What a full list leaves out."""
    keys: list[int] = []
    registered: Counter[PlatformKey] = Counter()
    gone: Counter[PlatformKey] = Counter()
    rows = full.registered.order_by("pk").values_list("pk", "platform", "instance")
    for key, *platform in rows.iterator():
        registered[platform[0], platform[1]] += 1
        if key not in full.seen:
            gone[platform[0], platform[1]] += 1
            keys.append(key)
    return Missing(tuple(keys), registered, gone)


def check(missing: Missing, confirmed: int | None, faults: Faults) -> None:
    """Note a fault if so many accounts go that it must be confirmed, and is not, or another number is."""
    count, total = len(missing.keys), missing.registered.total()
    if confirmed is None and not missing.is_suspicious:
        return
    if confirmed == count:
        return
    if confirmed is None:
        problem = Text(
            f"已登记的 {total} 个账号中有 {count} 个不在文件里，将全部注销，数量异常",
            f"{count} of the {total} accounts registered here are not in the file and would all end",
        )
    else:
        problem = Text(
            f"确认注销 {confirmed} 个账号，实际将注销 {count} 个",
            f"the end of {confirmed} accounts was confirmed, but {count} would end",
        )
    mend = Text(
        f"请核对文件是否为完整名单；确实如此的，用 --confirm-retired {count} 或填写这个数目确认",
        f"check that the file is the full list; if it is, confirm with --confirm-retired {count}",
    )
    faults.add("retire_too_many", Place(value=str(count)), problem, mend)


def retire(missing: Missing, moment: datetime, tally: Tally, *, dry_run: bool) -> None:
    """End the missing accounts, whose names become those of closed ones; in a `dry_run` only show them."""
    for start in range(0, len(missing.keys), BATCH):
        accounts = list(Account.objects.filter(pk__in=missing.keys[start : start + BATCH]).order_by("pk"))
        for account in accounts:
            key = account.platform, account.instance, account.platform_uid
            tally.change(("", 0), subject(key, account.name), "state", account.state, ENDED)
            account.state = ENDED
        tally.counts["accounts_retired"] += len(accounts)
        if not dry_run:
            bulk.update(Account, ("state", "changed_at"), [(ENDED, moment, one.pk) for one in accounts])
            protect_accounts(accounts, moment)

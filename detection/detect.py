"""Observations × register → suspects. The judging is `detection.compare`; here rows are read and written.

The register is asked first: an account registered under its permanent id is never a suspect, however alike.
Every newest observation is compared anew, so a changed register or rules version is taken in by the next run;
a suspect that was found before under the same facts and rules is the same row.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max

from audit_logs.record import record
from common import canonical
from common.crash import crash_point
from detection import index, score
from detection.compare import RULES_VERSION, AccountName, Match, compare
from detection.models import Suspect
from observations.models import Observation
from registry.models import Account, ProtectedName

BATCH = 200


class Target(NamedTuple):
    """A protected name with the account it stands for."""

    account: Account
    name: AccountName


@dataclass(frozen=True)
class Detected:
    """What a run came to."""

    compared: int
    found: int
    new: int


def detect(now: datetime) -> Detected:
    """Compare every stranger as last seen with every protected name."""
    targets = list(protected())
    lookup = index.build([target.name for target in targets])
    strangers = list(unregistered())
    suspects = [s for o in strangers if (s := _suspect(o, targets, lookup, now)) is not None]
    with transaction.atomic():
        before = Suspect.objects.count()
        Suspect.objects.bulk_create(suspects, ignore_conflicts=True, batch_size=BATCH)
        result = Detected(len(strangers), len(suspects), Suspect.objects.count() - before)
        details = {**vars(result), "rules_version": RULES_VERSION, "protected_names": len(targets)}
        record("system:detect", "detection.detect", ("register", "all"), details, at=now)
        crash_point("detect.before_commit")
    crash_point("detect.after_commit")
    return result


def protected() -> Iterator[Target]:
    """Every name strangers may not take, of accounts and of their units, former ones too."""
    names = list(ProtectedName.objects.order_by("pk"))
    # After the names: an import in between adds accounts, and takes none away.
    accounts = {account.pk: account for account in Account.objects.select_related("unit").order_by("-pk")}
    first_of_unit = {account.unit_id: account for account in accounts.values()}
    for name in names:
        account = accounts[name.account_id] if name.account_id else first_of_unit.get(name.unit_id)
        if account is not None:
            handle = account.handle if name.text == account.name else ""
            division = account.unit.line_division_id
            yield Target(account, AccountName(name.text, handle, division))


def unregistered() -> Iterable[Observation]:
    """The newest observation of every account that is not in the register."""
    newest = Observation.objects.values("platform", "instance", "uid").annotate(newest=Max("pk"))
    registered = set(Account.objects.values_list("platform", "instance", "platform_uid"))
    # The extracted row may be large, and is not compared: a hostile platform would fill the memory with it.
    found = Observation.objects.filter(pk__in=newest.values("newest")).defer("fields").order_by("pk")
    for observation in found.iterator():
        if (observation.platform, observation.instance, observation.uid) not in registered:
            yield observation


def _suspect(
    observation: Observation, targets: list[Target], lookup: index.Index, now: datetime
) -> Suspect | None:
    """The strongest likeness of `observation` to a protected name, if there is one."""
    stranger = AccountName(observation.name, observation.handle)
    hits = [(targets[i], compare(stranger, targets[i].name)) for i in lookup.candidates(stranger)]
    alike = [(target, match) for target, match in hits if match.kind]
    if not alike:
        return None
    target, match = max(alike, key=lambda hit: _preference(observation, *hit))
    severity = score.severity(match, target.name)
    return Suspect(
        platform=observation.platform,
        instance=observation.instance,
        uid=observation.uid,
        target=target.account,
        observation=observation,
        facts_hash=_facts_hash(observation, target),
        rules_version=RULES_VERSION,
        score=match.score,
        kind=match.kind,
        severity=severity.level,
        reasons=_reasons(match, severity),
        detected_at=now,
    )


def _preference(observation: Observation, target: Target, match: Match) -> tuple[float, bool, int]:
    """Likeness first; among equals the account on the same platform, then the one registered earlier."""
    same = (target.account.platform, target.account.instance) == (observation.platform, observation.instance)
    return match.score, same, -target.account.pk


def _reasons(match: Match, severity: score.Severity) -> list[dict[str, object]]:
    return [
        {
            "code": reason.code,
            "points": reason.points,
            "detail": reason.detail,
            "zh": reason.sentence("zh"),
            "en": reason.sentence("en"),
        }
        for reason in (*match.reasons, severity.reason)
    ]


def _facts_hash(observation: Observation, target: Target) -> str:
    facts = {
        "suspect": {"name": observation.name, "handle": observation.handle, "bio": observation.bio},
        "protected": {"name": target.name.name, "handle": target.name.handle},
    }
    return hashlib.sha256(canonical.encode(facts)).hexdigest()

"""Observations × register → suspects. The judging is `detection.compare`; here rows are read and written.

The register is asked first: an account registered under its permanent id is never a suspect, however alike.
A stranger is compared as last seen, once per register and rules version: when either changes, all are
compared anew. Whoever is alike is looked at beside the name too (`detection.assess`): that may make it urgent
or not urgent, and no suspect only where a person said so or the handle alone was alike. A suspect that was
found before under the same facts and rules is the same row.
"""

import hashlib
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Max

from audit_logs.record import record
from common import canonical
from common.crash import crash_point
from detection.assess import Assessed, assess, not_checked, stored, verdict
from detection.compare import RULES_VERSION, AccountName, Match
from detection.engine import NO_ONE, Engine
from detection.facts import gather
from detection.models import Comparison, Suspect
from detection.rarity import Rarity
from detection.reasons import Reason
from detection.replay import basis
from detection.severity import CLEARED, Severity, severity
from detection.signals.combine import SIGNALS_VERSION
from observations.models import Observation
from registry.models import Account, ProtectedName

BATCH = 200
ALLOWED = frozenset({"registered", "allow_listed"})


class Target(NamedTuple):
    """A protected name with the account it stands for."""

    account: Account
    name: AccountName


class Hit(NamedTuple):
    """A protected name and how like it a stranger is."""

    target: Target
    match: Match

    @property
    def is_by_name(self) -> bool:
        return self.match.came_from == "name"


@dataclass(frozen=True)
class Detected:
    """What a run came to."""

    compared: int
    found: int
    new: int


def detect(now: datetime) -> Detected:
    """Compare every stranger as last seen with every protected name, unless that was done before."""
    targets = list(protected())
    against = _digest(targets)
    strangers = list(unregistered())
    known = dict(Comparison.objects.filter(against=against).values_list("observation_id", "alike"))
    fresh = [observation for observation in strangers if observation.pk not in known]
    if not fresh:
        return Detected(len(strangers), sum(known[o.pk] for o in strangers), 0)
    found = dict(_suspects(fresh, targets, now))
    alike = sum(known.get(o.pk, o.pk in found) for o in strangers)
    with transaction.atomic():
        new = _keep(found.values())
        _remember(fresh, found, against)
        result = Detected(len(strangers), alike, new)
        versions = {"rules_version": RULES_VERSION, "signals_version": SIGNALS_VERSION}
        details = {**vars(result), **versions, "protected_names": len(targets)}
        record("system:detect", "detection.detect", ("register", "all"), details, at=now)
        crash_point("detect.before_commit")
    crash_point("detect.after_commit")
    return result


def _keep(suspects: Iterable[Suspect]) -> int:
    """Write the suspects that are not there yet; returns how many were new."""
    before = Suspect.objects.count()
    Suspect.objects.bulk_create(suspects, ignore_conflicts=True, batch_size=BATCH)
    return Suspect.objects.count() - before


def _remember(compared: Iterable[Observation], found: Container[int], against: str) -> None:
    Comparison.objects.bulk_create(
        [Comparison(observation=o, against=against, alike=o.pk in found) for o in compared],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["observation"],
        update_fields=["against", "alike"],
    )


def _digest(targets: Iterable[Target]) -> str:
    """What strangers are compared against: another register or rules version gives another digest."""
    names = [[*_said_of(target.account), *vars(target.name).values()] for target in targets]
    return hashlib.sha256(canonical.encode([RULES_VERSION, SIGNALS_VERSION, names])).hexdigest()


def _said_of(account: Account) -> list[str | int]:
    """What the register says of an account beside its names, as far as signals ask."""
    texts = (account.handle, account.certified_subject, account.home_url, account.state)
    return [account.pk, *texts, str(account.opened_on or "")]


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
    """Every account that is not in the register, with the face it showed when it was last seen."""
    registered = set(Account.objects.values_list("platform", "instance", "platform_uid"))
    newest: dict[tuple[str, str, str], tuple[int, int]] = {}
    faces = Observation.objects.annotate(seen=Max("sightings__pk"))
    # By sighting: who puts an old face on again is judged by it, not by the one in between.
    for pk, seen, *who in faces.values_list("pk", "seen", "platform", "instance", "uid").iterator():
        account = (who[0], who[1], who[2])
        if account not in registered:
            newest[account] = max(newest.get(account, (0, 0)), (seen or 0, pk))
    wanted = sorted(pk for _, pk in newest.values())
    for start in range(0, len(wanted), BATCH):
        # The extracted row is not compared and may be large: a hostile platform would fill the memory.
        part = Observation.objects.filter(pk__in=wanted[start : start + BATCH])
        yield from part.defer("fields").order_by("pk")


def _suspects(
    observations: Sequence[Observation], targets: list[Target], now: datetime
) -> Iterator[tuple[int, Suspect]]:
    """Of each observation that is like a protected name the strongest likeness, by the observation's key."""
    engine = Engine([target.name for target in targets])
    for start in range(0, len(observations), BATCH):
        part = observations[start : start + BATCH]
        hits = engine.search([seen(one) for one in part])
        alike: dict[Observation, list[Hit]] = {}
        for observation, found in zip(part, hits, strict=True):
            if matches := [Hit(targets[one.at], one.match) for one in found if one.at != NO_ONE]:
                alike[observation] = _best(observation, matches)
        if alike:
            yield from _assessed(alike, engine.rarity, now)


def _best(observation: Observation, alike: list[Hit]) -> list[Hit]:
    """The strongest likeness; behind one of the handle alone the strongest of the name, if there is one."""
    prefer = partial(_preference, observation)
    best = max(alike, key=prefer)
    by_name = [hit for hit in alike if hit.is_by_name]
    return [best] if best.is_by_name or not by_name else [best, max(by_name, key=prefer)]


def _assessed(
    alike: dict[Observation, list[Hit]], rarity: Rarity, now: datetime
) -> Iterator[tuple[int, Suspect]]:
    """The first hit of each observation that what lies beside the name leaves a suspect."""
    accounts = {hit.target.account for hits in alike.values() for hit in hits}
    facts = gather(list(alike), accounts)
    for observation, hits in alike.items():
        for hit in hits:
            assessed = assess(observation, hit.target.account, hit.target.name, hit.match, facts, rarity)
            if _is_suspect(hit, assessed):
                yield observation.pk, _suspect(observation, hit, assessed, rarity, now)
                break


def _is_suspect(hit: Hit, assessed: Assessed) -> bool:
    """Not what a person allowed; and what was cleared otherwise only by the name, for a person to decide."""
    found = assessed.outcome.verdict
    return found not in ALLOWED and (hit.is_by_name or found not in CLEARED)


def _suspect(
    observation: Observation, hit: Hit, assessed: Assessed, rarity: Rarity, now: datetime
) -> Suspect:
    target, match = hit
    urgency = severity(match, target.name, assessed.outcome)
    return Suspect(
        platform=observation.platform,
        instance=observation.instance,
        uid=observation.uid,
        target=target.account,
        observation=observation,
        facts_hash=_facts_hash(observation, target, assessed),
        rules_version=RULES_VERSION,
        signals_version=SIGNALS_VERSION,
        score=match.score,
        kind=match.kind,
        severity=urgency.level,
        reasons=_reasons(match, urgency, assessed),
        not_checked=not_checked(assessed),
        basis=basis(seen(observation), target.name, rarity),
        detected_at=now,
    )


def _preference(observation: Observation, hit: Hit) -> tuple[float, bool, int]:
    """Likeness first; among equals the account on the same platform, then the one registered earlier."""
    target, match = hit
    same = (target.account.platform, target.account.instance) == (observation.platform, observation.instance)
    return match.score, same, -target.account.pk


def seen(observation: Observation) -> AccountName:
    """What is compared of an account as it was seen."""
    return AccountName(observation.name, observation.handle)


def _reasons(match: Match, urgency: Severity, assessed: Assessed) -> list[dict[str, Any]]:
    """Of the name; the verdict, if it clears; the severity; what lies beside the name."""
    cleared = [verdict(assessed)] if assessed.outcome.verdict in CLEARED else []
    return [*map(_reason, match.reasons), *cleared, _reason(urgency.reason), *stored(assessed)]


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code,
        "points": reason.points,
        "detail": reason.detail,
        "zh": reason.zh,
        "en": reason.en,
        "at": [list(span) for span in reason.at],
    }


def _facts_hash(observation: Observation, target: Target, assessed: Assessed) -> str:
    facts = {
        "suspect": {
            "name": observation.name,
            "handle": observation.handle,
            "bio": observation.bio,
            "avatar_url": observation.avatar_url,
            "certified_subject": observation.certified_subject,
        },
        "protected": {"name": target.name.name, "handle": target.name.handle},
        "beside": assessed.facts,
    }
    return hashlib.sha256(canonical.encode(facts)).hexdigest()

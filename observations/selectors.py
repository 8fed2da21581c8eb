"""Reading what was looked at: coverage of the registered accounts, runs, sources, and processes.

Coverage starts at the register and joins outward, so an account without a row is there as *never asked*.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, TypedDict

from django.contrib.auth.models import AnonymousUser
from django.db.models import (
    Case,
    Count,
    F,
    FilteredRelation,
    IntegerField,
    JSONField,
    Max,
    Min,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from observations.models import CrawlRun, Heartbeat, HostLease, Observation, Sighting, Source
from registry.models import Account, User
from registry.scope import visible_accounts

Purpose = Literal["search", "self"]
NEVER_ASKED = "never_asked"
# Worst first: what nobody has looked at, then what failed, then what is known in part or in full.
STATES = (NEVER_ASKED, "failed", "blocked", "no_access", "deferred", "partial", "checked")
# Always heard of in an installation that watches: the ticker starts a sweep and a scan each minute.
PERMANENT = ("web", "ticker", "sequencer", "scan", "sweep", "deliver")
SILENT_AFTER = timedelta(minutes=5)
# The ledger is brought up to date each hour, also when nothing is due; older than this, nobody keeps it.
STALE_AFTER = timedelta(hours=24)
STALE = {"zh": "台账已超过24小时未更新", "en": "the ledger was not brought up to date for more than 24 hours"}


class Look(TypedDict):
    """What `visible_coverage` adds to an account; `looked_on` is "" where no platform was asked yet."""

    coverage_state: str
    coverage_reason: dict[str, str] | None
    looked_on: str
    looked_at: datetime | None
    checked_at: datetime | None


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    CoveredAccount = WithAnnotations[Account, Look]


@dataclass(frozen=True, slots=True)
class Standing:
    """On how many accounts looking on one platform has come to one state."""

    platform: str
    state: str
    accounts: int


@dataclass(frozen=True, slots=True)
class Unchecked:
    """How many accounts could not be checked for one reason, {zh, en}; None where nobody was asked."""

    state: str
    reason: dict[str, str] | None
    accounts: int


@dataclass(frozen=True, slots=True)
class Gap:
    """All that came to one state short of *checked*; the commonest reason, and how many others there are."""

    state: str
    accounts: int
    reason: dict[str, str] | None
    other_reasons: int


@dataclass(frozen=True, slots=True)
class Process:
    """A process and when it was last heard of.

    Permanent ones are alive, silent (too long ago) or never heard of; the others are alive or at rest.
    """

    name: str
    state: Literal["alive", "silent", "never", "at_rest"]
    at: datetime | None = None


def visible_coverage(
    user: User | AnonymousUser, purpose: Purpose, now: datetime
) -> "QuerySet[CoveredAccount]":
    """The accounts `user` may see, a row per platform looked at; `never_asked` where there is none.

    What was checked is `deferred` when, at `now`, the ledger has not been brought up to date for a day.
    """
    look = FilteredRelation("coverage", condition=Q(coverage__purpose=purpose))
    is_stale = Q(look__state__in=("checked", "partial"), look__at__lt=now - STALE_AFTER)
    return (
        visible_accounts(user)
        .annotate(look=look)
        .annotate(
            coverage_state=Case(
                When(is_stale, then=Value("deferred")), default=Coalesce("look__state", Value(NEVER_ASKED))
            ),
            coverage_reason=Case(
                When(is_stale, then=Value(STALE, JSONField())),
                default=F("look__reason"),
                output_field=JSONField(),
            ),
            looked_on=Coalesce("look__platform", Value("")),
            looked_at=F("look__at"),
            checked_at=F("look__last_checked_at"),
        )
        .annotate(rank=_worst_first())
        .order_by("rank", "name", "pk", "looked_on")
    )


def standings(coverage: "QuerySet[CoveredAccount]") -> list[Standing]:
    """`visible_coverage` counted by platform and state."""
    rows = coverage.order_by().values_list("looked_on", "coverage_state").annotate(Count("pk"))
    return [Standing(*row) for row in sorted(rows)]


def unchecked(coverage: "QuerySet[CoveredAccount]") -> list[Unchecked]:
    """Everything of `visible_coverage` that was not checked in full, by state and reason, most first."""
    rows = (
        coverage.exclude(coverage_state="checked")
        .order_by()
        .values_list("coverage_state", "coverage_reason")
        .annotate(Count("pk"))
    )
    return sorted(
        (Unchecked(*row) for row in rows), key=lambda row: (-row.accounts, row.state, str(row.reason))
    )


def gaps(found: list[Unchecked]) -> list[Gap]:
    """`unchecked` by state, the worst state first."""
    by_state = {state: [row for row in found if row.state == state] for state in STATES}
    return [
        Gap(state, sum(row.accounts for row in rows), rows[0].reason, len(rows) - 1)
        for state, rows in by_state.items()
        if rows
    ]


def last_runs(count: int) -> list[CrawlRun]:
    """The newest crawl runs, newest first. A file that was handed in is no crawl."""
    crawls = CrawlRun.objects.exclude(worker__startswith=CrawlRun.OF_A_FILE)
    return list(crawls.order_by("-started_at")[:count])


def sources() -> QuerySet[Source]:
    """Every instance this service knows, with the person who acknowledged its terms."""
    return Source.objects.select_related("acknowledged_by").order_by("platform", "instance")


def leases() -> dict[str, HostLease]:
    """What was spent of each host's budget, and until when it is left alone."""
    return {lease.host: lease for lease in HostLease.objects.all()}


def processes(at: datetime) -> list[Process]:
    """The processes that must run here and those that ever did, as they stand at `at`."""
    beats = {beat.name: beat for beat in Heartbeat.objects.order_by("name")}
    others = [name for name in beats if name not in PERMANENT]
    return [_process(name, beats.get(name), at) for name in (*PERMANENT, *others)]


def _process(name: str, beat: Heartbeat | None, at: datetime) -> Process:
    if beat is None:
        return Process(name, "never")
    if at - beat.at <= SILENT_AFTER:
        return Process(name, "alive", beat.at)
    return Process(name, "silent" if name in PERMANENT else "at_rest", beat.at)


def sightings_of(observation: Observation) -> QuerySet[Sighting]:
    """Where the account of `observation` turned up: which question, at which rank; newest first."""
    return (
        Sighting.objects.filter(
            observation__platform=observation.platform,
            observation__instance=observation.instance,
            observation__uid=observation.uid,
        )
        .select_related("response__task", "response__handover")
        .order_by("-response__at", "rank")
    )


def first_and_last(observation: Observation) -> tuple[datetime, datetime]:
    """When the account of `observation` was first and last seen, however it looked then."""
    same = Observation.objects.filter(
        platform=observation.platform, instance=observation.instance, uid=observation.uid
    )
    seen = same.aggregate(first=Min("seen_at"), last=Max("seen_at"), again=Max("sightings__response__at"))
    return seen["first"], max(seen["last"], seen["again"] or seen["last"])


def newest_look(account: Account) -> Observation | None:
    """How a registered account itself looked when last seen; None if it was not seen."""
    return (
        Observation.objects.filter(
            platform=account.platform, instance=account.instance, uid=account.platform_uid
        )
        .order_by("-seen_at", "-pk")
        .first()
    )


def _worst_first() -> Case:
    ranks = [When(coverage_state=state, then=Value(rank)) for rank, state in enumerate(STATES)]
    return Case(*ranks, default=Value(len(STATES)), output_field=IntegerField())

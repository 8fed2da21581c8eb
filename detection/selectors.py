"""Reading suspects: what a person may see, the newest judgement of each, narrowed and in order.

Every function begins at `visible_suspects`; there is no other way from a page to a suspect.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from detection.models import Suspect
from registry.models import User
from registry.scope import visible_accounts

Order = Literal["severity", "newest", "score", "target"]
ORDERS: tuple[Order, ...] = get_args(Order)
SEVERITIES = ("S1", "S2", "S3", "S4")

_SORTING: dict[Order, tuple[str, ...]] = {
    "severity": ("severity", "-score", "-detected_at", "-pk"),
    "newest": ("-detected_at", "-pk"),
    "score": ("-score", "-detected_at", "-pk"),
    "target": ("target__name", "severity", "-score", "-pk"),
}


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What to keep; an empty field keeps everything. `since` is inclusive, `until` is not."""

    severities: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    target: int | None = None
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
    order: Order = "severity"


def visible_suspects(user: User | AnonymousUser) -> QuerySet[Suspect]:
    """Every row about an account `user` may see, older judgements included."""
    return Suspect.objects.filter(target__in=visible_accounts(user).order_by().values("pk")).select_related(
        "observation", "target__unit__line_division"
    )


def current_suspects(user: User | AnonymousUser) -> QuerySet[Suspect]:
    """The newest row of each stranger and target, so that a second scan shows nobody twice."""
    newer = Suspect.objects.filter(
        platform=OuterRef("platform"),
        instance=OuterRef("instance"),
        uid=OuterRef("uid"),
        target=OuterRef("target"),
        pk__gt=OuterRef("pk"),
    )
    return visible_suspects(user).filter(~Exists(newer))


def narrowed(suspects: QuerySet[Suspect], by: Narrowing) -> QuerySet[Suspect]:
    """The rows of `suspects` that `by` keeps, in its order; the order is total."""
    if by.text:
        suspects = suspects.filter(_mentions(by.text))
    bounds = {
        "severity__in": by.severities,
        "kind__in": by.kinds,
        "platform__in": by.platforms,
        "target": by.target,
        "detected_at__gte": by.since,
        "detected_at__lt": by.until,
    }
    given = {field: value for field, value in bounds.items() if value not in (None, ())}
    return suspects.filter(**given).order_by(*_SORTING[by.order])


def by_severity(suspects: QuerySet[Suspect]) -> dict[str, int]:
    """How many of `suspects` there are of each severity; all four are named."""
    counted = suspects.order_by().values_list("severity").annotate(Count("pk"))
    return dict.fromkeys(SEVERITIES, 0) | dict(counted)


def seen_values(suspects: QuerySet[Suspect], field: Literal["platform", "kind"]) -> list[str]:
    """The values of `field` that occur in `suspects`: what a filter can offer."""
    return sorted(suspects.order_by().values_list(field, flat=True).distinct())


def same_stranger(suspect: Suspect, among: QuerySet[Suspect]) -> QuerySet[Suspect]:
    """The other rows of `among` about the same account on the same platform, newest first."""
    return (
        among.filter(platform=suspect.platform, instance=suspect.instance, uid=suspect.uid)
        .exclude(pk=suspect.pk)
        .order_by("-pk")
    )


def neighbours(pk: int, ordered: Iterable[int]) -> tuple[int | None, int | None]:
    """The keys before and after `pk` in `ordered`; None at an end, both None if `pk` is not there."""
    keys = list(ordered)
    if pk not in keys:
        return None, None
    place = keys.index(pk)
    return (keys[place - 1] if place else None, keys[place + 1] if place + 1 < len(keys) else None)


def _mentions(text: str) -> Q:
    fields = ("observation__name", "observation__handle", "uid", "target__name", "target__handle")
    found = Q()
    for field in fields:
        found |= Q(**{f"{field}__icontains": text})
    return found

"""What the register lacks: bodies without an account, offices without a contact, and what nobody looks at."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alerting.selectors import LINES_OF
from common import clock
from common.clock import BEIJING
from console import register
from console.permissions import signed_in
from observations import selectors as observations
from registry import missing, selectors
from registry.models import Division, Unit, User
from registry.scope import visible_units

NAMED = 30


@dataclass(frozen=True, slots=True)
class Unwatched:
    """A platform that is not looked at: how many standing accounts are there, and the commonest reason."""

    platform: str
    accounts: int
    reason: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class Silent:
    """A place or a unit with the lines on which nobody can be told there."""

    division: Division | None
    unit: Unit | None
    gaps: list[missing.Gap]

    @property
    def units(self) -> int:
        """How many units rely on somebody there."""
        return max(gap.units for gap in self.gaps)


@dataclass(frozen=True, slots=True)
class First:
    """The first few of something that is missing, and how much of it there is."""

    rows: Sequence[Any]
    total: int


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Everything that is missing in reach, the duties first."""
    user, now = signed_in(request), clock.now()
    units, today = visible_units(user), now.astimezone(BEIJING).date()
    top = selectors.root(user)
    lines = LINES_OF.get(user.role, frozenset())
    offices = missing.offices_without_contact(units, today, top.path) if top else []
    gaps = [gap for gap in (*offices, *missing.units_without_contact(units, today)) if gap.line in lines]
    bare = missing.units_without_account(units)
    context = {
        "vacancies": _first(selectors.vacancies(units, top, today) if top else []),
        "silent": _first(_by_place(gaps)),
        "own_lines": lines,
        "bare": First(list(bare[:NAMED]), bare.count()),
        "doubled": _first(selectors.doubled(units)),
        "unwatched": _unwatched(user, now),
        "titles": register.platform_titles(),
        "now": now,
    }
    return render(request, "console/missing.html", context)


def _by_place(gaps: list[missing.Gap]) -> list[Silent]:
    found: dict[Division | Unit, list[missing.Gap]] = {}
    for gap in gaps:
        if place := gap.division or gap.unit:
            found.setdefault(place, []).append(gap)
    return [Silent(here[0].division, here[0].unit, here) for here in found.values()]


def _first(rows: Sequence[Any]) -> First:
    return First(rows[:NAMED], len(rows))


def _unwatched(user: User, now: datetime) -> list[Unwatched]:
    """The platforms on which accounts are that nobody has looked at, the most accounts first."""
    looks = observations.visible_coverage(user, "self", now)
    unseen = looks.filter(missing.STANDING, coverage_state__in=("no_access", observations.NEVER_ASKED))
    rows = unseen.order_by().values_list("platform", "coverage_reason").annotate(n=Count("pk", distinct=True))
    found: dict[str, Unwatched] = {}
    for platform, reason, number in rows.order_by("-n", "platform"):
        first = found.get(platform, Unwatched(platform, 0, reason))
        found[platform] = replace(first, accounts=first.accounts + number)
    return sorted(found.values(), key=lambda one: (-one.accounts, one.platform))

"""Reading the register: places with their numbers, the way down to a place, units with too many accounts.

Everything starts from the units somebody may see (`registry.scope.visible_units`); nothing here widens them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from registry.missing import STANDING
from registry.models import Account, Division, Unit, User
from registry.roles import WATCHING_ROLES


@dataclass(frozen=True, slots=True)
class Place:
    """A division and how many units and accounts lie in it and everywhere below it."""

    division: Division
    units: int
    accounts: int


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where one stands: the way down to `here` (itself last), and what lies directly below it."""

    here: Place
    way: tuple[Division, ...]
    below: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Doubled:
    """A unit with more than one account on a platform, though one is the rule (domain handbook, 2.4)."""

    unit: Unit
    platform: str
    accounts: tuple[Account, ...]


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A body that must have an account and has none in service; no unit where none is registered at all."""

    division: Division
    unit: Unit | None


def root(user: User | AnonymousUser) -> Division | None:
    """The division whose subtree `user` watches; None for whoever sees a single unit, or nothing."""
    return user.scope if isinstance(user, User) and user.role in WATCHING_ROLES else None


def lies_within(code: str, top: Division) -> Division | None:
    """The division with this code, if it is `top` or below it."""
    return Division.objects.filter(pk=code, path__startswith=top.path).first()


def surroundings(here: Division, top: Division, units: QuerySet[Unit], today: date) -> Surroundings:
    """Where `here` stands below `top`, with the numbers of `units` and of their accounts.

    Divisions that only group others (市辖区) are skipped: what they group lies directly below what is above.
    Those that ended before `today` are there while units stand on them.
    """
    within = list(Division.objects.filter(path__startswith=here.path).order_by("code"))
    of_units, of_accounts = _numbers(units.filter(line_division__path__startswith=here.path))
    direct = [one for one in within if _is_directly_below(one, here, {d.code: d for d in within})]
    below = [Place(one, _below(one, of_units), _below(one, of_accounts)) for one in direct]
    return Surroundings(
        Place(here, _below(here, of_units), _below(here, of_accounts)),
        _way(here, top),
        tuple(place for place in below if place.units or not _has_ended(place.division, today)),
    )


def accounts_of(units: Iterable[Unit]) -> dict[int, tuple[int, int]]:
    """For each of `units` that has any: how many accounts, and how many of them are in service."""
    rows = Account.objects.filter(unit__in=[unit.pk for unit in units]).order_by().values_list("unit")
    counted = rows.annotate(every=Count("pk"), serving=Count("pk", filter=Q(state="in_service")))
    return {unit: (every, serving) for unit, every, serving in counted}


def doubled(units: QuerySet[Unit]) -> list[Doubled]:
    """Those of `units` that hold more than one standing account on a platform, by place and name."""
    several = (
        Account.objects.filter(STANDING, unit__in=units.order_by().values("pk"))
        .order_by()
        .values("unit", "platform")
        .annotate(several=Count("pk"))
        .filter(several__gt=1)
    )
    pairs = {(row["unit"], row["platform"]) for row in several}
    found: defaultdict[tuple[int, str], list[Account]] = defaultdict(list)
    accounts = Account.objects.filter(STANDING, unit__in={unit for unit, _ in pairs})
    for account in accounts.select_related("unit__line_division").order_by("pk"):
        if (account.unit_id, account.platform) in pairs:
            found[account.unit_id, account.platform].append(account)
    rows = [Doubled(held[0].unit, platform, tuple(held)) for (_, platform), held in found.items()]
    return sorted(rows, key=lambda row: (row.unit.line_division.path, row.unit.name, row.platform))


def vacancies(units: QuerySet[Unit], top: Division, today: date) -> list[Vacancy]:
    """The governments of cities and counties below `top`, and departments of provinces, without an account.

    These must have at least one in service (H 三(一), domain handbook 2.4). `units` are those to look at.
    """
    serving = Exists(Account.objects.filter(unit=OuterRef("pk"), state="in_service"))
    governments = units.filter(kind="government_office").order_by("line_division", "name", "pk")
    is_served = governments.filter(serving).values("line_division")
    bare: defaultdict[str, list[Unit]] = defaultdict(list)
    for unit in governments.exclude(line_division__in=is_served):
        bare[unit.line_division_id].append(unit)
    places = _in_force(today).filter(
        path__startswith=top.path,
        level__in=("prefecture", "county"),
        is_placeholder=False,
        is_statistical_zone=False,
    )
    found = [
        Vacancy(place, unit)
        for place in places.exclude(pk__in=is_served).order_by("path")
        for unit in list[Unit | None](bare[place.code]) or [None]
    ]
    departments = units.filter(~serving, kind="department", line_division__level="province")
    ordered = departments.select_related("line_division").order_by("line_division__path", "name", "pk")
    return [*(Vacancy(unit.line_division, unit) for unit in ordered), *found]


def _in_force(today: date) -> QuerySet[Division]:
    return Division.objects.filter(Q(valid_to=None) | Q(valid_to__gte=today))


def _numbers(units: QuerySet[Unit]) -> tuple[Counter[str], Counter[str]]:
    """Path of a division to the units that lie right there, and to their accounts."""
    paths = dict(units.order_by().values_list("pk", "line_division__path"))
    held = Account.objects.order_by().values_list("unit").annotate(Count("pk"))
    of_accounts: Counter[str] = Counter()
    for unit, accounts in held.iterator():
        if path := paths.get(unit):
            of_accounts[path] += accounts
    return Counter(paths.values()), of_accounts


def _below(place: Division, numbers: Mapping[str, int]) -> int:
    return sum(number for path, number in numbers.items() if path.startswith(place.path))


def _is_directly_below(one: Division, here: Division, within: Mapping[str, Division]) -> bool:
    between = one.path.removeprefix(here.path).split("/")[:-2]
    grouping = all(within[code].is_placeholder for code in between if code in within)
    return one != here and not one.is_placeholder and grouping


def _has_ended(place: Division, today: date) -> bool:
    return place.valid_to is not None and place.valid_to < today


def _way(here: Division, top: Division) -> tuple[Division, ...]:
    codes = [top.code, *here.path.removeprefix(top.path).split("/")[:-1]]
    found = Division.objects.in_bulk(codes)
    return tuple(found[code] for code in codes if code in found and not found[code].is_placeholder)

"""One unit: what it is, its accounts, its parent and sub-units, who answers for it, and how it is watched."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alerting.selectors import LINES_OF
from common import clock
from common.clock import BEIJING
from console import register
from console.permissions import may_open, refused, signed_in
from observations import selectors as observations
from registry.models import Contact, Unit, User
from registry.scope import visible_accounts, visible_contacts, visible_units
from review.moves import OVER
from review.selectors import visible_cases

MOST = 200


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about a unit in reach."""
    user, now = signed_in(request), clock.now()
    unit = _found(user, pk)
    cases = visible_cases(user).filter(target__unit=unit).exclude(state__in=OVER)
    context = {
        "unit": unit,
        "parent": _parent(user, unit),
        "sub_units": _by_place(visible_units(user).filter(parent_unit=unit))[:MOST],
        "accounts": visible_accounts(user).filter(unit=unit).order_by("platform", "name", "pk")[:MOST],
        "contacts": _contacts(user, unit, now),
        "knows_contacts": "sponsor" in LINES_OF.get(user.role, ()),
        "names": unit.protected_names.select_related("account").order_by("since", "pk")[:MOST],
        "open_cases": cases.count() if may_open(user, "cases") else None,
        "coverage": _coverage(user, unit, now),
        "states": observations.STATES,
        "titles": register.platform_titles(),
        "now": now,
    }
    return render(request, "console/unit.html", context)


def _found(user: User, pk: int) -> Unit:
    """The unit, or 404; one that is out of reach is answered the same and put on record."""
    unit = visible_units(user).select_related("line_division").filter(pk=pk).first()
    if unit is None:
        if Unit.objects.filter(pk=pk).exists():
            refused(user, ("unit", str(pk)))
        raise Http404(_("There is no such unit in your area."))
    return unit


def _parent(user: User, unit: Unit) -> Unit | None:
    """The unit above, if it is in reach as well."""
    return visible_units(user).filter(pk=unit.parent_unit_id).first() if unit.parent_unit_id else None


def _by_place(units: QuerySet[Unit]) -> QuerySet[Unit]:
    return units.select_related("line_division").order_by("line_division__code", "name", "pk")


def _contacts(user: User, unit: Unit, now: datetime) -> QuerySet[Contact]:
    """Who answers for the unit, today or later, on the lines `user` hears of."""
    lasts = Q(valid_to=None) | Q(valid_to__gte=now.astimezone(BEIJING).date())
    contacts = visible_contacts(user).filter(lasts, unit=unit, line__in=LINES_OF.get(user.role, ()))
    return contacts.order_by("line", "rank", "pk")


def _coverage(user: User, unit: Unit, now: datetime) -> list[tuple[str, list[tuple[str, int]]]]:
    """Purpose → (state, how many looks at accounts of the unit came to it), the worst first."""
    found: list[tuple[str, list[tuple[str, int]]]] = []
    for purpose in register.PURPOSES:
        looks = observations.visible_coverage(user, purpose, now).filter(unit=unit)
        counts: dict[str, int] = dict.fromkeys(observations.STATES, 0)
        for standing in observations.standings(looks):
            counts[standing.state] += standing.accounts
        found.append((purpose, [(state, number) for state, number in counts.items() if number]))
    return found

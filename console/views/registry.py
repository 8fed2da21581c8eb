"""The register: places, units and accounts, searched by any script and form."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit_logs.record import record
from common import clock
from common.clock import BEIJING
from console import filters, register
from console.permissions import may_open, signed_in
from registry import selectors
from registry.models import Unit

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
KEPT_ON_RECORD = ("show", "place", "q", "platform", "state", "kind")


@dataclass(frozen=True, slots=True)
class Row:
    """A unit with the numbers of its accounts."""

    unit: Unit
    accounts: int
    in_service: int


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The units or accounts in reach under the filters, 50 a page, and the places to go to."""
    user = signed_in(request)
    listing = register.listed(user, request.GET)
    page = filters.page_of(request, listing.units if listing.show == "units" else listing.accounts)
    counts = {listing.show: page.paginator.count}
    counts |= (
        {"accounts": listing.accounts.count()}
        if listing.show == "units"
        else {"units": listing.units.count()}
    )
    context = {
        "listing": listing,
        "page": page,
        "rows": _rows(list(page)) if listing.show == "units" else list(page),
        "counts": counts,
        "around": _around(listing, clock.now()),
        "titles": register.platform_titles(),
        "address": filters.address(request.GET),
        "may_export": may_open(user, "registry_export"),
        "may_see_missing": may_open(user, "missing"),
        "now": clock.now(),
    }
    return render(request, "console/registry.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The accounts under the filters as a file, as a register import takes them. Taking them is on record."""
    user, now = signed_in(request), clock.now()
    listing = register.listed(user, request.GET)
    kind = "xlsx" if request.GET.get("format") == "xlsx" else "csv"
    place = listing.here.code if listing.here else "unit"
    content, rows = register.written(listing, kind)
    asked = {name: value[:100] for name, value in request.GET.items() if name in KEPT_ON_RECORD}
    with transaction.atomic():
        details = {"format": kind, "rows": rows, "filters": asked}
        record(f"user:{user.pk}", "registry.export", ("place", place), details, at=now)
    name = f"zhenwei-{place}-{now.astimezone(BEIJING):%Y%m%d-%H%M}.{kind}"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=TYPES[kind], headers=disposition)


def _around(listing: register.Listing, now: datetime) -> selectors.Surroundings | None:
    """Where this person stands; nowhere, if they see one unit alone."""
    if listing.top is None or listing.here is None:
        return None
    return selectors.surroundings(listing.here, listing.top, listing.reach, now.astimezone(BEIJING).date())


def _rows(units: list[Unit]) -> list[Row]:
    numbers = selectors.accounts_of(units)
    return [Row(unit, *numbers.get(unit.pk, (0, 0))) for unit in units]

"""The register as a person browses it: where they stand, what they look for, and what of it they may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from common.sheets.writing import write_csv, write_xlsx
from console import filters, words
from console.filters import RegisterFilter
from observations.selectors import Purpose
from registry import selectors
from registry.models import Account, AccountKind, Division, Unit, User
from registry.scope import visible_accounts, visible_units
from registry.searching import matching

Show = Literal["accounts", "units"]
PURPOSES: Sequence[Purpose] = ("search", "self")
EXPORTED = {
    "platform": "platform",
    "instance": "instance",
    "platform_uid": "platform_uid",
    "handle": "handle",
    "name": "name",
    "certified_subject": "certified_subject",
    "home_url": "home_url",
    "opened_on": "opened_on",
    "state": "state",
    "unit": "unit__name",
    "unit_division": "unit__line_division_id",
    "unit_kind": "unit__kind",
    "uscc": "unit__uscc",
}
BY_PLACE = {
    "accounts": ("unit__line_division__code", "unit__name", "platform", "pk"),
    "units": ("line_division__code", "name", "pk"),
}


@dataclass(frozen=True, slots=True)
class Listing:
    """What of the register is kept under the filters of an address.

    `top` is the highest place of this person, None for whoever sees one unit alone; `here` the place chosen.
    `reach` are the units they may see, before any filter.
    """

    show: Show
    form: RegisterFilter
    problems: list[str]
    top: Division | None
    here: Division | None
    reach: QuerySet[Unit]
    units: QuerySet[Unit]
    accounts: QuerySet[Account]


def listed(user: User, given: QueryDict) -> Listing:
    """What `user` sees of the register under the filters `given`: the best found, or else by place."""
    top, reach = selectors.root(user), visible_units(user)
    here, problems = _here(top, given.get("place", ""))
    form = RegisterFilter(given, platforms(user))
    choice = filters.chosen(form)
    units, accounts = _kept(reach, visible_accounts(user), here, choice.values)
    return Listing(
        show="units" if given.get("show") == "units" else "accounts",
        form=form,
        problems=[*problems, *choice.problems],
        top=top,
        here=here,
        reach=reach,
        units=units,
        accounts=accounts,
    )


def platforms(user: User) -> dict[str, str]:
    """The platforms on which `user` sees accounts, with their titles in the language of the page."""
    present = visible_accounts(user).order_by().values_list("platform", flat=True).distinct()
    titles = platform_titles()
    return {platform: titles.get(platform, platform) for platform in sorted(present)}


def platform_titles() -> dict[str, str]:
    """Every platform the register knows by its title in the language of the page."""
    title = "title_zh" if words.chinese() else "title_en"
    return dict(AccountKind.objects.values_list("platform", title))


def _here(top: Division | None, code: str) -> tuple[Division | None, list[str]]:
    """The place chosen; a code that is out of reach is answered like one that does not exist."""
    if not code or top is None:
        return top, []
    if chosen := selectors.lies_within(code, top):
        return chosen, []
    said = filters.NO_SUCH_VALUE["invalid_choice"] % {"value": code}
    return top, [f"{_('Place')}: {said}"]


def _kept(
    units: QuerySet[Unit], accounts: QuerySet[Account], here: Division | None, values: Mapping[str, str]
) -> tuple[QuerySet[Unit], QuerySet[Account]]:
    if here is not None:
        units = units.filter(line_division__path__startswith=here.path)
    if kind := values["kind"]:
        units = units.filter(kind=kind)
    of_accounts = {name: values[name] for name in ("platform", "state") if values[name]}
    accounts = accounts.filter(unit__in=units.order_by().values("pk"), **of_accounts)
    if of_accounts:
        units = units.filter(Exists(Account.objects.filter(unit=OuterRef("pk"), **of_accounts)))
    units, accounts = units.order_by(*BY_PLACE["units"]), accounts.order_by(*BY_PLACE["accounts"])
    return matching(units.select_related("line_division"), values["q"]), matching(accounts, values["q"])


def written(listing: Listing, kind: str) -> tuple[bytes, int]:
    """The accounts of `listing` as a file of that kind (csv, xlsx), and how many there are.

    The columns are headed with their fields, so that an import takes the file back.
    """
    rows = [
        [_cell(value) for value in row] for row in listing.accounts.values_list(*EXPORTED.values()).iterator()
    ]
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"register.{kind}"
        if kind == "csv":
            write_csv(path, list(EXPORTED), rows)
        else:
            write_xlsx(path, {"accounts": (list(EXPORTED), rows)})
        return path.read_bytes(), len(rows)


def _cell(value: object) -> str:
    return "" if value is None else str(value)

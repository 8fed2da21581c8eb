"""Looking for units and accounts: what is kept in their `search` columns, and who is found by what is typed.

A column holds one form a line, with a line break at both ends, so that the whole of a form and its beginning
can be asked for. Forms and what is typed are folded alike: nothing in them is a wildcard.
"""

from collections.abc import Callable, Sequence
from functools import reduce
from operator import and_, or_
from typing import TypeVar

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length, StrIndex
from django.db.models.lookups import GreaterThan

from names import spellings
from names.fold import plain
from names.spellings import Sought
from registry.models import Account, Division, Unit

BATCH = 500
Row = TypeVar("Row", Unit, Account)


def forms(name: str, handle: str = "", uid: str = "") -> str:
    """Everything a unit (by its name) or an account is found by, one form a line; empty if there is none."""
    lines = [*spellings.spellings(name), spellings.handle_line(handle), plain(uid)]
    kept = "\n".join([line for line in lines if line])
    return f"\n{kept}\n" if kept else ""


def matching(rows: QuerySet[Row], typed: str) -> QuerySet[Row]:
    """Those of `rows` in which every word of `typed` is found, the best first; all of them for no word.

    A word is found in a name, handle or uid (of an account also in the name of its unit), or names a division
    that the row lies in. An exact name comes first, then what begins with it, then what holds it; last what
    was found by its place or unit alone.
    """
    sought = spellings.words(typed)
    if sought is None:
        return rows.none()
    if not sought:
        return rows
    for word in sought:
        rows = rows.filter(_found(rows.model, word))
    return rows.order_by(_rank(spellings.whole(typed), sought), Length("name"), "name", "pk")


def refill(units: type[Unit] = Unit, accounts: type[Account] = Account) -> None:
    """Bring the `search` columns of all rows in line with `forms`; a migration passes the models it has."""
    _refill(units, lambda unit: forms(unit.name))
    _refill(accounts, lambda account: forms(account.name, account.handle, account.platform_uid))


def _found(model: type[Unit] | type[Account], word: Sought) -> Q:
    """Where `word` is found: in the row itself, in its unit, or in where they lie."""
    itself = _holds(word.texts)
    units = itself | _lies_in(word.places)
    return units if model is Unit else itself | Q(unit__in=Unit.objects.filter(units).values("pk"))


def _holds(texts: Sequence[str]) -> Q:
    return reduce(or_, (Q(GreaterThan(StrIndex("search", Value(text)), 0)) for text in texts))


def _lies_in(keys: Sequence[str]) -> Q:
    paths = Division.objects.filter(pk__in=keys).values_list("path", flat=True)
    return reduce(or_, (Q(line_division__path__startswith=path) for path in paths), Q(pk__in=()))


def _rank(whole: str, sought: Sequence[Sought]) -> Case:
    starts = {whole, *sought[0].texts} if len(sought) == 1 else {whole}
    ranks = [
        _holds([f"\n{whole}\n", f"\n@{whole}\n"]),
        _holds([f"\n{at}{text}" for text in sorted(starts) for at in ("", "@")]),
        reduce(and_, (_holds(word.texts) for word in sought)),
    ]
    cases = [When(condition, then=Value(place)) for place, condition in enumerate(ranks)]
    return Case(*cases, default=Value(len(ranks)), output_field=IntegerField())


def _refill(model: type[Row], anew: Callable[[Row], str]) -> None:
    last = 0
    while batch := list(model._default_manager.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = batch[-1].pk
        changed = [row for row in batch if row.search != anew(row)]
        for row in changed:
            row.search = anew(row)
        # An upsert by id that always finds its row: several times as fast as bulk_update.
        model._default_manager.bulk_create(
            changed, update_conflicts=True, unique_fields=["id"], update_fields=["search"]
        )

"""Many rows at once, within the caller's transaction: several times as fast as the ORM, which makes objects.

Columns are named by the attributes of the model that hold them (`unit_id`). Nobody checks the values here.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from django.db import connection, models
from django.db.models.expressions import RawSQL

Rows = Iterable[Sequence[Any]]


def insert(model: type[models.Model], names: Sequence[str], rows: Rows) -> None:
    """New rows of `model` with values for the columns `names`; a key is given by the database."""
    columns = ", ".join(_column(model, name) for name in names)
    places = ", ".join(["%s"] * len(names))
    _execute(f"INSERT INTO {_table(model)} ({columns}) VALUES ({places})", model, names, rows)  # noqa: S608


def update(model: type[models.Model], names: Sequence[str], rows: Rows) -> None:
    """Set the columns `names` of stored rows; every row of `rows` ends with its key."""
    columns = ", ".join(f"{_column(model, name)} = %s" for name in names)
    _execute(f"UPDATE {_table(model)} SET {columns} WHERE id = %s", model, names, rows)  # noqa: S608


def among(values: Iterable[str]) -> RawSQL:
    """For `name__in`: many texts as one parameter, which costs a hundredth of as many parameters."""
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(values), ensure_ascii=False)])


def last_key(model: type[models.Model]) -> int:
    """The key of the newest row, 0 without any: whoever holds the write lock finds new rows beyond it."""
    return int(model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0)


def _execute(sql: str, model: type[models.Model], names: Sequence[str], rows: Rows) -> None:
    adapted = [(at, convert) for at, name in enumerate(names) if (convert := _converter(model, name))]
    prepared = [list(row) for row in rows]
    for at, convert in adapted:
        for row in prepared:
            row[at] = convert(row[at])
    with connection.cursor() as cursor:
        cursor.executemany(sql, prepared)


def _converter(model: type[models.Model], name: str) -> Callable[[Any], Any] | None:
    """How a value of a column is made what the database takes; None where it is that already."""
    field = model._meta.get_field(name)
    if isinstance(field, models.DateTimeField):
        return cache(connection.ops.adapt_datetimefield_value)
    if isinstance(field, models.DateField):
        return cache(connection.ops.adapt_datefield_value)
    return None


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _column(model: type[models.Model], name: str) -> str:
    field = model._meta.get_field(name)
    return connection.ops.quote_name(str(field.column))  # type: ignore[union-attr]

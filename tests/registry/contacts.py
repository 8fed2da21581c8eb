"""Contacts files for the tests: one sound row, changed where a test needs it."""

import csv
import io
from collections.abc import Mapping, Sequence

SOUND = {
    "line": "cac",
    "division": "410100",
    "unit": "",
    "unit_division": "",
    "office": "郑州市委网信办",
    "person": "周晓",
    "phone": "000-4101-0001",
    "email": "zhou.xiao@henan.example",
    "rank": "1",
    "hours": "always",
    "valid_from": "2026-01-01",
    "valid_to": "",
}
# The contact of the unit in tests.registry.register.
SPONSOR = {
    "line": "sponsor",
    "division": "",
    "unit": "郑州市人民政府办公厅",
    "unit_division": "410100",
    "office": "政务公开科",
}
Row = Mapping[str, str]


def contact(**changes: str) -> dict[str, str]:
    """One row, with `changes` to the sound one."""
    return {**SOUND, **changes}


def contacts(*rows: Row, columns: Sequence[str] = tuple(SOUND), heads: Sequence[str] = ()) -> bytes:
    """A CSV file of these `columns` of the rows, below `heads` or their own names."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heads or columns)
    writer.writerows([row[column] for column in columns] for row in rows)
    return text.getvalue().encode("utf-8", "surrogatepass")

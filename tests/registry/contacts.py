"""Contacts files for the tests: one sound row, changed where a test needs it."""

from registry.contact_entries import COLUMNS

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


def contact(**changes: str) -> str:
    """One line, with `changes` to the sound one."""
    return ",".join({**SOUND, **changes}[column] for column in COLUMNS)


def contacts(*rows: str) -> bytes:
    """A file of these rows below the header."""
    return "\n".join([",".join(COLUMNS), *rows, ""]).encode()

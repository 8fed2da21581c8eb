"""Register files for the tests: one sound row, changed where a test needs it."""

from datetime import date

from registry.columns import Known
from registry.entries import COLUMNS
from registry.kinds import ACCOUNT_KINDS

KNOWN = Known(date(2026, 11, 24), frozenset(kind.platform for kind in ACCOUNT_KINDS))
SOUND = {
    "platform": "weibo",
    "instance": "",
    "platform_uid": "1903424",
    "handle": "zhengzhou",
    "name": "郑州发布",
    "certified_subject": "郑州市人民政府办公厅",
    "home_url": "https://weibo.com/u/1903424",
    "opened_on": "2019-08-01",
    "state": "in_service",
    "unit": "郑州市人民政府办公厅",
    "unit_division": "410100",
    "unit_kind": "government_office",
}


def row(**changes: str) -> str:
    """One line, with `changes` to the sound one."""
    return ",".join({**SOUND, **changes}[column] for column in COLUMNS)


def register(*rows: str) -> bytes:
    """A file of these rows below the header."""
    return "\n".join([",".join(COLUMNS), *rows, ""]).encode()

"""Brings the reference rows, divisions and account kinds, in line with the tables shipped in `names`.

Divisions that have ended are rows as well (`valid_to`, `successors`): a unit may still stand on one. Such a
row lies below the one division that followed it, so that whoever watches that one sees the unit, and an alert
climbs from there; where several followed, or nobody knows which, it lies where it lay.
"""

from datetime import date, datetime
from functools import cache

from django.db import transaction

from audit_logs.record import record
from names import divisions as table
from names import history
from registry.kinds import ACCOUNT_KINDS
from registry.models import AccountKind, Division

FIELDS = (
    "name",
    "level",
    "parent_id",
    "path",
    "is_placeholder",
    "is_statistical_zone",
    "valid_from",
    "valid_to",
    "successors",
)


def load_divisions(actor: str, moment: datetime) -> int:
    """Add and correct rows until they are as shipped, and return how many were touched; usually 0.

    One transaction with one audit event, or nothing at all. A row that is no longer shipped stays: units may
    stand on it. Call it before anything that points to a division.
    """
    with transaction.atomic():
        added, corrected = _load_rows()
        kinds = _load_kinds()
        touched = added + corrected + kinds
        if touched:
            details = {"added": added, "corrected": corrected, "account_kinds": kinds}
            record(actor, "registry.load", ("table", "divisions"), details, at=moment)
    return touched


def add_account_kind(actor: str, platform: str, title: str, moment: datetime) -> bool:
    """Let accounts on `platform` stand in the register; whether that is new. One transaction."""
    with transaction.atomic():
        load_divisions(actor, moment)
        named = {"title_zh": title[:40], "title_en": title[:40], "is_core": False}
        _, is_new = AccountKind.objects.get_or_create(platform=platform, defaults=named)
        if is_new:
            record(actor, "registry.account_kind", ("platform", platform), {"title": title[:40]}, at=moment)
    return is_new


def shipped() -> list[Division]:
    """The divisions table as unsaved rows, parents before children."""
    return [_row(code) for code in _shipped()]


@cache
def paths() -> dict[str, str]:
    """Code → path of every division shipped."""
    at = FIELDS.index("path")
    return {code: str(values[at]) for code, values in _shipped().items()}


@cache
def _shipped() -> dict[str, tuple[object, ...]]:
    """Code → values of FIELDS, parents before children."""
    found = {"": "/CN/"}
    values: dict[str, tuple[object, ...]] = {}
    for row in sorted(table.all_divisions(), key=lambda row: table.LEVELS.index(row.level)):
        path = found[row.key] = f"{found[row.parent]}{row.key}/"
        marks = row.is_placeholder, row.is_statistical_zone
        span = _day(row.valid_from) or history.began(row.key), _day(row.valid_to)
        values[row.key] = (row.name, row.level, row.parent or None, path, *marks, *span, [])
    for ended in history.all_former():
        followed = history.successors(ended.code, history.TODAYS_LIST)
        parent = _place_of(ended, followed)
        path, codes = f"{found[parent]}{ended.code}/", [one.code for one in followed]
        span = ended.first, ended.last
        values[ended.code] = (ended.name, ended.level, parent, path, False, False, *span, codes)
    return values


def _place_of(ended: history.Ended, followed: tuple[history.Successor, ...]) -> str:
    """What an ended division lies in: its one successor, else where it lay."""
    is_whole = len(followed) == 1 and followed[0].level == ended.level
    return followed[0].code if is_whole else ended.parent


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _row(code: str) -> Division:
    return Division(code=code, **dict(zip(FIELDS, _shipped()[code], strict=True)))


def _load_rows() -> tuple[int, int]:
    stored = {code: values for code, *values in Division.objects.values_list("code", *FIELDS)}
    added = [_row(code) for code in _shipped() if code not in stored]
    corrected = [
        _row(code) for code, values in _shipped().items() if code in stored and stored[code] != list(values)
    ]
    Division.objects.bulk_create(added, batch_size=500)
    Division.objects.bulk_update(corrected, FIELDS, batch_size=100)
    return len(added), len(corrected)


def _load_kinds() -> int:
    """Kinds are only added: an installation may have renamed the ones it has."""
    stored = set(AccountKind.objects.values_list("platform", flat=True))
    added = [AccountKind(**kind._asdict()) for kind in ACCOUNT_KINDS if kind.platform not in stored]
    AccountKind.objects.bulk_create(added)
    return len(added)

"""Which column of an office's own files means which field, kept under a name to be used again."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from audit_logs.record import record
from registry.models import MappingProfile


def names(kind: str) -> list[str]:
    """The names of the profiles for a `kind` of file, in order."""
    return list(MappingProfile.objects.filter(kind=kind).order_by("name").values_list("name", flat=True))


def columns(kind: str, name: str) -> dict[str, str] | None:
    """Column as written → field; None where there is no such profile."""
    profile = MappingProfile.objects.filter(kind=kind, name=name).first()
    return None if profile is None else dict(profile.columns)


def save(kind: str, name: str, mapping: Mapping[str, str], actor: str, now: datetime) -> None:
    """Keep `mapping` under `name`; it takes the place of what was kept there. One audit event."""
    with transaction.atomic():
        MappingProfile.objects.update_or_create(
            kind=kind, name=name, defaults={"columns": dict(mapping), "changed_at": now}
        )
        record(actor, "import.profile", ("profile", f"{kind}/{name}"), {"columns": len(mapping)}, at=now)

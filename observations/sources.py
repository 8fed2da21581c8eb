"""Switching platforms on and off: one transaction each, with its audit event."""

import hashlib
import logging
from datetime import datetime

from django.db import transaction

from audit_logs.record import record
from crawlers import specs
from crawlers.specs import Spec, SpecError
from observations import coverage, frontier
from observations.models import Source
from registry.models import User

log = logging.getLogger("zhenwei.sources")


def enable(
    spec: Spec, instance: str, base_url: str, daily_budget: int, by: User | None, now: datetime
) -> Source:
    """Switch an instance of `spec` on; `by` accepted the terms (None: the demo, which asks nobody else).

    An import-only platform has an empty `base_url` and no budget.

    The digest of the terms and notes that were shown is kept beside name and time.
    """
    shown = hashlib.sha256(terms(spec).encode()).hexdigest()
    with transaction.atomic():
        source, _ = Source.objects.update_or_create(
            platform=spec.id,
            instance=instance,
            defaults={
                "base_url": base_url,
                "enabled": True,
                "daily_budget": daily_budget,
                "terms_url": spec.terms_url or "",
                "terms_digest": shown,
                "acknowledged_by": by,
                "acknowledged_at": now,
            },
        )
        details = {"base_url": base_url, "daily_budget": daily_budget, "terms_digest": shown}
        actor = f"user:{by.pk}" if by else "system:demo"
        record(actor, "platform.enable", ("source", str(source)), details, at=now)
        if source.is_import_only:
            frontier.refresh(source, now)
        coverage.refresh(now)
    return source


def disable(source: Source, by: User, now: datetime) -> None:
    """Switch an instance off: nothing is asked there until somebody switches it on again."""
    with transaction.atomic():
        Source.objects.filter(pk=source.pk).update(enabled=False)
        record(f"user:{by.pk}", "platform.disable", ("source", str(source)), {}, at=now)
        coverage.refresh(now)  # what nobody is asked about any more is not checked any more


def askable() -> list[Source]:
    """The enabled sources that may be asked and whose spec can be read.

    One that cannot be read is logged, and never stops the others.
    """
    return [
        source for source in Source.objects.filter(enabled=True).exclude(base_url="") if not problem(source)
    ]


def answered_by_files() -> list[Source]:
    """The enabled sources that are asked nothing: files that people hand in answer their questions."""
    return list(Source.objects.filter(enabled=True, base_url=""))


def problem(source: Source) -> str | None:
    """Why `source` cannot be asked at all, or None."""
    try:
        specs.load(source.platform)
    except SpecError as error:
        log.error("%s is not asked: %s", source, error)
        return str(error)
    return None


def terms(spec: Spec) -> str:
    """What a person accepts by switching a platform on."""
    return f"{spec.title}\n{spec.terms_url or ''}\n{spec.notes or ''}"

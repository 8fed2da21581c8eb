"""Takes a contacts file: whole or not at all, and a second time without any effect.

parse (pure) → one immediate transaction: compare with the rows, write the difference, record one audit event.
Whoever a file does not name stays; a contact ends with its `valid_to`. The event counts and names nobody.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from audit_logs.record import record
from common.clock import BEIJING
from common.crash import crash_point
from registry.columns import Known
from registry.contact_difference import CHANGEABLE, ContactDifference
from registry.contact_entries import parse
from registry.difference import Change
from registry.divisions import load_divisions
from registry.models import Contact, Unit
from registry.protection import BATCH


@dataclass(frozen=True, slots=True)
class ContactOutcome:
    """What an import did (or, as a dry run, would do)."""

    file_sha256: str
    dry_run: bool
    added: int
    changed: int
    unchanged: int
    changes: tuple[Change, ...]


def import_contacts(data: bytes, actor: str, moment: datetime, *, dry_run: bool = False) -> ContactOutcome:
    """Bring the contacts in line with the file `data`, or only say what would change.

    Raises BadRegister with every fault; then, and in a dry run, nothing has been written.
    """
    entries = parse(data, Known(moment.astimezone(BEIJING).date()))
    with transaction.atomic():
        difference = ContactDifference(moment, _units(), Contact.objects.all())
        difference.take(entries)
        outcome = _outcome(data, dry_run, len(entries), difference)
        if not dry_run:
            load_divisions(actor, moment)
            _write(difference)
            _record(outcome, actor, moment)
            crash_point("contacts.before_commit")
    crash_point("contacts.after_commit")
    return outcome


def _units() -> dict[tuple[str, str], int]:
    rows = Unit.objects.values_list("name", "line_division_id", "pk")
    return {(name, division): key for name, division, key in rows}


def _outcome(data: bytes, dry_run: bool, rows: int, difference: ContactDifference) -> ContactOutcome:
    added, changed = len(difference.new), len(difference.changed)
    return ContactOutcome(
        file_sha256=sha256(data).hexdigest(),
        dry_run=dry_run,
        added=added,
        changed=changed,
        unchanged=rows - added - changed,
        changes=tuple(difference.changes),
    )


def _write(difference: ContactDifference) -> None:
    Contact.objects.bulk_create(difference.new, batch_size=BATCH)
    # An upsert by id that always finds its row: five times as fast as bulk_update.
    Contact.objects.bulk_create(
        difference.changed,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[*CHANGEABLE, "changed_at"],
    )


def _record(outcome: ContactOutcome, actor: str, moment: datetime) -> None:
    details = {"added": outcome.added, "changed": outcome.changed, "unchanged": outcome.unchanged}
    record(actor, "contacts.import", ("file", outcome.file_sha256), details, at=moment)

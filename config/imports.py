"""What `zhenwei import` takes: for each kind of file how it is taken, and what is printed then."""

import argparse
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from common.clock import BEIJING
from registry.contact_importer import ContactOutcome, import_contacts
from registry.contacts import LINES
from registry.importers import Outcome, import_register
from registry.models import Contact
from registry.offices import ending

ACTOR = "system:import"


class Taken(NamedTuple):
    """What an import did, the sentence that counts it, whether it changed anything, and what needs care."""

    outcome: Outcome | ContactOutcome
    counts: str
    anything: bool
    warnings: tuple[str, ...] = ()


def _registry(data: bytes, args: argparse.Namespace, now: datetime) -> Taken:
    done = import_register(data, ACTOR, now, dry_run=args.dry_run, moving=args.moving)
    accounts = f"{done.added} added, {done.changed} changed, {done.unchanged} unchanged"
    counts = f"accounts: {accounts}; units: {done.units_added} added, {done.units_changed} changed"
    return Taken(done, counts, any((done.added, done.changed, done.units_added, done.units_changed)))


def _contacts(data: bytes, args: argparse.Namespace, now: datetime) -> Taken:
    done = import_contacts(data, ACTOR, now, dry_run=args.dry_run)
    counts = f"contacts: {done.added} added, {done.changed} changed, {done.unchanged} unchanged"
    soon = ending(Contact.objects.select_related("division", "unit"), now.astimezone(BEIJING).date())
    warnings = tuple(f"{_post(contact)} ends on {contact.valid_to}, and nobody follows" for contact in soon)
    return Taken(done, counts, bool(done.added or done.changed), warnings)


def _post(contact: Contact) -> str:
    return f"{LINES[contact.line].zh} {contact.division or contact.unit} {contact.person}"


# Bytes, arguments and moment → what was done. Raises BadRegister.
KINDS: dict[str, Callable[[bytes, argparse.Namespace, datetime], Taken]] = {
    "registry": _registry,
    "contacts": _contacts,
}

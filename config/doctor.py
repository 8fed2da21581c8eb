"""Looks at this installation as a careful administrator would."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.checks import ERROR, run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.db.utils import DatabaseError

from alerting import sealing
from alerting.models import Stuck, Webhook
from common import clock
from common.clock import isoformat
from common.datafolder import folder, mode
from common.secrets import SecretError
from config import checks, contacts
from observations import captures, sources
from observations.models import Capture, Source
from registry import imports
from review import intake


@dataclass(frozen=True)
class Finding:
    """A defect or a warning, with the mend."""

    is_defect: bool
    text: str

    def __str__(self) -> str:
        return f"{'DEFECT' if self.is_defect else 'warning'}: {self.text}"


def examine() -> list[Finding]:
    """Everything found wrong; empty if nothing is."""
    found = [
        Finding(message.level >= ERROR, ": ".join(filter(None, (message.msg, message.hint))))
        for message in run_checks()
        if not message.is_silenced()
    ]
    return [*found, *_database(), *_folder()]


def _database() -> Iterator[Finding]:
    try:
        call_command("migrate", check_unapplied=True, verbosity=0)
    except (SystemExit, SystemCheckError):
        yield Finding(True, "the database is not up to date. Start `zhenwei run`, which brings it up to date")
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            answer = str(cursor.fetchone()[0])
    except DatabaseError as error:
        answer = str(error)
    if answer != "ok":
        yield Finding(True, f"the database is damaged: {answer}. Restore the latest backup")
        return
    yield from (Finding(True, str(message.msg)) for message in checks.journal_mode())
    yield from _captures()
    yield from (Finding(True, f"{source} cannot be asked: {text}") for source, text in _unreadable_specs())
    yield from _cases()
    yield from _alerting()
    yield from (Finding(False, imports.broken_off_text(job).en) for job in imports.untold(clock.now()))
    if count := len(contacts.gaps("/CN/")):
        yield Finding(
            False, f"nobody can be told at {count} offices and units. `zhenwei contacts missing` lists them"
        )


def _unreadable_specs() -> Iterator[tuple[Source, str]]:
    for source in Source.objects.filter(enabled=True):
        if text := sources.problem(source):
            yield source, text


def _cases() -> Iterator[Finding]:
    """Suspects nobody will judge."""
    if count := (left := intake.left_out(clock.now())).count():
        yield Finding(
            True, f"suspects in no case: {count}, the first is {left[0].pk}. The log of the scans says why"
        )


def _alerting() -> Iterator[Finding]:
    """What keeps alerts from going out and only an administrator can mend."""
    for endpoint in Webhook.objects.filter(state="active").order_by("pk"):
        try:
            sealing.secrets_of(endpoint)
        except SecretError as error:
            yield Finding(True, f"the webhook {endpoint} (number {endpoint.pk}): its secret is {error}")
    for stuck in Stuck.objects.filter(resolved_at=None).select_related("change__case").order_by("since"):
        yield Finding(
            True, f"nobody is told of “{stuck.change}” since {isoformat(stuck.since)}: {stuck.problem}"
        )


def _captures() -> Iterator[Finding]:
    known = set(Capture.objects.values_list("sha256", flat=True))
    for digest in sorted(known):
        try:
            captures.read(digest)
        except captures.CaptureError as error:
            yield Finding(True, f"{error}. Restore it from a backup; it is proof")


def _folder() -> Iterator[Finding]:
    if folder().stat().st_mode & 0o077:
        yield Finding(mode() == "production", f"{folder()} is open to others. chmod 700 {folder()}")

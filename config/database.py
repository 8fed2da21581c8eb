"""Brings the database of this installation up to date."""

from django.core.management import call_command

from common import clock
from registry.divisions import load_divisions


def prepare() -> None:
    """Create or migrate the schema and load the divisions; quick when nothing is to do."""
    call_command("migrate", verbosity=0, interactive=False)
    load_divisions("system:setup", clock.now())

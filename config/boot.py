"""Starts Django once, for the commands that need the database."""

import os

from common import datafolder


def django() -> None:
    """Load settings and apps. An empty data folder gets its database here: any command may be first."""
    import django as framework

    path = datafolder.create()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    framework.setup()
    if not (path / "zhenwei.sqlite3").exists():
        from config import database

        database.prepare()

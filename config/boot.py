"""Starts Django once, for the commands that need the database."""

import os

from common.datafolder import folder


def django() -> None:
    """Load settings and apps. An empty data folder gets its database here: any command may be first."""
    import django as framework

    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    framework.setup()
    if not (folder() / "zhenwei.sqlite3").exists():
        from config import database

        database.prepare()

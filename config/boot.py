"""Starts Django once, for the commands that need the database."""

import os

from common.datafolder import folder


def django() -> None:
    """Create the data folder (readable by its owner only), load the settings and the apps."""
    import django as framework

    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    framework.setup()

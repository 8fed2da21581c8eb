"""The Django app of this package."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """Nothing happens at start."""

    name = "console"

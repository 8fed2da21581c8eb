"""The Django app of this package."""

from django.apps import AppConfig


class WatchConfig(AppConfig):
    """Nothing happens at start."""

    name = "watch"

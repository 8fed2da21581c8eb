"""The Django app of this package."""

from django.apps import AppConfig


class ObservationsConfig(AppConfig):
    """Nothing happens at start."""

    name = "observations"

"""The Django app of this package."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Nothing happens at start."""

    name = "registry"

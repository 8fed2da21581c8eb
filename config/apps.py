"""The app that wires the others: it only registers the system checks."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Registers `config.checks`."""

    name = "config"

    def ready(self) -> None:
        """Importing the module registers its checks."""
        from config import checks  # noqa: F401  (Django wants registration after the apps are loaded)

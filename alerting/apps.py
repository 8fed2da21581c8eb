"""Django application of the `alerting` package."""

from django.apps import AppConfig


class AlertingConfig(AppConfig):
    """Who must know, until they do."""

    name = "alerting"

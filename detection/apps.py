"""The Django app of this package."""

from django.apps import AppConfig


class DetectionConfig(AppConfig):
    """Nothing happens at start."""

    name = "detection"

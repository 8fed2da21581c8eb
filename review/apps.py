"""Django application of the `review` package."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """What a person decided about a suspect."""

    name = "review"

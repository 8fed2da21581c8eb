"""A province, its people, and browsers for them."""

from collections.abc import Callable

import pytest
from django.conf import settings as installed
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings

from console import gate
from console.views import session
from registry.models import User

SignedIn = Callable[..., Client]
# For properties of whole pages: few examples, as each asks the server; the fixtures hold for all of them.
tried = hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(autouse=True)
def quick_installation(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash that costs nothing, and a gate that has seen nobody."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr(session, "GATE", gate.Gate())


@pytest.fixture
def signed_in() -> SignedIn:
    """`browser_of`."""
    return browser_of


def browser_of(user: User, language: str = "en") -> Client:
    """A browser in which that person has signed in; pages come in English unless asked otherwise."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies[installed.LANGUAGE_COOKIE_NAME] = language
    return client

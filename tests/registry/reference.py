"""Fixtures for tests that import or add people: what a set-up has loaded, and cheap hashes."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from pytest_django.plugin import DjangoDbBlocker

from config import boot
from registry.divisions import shipped
from registry.kinds import ACCOUNT_KINDS
from registry.models import AccountKind, Division


@pytest.fixture(scope="module")
def reference_rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Divisions and kinds, once for all tests of a module."""
    with django_db_blocker.unblock():
        Division.objects.bulk_create(shipped())
        AccountKind.objects.bulk_create([AccountKind(**kind._asdict()) for kind in ACCOUNT_KINDS])
    yield
    with django_db_blocker.unblock():
        AccountKind.objects.all().delete()
        Division.objects.all()._raw_delete("default")


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 as in production, but cheap."""
    monkeypatch.setattr(Argon2PasswordHasher, "memory_cost", 8)
    monkeypatch.setattr(Argon2PasswordHasher, "time_cost", 1)
    monkeypatch.setattr(Argon2PasswordHasher, "parallelism", 1)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command finds Django started and the database prepared, as every call after the first."""
    monkeypatch.setattr(boot, "django", lambda: None)

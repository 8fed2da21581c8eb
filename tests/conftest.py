"""Every test run has a data folder of its own, marked as a test's; nothing is written elsewhere."""

import atexit
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import django
import pytest
from hypothesis import settings
from pytest_django import DjangoDbBlocker

_FOLDER = Path(tempfile.mkdtemp(prefix="zhenwei-test-"))
(_FOLDER / "MODE").write_text("test\n", encoding="ascii")
_MIGRATED = _FOLDER / "migrated"
os.environ["ZHENWEI_VAR"] = str(_FOLDER)
# Not in pyproject.toml: from there the settings would be read before this folder is known.
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
django.setup()

# A build tries every property four times as often as somebody who waits for the answer, and always the same
# cases: what it says of a commit does not change from run to run. New cases are looked for at the desk.
settings.register_profile("desk", max_examples=25)
settings.register_profile("build", max_examples=100, derandomize=True)
settings.load_profile("desk")

from django.db import connection  # noqa: E402  (the data folder must be known first)

from tests import cast, crash  # noqa: E402  (the data folder must be known first)
from tests.audit_logs.flush import emptied_past_the_walls  # noqa: E402, F401  (the data folder comes first)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The database of the tests, and a copy of it as it was made: see `migrated`."""
    _MIGRATED.mkdir()
    (_MIGRATED / "MODE").write_text("test\n", encoding="ascii")
    with django_db_blocker.unblock(), closing(sqlite3.connect(_MIGRATED / "zhenwei.sqlite3")) as copy:
        connection.ensure_connection()
        connection.connection.backup(copy)


@pytest.fixture(scope="session")
def migrated(django_db_setup: None) -> Path:
    """A data folder with an empty database, to be copied: migrations take their time, a copy takes none.

    Without a test that is marked django_db there is no database to copy.
    """
    return _MIGRATED


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[crash.Ground]:
    """A warm process with an installation of its own, for scans and commands in a fraction of a second."""
    with crash.prepared(tmp_path_factory.mktemp("ground")) as prepared:
        yield prepared


@pytest.fixture
def place(db: None) -> cast.Province:
    """Henan and Guangdong."""
    return cast.province()


@pytest.fixture
def everybody(place: cast.Province) -> cast.Cast:
    """The people of the tests."""
    return cast.cast(place)

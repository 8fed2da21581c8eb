"""One row that fails is undone alone; a database that fails is nobody's fault."""

import pytest
from django.db import OperationalError, transaction

from registry.models import Division
from review.apart import apart

pytestmark = pytest.mark.django_db


def place(code: str) -> Division:
    return Division.objects.create(code=code, name="河南省", level="province", path=f"/CN/{code}/")


def failing(error: Exception) -> Division:
    place("410000")
    raise error


def test_what_fails_is_undone_alone_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    with transaction.atomic():
        assert apart("the first", lambda: failing(ValueError("planted"))) is None
        assert apart("the second", lambda: place("420000")) is not None
    assert list(Division.objects.values_list("code", flat=True)) == ["420000"]
    assert "the first is left out" in caplog.text
    assert "planted" in caplog.text


def test_a_database_that_fails_ends_the_work() -> None:
    with pytest.raises(OperationalError), transaction.atomic():
        apart("a row", lambda: failing(OperationalError("disk full")))

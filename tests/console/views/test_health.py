"""The answer for a watchdog."""

import pytest
from django.db import OperationalError
from django.test import Client

from console.views import health


@pytest.mark.django_db
def test_it_answers_without_a_sign_in() -> None:
    answer = Client().get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_said_without_details(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def cursor(self) -> None:
            raise OperationalError("/var/lib/zhenwei/zhenwei.sqlite3 is malformed")

    monkeypatch.setattr(health, "connection", Broken())
    answer = Client().get("/health")
    assert (answer.status_code, answer.json()) == (503, {"status": "database"})


@pytest.mark.django_db
def test_it_takes_no_orders() -> None:
    assert Client().post("/health").status_code == 405

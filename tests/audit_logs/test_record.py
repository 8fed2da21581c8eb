"""record(): the event stands or falls with the act."""

import pytest
from django.db import connection, transaction

from audit_logs.errors import EventRefused
from audit_logs.event import parse_body
from audit_logs.models import Entry, Event
from audit_logs.record import record
from tests.audit_logs.log import NOON


@pytest.mark.django_db
def test_it_keeps_who_did_what_to_what_and_when() -> None:
    event = record("user:7", "registry.import", ("unit", "410100"), {"rows": 12, "file": "名册.csv"}, at=NOON)
    event.refresh_from_db()
    said = parse_body(bytes(event.body))
    assert (said.id, said.at, said.actor) == (event.event_id, NOON, "user:7")
    assert (event.at, event.actor, event.action) == (NOON, "user:7", "registry.import")
    assert (event.subject_kind, event.subject_id) == said.subject == ("unit", "410100")
    assert event.details == {"rows": 12, "file": "名册.csv"}
    assert str(event) == "user:7 registry.import unit:410100"


@pytest.mark.django_db
def test_it_numbers_nothing() -> None:
    record("system:crawl", "crawl.started", ("run", "1"), {})
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_it_falls_with_the_act() -> None:
    def act_and_fail() -> None:
        with transaction.atomic():
            record("user:7", "console.sign_in", ("user", "7"), {})
            raise LookupError

    with pytest.raises(LookupError):
        act_and_fail()
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_it_refuses_to_run_outside_a_transaction() -> None:
    assert not connection.in_atomic_block
    with pytest.raises(RuntimeError, match="transaction"):
        record("user:7", "console.sign_in", ("user", "7"), {})
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_a_refused_event_leaves_nothing() -> None:
    with pytest.raises(EventRefused):
        record("user:7", "console.sign_in", ("user", "7"), {"secret": b"bytes"})
    assert not Event.objects.exists()

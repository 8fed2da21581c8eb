"""One asker per host, a budget a day."""

from datetime import UTC, datetime, timedelta

import pytest

from observations import leases
from observations.models import HostLease

pytestmark = pytest.mark.django_db
HOST = "social.example:443"
NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_host_has_one_holder_until_it_is_given_back() -> None:
    assert leases.take(HOST, "one", NOW)
    assert not leases.take(HOST, "two", NOW)
    assert leases.take(HOST, "one", NOW)
    leases.release("one", NOW)
    assert leases.take(HOST, "two", NOW)


def test_a_lease_that_is_not_renewed_ends() -> None:
    leases.take(HOST, "dead", NOW)
    assert not leases.take(HOST, "next", NOW + leases.LEASE)
    assert leases.take(HOST, "next", NOW + leases.LEASE + SECOND)
    assert leases.renew("dead", NOW + leases.LEASE) == 0


def test_a_renewed_lease_holds_for_another_term() -> None:
    leases.take(HOST, "alive", NOW)
    assert leases.renew("alive", NOW + leases.LEASE) == 1
    assert not leases.take(HOST, "next", NOW + leases.LEASE + SECOND)


def test_a_paused_host_is_nobodys_until_the_pause_is_over() -> None:
    leases.take(HOST, "one", NOW)
    leases.pause(HOST, NOW + timedelta(hours=1))
    leases.release("one", NOW)
    assert not leases.take(HOST, "two", NOW + timedelta(minutes=59))
    assert leases.opens_at(HOST) == NOW + timedelta(hours=1)
    assert leases.take(HOST, "two", NOW + timedelta(hours=1))


def test_a_shorter_pause_does_not_shorten_a_longer_one() -> None:
    leases.take(HOST, "one", NOW)
    leases.pause(HOST, NOW + timedelta(hours=2))
    leases.pause(HOST, NOW + timedelta(hours=1))
    assert leases.opens_at(HOST) == NOW + timedelta(hours=2)


def test_a_host_that_was_never_asked_is_open_and_unspent() -> None:
    assert leases.opens_at(HOST) is None
    assert leases.left(HOST, 100, NOW) == 100


def test_the_budget_counts_what_was_spent_and_never_falls_below_nothing() -> None:
    leases.take(HOST, "one", NOW)
    leases.spend(HOST, 30)
    assert leases.left(HOST, 100, NOW) == 70
    leases.spend(HOST, 100)
    assert leases.left(HOST, 100, NOW) == 0


def test_a_new_day_begins_at_midnight_in_beijing() -> None:
    evening = datetime(2026, 11, 24, 15, 59, tzinfo=UTC)
    leases.take(HOST, "one", evening)
    leases.spend(HOST, 100)
    assert leases.left(HOST, 100, evening) == 0
    midnight = evening + timedelta(minutes=1)
    assert leases.left(HOST, 100, midnight) == 100
    leases.take(HOST, "one", midnight)
    assert HostLease.objects.get().spent == 0

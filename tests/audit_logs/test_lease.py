"""The lease: one holder, and none for ever."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from audit_logs.errors import LeaseLost
from audit_logs.lease import TERM, taken
from tests.audit_logs.log import NOON

pytestmark = pytest.mark.django_db


def at(moment: datetime) -> Callable[[], datetime]:
    """A clock that stands still."""
    return lambda: moment


def test_only_one_holds_it() -> None:
    with (
        taken("work", at(NOON)) as first,
        taken("work", at(NOON)) as second,
        taken("other", at(NOON)) as other,
    ):
        assert first and other
        assert second is None


def test_it_is_free_again_after_the_block_even_after_an_error() -> None:
    with pytest.raises(LookupError), taken("work", at(NOON)):
        raise LookupError
    with taken("work", at(NOON)) as held:
        assert held


def test_a_dead_holder_loses_it_after_the_term() -> None:
    with taken("work", at(NOON)) as dead:
        assert dead
        with taken("work", at(NOON + TERM - timedelta(seconds=1))) as early:
            assert early is None
        with taken("work", at(NOON + TERM)) as late:
            assert late
            with pytest.raises(LeaseLost):
                dead.renew(NOON + TERM)


def test_a_holder_that_lost_it_does_not_free_the_next_ones() -> None:
    with taken("work", at(NOON)):
        late = taken("work", at(NOON + TERM))
        assert late.__enter__()
    with taken("work", at(NOON + TERM)) as third:
        assert third is None
    late.__exit__(None, None, None)


def test_renewing_adds_a_term() -> None:
    with taken("work", at(NOON)) as held:
        assert held
        held.renew(NOON + TERM)
        with taken("work", at(NOON + TERM + timedelta(seconds=1))) as other:
            assert other is None


def test_a_lease_from_a_clock_since_set_back_is_not_for_ever() -> None:
    with taken("work", at(NOON + timedelta(days=365))) as ahead, taken("work", at(NOON)) as now:
        assert ahead and now

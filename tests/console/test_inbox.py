"""Where a large body is taken, and what becomes of its bytes."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine

from common import clock
from console import inbox
from registry.uploads import LIMITS


def split(kind: str) -> tuple[str, str]:
    """Path and query of the address for `kind`."""
    parts = urlsplit(inbox.address(kind))
    return parts.path, parts.query


@pytest.mark.parametrize("kind", LIMITS)
def test_at_a_signed_address_as_much_is_taken_as_the_kind_may_have(kind: str) -> None:
    assert inbox.largest_body(*split(kind)) == LIMITS[kind] + inbox.FIELDS


@pytest.mark.parametrize(
    "query",
    ["", "signed=", "signed=registry", "signed=registry:1vN:x", "a=1&b=2", "signed=%00", "signed=\ud800"],
)
def test_elsewhere_no_more_than_a_form(query: str) -> None:
    assert inbox.largest_body("/imports/registry/", query) is None


def test_an_address_is_good_for_its_kind_alone() -> None:
    _, query = split("observations")
    assert inbox.largest_body("/imports/registry/", query) is None
    assert inbox.largest_body("/sign-in/", query) is None


def test_an_address_holds_as_long_as_a_sign_in() -> None:
    path, query = split("registry")
    with time_machine.travel(clock.now() + timedelta(hours=11, minutes=59)):
        assert inbox.largest_body(path, query) is not None
    with time_machine.travel(clock.now() + timedelta(hours=12, minutes=1)):
        assert inbox.largest_body(path, query) is None


def test_no_letter_of_a_signature_can_be_changed() -> None:
    path, query = split("registry")
    for place in range(len("signed="), len(query)):
        other = "x" if query[place] != "x" else "y"
        assert inbox.largest_body(path, f"{query[:place]}{other}{query[place + 1 :]}") is None

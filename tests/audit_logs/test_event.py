"""What an event may say, and that its bytes say nothing else."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_logs.errors import EventRefused, FormatError
from audit_logs.event import MAX_BODY, MAX_NAME, parse_body
from tests.audit_logs.log import body

GOOD = parse_body(body(7))


def test_a_body_reads_back() -> None:
    assert GOOD.encode() == body(7)
    assert (GOOD.actor, GOOD.subject, GOOD.details["file"]) == (
        "user:7",
        ("account", "weibo//1000007"),
        "名册.csv",
    )


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("action", "import", "action"),
        ("action", "Registry.Import", "action"),
        ("action", "a." + "b" * MAX_NAME, "action"),
        ("actor", "somebody", "actor"),
        ("actor", "user:", "actor"),
        ("actor", "user:a b", "actor"),
        ("subject", ("", "7"), "subject kind"),
        ("subject", ("two words", "7"), "subject kind"),
        ("subject", ("account", "7" * (MAX_NAME + 1)), "subject id"),
        ("subject", ("account", "\ud800"), r"subject\[1\]"),
        ("details", {"rate": 0.5}, "details.rate"),
        ("details", {"x": "x" * MAX_BODY}, "is the most"),
    ],
)
def test_an_event_out_of_form_is_refused_by_its_field(field: str, value: Any, named: str) -> None:
    with pytest.raises(EventRefused, match=named):
        replace(GOOD, **{field: value}).encode()


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        replace(GOOD, at=datetime(2026, 11, 24)).encode()  # noqa: DTZ001


@pytest.mark.parametrize(
    "changed",
    [
        body(7).replace(b'"subject":["account",', b'"subject":["account","more",'),
        body(7).replace(b'"details":{', b'"details":[{').replace(b'},"id"', b'}],"id"'),
        body(7).replace(b'"actor":"user:7",', b""),
        body(7).replace(b'"actor":"user:7"', b'"actor":"user:7","actors":1'),
        body(7).replace(b"2026-11-24", b"2026-13-24"),
        body(7).replace(b"Z", b"+"),
        body(7).replace(b'"id":"0', b'"id":"{'),
        body(7).replace(b"4000", b"4AAA"),
        b"[]",
    ],
)
def test_a_body_of_another_form_is_refused(changed: bytes) -> None:
    assert changed != body(7)
    with pytest.raises(FormatError):
        parse_body(changed)


@given(st.binary(max_size=80))
def test_arbitrary_bytes_are_refused_in_one_family_of_errors(data: bytes) -> None:
    with pytest.raises(FormatError):
        parse_body(data)

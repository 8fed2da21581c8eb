"""Canonical JSON: what it writes is RFC 8785, and what it reads is only what it writes."""

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from common.canonical import MAX_DEPTH, MAX_INTEGER, CanonicalError, encode, parse

texts = st.text(st.characters(exclude_categories=["Cs"]))
keys = st.text(st.characters(max_codepoint=0x7F))
leaves = st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | texts
values = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=20)


@given(values)
def test_it_writes_what_an_independent_rfc_8785_writer_writes(value: Any) -> None:
    assert encode(value) == rfc8785.dumps(value)


@given(values)
def test_it_reads_what_it_wrote(value: Any) -> None:
    assert parse(encode(value)) == value


@given(st.binary(max_size=60) | values.map(lambda value: json.dumps(value).encode()))
def test_whatever_it_reads_it_writes_back_byte_for_byte(data: bytes) -> None:
    try:
        value = parse(data)
    except CanonicalError:
        return
    assert encode(value) == data


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (1.0, "value: float"),
        ({"a": [0, float("nan")]}, "a[1]: float"),
        ({"a": 2**53}, "a: integer"),
        (-(2**53), "value: integer"),
        ({"名": 1}, "value: key '名'"),
        ({"a": {1: 2}}, "a: key 1"),
        (["\ud800"], "[0]: text with half"),
        ({"a": b"bytes"}, "a: bytes"),
        ({"a": ("tuple",)}, "a: tuple"),
    ],
)
def test_a_value_without_canonical_form_is_refused_by_its_place(value: object, place: str) -> None:
    with pytest.raises(CanonicalError) as refused:
        encode(value)
    assert str(refused.value).startswith(place)


def test_nesting_ends_at_the_limit() -> None:
    deep: Any = []
    for _ in range(MAX_DEPTH - 1):
        deep = [deep]
    assert parse(encode(deep)) == deep
    with pytest.raises(CanonicalError, match="deeper"):
        encode([deep])


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b"[1]\n",
        b"\xef\xbb\xbf[1]",
        b"1.0",
        b"1e3",
        b"-0",
        b"01",
        b"NaN",
        b"Infinity",
        b'"\\u0041"',
        b'"\\ud800"',
        b'"\\/"',
        b'"\xff"',
        b'"\x01"',
        b"9007199254740992",
        b"9" * 5_000,
        b"[" * 100_000,
        b"",
        b"{",
    ],
)
def test_bytes_that_are_not_canonical_are_refused(data: bytes) -> None:
    with pytest.raises(CanonicalError):
        parse(data)


def test_a_key_named_twice_is_said() -> None:
    with pytest.raises(CanonicalError, match="twice"):
        parse(b'{"a":1,"a":1}')

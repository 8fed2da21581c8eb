"""Canonical JSON: one value, one byte string (RFC 8785, on a subset where it is easy to get right).

* Values are objects, lists, strings, true, false, null, and integers below 2^53 in size.
* Refused, because they print in more than one way or sort differently elsewhere: floats, larger integers,
  keys that are not ASCII text, lone surrogates, nesting deeper than MAX_DEPTH.
* Reading accepts the canonical bytes only: no duplicate keys, no spare space, no other order.

Inside this subset RFC 8785 is `json.dumps` with sorted keys and without spaces: ASCII sorts alike as bytes
and as UTF-16 units, and both escape the same characters.
"""

import json
from typing import NoReturn, TypeAlias

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"
Place = tuple[str | int, ...]

MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1  # the last integer every JSON reader keeps exactly


class CanonicalError(ValueError):
    """A value has no canonical form, or bytes are not in it; the text names the place."""


def encode(value: object) -> bytes:
    """The canonical UTF-8 bytes of `value`. Raises CanonicalError."""
    _check(value, ())
    return _WRITER.encode(value).encode()


def parse(data: bytes) -> Json:
    """The value whose canonical form is `data`. Raises CanonicalError on what `encode` would not write."""
    try:
        value: Json = _READER.decode(data.decode())
    except CanonicalError:
        raise
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError and JSONDecodeError are ValueErrors
        raise CanonicalError(f"not JSON: {error}") from error
    if encode(value) != data:
        raise CanonicalError("JSON, but not in canonical form")
    return value


def _check(value: object, place: Place) -> None:
    if isinstance(value, str):
        if not value.isascii():
            _check_text(value, place)
    elif isinstance(value, dict):
        _check_depth(place)
        for key, item in value.items():
            _check_key(key, place)
            _check(item, (*place, key))
    elif isinstance(value, list):
        _check_depth(place)
        for index, item in enumerate(value):
            _check(item, (*place, index))
    elif isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            _refuse(place, "integer of 2^53 or more; write it as text")
    elif value is not None:
        _refuse(place, f"{type(value).__name__} has no canonical form")


def _check_depth(place: Place) -> None:
    if len(place) >= MAX_DEPTH:
        _refuse(place[:3], f"nested deeper than {MAX_DEPTH}")


def _check_text(value: str, place: Place) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        _refuse(place, "text with half a surrogate pair")


def _check_key(key: object, place: Place) -> None:
    if not (isinstance(key, str) and key.isascii()):
        _refuse(place, f"key {key!r} is not ASCII text")


def _refuse(place: Place, reason: str) -> NoReturn:
    where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    raise CanonicalError(f"{where.lstrip('.') or 'value'}: {reason}")


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise CanonicalError("an object names a key twice")
    return found


def _refuse_number(text: str) -> NoReturn:
    raise CanonicalError(f"number {text[:40]} is not an integer")


_WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_READER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_float=_refuse_number, parse_constant=_refuse_number
)

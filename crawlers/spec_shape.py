"""Whether a platform spec has the shape of schema.json, in words a person can act on. Pure."""

import difflib
import json
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from crawlers.spec_source import Path

Complaint = tuple[Path, str]
"""Where, and what is wrong there with what to write instead."""

_SYNONYMS = {
    "fans": "followers",
    "followers_count": "followers",
    "nickname": "name",
    "display_name": "name",
    "description": "bio",
    "avatar": "avatar_url",
    "uid": "id",
    "date": "datetime",
    "string": "text",
    "integer": "int",
    "number": "int",
    "boolean": "bool",
}


def shape(spec: Any) -> Iterator[Complaint]:
    """Every place where `spec` (plain values) departs from schema.json."""
    for error in sorted(_validator().iter_errors(spec), key=lambda error: [str(p) for p in error.path]):
        yield from _words(error)


@cache
def _validator() -> Draft202012Validator:
    text = resources.files("crawlers").joinpath("schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))


def _words(error: ValidationError) -> Iterator[Complaint]:
    path = tuple(error.path)
    kind, found = error.validator, cast(Any, error.instance)
    wanted = cast(Any, error.validator_value)
    schema = cast(dict[str, Any], error.schema)
    if kind == "additionalProperties":
        known = list(schema["properties"])
        for key in sorted(set(found) - set(known)):
            yield (*path, key), f"unknown key{meant(key, known)}"
    elif kind == "required":
        for key in sorted(set(wanted) - set(found)):
            yield (*path, key), "required"
    elif kind == "enum":
        noun = "converter" if path[-1:] == ("as",) else "value"
        near = _near(str(found), wanted)
        mend = f"use {near}" if near else f"use one of {', '.join(wanted)}"
        yield path, f"{found!r}: unknown {noun}; {mend}" if noun == "value" else f"unknown {noun}; {mend}"
    elif kind in ("minimum", "maximum"):
        yield path, f"{found}, must be at {'least' if kind == 'minimum' else 'most'} {wanted}"
    elif kind == "type":
        names = wanted if isinstance(wanted, str) else " or ".join(wanted)
        yield path, f"{json.dumps(found, ensure_ascii=False)[:60]} is not {names}{_described(error)}"
    else:
        yield path, f"{json.dumps(found, ensure_ascii=False)[:60]} does not fit{_described(error)}"


def _described(error: ValidationError) -> str:
    mend = cast(dict[str, Any], error.schema).get("description")
    return f"; write {mend}" if mend else ""


def meant(word: str, known: list[str]) -> str:
    """The end of a sentence about an unknown `word`: the one that was probably meant, or all known ones."""
    near = _near(word, known)
    return f'; did you mean "{near}"?' if near else f"; known: {', '.join(known)}"


def _near(word: str, known: list[str]) -> str | None:
    synonym = _SYNONYMS.get(word)
    if synonym in known:
        return synonym
    return next(iter(difflib.get_close_matches(word, [str(item) for item in known], 1)), None)

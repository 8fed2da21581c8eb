"""Reads a JSON answer strictly, and says whether it matches a rule of the spec. Pure.

A body that is not exactly one JSON value is no answer at all: NaN, infinities, numbers beyond any use, keys
given twice, or nesting without end raise BadBody, so that damage is never taken for "no results".
"""

import json
import math
from collections.abc import Iterable
from typing import Any

from crawlers.expressions import ExpressionError
from crawlers.items import Answer
from crawlers.specs import Rule, Spec

MAX_MESSAGE = 300


class BadBody(Exception):
    """The body cannot be read as what the spec says it is; the text says why."""


def document(answer: Answer) -> Any:
    """The JSON value in the body. Raises BadBody."""
    try:
        text = answer.body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadBody(f"not UTF-8 at byte {error.start}") from error
    try:
        return json.loads(
            text, parse_constant=_refuse_constant, parse_float=_finite, object_pairs_hook=_object
        )
    except RecursionError as error:
        raise BadBody("JSON nested too deeply") from error
    except ValueError as error:
        raise BadBody(f"not JSON: {str(error)[:MAX_MESSAGE]}") from error


def challenge(spec: Spec, answer: Answer) -> str | None:
    """Why the platform must be left alone after this answer, or None."""
    if answer.status in spec.politeness.stop_on:
        return f"the platform answered HTTP {answer.status}"
    if blocked := matching(spec.blocked_if, answer):
        return "the platform asked for a challenge" + _because(blocked)
    return None


def challenge_url(spec: Spec, url: str) -> str | None:
    """Why `url` must not be fetched (it is a challenge page by its address alone), or None."""
    for rule in spec.blocked_if:
        alone = rule.status is None and not rule.reads_body
        if alone and rule.url_contains is not None and rule.url_contains in url:
            return f"the platform sent us to a challenge page ({rule.url_contains})"
    return None


def matching(rules: Iterable[Rule], answer: Answer) -> Rule | None:
    """The first rule that `answer` matches."""
    return next((rule for rule in rules if matches(rule, answer)), None)


def matches(rule: Rule, answer: Answer) -> bool:
    """Whether all parts given in `rule` hold; a JMESPath part holds if its value counts as true."""
    if rule.status is not None and rule.status != answer.status:
        return False
    if rule.url_contains is not None and rule.url_contains not in answer.url:
        return False
    if rule.text is not None and rule.text not in answer.body.decode("utf-8", "replace"):
        return False
    return rule.jmes is None or _true(rule, answer)


def message(rule: Rule, answer: Answer) -> str:
    """What the platform says about an answer that matched `rule`, for people; empty if it says nothing."""
    if rule.message is None:
        return ""
    try:
        found = rule.message.search(document(answer))
    except (BadBody, ExpressionError):
        return ""
    return found[:MAX_MESSAGE] if isinstance(found, str) else ""


def _true(rule: Rule, answer: Answer) -> bool:
    assert rule.jmes is not None  # noqa: S101
    try:
        found = rule.jmes.search(document(answer))
    except (BadBody, ExpressionError):
        return False
    return found is True or (found is not False and found not in (None, "", [], {}))


def _because(rule: Rule) -> str:
    parts = [part for part in (rule.url_contains, rule.text) if part]
    return f" ({', '.join(parts)})" if parts else ""


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"number out of range: {text[:40]}")
    return number


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is given twice")
    return found

"""The form of spool events as ingest needs them. Pure.

The spool is written by our own child, but a damaged disk or an older version may hold anything: an event out
of form is quarantined by its place, so that one bad line can never keep the rest of a run from the store.
"""

from collections.abc import Mapping
from typing import Any

from common import clock
from observations.judge import ANSWERED, FAILURES

STATES = ANSWERED | FAILURES.keys() - {"", "awaiting"}  # a crawl waits for no file
TEXT_OR_NONE = (str, type(None))
_FIELDS: dict[str, dict[str, type | tuple[type, ...]]] = {
    "response": {
        "seq": int, "task": (int, type(None)), "url": str, "final_url": str, "status": int, "headers": list,
        "peer": TEXT_OR_NONE, "robots": dict, "at": str, "clock_source": str,
        "tls_certificate_sha256": TEXT_OR_NONE, "body_sha256": str, "body": str,
    },
    "rows": {"seq": int, "task": int, "page": int, "state": str, "rows": list, "reason": TEXT_OR_NONE},
    "task": {"task": int, "state": str, "reason": TEXT_OR_NONE, "pages": int, "complete": bool},
    "host": {"host": str, "not_before": str},
    "challenge": {"source": str, "until": str},
}  # fmt: skip
_TIMES = ("at", "not_before", "until")
MAX_INTEGER = 2**63 - 1
MAX_DEPTH = 8


def problem(event: Mapping[str, Any]) -> str | None:
    """What is wrong with `event`, naming the field; None if nothing is, or if nobody reads its kind."""
    for name, kind in _FIELDS.get(event["event"], {}).items():
        if not _is(event.get(name), kind):
            return f"{event['event']}.{name} is missing or of the wrong type"
    if event["event"] in ("rows", "task") and event["state"] not in STATES:
        return f"{event['event']}.state {event['state']!r} is unknown"
    if event["event"] == "rows" and not all(isinstance(row, dict) for row in event["rows"]):
        return "rows.rows holds something that is no row"
    return _bad_time(event) or _unstorable(event, "event")


def _is(value: Any, kind: type | tuple[type, ...]) -> bool:
    """Whether `value` is of `kind`; true and false are no numbers, and a number fits the store."""
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, kind) and not (isinstance(value, int) and not 0 <= value <= MAX_INTEGER)


def _unstorable(value: Any, place: str, depth: int = 0) -> str | None:
    """Where half a character stands or nesting has no end, which neither database nor page could take."""
    if isinstance(value, str):
        return None if value.isascii() or _encodable(value) else f"{place} holds half a character"
    if depth > MAX_DEPTH:
        return f"{place} is nested deeper than {MAX_DEPTH}"
    if isinstance(value, list):
        value = dict(enumerate(value))
    if not isinstance(value, dict):
        return None
    if not all(_encodable(str(key)) for key in value):
        return f"a key of {place} holds half a character"
    found = (_unstorable(item, f"{place}.{key}", depth + 1) for key, item in value.items())
    return next((text for text in found if text), None)


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _bad_time(event: Mapping[str, Any]) -> str | None:
    for name in _TIMES:
        if name in event and name in _FIELDS.get(event["event"], {}):
            try:
                clock.parse(event[name])
            except ValueError as error:
                return f"{event['event']}.{name}: {error}"
    return None

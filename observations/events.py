"""The form of spool events as ingest needs them. Pure.

The spool is written by our own child, but a damaged disk or an older version may hold anything: an event out
of form is quarantined by its place, so that one bad line can never keep the rest of a run from the store.
"""

from collections.abc import Mapping
from typing import Any

from common import clock
from observations.judge import ANSWERED, FAILURES

STATES = ANSWERED | FAILURES.keys()
_FIELDS: dict[str, dict[str, type | tuple[type, ...]]] = {
    "response": {
        "seq": int, "url": str, "final_url": str, "status": int, "headers": list, "robots": dict, "at": str,
        "clock_source": str, "body": str,
    },
    "rows": {"seq": int, "task": int, "page": int, "state": str, "rows": list},
    "task": {"task": int, "state": str, "complete": bool},
    "host": {"host": str, "not_before": str},
    "challenge": {"source": str, "until": str},
}  # fmt: skip
_TIMES = ("at", "not_before", "until")


def problem(event: Mapping[str, Any]) -> str | None:
    """What is wrong with `event`, naming the field; None if nothing is, or if nobody reads its kind."""
    for name, kind in _FIELDS.get(event["event"], {}).items():
        if not isinstance(event.get(name), kind):
            return f"{event['event']}.{name} is missing or of the wrong type"
    if event["event"] in ("rows", "task") and event["state"] not in STATES:
        return f"{event['event']}.state {event['state']!r} is unknown"
    if event["event"] == "rows" and not all(isinstance(row, dict) for row in event["rows"]):
        return "rows.rows holds something that is no row"
    return _bad_time(event)


def _bad_time(event: Mapping[str, Any]) -> str | None:
    for name in _TIMES:
        if name in event and name in _FIELDS.get(event["event"], {}):
            try:
                clock.parse(event[name])
            except ValueError as error:
                return f"{event['event']}.{name}: {error}"
    return None

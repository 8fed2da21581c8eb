"""What one audit event says, and the bytes that say it.

* An event is: who (actor, `kind:id`) did what (action, dotted lower case), to what (subject, kind and id),
  when it happened by the clock of the machine, with which details.
* Its body is the canonical JSON of exactly these fields; every copy of the event is checked against it.
* A body leaves room for its number and logging time inside one log entry (`tree.MAX_LEAF`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from audit_logs.errors import EventRefused, FormatError
from common import canonical, clock

MAX_BODY = 65_535 - 100  # an entry adds 80 bytes at most: its number and its time
MAX_NAME = 200

_ACTION = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_ACTOR = re.compile(r"[a-z][a-z_]*:\S+")
_KIND = re.compile(r"[a-z][a-z0-9_]*")
_FIELDS = {"action", "actor", "at", "details", "id", "subject"}


@dataclass(frozen=True, slots=True)
class EventBody:
    """One event. `at` is aware; `subject` is (kind, id); `details` is anything canonical JSON can hold."""

    id: UUID
    at: datetime
    actor: str
    action: str
    subject: tuple[str, str]
    details: Mapping[str, object]

    def encode(self) -> bytes:
        """The body: canonical JSON. Raises EventRefused naming the field that has no place in the log."""
        _check_names(self.actor, self.action, *self.subject)
        fields = {
            "action": self.action,
            "actor": self.actor,
            "at": clock.isoformat(self.at),
            "details": dict(self.details),
            "id": str(self.id),
            "subject": list(self.subject),
        }
        try:
            body = canonical.encode(fields)
        except canonical.CanonicalError as error:
            raise EventRefused(str(error)) from error
        if len(body) > MAX_BODY:
            raise EventRefused(f"event of {len(body)} bytes; {MAX_BODY} is the most, log a hash of the rest")
        return body


def parse_body(body: bytes) -> EventBody:
    """The event `body` says. Raises FormatError on anything `EventBody.encode` would not write."""
    try:
        event = from_fields(canonical.parse(body))
        if len(body) > MAX_BODY:
            raise FormatError(f"event of {len(body)} bytes")
    except canonical.CanonicalError as error:
        raise FormatError(f"event: {error}") from error
    return event


def from_fields(fields: canonical.Json) -> EventBody:
    """The event with these parsed fields. Raises FormatError if they are not exactly an event's."""
    if not isinstance(fields, dict) or fields.keys() != _FIELDS:
        raise FormatError("event: not the fields of an event")
    match fields:
        case {
            "action": str(action),
            "actor": str(actor),
            "at": str(at),
            "details": dict(details),
            "id": str(event_id),
            "subject": [str(kind), str(subject_id)],
        }:
            return _built(event_id, at, actor, action, (kind, subject_id), details)
    raise FormatError("event: a field is not of its kind")


def _built(
    event_id: str, at: str, actor: str, action: str, subject: tuple[str, str], details: Mapping[str, object]
) -> EventBody:
    try:
        _check_names(actor, action, *subject)
        event = EventBody(UUID(event_id), clock.parse(at), actor, action, subject, details)
    except (EventRefused, ValueError) as error:
        raise FormatError(f"event: {error}") from error
    if str(event.id) != event_id:
        raise FormatError(f"event: id {event_id!r} is not written as UUIDs are")
    return event


def _check_names(actor: str, action: str, kind: str, subject_id: str) -> None:
    if not _ACTION.fullmatch(action) or len(action) > MAX_NAME:
        raise EventRefused(f"action {action[:80]!r}: write it dotted and in lower case, like registry.import")
    if not _ACTOR.fullmatch(actor) or len(actor) > MAX_NAME:
        raise EventRefused(f"actor {actor[:80]!r}: write kind:id, like user:7 or system:crawl")
    if not _KIND.fullmatch(kind) or len(kind) > MAX_NAME:
        raise EventRefused(f"subject kind {kind[:80]!r}: write one lower-case word, like account")
    if len(subject_id) > MAX_NAME:
        raise EventRefused(f"subject id of {len(subject_id)} characters; {MAX_NAME} is the most")

"""What one answer of a platform comes to, as plain frozen values. No Scrapy, no I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

State = Literal[
    "ok",
    "empty",
    "not_found",
    "robots",
    "robots_unreachable",
    "egress",
    "challenge",
    "deferred",
    "budget",
    "error",
    "quarantine",
]
STATES: frozenset[str] = frozenset(get_args(State))
CHECKED: frozenset[str] = frozenset({"ok", "empty", "not_found"})
"""The states that say something about the platform's content; every other one means "could not check"."""

Row = Mapping[str, Any]
"""One account or post: target field to text, whole number, true/false, list or None (not given)."""


@dataclass(frozen=True)
class Answer:
    """An HTTP answer as the extractor sees it: body without content coding, header names in lower case."""

    url: str
    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> list[str]:
        """All values of header `name` (lower case), in the order they came."""
        return [value for key, value in self.headers if key == name]


@dataclass(frozen=True)
class Extracted:
    """What the extractor found in one answer.

    `state` with its `reason`; `rows` in the platform's order; `following`, where the next page is (a page
    number, an offset, a cursor, parameters or a URL; None = this was the last); `whole`, whether these rows
    are all that the platform has for the question up to here; `field_errors`, one sentence per field that
    could not be read.
    """

    state: State
    reason: str | None = None
    rows: Sequence[Row] = ()
    following: Any = None
    whole: bool = True
    field_errors: Sequence[str] = ()

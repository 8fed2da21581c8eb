"""What is asked: from a stage, a value and the page that follows to one URL. Pure."""

import re
from string import Formatter
from typing import Any
from urllib.parse import quote

from crawlers.specs import Spec, Stage

MAX_VALUE = 1_000


class AskError(Exception):
    """The value cannot be asked for; the text says why."""


def impossible(spec: Spec, stage: Stage, value: str) -> str | None:
    """Why no account can have the handle `value` on this platform, or None. Saves a request."""
    if stage.name == "lookup" and spec.handle_regex is not None and not spec.handle_regex.fullmatch(value):
        return "not a possible handle on this platform"
    return None


def url(stage: Stage, base_url: str, instance: str, value: str, page: int, following: Any) -> str:
    """The URL of page number `page` (from 1); `following` is what the page before said (None for the first).

    Values are encoded for their place, so none of them can leave its path segment or parameter. Raises
    AskError.
    """
    paginate = stage.paginate
    if following is not None and paginate.type in ("link_header", "next_url"):
        return str(following)
    position = following if following is not None else paginate.start
    places = {"keyword": value, "handle": value, "id": value, "instance": instance}
    places |= {"page": str(position), "offset": str(position)}
    params = {name: _fill(text, places) for name, text in stage.request.params.items()}
    if following is not None and paginate.type == "cursor":
        params[str(paginate.param)] = following
    elif following is not None and paginate.type == "params":
        params |= following
    path = "/".join(_segment(part, places) for part in stage.request.path.split("/"))
    query = "&".join(f"{quote(name, safe='')}={quote(text, safe='')}" for name, text in params.items())
    return f"{base_url.rstrip('/')}{path}?{query}" if query else f"{base_url.rstrip('/')}{path}"


def _fill(text: str, places: dict[str, str]) -> str:
    return "".join(
        literal + (places[name] if name is not None else "")
        for literal, name, _, _ in Formatter().parse(text)
    )


def _segment(text: str, places: dict[str, str]) -> str:
    """One path segment. A value of dots alone would climb out of the path however it is encoded."""
    filled = _fill(text, places)
    if filled != text and re.fullmatch(r"\.*", filled):
        raise AskError(f"{filled!r} cannot be part of a path")
    return quote(filled, safe="@:")

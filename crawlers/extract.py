"""From an answer to rows: what a stage of a spec finds in one HTTP answer. Pure, and total: it never raises.

The order of judgement: a challenge, then "not found", then an error the platform names, then the HTTP
status, then the shape of the body, and only then rows. "Nothing found" is a well-formed empty list and
nothing else; whatever cannot be read goes to quarantine with its reason.
"""

from collections.abc import Mapping
from string import Formatter
from typing import Any
from urllib.parse import quote, urljoin

from common.addresses import AddressRefused, split_origin
from crawlers import judge
from crawlers.convert import ConvertError, clean, convert, count
from crawlers.expressions import ExpressionError, Pattern
from crawlers.items import Answer, Extracted, Row, State
from crawlers.specs import Field, Spec, Stage

MAX_ROWS = 1_000
MAX_LINKS = 50
MAX_CURSOR = 2_000
MAX_FIELD_ERRORS = 100
_NEXT_LINK = Pattern(r'(?i)<([^<>]*)>[^,<>]*;\s*rel="?next"?')


class _Quarantine(Exception):
    """The body has another shape than the spec says."""


def extract(spec: Spec, stage: Stage, answer: Answer, page: int = 1) -> Extracted:
    """What `answer` to page number `page` (from 1) of `stage` holds."""
    if reason := judge.challenge(spec, answer):
        return Extracted("challenge", reason)
    if judge.matching(spec.not_found, answer):
        return Extracted("not_found")
    if rule := judge.matching(spec.errors, answer):
        said, _ = clean(judge.message(rule, answer))
        return Extracted(
            "error", f"the platform reports an error: {said}" if said else "the platform reports an error"
        )
    if not 200 <= answer.status < 300:
        return Extracted("error", f"HTTP {answer.status}")
    try:
        return _read(stage, answer, page)
    except (judge.BadBody, _Quarantine) as error:
        return Extracted("quarantine", str(error))


def _read(stage: Stage, answer: Answer, page: int) -> Extracted:
    document = judge.document(answer)
    given = _given(stage, document)
    errors: list[str] = []
    rows = [row for n, item in enumerate(given[:MAX_ROWS]) if (row := _row(stage, item, answer, n, errors))]
    if given and not rows:
        raise _Quarantine(errors[0] if errors else "no row could be read")
    following = _following(stage, answer, document, len(given), page)
    full = stage.paginate.page_size is not None and len(given) >= stage.paginate.page_size
    return Extracted(
        state=_state(stage, rows),
        rows=rows,
        following=following,
        whole=len(rows) == len(given) and not (stage.paginate.type == "none" and full),
        field_errors=tuple(errors[:MAX_FIELD_ERRORS]),
    )


def _state(stage: Stage, rows: list[Row]) -> State:
    """Asked for one account, an empty list means it does not exist; asked for many, that there are none."""
    if rows:
        return "ok"
    return "not_found" if stage.name in ("lookup", "profile") else "empty"


def _given(stage: Stage, document: Any) -> list[Any]:
    if stage.rows is None:
        if not isinstance(document, dict):
            raise _Quarantine(f"an object was expected, not {_kind(document)}")
        return [document]
    try:
        found = stage.rows.search(document)
    except ExpressionError as error:
        raise _Quarantine(f"list {stage.rows.text}: {error}") from error
    if not isinstance(found, list):
        raise _Quarantine(f"a list was expected at {stage.rows.text}, not {_kind(found)}")
    return found


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "nothing"}
    return names.get(type(value), "a number")


# -- rows


def _row(stage: Stage, item: Any, answer: Answer, number: int, errors: list[str]) -> Row | None:
    """The fields of one item, or None (with the reason among `errors`) if it lacks what makes it a row."""
    row: dict[str, Any] = {}
    for field in stage.fields:
        try:
            row.update(_field(field, item, row, answer.url))
        except (ConvertError, ExpressionError) as error:
            row[field.target] = None
            errors.append(f"row {number + 1}: {field.target} — {clean(str(error))[0]}")
    if lack := _lack(stage, row):
        errors.append(f"row {number + 1} left out: {lack}")
        return None
    return row


def _lack(stage: Stage, row: Row) -> str | None:
    if stage.name == "posts":
        return None if row.get("time") else "no time"
    if not row.get("name"):
        return "no name"
    return None if row.get("id") or row.get("handle") else "neither id nor handle"


def _field(field: Field, item: Any, row: Row, base: str) -> Mapping[str, Any]:
    """The target and its companions: `_raw` of a mapped value, `_approx` of a count, `_altered` of a text."""
    if field.template is not None:
        return {field.target: _filled(field, row)}
    assert field.jmes is not None  # noqa: S101
    value = field.jmes.search(item)
    if isinstance(value, list) and field.join is not None:
        value = field.join.join(part for part in value if isinstance(part, str))
    if isinstance(value, list) and field.target == "links":
        return {"links": [clean(str(_value(field, part, base)))[0] for part in value[:MAX_LINKS]]}
    if field.convert == "count" and value is not None:
        number, rounded = count(value)
        return {field.target: number, f"{field.target}_approx": rounded}
    found = _value(field, value, base)
    if field.table is not None:
        return {
            field.target: field.table.get(str(found)),
            f"{field.target}_raw": found and clean(str(found))[0],
        }
    if isinstance(found, str):
        text, altered = clean(found)
        return {field.target: text} | ({f"{field.target}_altered": True} if altered else {})
    return {field.target: found}


def _value(field: Field, value: Any, base: str) -> Any:
    if isinstance(value, list | dict):
        raise ConvertError(f"{_kind(value)} where one value is wanted")
    if field.regex is not None and value is not None:
        found = field.regex.search(clean(str(value))[0])
        value = found.group(1) if found else None
    return convert(value, field.convert, tz=field.tz, base=base)


def _filled(field: Field, row: Row) -> str | None:
    """The template with the fields named in it, or None if one of them is not given."""
    assert field.template is not None  # noqa: S101
    text = ""
    for literal, name, _, _ in Formatter().parse(field.template):
        text += literal
        if name is None:
            continue
        if row[name] is None:
            return None
        text += quote(str(row[name]), safe="@") if field.target.endswith("_url") else str(row[name])
    return text


# -- the next page


def _following(stage: Stage, answer: Answer, document: Any, given: int, page: int) -> Any:
    """Where the next page is, or None if this is the last one."""
    paginate = stage.paginate
    short = paginate.page_size is not None and given < paginate.page_size
    if paginate.type == "none" or not given or short:
        return None
    if paginate.more is not None and not judge.matches(paginate.more, answer):
        return None
    if paginate.type in ("page", "offset"):
        return paginate.start + page * paginate.step
    if paginate.type == "link_header":
        return _same_origin(_next_link(answer), answer.url)
    assert paginate.next is not None  # noqa: S101
    try:
        found = paginate.next.search(document)
    except ExpressionError as error:
        raise _Quarantine(f"next page: {error}") from error
    if found in (None, "", False, {}):
        return None
    if paginate.type == "next_url":
        return _same_origin(found, answer.url)
    return _parameters(found) if paginate.type == "params" else _cursor(found)


def _next_link(answer: Answer) -> str | None:
    for value in answer.header("link"):
        if found := _NEXT_LINK.search(clean(value)[0]):
            return found.group(1)
    return None


def _same_origin(url: Any, base: str) -> str | None:
    if url is None:
        return None
    try:
        target = urljoin(base, _cursor(url))
        same = split_origin(target) == split_origin(base)
    except (ValueError, AddressRefused) as error:
        raise _Quarantine(f"next page: {error}") from error
    if not same:
        raise _Quarantine("next page: lies on another host")
    return target


def _parameters(found: Any) -> dict[str, str]:
    if not isinstance(found, dict):
        raise _Quarantine(f"next page: an object was expected, not {_kind(found)}")
    return {_cursor(key): _cursor(value) for key, value in found.items()}


def _cursor(found: Any) -> str:
    """A cursor as text that fits into a URL."""
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        raise _Quarantine(f"next page: a cursor was expected, not {_kind(found)}")
    text = str(found)
    if len(text) > MAX_CURSOR or not text.isprintable():
        raise _Quarantine("next page: the cursor is too long or not printable")
    return text

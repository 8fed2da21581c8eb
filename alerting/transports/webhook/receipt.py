"""Whether the answer of a webhook receiver is a receipt, or a refusal that looks like one. Pure.

Many receivers answer 200 whatever happened and say in the body what did; and what is called JSON, text or
nothing at all is often something else. So the body counts, not what it is called. In doubt it is no receipt.
"""

import json
import re
from collections.abc import Iterator

from common.http import Answer

# What may stand before the first character: byte order marks, the zeros of UTF-16, white space.
_BLANK = b"\xef\xbb\xbf\xfe\xff\x00 \t\r\n\f\v"
_PAGES = ("text/html", "application/xhtml+xml")
# Members by which receivers tell of an error, written in small letters without "_" and "-".
_ZERO = frozenset({"errcode", "errorcode", "errno", "ret", "retcode", "statuscode"})
_TRUTH = frozenset({"success", "ok"})
_ERROR = frozenset({"error", "errors"})
_STATUS = frozenset({"status", "state", "result"})
_NO = frozenset({"", "0", "false", "no", "none", "null"})
_FINE = frozenset({"ok", "success", "succeeded", "successful", "accepted", "成功"})
_BAD = re.compile("err|fail|reject|refus|denied|invalid|失败|错误|拒绝", re.IGNORECASE)


def refusal(answer: Answer) -> str:
    """Why the answer is no receipt, a key of `envelope.WHY`; empty if it is one."""
    kind = answer.header("content-type").partition(";")[0].strip().lower()
    body = answer.body.lstrip(_BLANK)
    if kind in _PAGES or body.startswith(b"<"):
        return "page"
    called_json = kind == "application/json" or kind.endswith("+json")
    if body.startswith((b"{", b"[")) or (called_json and answer.body.strip()):
        return _refusal_in_json(body)
    return ""


def _refusal_in_json(body: bytes) -> str:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return "unreadable"
    return "error_inside" if any(_refuses(*member) for member in _members(said)) else ""


def _members(said: object) -> Iterator[tuple[str, object]]:
    """The members of an object, or of the objects of a list, with their names made alike."""
    for each in said if isinstance(said, list) else [said]:
        if isinstance(each, dict):
            for name, value in each.items():
                yield name.lower().replace("_", "").replace("-", ""), value


def _refuses(name: str, value: object) -> bool:
    """Whether this member alone says that the message was not taken."""
    if name in _ZERO:
        return _number(value) != 0
    if name == "code":
        return not _is_fine(value)
    if name in _TRUTH:
        return value is not None and not _says_yes(value)
    if name in _ERROR:
        return _says_yes(value) and not (isinstance(value, str) and value.strip().lower() in _FINE)
    return name in _STATUS and _is_bad(value)


def _is_fine(code: object) -> bool:
    """0, as robots answer; an HTTP status of success; a word for it; or nothing."""
    number = _number(code)
    if number is not None:
        return number == 0 or 200 <= number < 300
    return code is None or (isinstance(code, str) and code.strip().lower() in _FINE)


def _is_bad(status: object) -> bool:
    """A word for failure, or an HTTP status of one. Other numbers mean what only their receiver knows."""
    number = _number(status)
    if number is not None:
        return 300 <= number < 600
    return status is False or (isinstance(status, str) and bool(_BAD.search(status)))


def _says_yes(value: object) -> bool:
    return value.strip().lower() not in _NO if isinstance(value, str) else bool(value)


def _number(value: object) -> float | None:
    """A number or the text of one, None for everything else; truth is no number."""
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?[0-9]{1,12}\s*", value, re.ASCII):
        return int(value)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None

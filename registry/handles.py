"""What a permanent id and a handle can be on each platform. Pure.

The patterns and their sources stand in `tables/handles.tsv`. They refuse what a platform never gave out; a
platform without a pattern takes anything.
"""

import re
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from common.faults import Text
from names import tablefiles
from registry.problems import Problem

FOLDER = Path(__file__).parent / "tables"
What = Literal["platform_uid", "handle"]
_KINDS = {"platform_uid": "uid_impossible", "handle": "handle_impossible"}
# What a spreadsheet makes of a long number it takes for a quantity.
_ROUNDED = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE | re.ASCII)


class Shape(NamedTuple):
    """What ids or handles of one platform look like, and how that is said."""

    pattern: re.Pattern[str]
    said: Text


@cache
def shapes(what: What) -> dict[str, Shape]:
    """The shapes of permanent ids or of handles, by platform."""
    return {
        platform: Shape(re.compile(pattern, re.ASCII), Text(chinese, english))
        for platform, field, pattern, chinese, english, _ in tablefiles.rows("handles", FOLDER)
        if field == what
    }


def problem(value: str, platform: str, what: What) -> Problem | None:
    """Why `value`, not empty, cannot be an id or a handle on `platform`; None if it can."""
    shape = shapes(what).get(platform)
    if shape is None or shape.pattern.fullmatch(value):
        return rounded(value) if what == "platform_uid" else None
    if what == "platform_uid" and (found := rounded(value)):
        return found
    text = Text("这个平台没有这样的编号", "this platform has no such id")
    if what == "handle":
        text = Text("这个平台没有这样的账号标识", "this platform has no such handles")
    return Problem(_KINDS[what], text, shape.said)


def rounded(value: str) -> Problem | None:
    """Whether a spreadsheet has rounded a long number, as 1.08719E+17."""
    if not _ROUNDED.fullmatch(value):
        return None
    text = Text("电子表格把长数字改成了约数", "a spreadsheet has rounded this number")
    mend = Text("请把这一列设为“文本”格式后重新填写", "format the column as text and fill it anew")
    return Problem("uid_rounded", text, mend)

"""What the cells of a contacts file may hold, and which place a contact may have. Pure.

An address that gets into a mail header or onto a dial pad is taken in one strict form only.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from common.faults import Text
from names.divisions import by_key
from registry import cells
from registry.known import Known
from registry.places import Meant
from registry.problems import Problem
from registry.rows import Memo

# Lines whose contacts may belong to a unit; those of the sponsor line always do.
UNIT_LINES = ("sponsor", "supervision")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
# RFC 5322 dot-atom, without the quoted forms nobody uses and programs read differently.
_MAILBOX = re.compile(rf"{_ATOM}(\.{_ATOM})*")
_HOST = re.compile(r"([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])")
_LONGEST_EMAIL, _LONGEST_MAILBOX, _LONGEST_HOST = 254, 64, 253
_RANK = re.compile(r"[1-9]\d?", re.ASCII)


def rules(known: Known) -> Mapping[str, Memo]:
    """The rule of each field, for texts that are not empty."""

    def division(text: str) -> Meant | Problem:
        return cells.division(text, known)

    found: dict[str, Callable[[str], Any]] = {
        "line": lambda text: cells.word(text, "line"),
        "division": division,
        "unit": lambda text: cells.name(text, 120) or text,
        "unit_division": division,
        "office": lambda text: seen(text, 120) or text,
        "person": lambda text: seen(text, 60) or text,
        "phone": lambda text: cells.text(text, 40) or cells.phone(text) or text,
        "email": lambda text: cells.text(text, _LONGEST_EMAIL) or email(text) or text,
        "rank": _rank,
        "hours": lambda text: cells.word(text, "hours"),
        "valid_from": cells.day,
        "valid_to": cells.day,
    }
    return {field: Memo(rule) for field, rule in found.items()}


def place_problem(line: str, division: str, unit: str, has_unit: bool) -> tuple[str, Problem] | None:
    """Field and problem of a place that is none, of two, or of one the line does not go by.

    `has_unit`: whether a unit is meant, though perhaps not named.
    """
    if division and has_unit:
        return "division", _PLACE_TWICE
    if has_unit and line not in UNIT_LINES:
        return "unit", _NOT_A_UNIT
    if has_unit and not unit:
        return "unit", _UNIT_UNNAMED
    if division and line == "sponsor":
        return "division", _SPONSOR_IS_UNIT
    if not has_unit and not division:
        return "division", _NO_PLACE
    place = by_key(division)
    if place is not None and place.is_statistical_zone:
        problem = Text(f"{place.name}没有自己的办公室", f"{place.name} has no offices of its own")
        mend = Text(f"请填写管理它的 {place.parent}", f"write {place.parent}, which answers for it")
        return "division", Problem("division_without_offices", problem, mend)
    return None


_PLACE_TWICE = Problem(
    "place_twice",
    Text("联系人要么属于行政区划，要么属于单位", "a contact belongs to a division or to a unit"),
    Text("行政区划与单位只填一处", "leave one empty"),
)
_NOT_A_UNIT = Problem(
    "place_not_unit",
    Text("这条线的联系人属于行政区划", "this line is an office of a division"),
    Text("请改填行政区划，单位留空", "write the division instead"),
)
_UNIT_UNNAMED = Problem(
    "unit_unnamed",
    Text("只填了单位的区划，没有单位名称", "the division of a unit is given, but no name"),
    Text("请填写单位名称，或两格都留空", "fill in its name, or leave both empty"),
)
_SPONSOR_IS_UNIT = Problem(
    "place_not_division",
    Text("主办单位的联系人属于单位", "a sponsor is a unit"),
    Text("请填写单位名称和单位行政区划代码", "write the unit and its division instead"),
)
_NO_PLACE = Problem(
    "place_missing",
    Text("没有填写属于哪里", "no place is given"),
    Text("请填写行政区划；单位的联系人填写单位名称", "write a division, or a unit with its division"),
)


def seen(value: str, limit: int) -> Problem | None:
    """What is wrong with a name that stands in letters and lists: nothing in it may be hidden."""
    if problem := cells.name(value, limit):
        return problem
    if value.isprintable():
        return None
    text = Text("含有看不见的空格或符号", "contains a blank or mark that cannot be seen")
    return Problem("value_hidden_mark", text, Text("请重新输入", "type it anew"))


def _rank(value: str) -> int | Problem:
    if _RANK.fullmatch(value):
        return int(value)
    mend = Text(
        "最先通知的填 1，替补依次填 2 至 99",
        "write 1 for who is told first, 2 to 99 for the substitutes in their order",
    )
    return Problem("rank_shape", Text("不是通知顺序", "not a rank"), mend)


def email(value: str) -> Problem | None:
    """What is wrong with an e-mail address: one plain address, at a domain as mail is sent to it."""
    mailbox, _at, host = value.rpartition("@")
    if not _MAILBOX.fullmatch(mailbox) or len(mailbox) > _LONGEST_MAILBOX:
        mend = Text("请只写一个地址，如 name@office.gov.cn", "write one address alone, as name@office.gov.cn")
        return Problem("email_shape", Text("不是电子邮箱地址", "not an e-mail address"), mend)
    if _HOST.fullmatch(host) and len(host) <= _LONGEST_HOST and _decodes(host):
        return None
    written = None if host.isascii() else _ascii_form(host)
    mend = Text("请改正 @ 后面的部分", "correct what follows the @")
    if written:
        mend = Text(f"域名请写成 {written}", f"write the domain as {written}")
    text = Text("@ 后面不是能收信的域名", "not a domain that mail can be sent to")
    return Problem("email_domain", text, mend)


def _decodes(host: str) -> bool:
    """Whether every `xn--` label of an ASCII `host` is the form of a name (RFC 3490)."""
    try:
        host.encode("ascii").decode("idna")
    except UnicodeError:
        return False
    return True


def _ascii_form(host: str) -> str | None:
    """What a domain with Chinese letters is written as in mail, None if it is no domain."""
    try:
        written = host.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    return written if _HOST.fullmatch(written) else None

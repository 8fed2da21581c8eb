"""One row of a register file → what it says of a unit and of an account, or what is wrong in it. Pure.

Values of short lists and whole units are looked at once and remembered; only ids, names and addresses are
looked at in every row.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, partial
from typing import Any, cast

from common.faults import Faults, Text
from registry import cells, handles, uscc
from registry.declared import MOST_LOOKED_UP, Spot, UnitSaid
from registry.headers import Layout
from registry.known import NO_UNIT, Known
from registry.places import Meant
from registry.problems import Problem
from registry.records import AccountRecord, SponsorContact, UnitKey

UNIT_FIELDS = (
    "unit",
    "unit_division",
    "unit_kind",
    "uscc",
    "parent_unit",
    "parent_division",
    "contact_person",
    "contact_phone",
    "contact_email",
)
ACCOUNT_FIELDS = (
    "platform",
    "instance",
    "platform_uid",
    "handle",
    "name",
    "certified_subject",
    "home_url",
    "opened_on",
    "state",
)
NEEDED_OF_ACCOUNTS = ("platform", "platform_uid", "name", "unit")
NEEDED_OF_UNITS = ("unit", "unit_division")
"""Columns without which a table cannot be read."""
LIMITS = {
    "platform_uid": 128,
    "handle": 128,
    "name": 200,
    "certified_subject": 200,
    "unit": 120,
    "parent_unit": 120,
    "contact_person": 60,
    "contact_phone": 40,
}


PLANNED, IN_SERVICE = "planned", "in_service"
_REMEMBERED = 50_000

Cells = Mapping[str, Any]
Wrong = tuple[str, str, Problem]
"""A field, its text and what is wrong."""


class Memo(dict[str, Any]):
    """What a rule says of each text, asked once.

    Looking for what a wrong word was meant to be is slow: a file full of wrong words is helped with the
    first ones only.
    """

    def __init__(self, rule: Callable[[str], Any]) -> None:
        self._rule, self._looked_up = rule, 0

    def __missing__(self, text: str) -> Any:
        if len(self) >= _REMEMBERED:
            self.clear()
        found = self._rule(text)
        if isinstance(found, Problem) and not isinstance(found.mend, Text):
            self._looked_up += 1
            found = found._replace(mend=cache(found.mend) if self._looked_up <= MOST_LOOKED_UP else LOOK_UP)
        self[text] = found
        return found


class Rules:
    """The rules for values that repeat, as one file asks for them."""

    def __init__(self, known: Known) -> None:
        self.today = known.today
        self.platforms = Memo(_given(partial(cells.platform, known=known)))
        self.instances = Memo(cells.instance)
        self.states = Memo(_given(partial(cells.word, of="state")))
        self.days = Memo(cells.opened)
        self.kinds = Memo(_or_empty(partial(cells.word, of="unit_kind")))
        self.divisions = Memo(_or_empty(partial(cells.division, known=known)))
        self.told_zones: set[str] = set()


def _given(rule: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: rule(text) if text else EMPTY


def _or_empty(rule: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: rule(text) if text else ""


LOOK_UP = Text("请核对后重新填写", "check it and write it anew")
EMPTY = Problem(
    "value_empty", Text("没有填写", "is empty"), Text("请填写这一格", "this column needs a value")
)


class AccountRows:
    """Reads the cells of accounts in rows of one layout."""

    def __init__(self, layout: Layout, rules: Rules) -> None:
        self._rules = rules
        self._columns: list[Any] = [layout.columns.get(field) for field in ACCOUNT_FIELDS]
        self._has_opened_on = "opened_on" in layout.columns

    def cells(self, row: Cells) -> tuple[Any, ...]:
        """The cells of a row that are about its account; None for a column that is not there."""
        return tuple(map(row.get, self._columns))

    def read(self, texts: tuple[Any, ...], spot: Spot, unit: UnitKey) -> AccountRecord | list[Wrong]:
        """The account in the cells of a row, of the unit given; or everything wrong in them."""
        rules = self._rules
        platform_text, instance_text, uid, handle, name, subject, url, opened_text, state_text = texts
        platform = rules.platforms[platform_text or ""]
        state = IN_SERVICE if state_text is None else rules.states[state_text]
        opened_on = rules.days[opened_text or ""]
        found = (
            platform,
            rules.instances[instance_text or ""],
            _uid_problem(uid or "", platform),
            _handle_problem(handle, platform) if handle else None,
            cells.name(name, 200) if name else EMPTY,
            cells.text(subject, 200) if subject else None,
            cells.url(url) if url else None,
            _opening_problem(opened_on, state, rules.today) or opened_on,
            state,
        )
        if Problem in map(type, found):
            listed = zip(ACCOUNT_FIELDS, texts, found, strict=True)
            return [(field, text or "", one) for field, text, one in listed if isinstance(one, Problem)]
        return AccountRecord(
            spot.sheet,
            spot.line,
            platform,
            instance_text or "",
            uid or "",
            name or "",
            state,
            unit,
            handle,
            subject,
            url,
            opened_on,
            self._has_opened_on,
        )


def _uid_problem(uid: str, platform: str | Problem) -> Problem | None:
    if not uid:
        shape = None if isinstance(platform, Problem) else handles.shapes("platform_uid").get(platform)
        return EMPTY if shape is None else EMPTY._replace(mend=shape.said)
    problem = cells.uid(uid) or cells.text(uid, 128)
    if problem or isinstance(platform, Problem):
        return problem
    return handles.problem(uid, platform, "platform_uid")


def _handle_problem(handle: str, platform: str | Problem) -> Problem | None:
    problem = cells.text(handle, 128)
    if problem or isinstance(platform, Problem):
        return problem
    return handles.problem(handle, platform, "handle")


def _opening_problem(opened_on: date | Problem | None, state: object, today: date) -> Problem | None:
    """Only a planned account opens in the future."""
    if not isinstance(opened_on, date) or opened_on <= today or state == PLANNED:
        return None
    problem = Text("开通日期在今天之后", "lies in the future, and the account is not planned")
    mend = Text("请核对日期；尚未开通的，状态写“计划开设”", "correct it, or write the state planned")
    return Problem("opened_in_future", problem, mend)


class UnitRows:
    """Reads the cells of units in rows of one layout; the same cells are read once."""

    def __init__(self, layout: Layout, rules: Rules, notices: Faults) -> None:
        self._rules, self._notices = rules, notices
        self._columns: list[Any] = [layout.columns.get(field) for field in UNIT_FIELDS]
        self._layout = layout
        self._read: dict[tuple[Any, ...], UnitSaid | list[Wrong]] = {}

    def cells(self, row: Cells) -> tuple[Any, ...]:
        """The cells of a row that are about its unit."""
        return tuple(map(row.get, self._columns))

    def read(self, texts: tuple[Any, ...], spot: Spot) -> UnitSaid | list[Wrong]:
        """What the cells say of a unit, or everything wrong in them."""
        found = self._read.get(texts)
        if found is None:
            if len(self._read) >= _REMEMBERED:
                self._read.clear()
            found = self._read[texts] = self._said(dict(zip(UNIT_FIELDS, texts, strict=True)), spot)
        return found

    def _said(self, texts: dict[str, str | None], spot: Spot) -> UnitSaid | list[Wrong]:
        rules = self._rules
        division = rules.divisions[texts["unit_division"] or ""]
        parent_division = rules.divisions[texts["parent_division"] or ""]
        code = uscc.read(texts["uscc"]) if texts["uscc"] else texts["uscc"]
        kind = rules.kinds[texts["unit_kind"] or ""]
        found = {
            "unit": cells.name(texts["unit"], LIMITS["unit"]) if texts["unit"] else EMPTY,
            "unit_division": division,
            "unit_kind": kind,
            "uscc": code,
            "parent_unit": _parent_problem(texts),
            "parent_division": parent_division,
            **{field: _contact_problem(field, texts[field]) for field in UNIT_FIELDS[6:]},
        }
        if wrong := [(f, texts[f] or "", one) for f, one in found.items() if isinstance(one, Problem)]:
            return wrong
        self._tell_zone(division, spot, texts["unit_division"] or "")
        return UnitSaid(
            texts["unit"] or "",
            _code(division),
            kind,
            cast(str | None, code),
            _parent(texts["parent_unit"], _code(parent_division)),
            self._contact(texts, spot),
        )

    def _tell_zone(self, division: Meant | str, spot: Spot, text: str) -> None:
        if isinstance(division, str) or division.notice is None or division.code in self._rules.told_zones:
            return
        self._rules.told_zones.add(division.code)
        notice = division.notice
        self._notices.add(notice.kind, spot.place("unit_division", text), notice.text, notice.mend)

    def _contact(self, texts: dict[str, str | None], spot: Spot) -> SponsorContact | None:
        person, phone, email = (texts[field] for field in UNIT_FIELDS[6:])
        if person is None and phone is None and email is None:
            return None
        if bool(person) == bool(phone or email):
            return SponsorContact(person or "", phone or "", email or "")
        missing = "contact_phone" if person else "contact_person"
        problem = Text(
            "联系人要有姓名，并有电话或邮箱，已略过",
            "passed over: a contact has a name, and a phone or e-mail",
        )
        mend = Text("请补上所缺的一项", "fill in what is missing")
        self._notices.add("contact_incomplete", spot.place(missing), problem, mend)
        return None


def _code(division: Meant | str) -> str:
    return division if isinstance(division, str) else division.code


def _parent(name: str | None, division: str) -> UnitKey | None:
    if name is None:
        return None
    return (name, division) if name else NO_UNIT


def _parent_problem(texts: dict[str, str | None]) -> Problem | None:
    name = texts["parent_unit"]
    if name:
        return cells.name(name, LIMITS["parent_unit"])
    if texts["parent_division"]:
        problem = Text("只填了上级单位的区划，没有名称", "the division of a parent is given, but no name")
        return Problem(
            "parent_unnamed",
            problem,
            Text("请填写上级单位名称，或两格都留空", "fill in its name, or leave both empty"),
        )
    return None


def _contact_problem(field: str, value: str | None) -> Problem | None:
    if not value:
        return None
    if field == "contact_email":
        return cells.email(value)
    if problem := cells.text(value, LIMITS[field]):
        return problem
    return cells.phone(value) if field == "contact_phone" else None

"""The naming rules for official accounts (H 三(一), domain handbook 2.4) as notices: they stop nothing.

A name holds the place or the organ of its sponsor; a unit uses one name on all platforms and one account on
each; the certified subject is the unit itself and never a person; a bare official word names nobody. Accounts
that are deregistered keep no rule. Pure.
"""

from dataclasses import dataclass, field
from functools import cache, lru_cache

from common.faults import Faults, Text
from names import divisions, parse, tablefiles
from names.fold import plain
from registry.declared import Spot
from registry.records import AccountRecord, UnitKey

GONE = "deregistered"
PERSONAL = frozenset({"个人", "个人认证", "自然人", "个人主体", "personal", "individual"})


@dataclass(slots=True)
class _Accounts:
    """The accounts of one unit so far: the name of the first, its line, and the line on each platform."""

    name: str
    line: int
    platforms: dict[str, int] = field(default_factory=dict)


class Naming:
    """Looks at the accounts of a file one by one, and remembers of each unit only what the rules need."""

    def __init__(self, notices: Faults) -> None:
        self._notices = notices
        self._units: dict[UnitKey, _Accounts] = {}

    def look(self, account: AccountRecord, spot: Spot) -> None:
        """Tell what the rules have against an account whose values are sound."""
        if account.state == GONE:
            return
        unit, name = account.unit, account.name
        if not any(token in name for token in place_tokens(unit[1])) and name != unit[0]:
            self._look_at_name(account, spot)
        if account.certified_subject and account.certified_subject != unit[0]:
            self._look_at_subject(account, spot)
        seen = self._units.get(unit)
        if seen is None:
            seen = self._units[unit] = _Accounts(name, account.line)
        slot = f"{account.platform}/{account.instance}" if account.instance else account.platform
        first = seen.platforms.setdefault(slot, account.line)
        if first != account.line:
            self._tell_second_account(account, first, spot)
        elif seen.name != name and plain(seen.name) != plain(name):
            self._tell_another_name(account, seen, spot)

    def _look_at_name(self, account: AccountRecord, spot: Spot) -> None:
        is_tied, is_bare = _reading(account.name, *account.unit)
        place = spot.place("name", account.name)
        if is_bare:
            problem = Text("名称只有通用词，看不出是哪个单位", "only generic words, they name no body")
            mend = Text("建议加上地名或单位简称", "put the place or the short name of the unit before them")
            self._notices.add("name_generic", place, problem, mend)
        elif not is_tied:
            problem = Text(
                f"名称中看不到“{account.unit[0]}”的地名或职能",
                f"holds neither the place nor the function of {account.unit[0]}",
            )
            mend = Text(
                "名称应与主办单位职责关联，请核对", "check it: a name is tied to its sponsor's duties"
            )
            self._notices.add("name_unrelated", place, problem, mend)

    def _look_at_subject(self, account: AccountRecord, spot: Spot) -> None:
        subject = account.certified_subject or ""
        place = spot.place("certified_subject", subject)
        if subject.casefold() in PERSONAL:
            problem = Text("政务账号不得以个人名义认证", "an official account is never in a person's name")
            mend = Text("请改以单位名义认证后再填写", "have it certified for the unit")
            self._notices.add("subject_personal", place, problem, mend)
        elif plain(subject) != plain(account.unit[0]):
            problem = Text(f"认证主体与主办单位“{account.unit[0]}”不一致", f"the unit is {account.unit[0]}")
            mend = Text("请核对认证主体和主办单位", "check certified subject and unit")
            self._notices.add("subject_mismatch", place, problem, mend)

    def _tell_another_name(self, account: AccountRecord, seen: _Accounts, spot: Spot) -> None:
        problem = Text(
            f"第{seen.line}行同一单位的账号叫“{seen.name}”",
            f"an account of the same unit in line {seen.line} is called “{seen.name}”",
        )
        mend = Text("各平台名称原则上应一致", "as a rule a unit uses one name on all platforms")
        self._notices.add("name_differs", spot.place("name", account.name), problem, mend)

    def _tell_second_account(self, account: AccountRecord, first: int, spot: Spot) -> None:
        problem = Text(
            f"同一单位在这个平台已有账号（第{first}行）",
            f"the unit has an account on this platform already, in line {first}",
        )
        mend = Text(
            "原则上一个单位在一个平台只开设一个账号", "as a rule a unit has one account on each platform"
        )
        self._notices.add("account_second", spot.place("name", account.name), problem, mend)


@lru_cache(maxsize=8192)
def place_tokens(code: str) -> tuple[str, ...]:
    """What names the place of a unit: short names of its division and of those it lies in."""
    here = divisions.by_key(code)
    if here is None:
        return ()
    return tuple(one.short_name for one in (here, *divisions.ancestors(here)))


@lru_cache(maxsize=65_536)
def _reading(name: str, unit: str, division: str) -> tuple[bool, bool]:
    """Whether a name is tied to its unit, and whether it holds nothing but generic words."""
    account, sponsor = parse.parse(name), parse.parse(unit)
    says_nothing = not (account.places or account.organs or account.institution)
    is_bare = says_nothing and account.subject in _bare_words()
    is_elsewhere = bool(account.places) and not any(_are_related(key, division) for key in account.places)
    is_tied = not is_elsewhere and bool(
        account.places
        or account.text[:1] in _letters_of(division)
        or set(account.organs) & set(sponsor.organs)
        or (account.subject and account.subject in sponsor.text)
        or {account.text, account.core} & _short_names(unit)
    )
    return is_tied, is_bare


def _are_related(key: str, other: str) -> bool:
    """Whether two divisions are one, or one lies in the other."""
    one, two = divisions.by_key(key), divisions.by_key(other)
    if one is None or two is None:
        return False
    return one == two or divisions.lies_in(one, two) or divisions.lies_in(two, one)


@cache
def _letters_of(division: str) -> frozenset[str]:
    """The letters of its province that a name may begin with: 豫 for Henan."""
    province = f"{division[:2]}0000"
    return frozenset(letter for letter, key in tablefiles.rows("province_letters") if key == province)


@cache
def _bare_words() -> frozenset[str]:
    """What is left of a name that says no more than that it is official."""
    said = (word for organ in parse.organs() for word in parse.patterns_of(organ))
    return frozenset({"", *said, *parse.generic_words()})


def _short_names(unit: str) -> frozenset[str]:
    """Other names a well-known body goes by."""
    known = parse.known_bodies()
    called = known.get(plain(unit), frozenset())
    return frozenset(short for short, bodies in known.items() if bodies & called) if called else frozenset()

"""The official accounts on the five Chinese platforms: the same units, and the counties beside them.

Whoever is on the example's Mastodon platform is on Weibo and WeChat too; what citizens look for most is
everywhere, in all eighteen cities (`REACH`). A county has its government's 发布, each on its own choice of
platforms, so that many places stay vacant. Bodies that were dissolved, and accounts that were given up, are
still in the register as deregistered (`GONE`): their names and handles may not be taken by anybody.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from examples.henan.draft import DOUYIN, HOURS_A_DAY, KUAISHOU, MASTODON, TOUTIAO, WECHAT, WEIBO, Dice, Draft
from examples.henan.places import Place
from examples.henan.registered import Official, Unit, spell
from examples.henan.units import (
    CITIES,
    DEPARTMENT,
    LOCAL,
    OFFICE,
    PATTERNS,
    PINYIN,
    PROVINCE,
    SHUT_DOWN,
    VERTICAL,
    Pattern,
)  # fmt: skip

EVERYWHERE = (WEIBO, WECHAT, DOUYIN, KUAISHOU, TOUTIAO)
FIRST_TWO = (WEIBO, WECHAT)
REACH = {
    "{stem}发布": EVERYWHERE,
    "平安{stem}": EVERYWHERE,
    "{stem}交警": EVERYWHERE,
    "健康{stem}": (WEIBO, WECHAT, DOUYIN, TOUTIAO),
    "{stem}人社": (WEIBO, WECHAT, DOUYIN, TOUTIAO),
    "{stem}消防": (WEIBO, DOUYIN, KUAISHOU, TOUTIAO),
    "{stem}税务": (WEIBO, WECHAT, DOUYIN),
    "{stem}文旅": EVERYWHERE,
}
"""Patterns that all eighteen cities follow, and on which platforms."""
CULTURE = Pattern("{full}文化广电和旅游局", "{stem}文旅", "{pinyin}_wl", DEPARTMENT,
                  "{full}文化广电和旅游局官方账号。", CITIES)  # fmt: skip
HAS_WEIBO_DOMAIN = ("{stem}发布",)
LONGEST = {WEIBO: 20, WECHAT: 20, DOUYIN: 16, MASTODON: 30}
"""Characters of a handle; 快手 and 头条 show numbers only."""

SPOKEN = {"410104": "管城", "410203": "顺河", "410304": "瀍河"}
"""Districts that people call shorter than by their name without its last character."""
WITH_ABOVE = ("410102", "410402", "410602", "410811", "411025")
"""Their 发布 says the city too: another place of the name exists, or the bare word means something else."""
WHOLE_NAME = ("410522", "410721", "410928")
"""Counties called like the city beside them: 安阳县 is not 安阳."""
WITHOUT_ACCOUNT = ("410183", "410329", "410782", "411425")
"""Counties whose government has none yet: their gap shows in the register."""
SHARES = {WEIBO: 0.95, WECHAT: 0.95, DOUYIN: 0.85, KUAISHOU: 0.6, TOUTIAO: 0.6}
"""How many of the counties are on a platform."""


@dataclass(frozen=True)
class Gone:
    """A deregistered account: unit, division and kind, name, handle, platforms."""

    unit: str
    division: str
    kind: str
    name: str
    handle: str
    platforms: tuple[str, ...]


PROVINCE_CODE = "410000"
GONE = (
    Gone("河南省扶贫开发办公室", PROVINCE_CODE, DEPARTMENT, "河南扶贫", "henanfupin",
         (WEIBO, WECHAT, DOUYIN)),
    Gone("河南省乡村振兴局", PROVINCE_CODE, DEPARTMENT, "河南乡村振兴", "hnxczx", (WEIBO, WECHAT, DOUYIN)),
    Gone("河南省食品药品监督管理局", PROVINCE_CODE, DEPARTMENT, "河南食药监", "henanfda",
         (WEIBO, WECHAT, MASTODON)),
    Gone("河南省环境保护厅", PROVINCE_CODE, DEPARTMENT, "河南环保", "henanhuanbao", (WEIBO, WECHAT)),
    Gone("河南省地方税务局", PROVINCE_CODE, DEPARTMENT, "河南地税", "henandishui", (WEIBO, WECHAT, MASTODON)),
    Gone("河南省国土资源厅", PROVINCE_CODE, DEPARTMENT, "河南国土", "henanguotu", FIRST_TWO),
    Gone("河南省粮食局", PROVINCE_CODE, DEPARTMENT, "河南粮食", "henanliangshi", FIRST_TWO),
    Gone("河南省公安消防总队", PROVINCE_CODE, VERTICAL, "河南公安消防", "henan119xf", (WEIBO, DOUYIN)),
    Gone("郑州市地方税务局", "410100", DEPARTMENT, "郑州地税", "zhengzhoudishui", FIRST_TWO),
    Gone("洛阳市环境保护局", "410300", DEPARTMENT, "洛阳环保", "luoyanghuanbao", FIRST_TWO),
    Gone("安阳市食品药品监督管理局", "410500", DEPARTMENT, "安阳食药监", "anyangfda",
         (WEIBO, WECHAT, MASTODON)),
    Gone("周口市扶贫开发办公室", "411600", DEPARTMENT, "周口扶贫", "zhoukoufupin", (WEIBO, DOUYIN)),
    Gone("南阳市扶贫开发办公室", "411300", DEPARTMENT, "南阳扶贫", "nanyangfupin", (WEIBO, DOUYIN)),
    Gone("商丘市国土资源局", "411400", DEPARTMENT, "商丘国土", "shangqiuguotu", (WEIBO, DOUYIN)),
)  # fmt: skip
YEARS_GONE = 2
COUNTY_BIO = "{full}人民政府官方账号，发布政务信息，回应群众关切。"


@dataclass(frozen=True)
class _Presence:
    """A body under one name on several platforms, with its handle on those that have handles."""

    unit: Unit
    name: str
    handle: str
    bio: str
    platforms: tuple[str, ...]
    has_weibo_domain: bool = False
    state: str = "in_service"


def matrix(places: dict[str, Place]) -> list[Official]:
    """All official accounts beside those that live on the Mastodon platform."""
    dice = Dice("matrix")
    presences = (
        *_of_cities(places), *_of_counties(dice, places), *_of_few_places(places), *_listed(dice), *_gone()
    )  # fmt: skip
    return [_official(dice, one, platform) for one in presences for platform in one.platforms]


def units_without_account(places: dict[str, Place]) -> list[Unit]:
    """Bodies in the register that have no account anywhere."""
    return [_county_office(places[code]) for code in WITHOUT_ACCOUNT]


def _of_cities(places: dict[str, Place]) -> Iterator[_Presence]:
    for pattern in (*PATTERNS, CULTURE):
        if pattern.name in REACH:
            for code in CITIES:
                yield _patterned(pattern, places[code], REACH[pattern.name])


def _of_counties(dice: Dice, places: dict[str, Place]) -> Iterator[_Presence]:
    zones = ("7",)  # A statistical zone is no division a government belongs to.
    for place in places.values():
        if place.level != "county" or place.code[:2] != "41" or place.code in CITIES:
            continue
        if place.code[4] in zones or place.code in WITHOUT_ACCOUNT:
            continue
        platforms = tuple(platform for platform in EVERYWHERE if dice.chance(SHARES[platform])) or FIRST_TWO
        pinyin = PINYIN.get(place.code, "")
        handle = f"{pinyin}_fabu" if pinyin else ""
        bio = COUNTY_BIO.format(full=place.name)
        yield _Presence(_county_office(place), county_name(place, places), handle, bio, platforms)


def _of_few_places(places: dict[str, Place]) -> Iterator[_Presence]:
    """The patterns that only some cities follow: where they are on Mastodon, and on the first two."""
    for pattern in PATTERNS:
        if pattern.name not in REACH:
            for code in pattern.places:
                yield _patterned(pattern, places[code], FIRST_TWO)


def _listed(dice: Dice) -> Iterator[_Presence]:
    province = [(unit, PROVINCE_CODE, kind, accounts) for unit, kind, accounts in PROVINCE]
    for unit, division, kind, accounts in (*province, *LOCAL):
        for name, handle in accounts:
            if handle not in SHUT_DOWN:
                more = tuple(platform for platform in (DOUYIN, KUAISHOU, TOUTIAO) if dice.chance(0.6))
                platforms = FIRST_TWO if division != PROVINCE_CODE else (*FIRST_TWO, *more)
                yield _Presence(Unit(unit, division, kind), name, handle, f"{unit}官方账号。", platforms)


def _gone() -> Iterator[_Presence]:
    for gone in GONE:
        unit = Unit(gone.unit, gone.division, gone.kind)
        bio = f"{gone.unit}官方账号。"
        yield _Presence(unit, gone.name, gone.handle, bio, gone.platforms, True, "deregistered")


def _patterned(pattern: Pattern, place: Place, platforms: tuple[str, ...]) -> _Presence:
    pinyin = PINYIN[place.code]
    unit, name, handle, bio = (
        spell(part, place, pinyin) for part in (pattern.unit, pattern.name, pattern.handle, pattern.bio)
    )
    has_weibo_domain = pattern.name in HAS_WEIBO_DOMAIN
    return _Presence(Unit(unit, place.code, pattern.kind), name, handle, bio, platforms, has_weibo_domain)


def _county_office(place: Place) -> Unit:
    return Unit(f"{place.name}人民政府办公室", place.code, OFFICE)


def county_name(place: Place, places: dict[str, Place]) -> str:
    """What the 发布 of a county is called."""
    if place.code in WHOLE_NAME:
        return f"{place.name}发布"
    above = places[place.parent].stem if place.code in WITH_ABOVE else ""
    return f"{above}{SPOKEN.get(place.code, place.stem)}发布"


def _official(dice: Dice, one: _Presence, platform: str) -> Official:
    created = dice.day(3600, 500)
    hours = YEARS_GONE * 365 * HOURS_A_DAY if one.state == "deregistered" else _last_post(dice)
    state = "paused" if one.state == "in_service" and hours > PAUSED_AFTER else one.state
    draft = Draft(
        "registered",
        one.name,
        _handle(one, platform),
        one.bio,
        created,
        dice.crowd(800, 9_000_000),
        (round(hours, 1),),
        platform=platform,
        subject=one.unit.name,
        badge="government",
    )
    return Official(one.unit, state, draft)


PAUSED_AFTER = 60 * HOURS_A_DAY


def _last_post(dice: Dice) -> float:
    """Hours since the last post: mostly hours, sometimes days, seldom so long that the account is paused."""
    if dice.chance(0.9):
        return dice.between(0.2, 40)
    return dice.between(2, 30) * HOURS_A_DAY if dice.chance(0.8) else dice.between(70, 200) * HOURS_A_DAY


def _handle(one: _Presence, platform: str) -> str:
    """Weibo's domains have no underscore, and few bodies have one."""
    if platform == WEIBO and not one.has_weibo_domain:
        return ""
    handle = one.handle.replace("_", "") if platform == WEIBO else one.handle
    return handle if len(handle) <= LONGEST.get(platform, 0) else ""

"""The official accounts: every row of `units.py` made into an account with a past.

How an account publishes is its rhythm. Most are lively; some have been silent for as many days as the
dormancy rules care about (11, 13, 15, 40), some never spoke, some speak too seldom to have something in every
week.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from examples.henan.draft import HOURS_A_DAY, Dice, Draft, posting
from examples.henan.places import Place
from examples.henan.units import LOCAL, NEVER, PATTERNS, PAUSED, PINYIN, PROVINCE, SHUT_DOWN, SILENT, SLOW

POSTS_KEPT = 60


@dataclass(frozen=True)
class Unit:
    """A body with a registered account: name, division whose government it belongs to, kind of body."""

    name: str
    division: str
    kind: str


@dataclass(frozen=True)
class Official:
    """A registered account: its unit, its state in the register, and the account itself."""

    unit: Unit
    state: str
    draft: Draft


def officials(places: dict[str, Place]) -> list[Official]:
    """All registered accounts, in the order of the tables."""
    dice = Dice("registered")
    return [_official(dice, *row) for row in (*_patterned(places), *_listed())]


def spell(template: str, place: Place, pinyin: str) -> str:
    """`template` of a pattern, filled in for `place`."""
    text = template.format(full=place.name, stem=place.stem, pinyin=pinyin)
    # Zhengzhou ranks above the other cities: its office is a 办公厅.
    return text.replace("郑州市人民政府办公室", "郑州市人民政府办公厅")


def _patterned(places: dict[str, Place]) -> Iterator[tuple[Unit, str, str, str]]:
    for pattern in PATTERNS:
        for code in pattern.places:
            unit, name, handle, bio = (
                spell(part, places[code], PINYIN[code])
                for part in (pattern.unit, pattern.name, pattern.handle, pattern.bio)
            )
            yield Unit(unit, code, pattern.kind), name, handle, f"{bio}\n{_website(PINYIN[code])}"


def _listed() -> Iterator[tuple[Unit, str, str, str]]:
    province = [(unit, "410000", kind, accounts) for unit, kind, accounts in PROVINCE]
    for unit, division, kind, accounts in (*province, *LOCAL):
        for name, handle in accounts:
            yield Unit(unit, division, kind), name, handle, f"{unit}官方账号。\n{_website(handle)}"


def _website(label: str) -> str:
    return f"网站 https://www.{label.replace('_', '-')}.example"


def _official(dice: Dice, unit: Unit, name: str, handle: str, bio: str) -> Official:
    created = dice.day(2200, 400)
    followers = dice.crowd(800, 900_000)
    note, posts = _rhythm(dice, handle, created)
    state = "shut_down" if handle in SHUT_DOWN else "paused" if handle in PAUSED else "in_service"
    return Official(unit, state, Draft("registered", name, handle, bio, created, followers, posts, note=note))


def _rhythm(dice: Dice, handle: str, created: date) -> tuple[str, tuple[float, ...]]:
    """What the account's publishing looks like, in words, and its publication times."""
    stopped = {**SILENT, **PAUSED, **SHUT_DOWN}.get(handle)
    if handle in NEVER:
        return "从未发布", ()
    if stopped is not None:
        last = stopped * HOURS_A_DAY + dice.between(1, 8)
        return f"最近一次发布在{stopped}天前", posting(dice, last, dice.between(15, 60), 20, created)
    if handle in SLOW:
        # 13 to 14 days apart: nearly always a whole Monday-to-Sunday week without an update, yet no 14-day
        # veto.
        return "更新慢", posting(dice, dice.between(60, 90), 13.5 * HOURS_A_DAY, 6, created, spread=0.03)
    gap = dice.pick((5, 9, 14, 22, 30, 44))
    count = min(POSTS_KEPT, 45 * HOURS_A_DAY // gap)
    return "正常更新", posting(dice, dice.between(0.5, gap), gap, count, created)

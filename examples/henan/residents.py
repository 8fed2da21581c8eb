"""Everybody else on the platform: people, shops, small media, schools, hobbies, bots. All invented.

Many carry a place in their name, so that a search for 郑州 finds more accounts than one answer may hold.
Names are nicknames, never a surname with a given name, so that no real person is meant. The words stand in
`residents.toml`.
"""

import tomllib
from collections.abc import Callable
from dataclasses import replace

from examples.henan.draft import DOUYIN, MASTODON, WEIBO, Dice, Draft, Handles, posting
from examples.henan.places import FOLDER

WORDS: dict[str, list[str]] = tomllib.loads((FOLDER / "residents.toml").read_text(encoding="utf-8"))


def residents(handles: Handles, platform: str, names: set[str], count: int) -> list[Draft]:
    """`count` ordinary accounts on `platform`; on Weibo none has a name of `names` or of another."""
    dice = Dice("residents" if platform == MASTODON else f"residents {platform}")
    drafts = []
    for _ in range(count):
        draft = _resident(dice, handles, platform)
        if platform != MASTODON and not draft.name:  # only there may a name be empty
            draft = replace(draft, name=f"用户{dice.number(100_000, 999_999)}")
        if platform == WEIBO:
            draft = replace(draft, name=_free(dice, draft.name, names))
        drafts.append(draft)
    return drafts


def _free(dice: Dice, name: str, names: set[str]) -> str:
    """`name`, with a number behind it where somebody has it: Weibo gives a name once."""
    free = name
    while free in names:
        free = f"{name}{dice.number(2, 9999)}"
    names.add(free)
    return free


def _resident(dice: Dice, handles: Handles, platform: str) -> Draft:
    kind, name = dice.pick(NAMERS)
    created = dice.day(2400, 0)
    count = 0 if dice.chance(0.2) else dice.number(1, 8) if platform == MASTODON else 1
    return Draft(
        "ordinary",
        name(dice),
        _own_handle(dice, handles, platform),
        _word(dice, "bios").format(place=_word(dice, "places")),
        created,
        dice.crowd(0, 30_000) if dice.chance(0.15) else dice.number(0, 400),
        posting(dice, dice.between(0.2, 900), dice.between(3, 200), count, created),
        kind=kind,
        bot=kind == "bot",
        platform=platform,
    )


def _own_handle(dice: Dice, handles: Handles, platform: str) -> str:
    """On Mastodon a word, on Douyin mostly the number given at the start, on Weibo mostly none."""
    if platform == MASTODON or dice.chance(0.12):
        return handles.like(dice, _handle(dice))
    return handles.like(dice, str(dice.number(10_000_000, 99_999_999_999))) if platform == DOUYIN else ""


def _word(dice: Dice, kind: str) -> str:
    return dice.pick(WORDS[kind])


def _person(dice: Dice) -> str:
    call = f"{dice.pick(('小', '老', '阿', '大'))}{_word(dice, 'surnames')}"
    return dice.pick(
        (
            f"{_word(dice, 'moods')}的{_word(dice, 'creatures')}",
            f"{_word(dice, 'moods')}的{call}",
            f"{_word(dice, 'places')}{call}",
            f"{call}在{_word(dice, 'places')}",
            f"{_word(dice, 'creatures')}{_word(dice, 'creatures')}",
            f"{call}{_word(dice, 'emoji')}",
            f"{_word(dice, 'emoji')}{_word(dice, 'creatures')}{dice.number(1, 99)}",
        )
    )


def _latin(dice: Dice) -> str:
    word, tail = _word(dice, "latin"), _word(dice, "tails")
    return dice.pick(
        (word, word.title(), f"{word.title()} {tail.title()}".strip(), f"{word}_{dice.number(1, 99)}")
    )


def _shop(dice: Dice) -> str:
    name = f"{_word(dice, 'places')}{_word(dice, 'goods')}{_word(dice, 'shops')}"
    return dice.pick(
        (
            name,
            name,
            f"老{_word(dice, 'surnames')}家{_word(dice, 'goods')}",
            f"{name}（{_word(dice, 'places')}店）",
        )
    )


def _media(dice: Dice) -> str:
    return f"{_word(dice, 'places')}{_word(dice, 'media')}"


def _school(dice: Dice) -> str:
    return f"{_word(dice, 'places')}{_word(dice, 'schools')}"


def _hobby(dice: Dice) -> str:
    name = f"{_word(dice, 'hobbies')}{_word(dice, 'circles')}"
    return dice.pick((name, f"{_word(dice, 'places')}{name}", f"{name} {_word(dice, 'emoji')}"))


def _rare(dice: Dice) -> str:
    return dice.pick((_word(dice, "rare"), f"{_word(dice, 'rare')}{dice.number(2, 60)}", ""))


def _bot(dice: Dice) -> str:
    return dice.pick(
        (
            f"{_word(dice, 'places')}日出日落",
            f"{_word(dice, 'creatures')}提醒机器人",
            f"{_word(dice, 'latin')} bot",
        )
    )


def _handle(dice: Dice) -> str:
    word, tail = _word(dice, "latin"), dice.pick((*WORDS["tails"], *WORDS["latin"]))
    return f"{word}{dice.pick(('', '_'))}{tail}{dice.number(1, 9999) if dice.chance(0.6) else ''}".strip("_")


NAMERS: tuple[tuple[str, Callable[[Dice], str]], ...] = (
    *(("person", _person),) * 8,
    *(("latin", _latin),) * 2,
    *(("shop", _shop),) * 4,
    *(("media", _media),) * 2,
    ("school", _school),
    *(("hobby", _hobby),) * 3,
    ("rare", _rare),
    ("bot", _bot),
)
"""Kinds of ordinary accounts, as often as they should come up. `rare` also holds empty names, which exist."""

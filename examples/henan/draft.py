"""What an example account is before it has an id, and the dice that decide everything left to chance.

Only `Random.random()` is used: Python promises its sequence for a seed, but not that of `choice` or
`shuffle`, so the files stay the same bytes under every version. Each part of the example throws its own dice:
a line added to one leaves the others as they were.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Literal, TypeVar

Label = Literal["registered", "counterfeit", "hard_negative", "ordinary"]
Badge = Literal["government", "media", "enterprise", "organisation", "person", "none"]
Chosen = TypeVar("Chosen")

MASTODON, WEIBO, WECHAT, DOUYIN, KUAISHOU, TOUTIAO = PLATFORMS = (
    "mastodon", "weibo", "wechat_oa", "douyin", "kuaishou", "toutiao",
)  # fmt: skip

LAST_DAY = date(2026, 10, 31)
"""No account is younger than this, so that all of them exist when the example is shown."""
HOURS_A_DAY = 24
LONGEST_HANDLE = 30
"""Mastodon's own limit for a local user name."""


class Dice:
    """Repeatable chance: the same `part` always throws the same numbers."""

    def __init__(self, part: str) -> None:
        self._random = Random(f"zhenwei henan {part}").random

    def chance(self, share: float) -> bool:
        """True in `share` (0 to 1) of all throws."""
        return self._random() < share

    def number(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + int(self._random() * (high - low + 1))

    def between(self, low: float, high: float) -> float:
        """A number from `low` up to `high`."""
        return low + self._random() * (high - low)

    def pick(self, choices: Sequence[Chosen]) -> Chosen:
        """One of `choices`, all equally likely."""
        return choices[self.number(0, len(choices) - 1)]

    def deal(self, choices: Sequence[Chosen], count: int) -> list[Chosen]:
        """`count` different ones of `choices`, in the order drawn. Raises ValueError if there are fewer."""
        left = list(choices)
        if count > len(left):
            raise ValueError(f"{count} cannot be dealt from {len(left)}")
        return [left.pop(self.number(0, len(left) - 1)) for _ in range(count)]

    def crowd(self, low: int, high: int) -> int:
        """A follower count: small ones are common, large ones rare."""
        return low + int((high - low) * self._random() ** 3)

    def day(self, oldest: int, youngest: int) -> date:
        """A day between `oldest` and `youngest` days before LAST_DAY."""
        return LAST_DAY - timedelta(days=self.number(youngest, oldest))


@dataclass(frozen=True)
class Draft:
    """One account to be: what the platform shows, and what is true about it.

    `posts` are hours before the platform's start, newest first. `target` is the registered account that an
    imitation imitates, or that a bystander may be mistaken for: its handle on Mastodon, or `weibo:郑州发布`.
    `subject` and `badge` are the certification that Chinese platforms show.
    """

    label: Label
    name: str
    handle: str
    bio: str
    created: date
    followers: int
    posts: tuple[float, ...] = ()
    kind: str = ""
    target: str = ""
    note: str = ""
    bot: bool = False
    platform: str = MASTODON
    subject: str = ""
    badge: Badge = "none"
    has_targets_picture: bool = False


def posting(
    dice: Dice, last: float, gap: float, count: int, created: date, spread: float = 0.2
) -> tuple[float, ...]:
    """`count` publication times: the newest `last` hours ago, the others `gap` hours apart.

    `spread` is the share by which a gap may differ. Fewer if the account, made on the day `created`, is too
    young for them.
    """
    age = (LAST_DAY - created).days * HOURS_A_DAY
    hours: list[float] = []
    moment = last
    while len(hours) < count and moment < age:
        hours.append(round(moment, 1))
        moment += gap * dice.between(1 - spread, 1 + spread)
    return tuple(hours)


@dataclass
class Handles:
    """Hands out user names, each once, whatever its case."""

    taken: set[str] = field(default_factory=set)

    def exactly(self, handle: str) -> str:
        """`handle` itself. Raises ValueError if it is taken or too long: a mistake in the tables."""
        if handle.lower() in self.taken or len(handle) > LONGEST_HANDLE:
            raise ValueError(f"the handle {handle!r} is taken or longer than {LONGEST_HANDLE}")
        self.taken.add(handle.lower())
        return handle

    def like(self, dice: Dice, wish: str) -> str:
        """`wish`, with a number behind it if somebody has it."""
        wish = wish[: LONGEST_HANDLE - 5]
        handle = wish
        while handle.lower() in self.taken:
            handle = f"{wish}{dice.number(2, 9999)}"
        return self.exactly(handle)

"""The other hundred and ten imitations: on Weibo, Douyin and Mastodon, of every kind the handbook knows.

They stand written by hand in `counterfeits.csv`, among them what no name can show: a stranger under the
genuine picture and text, one who took the handle of a deregistered account, one who merely claims to belong
to a body. `[U+200B]` there stands for the character of that number, `{genuine}` for the genuine name.
"""

import csv
import re
from collections.abc import Iterator, Mapping

from examples.henan.draft import MASTODON, Badge, Dice, Draft, Handles, posting
from examples.henan.places import FOLDER

COPIED = "profile_copied"
TAKEN_OVER = "rename_takeover"
FIRMS = ("云帆文化传媒", "木铎信息咨询", "晨溪网络科技", "北斗商务服务", "青禾教育科技")
"""Bought badges say some firm; 示例 (example) in their names keeps real firms out."""


def impostors(handles: Mapping[str, Handles], genuine: Mapping[str, Draft]) -> list[Draft]:
    """All of them; `genuine` by `platform:name`. Raises KeyError for an unknown target."""
    dice = Dice("impostors")
    return [_draft(dice, handles[row["platform"]], row, genuine[_target(row)]) for row in _rows()]


def _rows() -> Iterator[dict[str, str]]:
    with (FOLDER / "counterfeits.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _target(row: dict[str, str]) -> str:
    return f"{row['target_platform']}:{row['target']}"


def _draft(dice: Dice, handles: Handles, row: dict[str, str], genuine: Draft) -> Draft:
    is_old = row["kind"] == TAKEN_OVER or dice.chance(0.3)
    created = dice.day(2600, 700) if is_old else dice.day(60, 0)
    badge, subject = _badge(dice, row["platform"])
    is_copy = row["kind"] == COPIED
    return Draft(
        "counterfeit",
        _with_invisible(row["name"]),
        handles.exactly(row["handle"]) if row["handle"] else "",
        genuine.bio if is_copy else row["bio"].format(genuine=genuine.name),
        created,
        dice.crowd(0, 80_000) if dice.chance(0.4) else dice.number(0, 300),
        posting(dice, dice.between(1, 90), dice.between(6, 70), dice.number(1, 12), created),
        kind=row["kind"],
        target=_target(row),
        note=row["note"],
        platform=row["platform"],
        subject=subject,
        badge=badge,
        has_targets_picture=is_copy,
    )


def _badge(dice: Dice, platform: str) -> tuple[Badge, str]:
    """A badge proves nothing: some imitators have one, of another subject."""
    if platform != MASTODON and dice.chance(0.15):
        return "enterprise", f"河南示例{dice.pick(FIRMS)}有限公司"
    return "none", ""


def _with_invisible(name: str) -> str:
    return re.sub(r"\[U\+([0-9A-F]{4})\]", lambda found: chr(int(found[1], 16)), name)

"""Makes the example province: `python -m examples.henan.generate [FOLDER]` writes seven files.

* `政务新媒体台账.xlsx`: the register as an office keeps it, units and accounts;
* `registry.csv`: the same accounts as a plain table, for `zhenwei match` and `zhenwei evaluate`;
* `联系人.csv`: who answers for the places and units of the register;
* `accounts.jsonl`: everybody on the example's Mastodon platform, one a line;
* `weibo-export.xlsx`, `douyin-export.csv`: what a data vendor found on Weibo and Douyin;
* `answers.csv`: what is true about each account seen: registered, counterfeit, hard_negative or ordinary.

The same bytes come out at every run, and nothing here is taken from the matcher: the example can judge it.
"""

import csv
import io
import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from examples.henan import contacts as people
from examples.henan import exports, ledger
from examples.henan.bystanders import bystanders
from examples.henan.counterfeits import counterfeits
from examples.henan.draft import (
    DOUYIN,
    KUAISHOU,
    MASTODON,
    PLATFORMS,
    TOUTIAO,
    WECHAT,
    WEIBO,
    Dice,
    Draft,
    Handles,
)
from examples.henan.impostors import impostors
from examples.henan.matrix import matrix, units_without_account
from examples.henan.neighbours import neighbours
from examples.henan.places import FOLDER, Place, read
from examples.henan.registered import Official, Unit, officials
from examples.henan.residents import residents

INSTANCE = "example"
ORDINARY = {MASTODON: 5_000, WEIBO: 9_000, DOUYIN: 6_000}
"""Platforms whose accounts can be looked at, and how many ordinary ones live there."""
HOMES = {
    MASTODON: "https://mastodon.example/@{handle}",
    WEIBO: "https://weibo.example/u/{uid}",
    WECHAT: "",
    DOUYIN: "https://www.douyin.example/user/{uid}",
    KUAISHOU: "https://www.kuaishou.example/profile/{uid}",
    TOUTIAO: "https://www.toutiao.example/c/user/{uid}/",
}
# Numbers no platform has given out yet; each platform has its own length, so that none is another's.
UIDS = {WEIBO: ("99", 8), DOUYIN: ("9999", 12), KUAISHOU: ("99", 7), TOUTIAO: ("9999", 9)}
REGISTRY_COLUMNS = (
    "platform", "instance", "platform_uid", "handle", "name", "certified_subject", "home_url", "opened_on",
    "state", "unit", "unit_division", "unit_kind",
)  # fmt: skip
ANSWER_COLUMNS = ("platform", "instance", "uid", "label", "kind", "target_platform", "target_uid", "note")


class Account(NamedTuple):
    """A draft that has its id."""

    uid: str
    draft: Draft


@dataclass(frozen=True)
class Province:
    """The whole example: official accounts in the order of the tables, and everybody who can be looked at."""

    places: dict[str, Place]
    registered: list[tuple[str, Official]]
    seen: list[Account]

    @cached_property
    def genuine(self) -> dict[str, str]:
        """The ids of registered accounts by `platform:name`, and by `platform:handle`."""
        drafts = [(uid, official.draft) for uid, official in self.registered]
        by_handle = {f"{draft.platform}:{draft.handle}": uid for uid, draft in drafts if draft.handle}
        return by_handle | {f"{draft.platform}:{draft.name}": uid for uid, draft in drafts}

    @cached_property
    def units(self) -> list[Unit]:
        """Every unit once, at the end those without any account."""
        with_accounts = [official.unit for _, official in self.registered]
        return list(dict.fromkeys([*with_accounts, *units_without_account(self.places)]))

    def on(self, platform: str) -> list[Account]:
        """Everybody on a platform, the oldest account first."""
        here = [account for account in self.seen if account.draft.platform == platform]
        return sorted(here, key=lambda account: (account.draft.created, account.uid))


def province() -> Province:
    """Everybody, drawn anew."""
    places = read()
    register = [*officials(places), *matrix(places)]
    genuine = {f"{one.draft.platform}:{one.draft.name}": one.draft for one in register}
    handles = {platform: Handles() for platform in PLATFORMS}
    for one in register:
        if one.draft.handle and one.state != "deregistered":
            handles[one.draft.platform].exactly(one.draft.handle)
    by_handle = {one.draft.handle: one.draft for one in register if one.draft.platform == MASTODON}
    on_mastodon = [*counterfeits(handles[MASTODON], by_handle), *bystanders(handles[MASTODON], places)]
    elsewhere = [*impostors(handles, genuine), *neighbours(handles, places, genuine)]
    strangers = [*on_mastodon, *_residents(handles, [one.draft for one in register] + elsewhere), *elsewhere]
    dice = {platform: _dice("uids", platform) for platform in PLATFORMS}
    taken: set[str] = set()
    registered = [(_uid(dice[one.draft.platform], one.draft, taken), one) for one in register]
    others = [Account(_uid(dice[draft.platform], draft, taken), draft) for draft in strangers]
    here = [
        Account(uid, one.draft)
        for uid, one in registered
        if one.draft.platform in ORDINARY and one.state != "deregistered"
    ]
    return Province(places, registered, [*here, *others])


def files() -> dict[str, bytes]:
    """The files, by name."""
    everybody = province()
    rows, keepers = people.contacts(everybody.places, everybody.units)
    accounts = [(uid, _home(uid, one.draft), one) for uid, one in everybody.registered]
    seen = [account for platform in ORDINARY for account in everybody.on(platform)]
    mastodon = [_account_line(account) for account in everybody.on(MASTODON)]
    return {
        ledger.FILE: ledger.ledger(accounts, everybody.units, keepers),
        "registry.csv": _csv(REGISTRY_COLUMNS, (_registry_row(*account) for account in accounts)).encode(),
        "联系人.csv": _csv(people.COLUMNS, rows, "\r\n").encode("gb18030"),
        "accounts.jsonl": "".join(mastodon).encode(),
        "weibo-export.xlsx": exports.weibo(everybody.on(WEIBO), everybody.genuine),
        "douyin-export.csv": exports.douyin(everybody.on(DOUYIN), everybody.genuine),
        "answers.csv": _csv(
            ANSWER_COLUMNS, (_answer_row(account, everybody.genuine) for account in seen)
        ).encode(),
    }


def write(folder: Path) -> None:
    """Write the files into `folder`."""
    for name, content in files().items():
        (folder / name).write_bytes(content)


def _residents(handles: dict[str, Handles], before: list[Draft]) -> list[Draft]:
    names = {draft.name for draft in before if draft.platform == WEIBO}
    return [
        draft
        for platform, count in ORDINARY.items()
        for draft in residents(handles[platform], platform, names, count)
    ]


def _dice(part: str, platform: str) -> Dice:
    return Dice(part if platform == MASTODON else f"{part} {platform}")


def _uid(dice: Dice, draft: Draft, taken: set[str]) -> str:
    """An invented id of the platform's shape that nobody has."""
    while (uid := _shaped(dice, draft)) in taken:
        pass
    taken.add(uid)
    return uid


def _shaped(dice: Dice, draft: Draft) -> str:
    if draft.platform == MASTODON:  # milliseconds of its birth, then 16 other bits
        midnight = datetime.combine(draft.created, time(), UTC)
        milliseconds = int(midnight.timestamp()) * 1000 + dice.number(0, 86_399_999)
        return str(milliseconds << 16 | dice.number(0, 0xFFFF))
    if draft.platform == WECHAT:
        return f"gh_0000{dice.number(0, 16**8 - 1):08x}"
    start, digits = UIDS[draft.platform]
    return f"{start}{dice.number(0, 10**digits - 1):0{digits}}"


def _home(uid: str, draft: Draft) -> str:
    return HOMES[draft.platform].format(uid=uid, handle=draft.handle)


def _registry_row(uid: str, home: str, official: Official) -> Sequence[str]:
    unit, draft = official.unit, official.draft
    account = (draft.platform, _instance(draft), uid, draft.handle, draft.name, unit.name, home)
    return (*account, draft.created.isoformat(), official.state, unit.name, unit.division, unit.kind)


def _instance(draft: Draft) -> str:
    return INSTANCE if draft.platform == MASTODON else ""


def _account_line(account: Account) -> str:
    uid, draft = account
    fields = {
        "uid": uid,
        "handle": draft.handle,
        "name": draft.name,
        "bio": draft.bio,
        "created_at": draft.created.isoformat(),
        "followers": draft.followers,
        "bot": draft.bot,
        "posts_hours_ago": draft.posts,
    }
    return _show_invisible(json.dumps(fields, ensure_ascii=False)) + "\n"


def _answer_row(account: Account, genuine: dict[str, str]) -> Sequence[str]:
    uid, draft = account
    target = genuine.get(draft.target, "")
    platform = draft.target.partition(":")[0] if target else ""
    return (draft.platform, _instance(draft), uid, draft.label, draft.kind, platform, target, draft.note)


def _show_invisible(text: str) -> str:
    """JSON text with format characters (zero width, direction) as escapes: a file that hides nothing."""
    return re.sub(r"[^\x00-\x7f]", lambda match: _escape_format(match[0]), text)


def _escape_format(letter: str) -> str:
    return f"\\u{ord(letter):04x}" if unicodedata.category(letter) == "Cf" else letter


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]], line_end: str = "\n") -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=line_end)
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)

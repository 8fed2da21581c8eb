"""What Mastodon says about an account and a status: the JSON objects of its documented API.

Keys, types and forms follow docs.joinmastodon.org (entities Account and Status, API 4.x): ids are decimal
text, `created_at` of an account is its day at midnight, `last_status_at` a day or null, `note` and `content`
are HTML. Nobody here boosts, replies or attaches files.
"""

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from examples.platform.data import Account

LINK = re.compile(r"https?://[!-~]+")
TEXTS = (
    "早上好，新的一天开始了。",
    "天气转凉，出门请添衣。",
    "今日更新，欢迎留言。",
    "周末愉快，注意安全。",
    "整理了一份清单，供大家参考。",
    "感谢一路相伴。",
    "雨天路滑，慢行。",
    "本周安排已更新，请查看主页。",
    "转眼又到月底，做个小结。",
    "分享一张随手拍。",
    "有问题请在评论区留言。",
)
"""What posts say: harmless, the same for everybody, so that no text gives an account away."""


@dataclass(frozen=True)
class Status:
    """One post: id, moment, text."""

    id: int
    at: datetime
    text: str


def statuses(account: Account, start: datetime) -> list[Status]:
    """The account's posts, newest first, on a platform that started at `start`.

    An id is built as on Mastodon: milliseconds, then 16 bits; these come from the account, so ids never meet.
    """
    own = int(account.uid)
    posts = []
    for turn, hours in enumerate(account.posts):
        at = start - timedelta(hours=hours)
        number = int(at.timestamp() * 1000) << 16 | own & 0xFFFF
        posts.append(Status(number, at, TEXTS[(own + turn) % len(TEXTS)]))
    return posts


def account_entity(account: Account, posts: list[Status], home: str) -> dict[str, Any]:
    """The Account object. `home` is the platform's own address without a slash at its end."""
    avatar = f"{home}/avatars/{account.uid}.png"
    header = f"{home}/headers/original/missing.png"
    return {
        "id": account.uid,
        "username": account.handle,
        "acct": account.handle,
        "display_name": account.name,
        "locked": False,
        "bot": account.bot,
        "discoverable": True,
        "group": False,
        "created_at": f"{account.created.isoformat()}T00:00:00.000Z",
        "note": paragraphs(account.bio),
        "url": f"{home}/@{account.handle}",
        "avatar": avatar,
        "avatar_static": avatar,
        "header": header,
        "header_static": header,
        "followers_count": account.followers,
        "following_count": int(account.uid) % 300,
        "statuses_count": len(posts),
        "last_status_at": posts[0].at.date().isoformat() if posts else None,
        "emojis": [],
        "fields": [],
    }


def status_entity(status: Status, account: dict[str, Any], home: str) -> dict[str, Any]:
    """The Status object of a post by `account` (an Account object)."""
    handle = account["username"]
    return {
        "id": str(status.id),
        "created_at": timestamp(status.at),
        "edited_at": None,
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "sensitive": False,
        "spoiler_text": "",
        "visibility": "public",
        "language": "zh",
        "uri": f"{home}/users/{handle}/statuses/{status.id}",
        "url": f"{home}/@{handle}/{status.id}",
        "replies_count": 0,
        "reblogs_count": 0,
        "favourites_count": 0,
        "content": paragraphs(status.text),
        "reblog": None,
        "account": account,
        "media_attachments": [],
        "mentions": [],
        "tags": [],
        "emojis": [],
        "card": None,
        "poll": None,
    }


def timestamp(moment: datetime) -> str:
    """`moment` (aware) as Mastodon writes it: UTC, milliseconds, Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def paragraphs(text: str) -> str:
    """Plain text as the HTML of a note: blank lines part paragraphs, addresses become links. "" stays ""."""
    blocks = [block for block in re.split(r"\n{2,}", text.strip()) if block]
    return "".join(f"<p>{_broken(block)}</p>" for block in blocks)


def _broken(block: str) -> str:
    return "<br />".join(_linked(line) for line in block.split("\n"))


def _linked(line: str) -> str:
    parts, end = [], 0
    for match in LINK.finditer(line):
        address = html.escape(match[0])
        scheme, rest = address.split("://", 1)
        parts += [
            html.escape(line[end : match.start()]),
            f'<a href="{address}" target="_blank" rel="nofollow noopener" translate="no">'
            f'<span class="invisible">{scheme}://</span><span class="">{rest}</span></a>',
        ]
        end = match.end()
    return "".join([*parts, html.escape(line[end:])])

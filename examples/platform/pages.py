"""The platform's few HTML pages, plain and without script. Everything shown is escaped."""

import html
from collections.abc import Iterable
from typing import Any

BANNER = "示例平台：账号、编号、用户名与帖子均为虚构。Example platform: every account here is invented."


def front(count: int) -> str:
    """The first page: what this is, and how many accounts live here."""
    return _page("示例平台", f"<h1>示例平台</h1><p>{count} 个账号 / accounts</p>")


def profile(account: dict[str, Any], posts: Iterable[dict[str, Any]]) -> str:
    """The public page of `account` with the `posts` given (API objects, see entities)."""
    name = html.escape(account["display_name"] or account["username"])
    about = (
        f'<img class="avatar" src="{account["avatar"]}" alt="" width="96" height="96">'
        f'<h1 class="p-name">{name}</h1><p class="handle">@{account["username"]}</p>'
        f'<div class="p-note">{account["note"]}</div>'
        f"<p>{account['followers_count']} 关注者 · {account['statuses_count']} 帖子 · "
        f"{account['created_at'][:10]} 加入</p>"
    )
    return _page(f"{name} (@{account['username']})", about + "".join(map(_post, posts)))


def missing() -> str:
    """The page for an address that leads nowhere."""
    return _page("404", "<h1>404</h1><p>您要找的页面不存在。The page you are looking for isn't here.</p>")


def _post(post: dict[str, Any]) -> str:
    moment = post["created_at"]
    stamp = (
        f'<a href="{post["url"]}"><time datetime="{moment}">{moment[:16].replace("T", " ")} UTC</time></a>'
    )
    return f'<article class="h-entry">{post["content"]}{stamp}</article>'


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><p><small>{BANNER}</small></p>{body}</body></html>"
    )

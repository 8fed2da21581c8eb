"""What the platform answers: the part of Mastodon's documented API a crawler needs, without sockets.

* `GET /api/v2/search?q=&type=accounts&limit=`: accounts whose name or handle contains `q`, letters compared
  without case, simplified and traditional characters apart (so do real servers that search by substring);
  most followers first, then the older id; 20 rows, at most 40. `offset` and `resolve` need a token: 401.
  Without `q`: 400.
* `GET /api/v1/accounts/lookup?acct=`: one account by its handle, or 404.
* `GET /api/v1/accounts/:id`: one account by its id, or 404.
* `GET /api/v1/accounts/:id/statuses?limit=&max_id=&since_id=&min_id=&exclude_reblogs=`: newest first, 20
  rows, at most 40, `Link` to the next and previous page. Nobody boosts: `exclude_reblogs` drops nothing.
* `GET /@handle`, `/@handle/:status`, `/avatars/:id.png`, `/robots.txt`, `/`.

No token is ever valid here: a call that brings one gets 401. API calls are counted (`limits`): 429 when over.
An odd `limit` is read as Ruby reads it: digits at the start, without sign, else 0.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from examples.platform import images, pages
from examples.platform.answers import Answer, Headers, as_error, as_html, as_json, as_png, as_text, dump
from examples.platform.data import Account
from examples.platform.entities import Status, account_entity, status_entity, statuses
from examples.platform.limits import Limiter

DEFAULT_ROWS, MOST_ROWS = 20, 40
MOST_PARAMETERS = 50
ROBOTS = "User-agent: *\nDisallow: /media_proxy/\nDisallow: /interact/\n"
NEEDS_TOKEN = {
    "offset": "Search queries pagination is not supported without authentication",
    "resolve": "Search queries that resolve remote resources are not supported without authentication",
}

Query = Mapping[str, str]


@dataclass
class Resident:
    """An account at home: API object, posts, the text a search looks through. JSON is written once."""

    entity: dict[str, Any]
    posts: list[Status]
    searched: str
    home: str

    @cached_property
    def written(self) -> str:
        """The Account object as JSON."""
        return dump(self.entity)

    @cached_property
    def written_posts(self) -> dict[int, str]:
        """The Status objects as JSON, by the post's id."""
        return {post.id: dump(self.status(post)) for post in self.posts}

    def status(self, post: Status) -> dict[str, Any]:
        """The Status object of one of the account's posts."""
        return status_entity(post, self.entity, self.home)


class Platform:
    """All accounts, at the address `home`, since `start`; `limit` API calls in five minutes."""

    def __init__(self, accounts: list[Account], home: str, start: datetime, limit: int) -> None:
        self._home = home
        self._limiter = Limiter(limit)
        ranked = sorted(accounts, key=lambda account: (-account.followers, int(account.uid)))
        self._ranked = [self._settle(account, start) for account in ranked]
        self._by_id = {resident.entity["id"]: resident for resident in self._ranked}
        self._by_handle = {resident.entity["username"].lower(): resident for resident in self._ranked}

    def answer(self, method: str, target: str, headers: Mapping[str, str], now: datetime) -> Answer:
        """Answer one request. `headers` by lower-case name; `target` as it stands in the request line."""
        try:
            path, query = _split(target)
        except ValueError:
            return as_error(400, "Bad Request")
        if path.startswith("/api/"):
            return self._api(method, path, query, headers, now)
        return self._page(method, path)

    def _settle(self, account: Account, start: datetime) -> Resident:
        posts = statuses(account, start)
        entity = account_entity(account, posts, self._home)
        return Resident(entity, posts, f"{account.name}\n{account.handle}".lower(), self._home)

    def _api(self, method: str, path: str, query: Query, headers: Mapping[str, str], now: datetime) -> Answer:
        allowance = self._limiter.call(now)
        if not allowance.allowed:
            answer = as_error(429, "Too many requests")
        elif "authorization" in headers or "access_token" in query:
            answer = as_error(401, "The access token is invalid")
        else:
            answer = self._call(method, path, query)
        return answer._replace(headers=answer.headers + allowance.headers)

    def _call(self, method: str, path: str, query: Query) -> Answer:
        if method not in ("GET", "HEAD"):
            return as_error(404, "Not Found")
        if path == "/api/v2/search":
            return self._search(query)
        if path == "/api/v1/accounts/lookup":
            return self._account(self._by_handle.get(_bare(query.get("acct", "")).lower()))
        if match := re.fullmatch(r"/api/v1/accounts/([^/]+)(/statuses)?", path):
            resident = self._by_id.get(match[1])
            return self._statuses(resident, query) if match[2] else self._account(resident)
        return as_error(404, "Not Found")

    def _search(self, query: Query) -> Answer:
        wanted = _bare(query.get("q", "").strip()).lower()
        if not wanted:
            return as_error(400, "param is missing or the value is empty: q")
        for name, reason in NEEDS_TOKEN.items():
            if query.get(name, "") not in ("", "false"):
                return as_error(401, reason)
        rows: list[str] = []
        if query.get("type", "accounts") == "accounts":
            hits = (resident.written for resident in self._ranked if wanted in resident.searched)
            rows = list(islice(hits, _limit(query)))
        return as_json(f'{{"accounts":[{",".join(rows)}],"statuses":[],"hashtags":[]}}')

    def _account(self, resident: Resident | None) -> Answer:
        return as_json(resident.written) if resident else as_error(404, "Record not found")

    def _statuses(self, resident: Resident | None, query: Query) -> Answer:
        if not resident:
            return as_error(404, "Record not found")
        page = _section(resident.posts, query)
        answer = as_json(f"[{','.join(resident.written_posts[post.id] for post in page)}]")
        return answer._replace(headers=answer.headers + self._links(resident, page, query))

    def _links(self, resident: Resident, page: list[Status], query: Query) -> Headers:
        """Mastodon names a next page whenever this one is full, and a previous one unless it is empty."""
        kept = {name: query[name] for name in ("limit", "exclude_reblogs") if name in query}
        address = f"{self._home}/api/v1/accounts/{resident.entity['id']}/statuses?"
        links = []
        if page and len(page) == _limit(query):
            links.append(f'<{address}{urlencode({**kept, "max_id": page[-1].id})}>; rel="next"')
        if page:
            links.append(f'<{address}{urlencode({**kept, "min_id": page[0].id})}>; rel="prev"')
        return (("Link", ", ".join(links)),) if links else ()

    def _page(self, method: str, path: str) -> Answer:
        if method in ("GET", "HEAD"):
            for pattern, page in PAGES:
                if match := re.fullmatch(pattern, path):
                    return page(self, *match.groups()) or as_html(404, pages.missing())
        return as_html(404, pages.missing())

    def _front(self) -> Answer:
        return as_html(200, pages.front(len(self._ranked)))

    def _robots(self) -> Answer:
        return as_text(200, "text/plain; charset=utf-8", ROBOTS)

    def _profile(self, handle: str, post: str | None) -> Answer | None:
        resident = self._by_handle.get(handle.lower())
        if not resident:
            return None
        shown = [each for each in resident.posts if post is None or str(each.id) == post][:DEFAULT_ROWS]
        if post and not shown:
            return None
        return as_html(200, pages.profile(resident.entity, map(resident.status, shown)))

    def _avatar(self, uid: str) -> Answer | None:
        return as_png(images.avatar(uid)) if uid in self._by_id else None

    def _header(self) -> Answer:
        return as_png(images.header())


PAGES: tuple[tuple[str, Callable[..., Answer | None]], ...] = (
    (r"/", Platform._front),
    (r"/robots\.txt", Platform._robots),
    (r"/@([A-Za-z0-9_]+)(?:/([0-9]+))?", Platform._profile),
    (r"/avatars/([0-9]+)\.png", Platform._avatar),
    (r"/headers/original/missing\.png", Platform._header),
)


def _section(posts: list[Status], query: Query) -> list[Status]:
    """The page asked for: below `max_id`, above `since_id` or `min_id`; the latter starts right above it."""
    if query.get("max_id"):
        posts = [post for post in posts if post.id < _number(query["max_id"])]
    above = query.get("min_id") or query.get("since_id")
    if above:
        posts = [post for post in posts if post.id > _number(above)]
    limit = _limit(query)
    return posts[max(0, len(posts) - limit) :] if query.get("min_id") else posts[:limit]


def _split(target: str) -> tuple[str, Query]:
    """Path and parameters of a request target. Raises ValueError if it is no path or not UTF-8 inside."""
    if not target.startswith("/"):
        raise ValueError("the target is not a path")
    # A leading // would otherwise be read as a host.
    parts = urlsplit("/" + target.lstrip("/"))
    path = unquote(parts.path, errors="strict")
    query = parse_qs(parts.query, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
    return path, {name: values[-1] for name, values in query.items()}


def _bare(handle: str) -> str:
    return handle.removeprefix("@")


def _limit(query: Query) -> int:
    return min(_number(query["limit"]), MOST_ROWS) if "limit" in query else DEFAULT_ROWS


def _number(text: str) -> int:
    digits = re.match(r"\s*[+-]?([0-9]{1,30})", text)
    return int(digits[1]) if digits else 0

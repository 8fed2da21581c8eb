"""The platform's answers, asked without sockets and held against answers recorded from a real server."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples.platform.answers import Answer
from examples.platform.core import Platform
from examples.platform.data import Account

RECORDED = Path(__file__).parent / "recorded"
HOME = "http://127.0.0.1:4123"
START = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
NAMES = ("郑州发布", "郑州發布", "<b>郑州</b>", "", "Momo 郑州", "平安洛阳")


def account(n: int, name: str = "郑州小铺", **changes: Any) -> Account:
    values: dict[str, Any] = {
        "uid": str(110_000_000_000_000_000 + n),
        "handle": f"shop_{n}",
        "name": name,
        "bio": "第一行\n网站 https://www.zhengzhou.example/a?b=1&c=2",
        "created": date(2023, 2, 1),
        "followers": 100 - n,
        "bot": False,
        "posts": (),
    }
    return Account(**{**values, **changes})


def platform(*accounts: Account, limit: int = 1000) -> Platform:
    return Platform(list(accounts), HOME, START, limit)


def get(site: Platform, target: str, now: datetime = START, method: str = "GET", **headers: str) -> Answer:
    return site.answer(method, target, headers, now)


def read(answer: Answer) -> Any:
    assert dict(answer.headers)["Content-Type"] == "application/json; charset=utf-8"
    return json.loads(answer.body)


def found(site: Platform, wanted: str, more: str = "") -> list[str]:
    answer = get(site, f"/api/v2/search?type=accounts&q={quote(wanted)}{more}")
    assert answer.status == 200
    return [row["display_name"] for row in read(answer)["accounts"]]


@pytest.fixture
def site() -> Platform:
    posts = tuple(float(hours) for hours in range(1, 101))
    return platform(*(account(n, name) for n, name in enumerate(NAMES)), account(50, "多话", posts=posts))


def test_a_search_finds_a_part_of_the_name_and_keeps_scripts_apart(site: Platform) -> None:
    assert found(site, "郑州发") == ["郑州发布"]
    assert found(site, "發布") == ["郑州發布"]
    assert found(site, "州") == ["郑州发布", "郑州發布", "<b>郑州</b>", "Momo 郑州"]
    assert found(site, "没有的") == []


def test_a_search_compares_latin_letters_without_case_and_looks_at_the_handle(site: Platform) -> None:
    assert found(site, "mOMO") == ["Momo 郑州"]
    assert found(site, "@SHOP_5") == ["平安洛阳", "多话"]


def test_wildcards_mean_themselves(site: Platform) -> None:
    assert found(site, "%") == found(site, "*") == []


def test_most_followers_come_first_then_the_older_id() -> None:
    site = platform(*(account(n, f"郑州{n}", followers=f) for n, f in ((3, 7), (1, 7), (2, 900))))
    assert found(site, "郑州") == ["郑州2", "郑州1", "郑州3"]


@pytest.mark.parametrize(
    ("more", "rows"),
    [
        ("", 20),
        ("&limit=5", 5),
        ("&limit=40", 40),
        ("&limit=80", 40),
        ("&limit=x", 0),
        ("&limit=-3", 3),
        ("&type=statuses", 0),
    ],
)
def test_rows_are_cut_where_mastodon_cuts_them(more: str, rows: int) -> None:
    site = platform(*(account(n) for n in range(60)))
    answer = read(get(site, f"/api/v2/search?q={quote('郑州')}{more}"))
    assert len(answer["accounts"]) == rows
    assert answer["statuses"] == answer["hashtags"] == []


@pytest.mark.parametrize("more", ["&offset=40", "&offset=0", "&resolve=true"])
def test_paging_and_resolving_need_a_token(site: Platform, more: str) -> None:
    answer = get(site, "/api/v2/search?q=a" + more)
    assert answer.status == 401
    assert "not supported without authentication" in read(answer)["error"]


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20", "?type=accounts"])
def test_a_search_for_nothing_is_a_bad_request(site: Platform, query: str) -> None:
    assert get(site, "/api/v2/search" + query).status == 400


@pytest.mark.parametrize("handle", ["shop_0", "SHOP_0", "@shop_0"])
def test_a_lookup_finds_a_handle(site: Platform, handle: str) -> None:
    assert read(get(site, f"/api/v1/accounts/lookup?acct={handle}"))["display_name"] == "郑州发布"


@pytest.mark.parametrize(
    "target",
    [
        "accounts/lookup?acct=nobody",
        "accounts/lookup",
        "accounts/9",
        "accounts/9/statuses",
        "accounts/x/statuses",
    ],
)
def test_what_does_not_exist_is_not_found(site: Platform, target: str) -> None:
    answer = get(site, "/api/v1/" + target)
    assert (answer.status, read(answer)) == (404, {"error": "Record not found"})


def test_an_account_says_what_its_line_says(site: Platform) -> None:
    row = read(get(site, "/api/v1/accounts/110000000000000050"))
    assert row["id"] == "110000000000000050"
    assert row["acct"] == row["username"] == "shop_50"
    assert row["created_at"] == "2023-02-01T00:00:00.000Z"
    assert (row["followers_count"], row["statuses_count"], row["last_status_at"]) == (50, 100, "2026-11-24")
    assert row["url"] == f"{HOME}/@shop_50"
    assert row["note"].startswith('<p>第一行<br />网站 <a href="https://www.zhengzhou.example/a?b=1&amp;c=2"')
    assert re.sub("<[^>]+>", "", row["note"]) == "第一行网站 https://www.zhengzhou.example/a?b=1&amp;c=2"


def test_an_account_that_never_posted_has_no_last_day(site: Platform) -> None:
    row = read(get(site, "/api/v1/accounts/110000000000000000"))
    assert (row["statuses_count"], row["last_status_at"]) == (0, None)


def all_pages(site: Platform, target: str) -> Iterator[list[dict[str, Any]]]:
    while target:
        answer = get(site, target)
        yield read(answer)
        links = re.findall(r'<([^>]+)>; rel="next"', dict(answer.headers).get("Link", ""))
        target = "" if not links else urlsplit(links[0])._replace(scheme="", netloc="").geturl()


def test_following_the_links_gives_every_post_once_newest_first(site: Platform) -> None:
    pages = list(
        all_pages(site, "/api/v1/accounts/110000000000000050/statuses?limit=40&exclude_reblogs=true")
    )
    assert [len(page) for page in pages] == [40, 40, 20]
    posts = [post for page in pages for post in page]
    moments = [datetime.fromisoformat(post["created_at"]) for post in posts]
    assert moments == [START - timedelta(hours=hours) for hours in range(1, 101)]
    ids = [int(post["id"]) for post in posts]
    assert ids == sorted(set(ids), reverse=True)
    assert {post["account"]["id"] for post in posts} == {"110000000000000050"}


def test_the_previous_page_starts_right_above_the_one_it_came_from(site: Platform) -> None:
    address = "/api/v1/accounts/110000000000000050/statuses?limit=10"
    first, second = list(all_pages(site, address))[:2]
    back = get(site, f"{address}&min_id={second[0]['id']}")
    assert read(back) == first
    newer = get(site, f"{address}&since_id={first[3]['id']}")
    assert read(newer) == first[:3]


def test_an_empty_page_has_no_links(site: Platform) -> None:
    answer = get(site, "/api/v1/accounts/110000000000000000/statuses")
    assert (read(answer), "Link" in dict(answer.headers)) == ([], False)


def test_a_token_is_never_valid(site: Platform) -> None:
    answer = get(site, "/api/v2/search?q=a", authorization="Bearer x")
    assert (answer.status, read(answer)) == (401, {"error": "The access token is invalid"})
    assert get(site, "/api/v2/search?q=a&access_token=x").status == 401


def test_calls_are_counted_and_refused_when_over_and_allowed_again_after_the_window() -> None:
    site = platform(account(1), limit=2)
    moment = START + timedelta(seconds=10, microseconds=5)
    answers = [get(site, "/api/v1/accounts/lookup?acct=shop_1", moment) for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert [dict(answer.headers)["X-RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    refused = dict(answers[2].headers)
    assert read(answers[2]) == {"error": "Too many requests"}
    assert (refused["X-RateLimit-Limit"], refused["X-RateLimit-Reset"]) == (
        "2",
        "2026-11-24T06:05:00.000005Z",
    )
    assert "Retry-After" not in refused
    assert get(site, "/@shop_1", moment).status == 200
    assert get(site, "/api/v1/accounts/lookup?acct=shop_1", START + timedelta(minutes=5)).status == 200


def test_robots_let_the_api_be_read(site: Platform) -> None:
    answer = get(site, "/robots.txt")
    assert dict(answer.headers)["Content-Type"].startswith("text/plain")
    assert b"User-agent: *" in answer.body
    assert b"/api" not in answer.body and b"Crawl-delay" not in answer.body


def test_a_profile_page_shows_name_and_posts_escaped(site: Platform) -> None:
    page = get(site, "/@shop_2").body.decode()
    assert "&lt;b&gt;郑州&lt;/b&gt;" in page and "<b>" not in page
    page = get(site, "/@Shop_50").body.decode()
    assert page.count("<article") == 20
    assert "均为虚构" in page


def test_the_address_of_a_post_shows_that_post_alone(site: Platform) -> None:
    post = read(get(site, "/api/v1/accounts/110000000000000050/statuses?limit=1"))[0]
    answer = get(site, urlsplit(post["url"]).path)
    assert (answer.status, answer.body.decode().count("<article")) == (200, 1)
    assert get(site, "/@shop_50/1").status == 404


@pytest.mark.parametrize(
    "target", ["/@nobody", "/avatars/1.png", "/nothing", "/@", "/@shop_0/x", "/avatars/../core"]
)
def test_other_addresses_lead_nowhere(site: Platform, target: str) -> None:
    answer = get(site, target)
    assert answer.status == 404
    assert dict(answer.headers)["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("target", ["/api/v2/search?q=a", "/api/v1/accounts", "/@shop_0", "/robots.txt"])
def test_only_reading_is_served(site: Platform, target: str) -> None:
    assert get(site, target, method="POST").status == 404
    assert get(site, target, method="DELETE").status == 404


@pytest.mark.parametrize(
    "target", ["", "*", "http://evil.example/", "/%ff", "/api/v2/search?q=%ff", "/?" + "a&" * 51]
)
def test_odd_targets_are_bad_requests(site: Platform, target: str) -> None:
    assert (get(site, target).status, read(get(site, target))) == (400, {"error": "Bad Request"})


@given(
    st.text(st.characters(codec="latin-1"), max_size=80),
    st.sampled_from(["", "/", "/api/v1/accounts/", "/api/v2/search?q="]),
)
def test_whatever_is_asked_gets_an_answer(noise: str, before: str) -> None:
    site = platform(account(1), account(2, "", posts=(1.0,)))
    answer = get(site, before + noise)
    assert answer.status in (200, 400, 401, 404)


def shape(value: Any) -> Any:
    return (
        "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__
    )


def test_an_account_has_the_shape_recorded_from_a_real_server(site: Platform) -> None:
    ours = read(get(site, "/api/v1/accounts/110000000000000050"))
    recorded = json.loads((RECORDED / "lookup.gotosocial.json").read_text(encoding="utf-8"))
    # What only GoToSocial says.
    for key in ("avatar_media_id", "header_description"):
        recorded.pop(key)
    assert {key: shape(ours[key]) for key in recorded} == {key: shape(recorded[key]) for key in recorded}
    for row in json.loads((RECORDED / "search-v2.synthetic.json").read_text(encoding="utf-8"))["accounts"]:
        assert set(row) - {"moved", "suspended"} <= set(ours)


def test_a_search_answer_has_the_recorded_shape(site: Platform) -> None:
    ours = read(get(site, "/api/v2/search?q=shop&type=accounts&limit=40"))
    recorded = json.loads((RECORDED / "search-v2.gotosocial.json").read_text(encoding="utf-8"))
    assert {key: shape(ours[key]) for key in ours} == {key: shape(recorded[key]) for key in recorded}


def test_a_status_has_the_shape_recorded_from_a_real_server(site: Platform) -> None:
    ours = read(get(site, "/api/v1/accounts/110000000000000050/statuses"))[0]
    recorded = json.loads((RECORDED / "statuses.gotosocial.json").read_text(encoding="utf-8"))[0]
    # What depends on who asks, or only GoToSocial says.
    for key in (
        "favourited",
        "reblogged",
        "muted",
        "bookmarked",
        "pinned",
        "application",
        "text",
        "content_type",
        "interaction_policy",
    ):
        recorded.pop(key)
    assert {key: shape(ours[key]) for key in recorded} == {key: shape(recorded[key]) for key in recorded}


@pytest.mark.parametrize("status", [401, 429])
def test_an_error_has_the_recorded_shape(status: int) -> None:
    site = platform(account(1), limit=0 if status == 429 else 9)
    ours = get(site, "/api/v2/search?q=a", authorization="Bearer x")
    head, body = (RECORDED / f"{status}.gotosocial.http").read_text(encoding="utf-8").split("\n\n", 1)
    assert ours.status == int(head.split()[1]) == status
    names = {line.split(":")[0].lower() for line in head.splitlines()[1:]}
    assert {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"} <= names
    assert {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"} <= {
        k.lower() for k, _ in ours.headers
    }
    assert list(read(ours)) == list(json.loads(body)) == ["error"]

"""URLs: every value stays in its place."""

import copy
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers import asking, specs
from crawlers.asking import AskError
from crawlers.specs import Stage
from tests.crawlers.child import DOCUMENT, spec

BASE = "https://a.example/w"
MASTODON = specs.load("mastodon")


def stage(**changes: Any) -> Stage:
    document = copy.deepcopy(DOCUMENT)
    return spec(search={**document["search"], **changes}).stages["search"]


def test_mastodon_is_asked_as_its_documentation_says() -> None:
    def first(name: str, value: str) -> str:
        return asking.url(MASTODON.stages[name], "https://social.example", "social", value, 1, None)

    assert first("search", "郑州") == (
        "https://social.example/api/v2/search?q=%E9%83%91%E5%B7%9E&type=accounts&limit=40"
    )
    assert first("lookup", "zz@b.example") == (
        "https://social.example/api/v1/accounts/lookup?acct=zz%40b.example"
    )
    assert first("profile", "110") == "https://social.example/api/v1/accounts/110"
    assert first("posts", "110") == (
        "https://social.example/api/v1/accounts/110/statuses?limit=40&exclude_reblogs=true"
    )


def test_the_next_page_is_asked_where_the_last_one_said() -> None:
    cursor = stage()
    assert asking.url(cursor, BASE, "", "x", 2, "a&b") == f"{BASE}/search?q=x&cursor=a%26b"
    params = stage(paginate={"type": "params", "next": "n", "max_pages": 2})
    assert asking.url(params, BASE, "", "x", 2, {"c": "1", "q": "y"}) == f"{BASE}/search?q=y&c=1"
    link = stage(paginate={"type": "link_header", "max_pages": 2})
    assert asking.url(link, BASE, "", "x", 2, "https://a.example/2") == "https://a.example/2"
    request = {"method": "GET", "path": "/search", "params": {"q": "{keyword}", "p": "{page}"}}
    page = stage(request=request, paginate={"type": "page", "max_pages": 2})
    assert asking.url(page, BASE, "", "x", 1, None).endswith("p=1")
    assert asking.url(page, BASE, "", "x", 2, 2).endswith("p=2")


def test_a_handle_that_cannot_exist_is_not_asked_for() -> None:
    lookup = MASTODON.stages["lookup"]
    assert asking.impossible(MASTODON, lookup, "zhengzhou_fabu") is None
    assert asking.impossible(MASTODON, lookup, "zz.fabu@b.example") is None
    for handle in ("郑州发布", "zhengzhou fabu", "", "a?b", "zz\n"):
        assert asking.impossible(MASTODON, lookup, handle) == "not a possible handle on this platform"
    assert asking.impossible(MASTODON, MASTODON.stages["search"], "郑州发布") is None


@pytest.mark.parametrize("value", [".", "..", ""])
def test_a_value_cannot_climb_out_of_its_path(value: str) -> None:
    with pytest.raises(AskError):
        asking.url(MASTODON.stages["profile"], BASE, "", value, 1, None)


@given(st.text(min_size=1, max_size=30).filter(lambda text: not set(text) <= {"."}).filter(str.isprintable))
def test_whatever_the_value_it_stays_one_segment_or_one_parameter(value: str) -> None:
    profile = urlsplit(asking.url(MASTODON.stages["profile"], BASE, "", value, 1, None))
    assert (profile.scheme, profile.netloc, profile.query, profile.fragment) == ("https", "a.example", "", "")
    assert profile.path.count("/") == 5
    assert unquote(profile.path.rpartition("/")[2]) == value
    search = urlsplit(asking.url(MASTODON.stages["search"], BASE, "", value, 1, None))
    assert parse_qs(search.query, keep_blank_values=True) == {
        "q": [value],
        "type": ["accounts"],
        "limit": ["40"],
    }

"""From answers to rows: the order of judgement, wrong shapes, and that nothing ever raises."""

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawlers import specs
from crawlers.extract import extract
from crawlers.items import CHECKED, STATES, Answer, Extracted
from crawlers.specs import Spec
from tests.crawlers.child import DOCUMENT, FIELDS, spec

MASTODON = specs.load("mastodon")
ROW = {"id": "1", "handle": "zz", "name": "郑州发布"}


def answer(body: object, status: int = 200, url: str = "https://a.example/search", **headers: str) -> Answer:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(url, status, [(k.replace("_", "-"), v) for k, v in headers.items()], data)


def with_stage(**changes: Any) -> Spec:
    """The test platform with its search stage changed."""
    document = copy.deepcopy(DOCUMENT)
    return spec(search={**document["search"], **changes})


def search(body: object, used: Spec | None = None, page: int = 1, **more: Any) -> Extracted:
    used = used or spec()
    return extract(used, used.stages["search"], answer(body, **more), page)


def test_a_challenge_comes_before_everything() -> None:
    assert search({"accounts": [ROW]}, status=403).state == "challenge"
    assert search("请完成验证".encode()).state == "challenge"
    assert search({"accounts": [ROW]}, url="https://a.example/verify").state == "challenge"


def test_absence_is_only_what_the_spec_says_it_is() -> None:
    assert search({"error": "Record not found"}, status=404).state == "not_found"
    assert search({"error": "Record not found"}, status=410).state == "error"
    assert search(b"", status=404).state == "error"
    assert search({"accounts": []}).state == "empty"
    lookup = with_stage().stages["lookup"]
    assert extract(spec(), lookup, answer({})).state == "quarantine"


@pytest.mark.parametrize("status", [100, 204, 302, 404, 500, 999])
def test_rows_under_a_status_that_is_no_success_do_not_count(status: int) -> None:
    found = search({"accounts": [ROW]} if status != 204 else b"", status=status)
    assert (found.state, found.rows) == ("quarantine" if status == 204 else "error", ())


def test_an_error_the_platform_names_is_an_error_with_its_words() -> None:
    found = search({"error": "rate \ud800limit", "accounts": []})
    assert (found.state, found.reason) == ("error", "the platform reports an error: rate \ufffdlimit")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"<html></html>",
        b"\xff\xfe{}",
        b"{} {}",
        b"[]",
        b"null",
        b'"text"',
        b'{"accounts":null}',
        b'{"accounts":{}}',
        b'{"accounts":"x"}',
        b'{"accounts":[[]]}',
        b'{"accounts":[{"name":"x"}]}',
        b'{"accounts":[{"id":"1"}]}',
        b'{"accounts":[{"id":"1","name":"x","n":NaN}]}',
        b'{"accounts":[{"id":"1","name":"x","n":1e999}]}',
        b'{"accounts":[{"id":"1","name":"x","n":-Infinity}]}',
        b'{"accounts":[{"id":"1","name":"x"}],"accounts":[]}',
        b'{"accounts":[' + b"9" * 10_000 + b"]}",
        b"[" * 100_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    ],
    ids=lambda body: repr(body[:24]),
)
def test_a_wrong_shape_is_quarantined_never_nothing_found(body: bytes) -> None:
    found = search(body)
    assert (found.state, found.rows) == ("quarantine", ())
    assert found.reason


def test_a_row_without_a_name_is_left_out_and_makes_the_page_partial() -> None:
    found = search({"accounts": [ROW, {"id": "2"}, {"name": "x"}]})
    assert (found.state, len(found.rows), found.whole) == ("ok", 1, False)
    assert [error.split(":")[1] for error in found.field_errors] == [" no name", " neither id nor handle"]


def test_a_field_that_cannot_be_read_is_null_with_a_sentence() -> None:
    used = with_stage(fields={**FIELDS, "created_at": {"jmes": "made", "as": "datetime"}})
    found = search({"accounts": [{**ROW, "made": "2023-02-01 10:00"}]}, used)
    assert found.rows[0]["created_at"] is None
    assert found.field_errors == (
        "row 1: created_at — no time zone in the text; add tz (for example Asia/Shanghai)",
    )


def test_more_rows_than_anyone_reads_are_cut_and_said() -> None:
    found = search({"accounts": [ROW] * 1001})
    assert (len(found.rows), found.whole) == (1000, False)


def test_a_full_page_without_a_next_one_may_hide_more() -> None:
    used = with_stage(paginate={"type": "none", "page_size": 2})
    assert search({"accounts": [ROW]}, used).whole
    assert not search({"accounts": [ROW, ROW]}, used).whole


def test_forty_rows_from_mastodon_are_not_the_whole_answer() -> None:
    row = {"id": "1", "acct": "a", "username": "a", "fields": []}
    stage = MASTODON.stages["search"]
    assert not extract(MASTODON, stage, answer({"accounts": [row] * 40})).whole
    assert extract(MASTODON, stage, answer({"accounts": [row] * 39})).whole


COUNT = {"followers": {"jmes": "f", "as": "count"}}
LINKS = {"links": {"jmes": "l", "as": "url"}}
PLACE = {"location": {"jmes": "p", "regex": "IP属地：(.+)"}}
KIND = {"verified_type": {"jmes": "v", "map": "verified_map"}}
FIELD_CASES: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    (COUNT, {"f": "1.2万"}, {"followers": 12000, "followers_approx": True}),
    (COUNT, {}, {"followers": None}),
    (PLACE, {"p": "IP属地：河南"}, {"location": "河南"}),
    (PLACE, {"p": "无"}, {"location": None}),
    (KIND, {"v": 1}, {"verified_type": "government", "verified_type_raw": "1"}),
    (KIND, {"v": "蓝V"}, {"verified_type": None, "verified_type_raw": "蓝V"}),
    (LINKS, {"l": ["/a", "https://b.example"]}, {"links": ["https://a.example/a", "https://b.example"]}),
    ({"bio": {"jmes": "b[].t", "join": " "}}, {"b": [{"t": "a"}, {"t": "b"}]}, {"bio": "a b"}),
    ({"bio": "b"}, {"b": "a\ud800\x00"}, {"bio": "a\ufffd\ufffd", "bio_altered": True}),
    ({"bio": "deep.value"}, {"deep": {"value": ["list"]}}, {"bio": None}),
    (
        {"profile_url": {"template": "https://p.example/{handle}"}},
        {},
        {"profile_url": "https://p.example/zz"},
    ),
]


@pytest.mark.parametrize(("fields", "given", "expected"), FIELD_CASES)
def test_fields_are_read_as_the_spec_says(
    fields: dict[str, Any], given: dict[str, Any], expected: dict[str, Any]
) -> None:
    document = copy.deepcopy(DOCUMENT)
    document["search"]["fields"] = {**FIELDS, **fields}
    used = spec(search=document["search"], verified_map={"1": "government"})
    row = search({"accounts": [{**ROW, **given}]}, used).rows[0]
    assert {key: row[key] for key in expected} == expected


def test_a_template_puts_values_in_once_and_encoded() -> None:
    used = with_stage(fields={**FIELDS, "profile_url": {"template": "https://p.example/{handle}/{id}"}})
    row = search({"accounts": [{**ROW, "handle": "{id}/../x"}]}, used).rows[0]
    assert row["profile_url"] == "https://p.example/%7Bid%7D%2F..%2Fx/1"


PAGING: list[tuple[dict[str, Any], dict[str, Any], Any]] = [
    ({"type": "cursor", "param": "c", "next": "next", "max_pages": 2}, {"next": "abc"}, "abc"),
    ({"type": "cursor", "param": "c", "next": "next", "max_pages": 2}, {"next": 7}, "7"),
    ({"type": "cursor", "param": "c", "next": "next", "max_pages": 2}, {"next": None}, None),
    ({"type": "cursor", "param": "c", "next": "next", "page_size": 9, "max_pages": 2}, {"next": "abc"}, None),
    ({"type": "params", "next": "next", "max_pages": 2}, {"next": {"a": "x", "b": 1}}, {"a": "x", "b": "1"}),
    ({"type": "next_url", "next": "next", "max_pages": 2}, {"next": "/page/2"}, "https://a.example/page/2"),
    (
        {"type": "next_url", "next": "next", "more": {"jmes": "more"}, "max_pages": 2},
        {"next": "/page/2", "more": False},
        None,
    ),
]


@pytest.mark.parametrize(("paginate", "given", "expected"), PAGING)
def test_the_next_page_is_found(paginate: dict[str, Any], given: dict[str, Any], expected: Any) -> None:
    assert search({"accounts": [ROW], **given}, with_stage(paginate=paginate)).following == expected


def test_numbered_pages_go_on_while_there_are_rows() -> None:
    request = {"method": "GET", "path": "/search", "params": {"q": "{keyword}", "o": "{offset}"}}
    used = with_stage(request=request, paginate={"type": "offset", "step": 20, "max_pages": 9})
    assert search({"accounts": [ROW]}, used, page=1).following == 20
    assert search({"accounts": [ROW]}, used, page=3).following == 60
    assert search({"accounts": []}, used, page=4).following is None


def test_the_next_link_is_read_from_the_header() -> None:
    used = with_stage(paginate={"type": "link_header", "max_pages": 2})
    link = '<https://a.example/search?page=1>; rel="prev", </search?page=3>; rel="next"'
    assert search({"accounts": [ROW]}, used, link=link).following == "https://a.example/search?page=3"
    assert search({"accounts": [ROW]}, used).following is None


@pytest.mark.parametrize("cursor", [["x"], True, "a\nb", "x" * 3000, {"a": 1}, "\ud800"])
def test_an_unusable_cursor_is_quarantined(cursor: object) -> None:
    assert search({"accounts": [ROW], "cursor": cursor}).state == "quarantine"


ELSEWHERE = ["https://evil.example/", "http://a.example/2", "file:///x", "https://a.example:8/", 1]


@pytest.mark.parametrize("url", ELSEWHERE)
def test_the_next_page_stays_on_the_host(url: object) -> None:
    used = with_stage(paginate={"type": "next_url", "next": "next", "max_pages": 2})
    found = search({"accounts": [ROW], "next": url}, used)
    assert found.state == "quarantine" or str(found.following).startswith("https://a.example/")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KEYS = """accounts id name handle cursor error time acct display_name username note fields verified_at value
avatar url followers_count created_at moved bot""".split()  # noqa: SIM905
SHAPED = st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, JSON))
ROWS = st.lists(SHAPED, max_size=3)
DOCUMENTS = JSON | SHAPED | ROWS | st.fixed_dictionaries({"accounts": ROWS})
BODIES = st.binary(max_size=200) | DOCUMENTS.map(lambda value: json.dumps(value).encode())
STATUSES = st.sampled_from([200, 204, 302, 403, 404, 429, 500, 999])


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(body=BODIES, status=STATUSES, used=st.sampled_from([spec(), MASTODON]))
def test_whatever_comes_it_gives_one_state_and_storable_rows(body: bytes, status: int, used: Spec) -> None:
    for stage in used.stages.values():
        found = extract(used, stage, answer(body, status=status))
        assert found.state in STATES
        assert bool(found.rows) == (found.state == "ok")
        assert found.reason or found.state in CHECKED
        stored = json.dumps([list(found.rows), list(found.field_errors), found.reason], ensure_ascii=False)
        assert "\x00" not in stored
        stored.encode("utf-8")

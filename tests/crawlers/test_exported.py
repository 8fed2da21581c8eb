"""Rows of an export as fields, and what the section `import` of a spec must be."""

import copy
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from crawlers import specs
from crawlers.exported import Reader, Row, Unread
from crawlers.specs import SHIPPED, SpecError

EXPORTED = datetime(2026, 11, 24, tzinfo=UTC)
DOCUMENT = yaml.safe_load((SHIPPED / "weibo" / "platform.yaml").read_text(encoding="utf-8"))


def reader(platform: str = "weibo", **chosen: str) -> Reader:
    mapping = specs.for_import(platform).mapping
    assert mapping is not None
    return Reader(mapping, EXPORTED, chosen)


def read(cells: dict[str, Any], platform: str = "weibo", **chosen: str) -> Row:
    return reader(platform, **chosen).read(cells, [])


def test_headers_match_without_case_blanks_and_width() -> None:
    assert read({" ＵＩＤ": "1", "昵 称": "郑州发布", "粉丝数 ": "１２"}) == {
        "id": "1",
        "name": "郑州发布",
        "followers": 12,
        "profile_url": "https://weibo.com/u/1",
    }


@pytest.mark.parametrize("unknown", ["", "-", "无", "未知", "N/A", None, "  "])
def test_a_value_that_says_nothing_is_no_value(unknown: str | None) -> None:
    row = read({"id": "1", "name": "x", "简介": unknown, "粉丝数": unknown, "是否认证": unknown})
    assert row.keys() == {"id", "name", "profile_url"}


def test_the_first_column_that_says_something_counts() -> None:
    assert read({"idstr": "7", "id": None, "name": "甲"})["id"] == "7"
    assert (
        read({"avatar_large": "https://a.example/1", "avatar_hd": "无"})["avatar_url"]
        == "https://a.example/1"
    )


def test_nested_values_are_found_by_their_path() -> None:
    row = read({"user": {"id": 5, "screen_name": "甲"}, "status": {"created_at": "2026-11-23 08:00"}})
    assert (row["id"], row["name"], row["last_post_at"]) == ("5", "甲", "2026-11-23T00:00:00.000000Z")
    assert "id" not in read({"user": "no object"})


def test_a_mapped_type_keeps_what_was_written() -> None:
    assert read({"认证类型": "政府"}) == {"verified_type": "government", "verified_type_raw": "政府"}
    assert read({"verified_type": 1})["verified_type"] == "government"
    assert read({"verified_type": "1"})["verified_type"] == "government"
    assert read({"verified_type": "99"}) == {"verified_type": None, "verified_type_raw": "99"}


def test_what_cannot_be_read_is_unknown_and_named() -> None:
    unread: list[Unread] = []
    row = reader().read({"id": "1", "name": "x", "粉丝数": "很多", "注册时间": "从前", "头像": ["a"]}, unread)
    assert row.keys() == {"id", "name", "profile_url"}
    assert [(cell.column, cell.value) for cell in unread][:2] == [("头像", "['a']"), ("粉丝数", "很多")]


def test_columns_that_nobody_maps_stay_under_their_names() -> None:
    row = read({"id": "1", "name": "x", "性别": "男", "星座": "", "关注数": 3})
    assert row["other"] == {"性别": "男", "关注数": 3}


def test_a_person_may_say_what_a_column_is() -> None:
    row = read(
        {"主播": "郑州发布", "编码": "9", "别号": "zz"}, "bilibili", 主播="name", 编码="id", 别号="handle"
    )
    assert (row["id"], row["name"], row["handle"]) == ("9", "郑州发布", "zz")
    assert "name" not in read({"昵称": "甲"}, 昵称="bio")


def test_a_header_names_somebody() -> None:
    assert reader().is_header(["用户ID", "昵称"])
    assert not reader().is_header(["昵称", "粉丝数"])
    assert not reader().is_header(["微博导出", ""])


def test_a_platform_without_columns_of_its_own_is_read_by_the_generic_ones() -> None:
    for platform in ("zhihu", "mastodon"):
        spec = specs.for_import(platform)
        assert spec.id == platform
        assert spec.mapping == specs.load(specs.GENERIC).mapping
    assert not specs.for_import("mastodon").is_import_only


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
KEYS = (
    st.sampled_from(["id", "昵称", "粉丝数", "注册时间", "认证类型", "user", "头像", "是否认证"]) | st.text()
)


@given(st.dictionaries(KEYS, VALUES))
def test_any_row_is_read(cells: dict[str, Any]) -> None:
    for value in read(cells).values():
        assert isinstance(value, str | int | dict | None)


STAGE = {"request": {"method": "GET", "path": "/"}, "format": "json", "fields": {"name": "x"}}
WRONG: list[tuple[str, Any, str]] = [
    ("search", STAGE, "search — not allowed with import_only"),
    ("base_url", "https://weibo.com", "base_url — not allowed with import_only"),
    ("import", None, "import — required with import_only: formats and columns"),
    ("notes", None, "notes — required with import_only"),
    ("import.columns.fans", ["x"], 'import.columns.fans — unknown field; did you mean "followers"?'),
    ("import.columns.bio", ["昵称"], "昵称 also stands under name; keep one"),
    ("import.columns.name", None, "import.columns — an account needs name, and id or handle"),
    (
        "import.convert.followers",
        {"as": "number"},
        "import.convert.followers.as — unknown converter; use int",
    ),
    ("import.convert.followers", {"as": "text"}, "as: text does not give what this field holds"),
    ("import.convert.links", {"as": "url"}, "there is no column for it in columns"),
    ("import.convert.created_at", {"as": "datetime"}, "add tz (for example Asia/Shanghai)"),
    ("import.convert.created_at", {"tz": "Asia/Peking"}, "is not a time zone"),
    ("import.convert.bio", {"regex": "(?=x)"}, "look-ahead is not supported"),
    ("import.formats", ["xls"], "import.formats[0] — 'xls': unknown value"),
    ("import.list", "data[0]..x", "import.list"),
    ("import.profile_url", "https://weibo.com/u", "one placeholder: {id} or {handle}"),
    ("import.profile_url", "https://weibo.com/{bio}", "unknown placeholder {bio}"),
    ("verified_map", None, "there is no verified_map in this spec"),
]


@pytest.mark.parametrize(("path", "value", "expected"), WRONG)
def test_a_wrong_import_section_is_named_with_its_mend(path: str, value: Any, expected: str) -> None:
    document = copy.deepcopy(DOCUMENT)
    *way, last = path.split(".")
    place = document
    for part in way:
        place = place[part]
    if value is None:
        del place[last]
    else:
        place[last] = value
    with pytest.raises(SpecError) as refused:
        specs.parse(document)
    assert expected in str(refused.value)

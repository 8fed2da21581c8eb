"""Converters: a table of what platforms write, and that nothing else gets through."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.convert import ConvertError, clean, convert, count

RIGHT: list[tuple[str, Any, Any]] = [
    ("text", "  羊城发布\n", "羊城发布"),
    ("text", 110000000000000001, "110000000000000001"),
    ("text", "a\u200bb\u202e", "a\u200bb\u202e"),
    ("lower", "ZhengZhou", "zhengzhou"),
    ("int", 5210, 5210),
    ("int", "5210", 5210),
    ("bool", True, True),
    ("bool", "False", False),
    ("bool", 1, True),
    ("count", "1,204", 1204),
    ("count", "13.7M", 13_700_000),
    ("count", "6335.7万", 63_357_000),
    ("count", "1.2亿", 120_000_000),
    ("count", "１２３", 123),
    ("count", "10W+", 100_000),
    ("count", 7, 7),
    ("datetime", "2023-02-01T00:00:00.000Z", "2023-02-01T00:00:00.000000Z"),
    ("datetime", "2023-02-01T08:00:00+08:00", "2023-02-01T00:00:00.000000Z"),
    ("datetime", "Fri Aug 28 00:00:00 +0800 2009", "2009-08-27T16:00:00.000000Z"),
    ("datetime", "Fri, 28 Aug 2009 00:00:00 +0800", "2009-08-27T16:00:00.000000Z"),
    ("epoch_s", 1794614400, "2026-11-14T00:00:00.000000Z"),
    ("epoch_s", "1794614400.5", "2026-11-14T00:00:00.500000Z"),
    ("epoch_ms", 1794614400000, "2026-11-14T00:00:00.000000Z"),
    ("html_text", "<p>官方发布</p><p>咨询请<b>加</b>微信</p>", "官方发布\n咨询请加微信"),
    ("html_text", "a<br/>b &amp;lt; c", "a\nb &lt; c"),
    ("html_text", "<script>alert(1)</script>x<!-- y -->", "x"),
    ("html_text", "1 < 2", "1 < 2"),
    ("url", "/a/1.png", "https://social.example/a/1.png"),
    ("url", "//img.example/x", "https://img.example/x"),
]
WRONG: list[tuple[str, Any]] = [
    ("text", True),
    ("int", 1.5),
    ("int", "1_000"),
    ("int", -1),
    ("int", "9" * 30),
    ("int", True),
    ("bool", "yes"),
    ("bool", 2),
    ("count", "many"),
    ("count", "1万万"),
    ("count", "9" * 39 + "亿"),
    ("datetime", "2023-02-01T00:00:00"),
    ("datetime", "9999-12-31T23:59:59Z"),
    ("datetime", "0001-01-01T00:00:00+14:00"),
    ("datetime", "yesterday"),
    ("datetime", "5分钟前"),
    ("epoch_s", 1794614400000),
    ("epoch_ms", 1794614400),
    ("epoch_s", "1e9"),
    ("epoch_s", -1),
    ("url", "javascript:alert(1)"),
    ("url", "https://user:secret@host.example/"),
    ("url", "http://[bad"),
    ("url", "https://x.example/" + "a" * 3000),
]
NAMES = ["text", "lower", "int", "bool", "count", "datetime", "epoch_s", "epoch_ms", "html_text", "url"]
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()


@pytest.mark.parametrize(("name", "value", "expected"), RIGHT)
def test_it_reads_what_platforms_write(name: str, value: Any, expected: Any) -> None:
    assert convert(value, name, base="https://social.example/users") == expected


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_it_refuses_what_does_not_mean_it(name: str, value: Any) -> None:
    with pytest.raises(ConvertError):
        convert(value, name)


def test_a_date_without_zone_needs_one_named() -> None:
    with pytest.raises(ConvertError, match="add tz"):
        convert("2023-02-01 00:00", "datetime")
    assert convert("2023-02-01 00:00", "datetime", tz="Asia/Shanghai") == "2023-01-31T16:00:00.000000Z"


def test_a_count_with_a_suffix_is_approximate() -> None:
    assert (count("1,204"), count("1.2万"), count("5k+")) == ((1204, False), (12000, True), (5000, True))


def test_what_no_store_can_hold_is_replaced_and_said() -> None:
    assert clean("a\x00b\ud800") == ("a\ufffdb\ufffd", True)
    assert clean("名\u200b") == ("名\u200b", False)
    assert clean("x" * 10_001) == ("x" * 10_000, True)


@given(SCALARS, st.sampled_from(NAMES))
def test_whatever_comes_it_converts_or_refuses(value: Any, name: str) -> None:
    try:
        found = convert(value, name, tz="Asia/Shanghai", base="https://a.example")
    except ConvertError:
        return
    assert found is None or isinstance(found, str | int | bool)
    assert (found is None) == (value is None)

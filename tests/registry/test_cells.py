from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.faults import Text
from registry import cells
from registry.cells import as_text, day, email, instance, opened, phone, platform, uid, url, word
from registry.known import Known
from registry.problems import Problem
from tests.registry.tables import KNOWN


def _kind(found: object) -> str:
    assert isinstance(found, Problem), found
    return found.kind


def _mend(found: object) -> str:
    assert isinstance(found, Problem), found
    return (found.mend if isinstance(found.mend, Text) else found.mend()).zh


def _said(found: object) -> str:
    assert isinstance(found, Problem), found
    return found.text.zh


@pytest.mark.parametrize(
    "text",
    [
        "2019-08-01",
        "2019-8-1",
        "2019/8/1",
        "2019.8.1",
        "2019年8月1日",
        "2019年08月01日",
        "20190801",
        "２０１９年８月１日",
        "2019-08-01 09:30",
        "2019-08-01 09:30:15",
        "2019-08-01T09:30:15.5Z",
        "2019/8/1 9:30",
    ],
)
def test_a_day_is_taken_in_every_form_that_means_one_day_only(text: str) -> None:
    assert day(text) == date(2019, 8, 1)


@pytest.mark.parametrize(
    "text",
    ["1/8/2019", "01-08-2019", "19-8-1", "2019年8月", "2019", "43678", "八月一日", "2019-8-1abc", "201908"],
)
def test_a_day_that_is_not_clear_is_refused(text: str) -> None:
    assert _kind(day(text)) == "day_unclear"


@pytest.mark.parametrize("text", ["2019-02-29", "2019年13月1日", "20191301", "0000-01-01"])
def test_a_day_of_no_calendar_is_refused(text: str) -> None:
    assert _kind(day(text)) == "day_impossible"


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_day_as_it_is_exported_is_read_back(when: date) -> None:
    assert day(when.isoformat()) == when


def test_an_account_may_have_no_day_of_opening_but_not_one_before_all_accounts() -> None:
    assert opened("") is None
    assert opened("2000-01-01") == date(2000, 1, 1)
    assert _kind(opened("1999-12-31")) == "opened_too_early"
    assert _kind(opened("昨天")) == "day_unclear"


def test_a_json_value_is_taken_where_it_is_plainly_a_text() -> None:
    assert [as_text(value) for value in (" 甲 ", None, 410100, True)] == ["甲", "", "410100", "TRUE"]
    no_texts: list[object] = [1.5, ["甲"], {}, 10**50]
    for value in no_texts:
        assert _kind(as_text(value)) == "value_not_text"


def test_a_text_is_kept_as_it_is_if_it_is_short_and_printable() -> None:
    assert cells.text("平安郑州 👮‍♀️", 20) is None
    assert cells.text("甲" * 20, 20) is None
    assert _kind(cells.text("甲" * 21, 20)) == "value_too_long"
    assert _kind(cells.text("甲\n乙", 20)) == "value_control_character"
    assert _kind(cells.text("甲\u202e乙", 20)) == "value_control_character"


def test_a_name_must_show_something() -> None:
    assert cells.name("平安郑州", 20) is None
    assert cells.name("한국", 20) is None
    for blank in ("\u200b\u200b", "\u3164", "——", "…"):
        assert _kind(cells.name(blank, 20)) == "name_empty"
    assert _kind(cells.name("甲\x07", 20)) == "value_control_character"


def test_an_id_holds_nothing_that_cannot_be_seen() -> None:
    assert uid("gh_0123") is None and uid("任何") is None
    for bad in ("12 34", "12\u200b34", "12\u300034", "12\n"):
        assert _kind(uid(bad)) == "uid_blank"


def test_a_word_means_its_value_or_the_nearest_is_named() -> None:
    assert word("正常", "state") == "in_service"
    assert _kind(word("停用", "state")) == "state_unclear"
    assert _said(word("停用", "state")) == "说不清是哪一种：暂停、关停"
    assert _kind(word("正常的", "state")) == "state_unknown"
    assert "正常" in _mend(word("正常的", "state"))
    assert "在用" in _mend(word("@@@", "state"))


def test_a_platform_is_one_of_this_installation() -> None:
    assert platform("新浪微博", KNOWN) == "weibo"
    assert platform("weibo", KNOWN) == "weibo"
    assert platform("本省政务平台", KNOWN) == "mastodon"
    assert _kind(platform("微信", KNOWN)) == "platform_unclear"
    few = Known(KNOWN.today, ["weibo", "wechat_oa"])
    assert _kind(platform("微信", few)) == "platform_unclear"
    assert _kind(platform("抖音", few)) == "platform_unknown"
    assert "微博" in _mend(platform("抖音", few))
    assert "weibo" in _mend(platform("weibbo", few))


@pytest.mark.parametrize(
    ("check", "good", "bad", "kind"),
    [
        (instance, ["", "example", "a-1"], ["Example", "a b", "a" * 65, "甲"], "instance_shape"),
        (
            url,
            ["https://weibo.com/u/1", "HTTP://例子.cn"],
            ["weibo.com/u/1", "https://", "ftp://a.cn"],
            "url_shape",
        ),
        (url, [], ["https://a.cn/" + "a" * 500], "value_too_long"),
        (
            phone,
            ["110", "0371-60000000", "+86 371 60000000", "13800000000"],
            ["12", "办公室", "0371-6/7", "1" * 21],
            "phone_shape",
        ),
        (
            email,
            ["a.b@example.cn"],
            [
                "a@b",
                "a" * 65 + "@example.cn",
                "a@" + "a.b" * 99 + ".cn",
                "甲@example.cn",
                "a@example.cn,b@example.cn",
                "a b@example.cn",
            ],
            "email_shape",
        ),
    ],
)
def test_addresses_have_one_form(
    check: Callable[[str], Any], good: list[str], bad: list[str], kind: str
) -> None:
    for value in good:
        assert not isinstance(check(value), Problem)
    for value in bad:
        assert _kind(check(value)) == kind


@given(st.text(max_size=60))
def test_no_text_breaks_a_rule(text: str) -> None:
    rules: list[Callable[[str], Any]] = [day, opened, uid, url, instance, phone, email]
    for rule in rules:
        rule(text)
    cells.name(text, 20)
    platform(text, KNOWN)
    word(text, "state")

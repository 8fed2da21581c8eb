from typing import get_args

import pytest

from names import tablefiles
from registry import words
from registry.contacts import HOURS, LINES
from registry.kinds import ACCOUNT_KINDS, STATES, UNIT_KINDS
from registry.words import FOLDER, ListName, meant

CLOSED: dict[str, set[str]] = {
    "platform": {kind.platform for kind in ACCOUNT_KINDS},
    "state": set(STATES),
    "unit_kind": set(UNIT_KINDS),
    "line": set(LINES),
    "hours": set(HOURS),
}

SEEN: list[tuple[ListName, str, str]] = [
    ("platform", "新浪微博", "weibo"),
    ("platform", " 微信公众号 ", "wechat_oa"),
    ("platform", "服务号", "wechat_oa"),
    ("platform", "抖音号", "douyin"),
    ("platform", "Ｂ站", "bilibili"),
    ("platform", "b站", "bilibili"),
    ("platform", "今日头条", "toutiao"),
    ("platform", "WEIBO", "weibo"),
    ("state", "正常", "in_service"),
    ("state", "在用", "in_service"),
    ("state", "停更", "paused"),
    ("state", "已注销", "deregistered"),
    ("state", "关停", "shut_down"),
    ("state", "in_service", "in_service"),
    ("unit_kind", "事业单位", "institution"),
    ("unit_kind", "垂管单位", "vertical"),
    ("line", "网信办", "cac"),
    ("hours", "7×24 小时", "always"),
    ("hours", "工作日", "workdays"),
]


@pytest.mark.parametrize(("of", "word", "value"), SEEN)
def test_it_knows_the_words_of_offices(of: ListName, word: str, value: str) -> None:
    assert meant(word, of) == (value,)


def test_it_does_not_choose_where_a_word_means_several() -> None:
    assert set(meant("微信", "platform")) == {"wechat_oa", "wechat_channels", "mini_program"}
    assert set(meant("停用", "state")) == {"paused", "shut_down"}


@pytest.mark.parametrize("word", ["", "网站", "正常吧"])
def test_it_does_not_guess(word: str) -> None:
    assert meant(word, "platform") == meant(word, "state") == ()


def test_every_value_of_the_table_is_one_of_its_list() -> None:
    for name, value, _ in tablefiles.rows("words", FOLDER):
        assert value in CLOSED[name]


@pytest.mark.parametrize("of", ["state", "unit_kind", "line", "hours"])
def test_every_value_is_understood_by_itself(of: ListName) -> None:
    for value in CLOSED[of]:
        assert meant(value, of) == (value,)


def test_what_a_value_is_called_means_that_value() -> None:
    for of in get_args(ListName):
        for value, title in words.titles(of).items():
            assert meant(title, of) == (value,)

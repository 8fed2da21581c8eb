import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.signals.contact import contact
from tests.detection.signals.cast import OFFICE, stranger


@pytest.mark.parametrize(
    ("text", "lure"),
    [
        ("咨询请加微信，二十四小时在线", "WeChat"),
        ("办理加➕V", "WeChat"),
        ("薇❤信号：abc_12345", "WeChat"),
        ("加一下卫星", "WeChat"),
        ("业务QQ：12345678", "QQ"),
        ("扣扣群一二三四五六七", "QQ"),
        ("电话 138-0013-8000", "phone 138********"),
        ("热线零三七一六六八八六六八八", "phone"),
        ("400-800-1234", "phone"),
        ("１３８００１３８０００ １３９００１３９０００", "phone"),
        ("内部消息提前知道，进群请留言", "group"),
        ("如需办理请扫描主页二维码", "code"),
        ("进度查询请私信", "service"),
        ("先交保证金", "money"),
        ("网站 https://zhengzhou-police.top/login", "link to zhengzhou-police.top"),
        ("www．ｅｖｉｌ．com", "link to evil.com"),
    ],
)
def test_a_lure_is_named(text: str, lure: str) -> None:
    signal = contact(stranger(bio=text), OFFICE)
    assert signal.value == "for"
    assert lure in signal.en


@pytest.mark.parametrize(
    "text",
    [
        "报警请拨110。",
        "请拨打12345，全天受理。110 120 119",
        "网站 https://www.zhengzhou.example/index.html",
        "网站 https://zwfw.zhengzhou.example",
        "https://www.zhengzhou.gov.cn",
        "关注微信公众号：平安郑州",
        "成立于2026年11月24日",
        "唯一的扫地僧，一二三四",
        "",
    ],
)
def test_what_offices_and_citizens_write_is_no_lure(text: str) -> None:
    assert contact(stranger(bio=text), OFFICE).value == "neutral"


def test_a_copied_address_in_another_domain_is_a_lure() -> None:
    assert contact(stranger(bio="zhengzhou.example.evil.com"), OFFICE).value == "for"
    assert contact(stranger(bio="evilzhengzhou.example"), OFFICE).value == "for"


def test_several_lures_count_more_up_to_a_limit() -> None:
    one = contact(stranger(bio="加微信"), OFFICE).points
    two = contact(stranger(bio="加微信，进群"), OFFICE).points
    all_of_them = contact(stranger(bio="加微信，进群，扫码，客服，刷单，13800138000，a.com"), OFFICE).points
    assert (one, two, all_of_them) == (0.2, 0.25, 0.3)


def test_without_a_bio_nothing_is_said() -> None:
    assert contact(stranger(bio=None), OFFICE).value == "unknown"


@given(st.text(alphabet=st.sampled_from("0123456789-. a电话微信qq加群.com"), max_size=80))
def test_no_number_of_a_bio_stays_in_the_reason(text: str) -> None:
    signal = contact(stranger(bio=text), OFFICE)
    assert not re.search("[0-9]{7}", signal.zh + signal.en)


def test_a_number_in_a_host_name_is_masked_too() -> None:
    assert "0013" not in contact(stranger(bio="www.13800138000.com"), OFFICE).en


def test_a_bio_as_long_as_a_book_is_read_at_once() -> None:
    assert contact(stranger(bio="a-" * 50_000 + "." * 50_000 + "1" * 50_000), OFFICE).value == "neutral"

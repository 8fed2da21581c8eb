import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from detection.signals.text import QUOTED, digits, quoted, same

NUMBER = "13800138000"
FORMS = {
    "full-width": NUMBER.translate({48 + n: 0xFF10 + n for n in range(10)}),
    "circled": NUMBER.translate({48: "⓪", **{49 + n: 0x2460 + n for n in range(9)}}),
    "Chinese": NUMBER.translate({48 + n: "零一二三四五六七八九"[n] for n in range(10)}),
    "for cheques": NUMBER.translate({48 + n: "零壹贰叁肆伍陆柒捌玖"[n] for n in range(10)}),
    "Arabic": NUMBER.translate({48 + n: 0x660 + n for n in range(10)}),
    "with hyphens": "138-0013-8000",
    "spaced": "1 3 8 0 0 1 3 8 0 0 0",
    "starred": "138★0013★8000",
    "with zero-width spaces": "​​​​​".join(NUMBER),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_long_number_is_masked_in_every_form(form: str) -> None:
    assert "0013" not in digits(quoted(f"电话{FORMS[form]}谢谢")).replace("-", "").replace(" ", "")


def test_the_first_three_digits_stay_for_the_reviewer() -> None:
    assert quoted(f"电话{NUMBER}") == "电话138********"
    assert quoted("1" + "\u200b" * 4 + "3800138000") == "1" + "[U+200B]" * 4 + "38****…"
    assert quoted("1\u200b3800138000") == "1[U+200B]38********"


@pytest.mark.parametrize("text", ["郑州12345", "平安110", "2026年11月24日", "12345 —— 110", "第一二三小学"])
def test_short_numbers_stay_readable(text: str) -> None:
    assert quoted(text) == text


def test_a_quotation_is_one_short_line() -> None:
    assert quoted("甲\n乙") == "甲[U+000A]乙"
    assert quoted("甲" * 500) == "甲" * (QUOTED - 1) + "…"


def test_a_number_is_masked_before_the_text_is_cut() -> None:
    assert "0013" not in quoted("甲" * 33 + NUMBER)


@given(st.text(), st.text())
@example("1", "1")
def test_no_text_around_a_number_uncovers_it(before: str, after: str) -> None:
    assert NUMBER not in digits(quoted(f"{before}{NUMBER}{after}"))


def test_nothing_readable_is_the_same_as_nothing() -> None:
    assert not same("​", "")
    assert same("鄭州市公安局 ", "郑州市公安局")

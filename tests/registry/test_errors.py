import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import BadRegister, Fault, Faults, nearest, one_of, visible


@given(st.text())
def test_what_is_shown_of_a_value_cannot_act_on_a_terminal_or_hide(text: str) -> None:
    shown = visible(text)
    assert all(mark == " " or unicodedata.category(mark)[0] not in "CZ" for mark in shown)
    assert len(shown) <= 40 * len("<U+10FFFF>")


def test_an_invisible_mark_is_shown_by_its_number() -> None:
    assert visible("a\u200bb\x1b") == "a<U+200B>b<U+001B>"


def test_a_long_value_is_cut() -> None:
    assert visible("郑" * 41) == "郑" * 39 + "…"
    assert visible("郑" * 40) == "郑" * 40


def test_the_nearest_word_is_found_whatever_its_case() -> None:
    assert nearest("Weibbo", ["weibo", "douyin"]) == "weibo"
    assert nearest("qq", ["weibo", "douyin"]) is None


def test_a_word_near_to_none_gets_the_whole_list() -> None:
    assert one_of("qq", ["weibo", "douyin"]) == "use one of weibo, douyin"


def test_a_fault_says_line_column_value_problem_and_mend() -> None:
    assert str(Fault(3, "state", "x", "unknown state", "use y")) == "line 3, state, “x”: unknown state; use y"
    assert str(Fault(0, "", "", "is empty", "fill it")) == "the file: is empty; fill it"


def test_faults_beyond_the_limit_are_counted_but_neither_kept_nor_explained() -> None:
    explained: list[str] = []

    def mend() -> str:
        explained.append("mend")
        return explained[-1]

    faults = Faults()
    for line in range(1, 1001):
        faults.add(line, "", "", "wrong", mend)
    with pytest.raises(BadRegister) as caught:
        faults.raise_if_any()
    assert caught.value.total == 1000
    assert [fault.line for fault in caught.value.faults] == list(range(1, Faults.LIMIT + 1))
    assert len(explained) == Faults.LIMIT


def test_no_fault_raises_nothing() -> None:
    Faults().raise_if_any()

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.faults import BadFile, Fault, Faults, Place, Text, visible

PROBLEM, MEND = Text("不认识", "unknown state"), Text("改为在用", "write in_service")


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


def test_a_fault_says_sheet_line_column_value_problem_and_mend_in_both_languages() -> None:
    fault = Fault("state_unknown", Place("台账", 3, "状态", "x"), PROBLEM, MEND)
    assert fault.sentence("zh") == "工作表“台账” 第3行 “状态”列 “x”：不认识；改为在用"
    assert fault.sentence("en") == "sheet “台账”, line 3, column “状态”, “x”: unknown state; write in_service"


def test_a_fault_without_a_place_is_about_the_whole_file() -> None:
    fault = Fault("empty", Place(), PROBLEM, MEND)
    assert fault.sentence("zh").startswith("整个文件：")
    assert fault.sentence("en").startswith("the file: ")


def test_faults_beyond_the_kept_are_counted_but_not_explained() -> None:
    explained: list[Text] = []

    def mend() -> Text:
        explained.append(MEND)
        return MEND

    faults = Faults(keep=5)
    for line in range(1, 101):
        faults.add("odd" if line % 2 else "even", Place(line=line), PROBLEM, mend)
    with pytest.raises(BadFile) as caught:
        faults.raise_if_any()
    assert (caught.value.total, caught.value.kinds) == (100, {"odd": 50, "even": 50})
    assert [fault.place.line for fault in caught.value.faults] == [1, 2, 3, 4, 5]
    assert len(explained) == 5


def test_faults_by_row_keep_the_reasons_of_every_row() -> None:
    faults = Faults(keep=1, by_row=True)
    for line in (2, 2, 3):
        faults.add("odd", Place("台账", line), PROBLEM, MEND)
    assert {place: len(reasons) for place, reasons in faults.rows.items()} == {("台账", 2): 2, ("台账", 3): 1}
    assert faults.rows["台账", 3] == [Text("不认识；改为在用", "unknown state; write in_service")]


def test_no_fault_raises_nothing() -> None:
    Faults().raise_if_any()
    assert len(Faults()) == 0

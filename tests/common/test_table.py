import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.table import render, shown, width


def test_columns_line_up_where_scripts_are_mixed() -> None:
    assert render(("name", "kind"), [("郑州发布", "a"), ("x", "同音")]) == (
        "name      kind\n--------  ----\n郑州发布  a\nx         同音"
    )


def test_a_table_without_rows_has_headings() -> None:
    assert render(("a", "bc"), []) == "a  bc\n-  --"


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("郑州", 4), ("ＡＢ", 4), ("e\u0301", 1), ("", 0)])
def test_width_counts_columns(text: str, columns: int) -> None:
    assert width(text) == columns


def test_nothing_moves_the_cursor() -> None:
    assert "[U+000A]" in render(("a",), [("b\nc",)])
    assert "[U+001B]" in render(("a",), [("\x1b[31m",)])
    assert "[U+202E]" in render(("a",), [("\u202eb",)])


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="2 headings"):
        render(("a", "b"), [("c",)])


@given(st.lists(st.tuples(st.text(), st.text(), st.text()), max_size=5))
def test_every_row_is_one_line(rows: list[tuple[str, str, str]]) -> None:
    assert len(render(("a", "b", "c"), rows).split("\n")) == len(rows) + 2


def test_a_line_of_a_terminal_stays_one_line() -> None:
    assert shown("郑州\x1b[2J\n\u202e\x9b\udcff") == "郑州[U+001B][2J[U+000A][U+202E][U+009B][U+DCFF]"

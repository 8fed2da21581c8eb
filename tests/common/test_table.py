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


def test_the_last_column_is_folded_where_the_table_would_be_too_wide() -> None:
    table = render(("name", "why"), [("郑州发布", "同音字冒充" * 6), ("x", "short")], within=40)
    assert [line.rstrip() for line in table.splitlines()[2:]] == [
        "郑州发布  " + "同音字冒充" * 3,
        "          " + "同音字冒充" * 3,
        "x         short",
    ]
    assert max(map(width, table.splitlines())) <= 40


def test_a_fold_cuts_between_latin_words_and_loses_none() -> None:
    words = "the disguised characters are undone one by one until nothing is left"
    lines = render(("a", "b"), [("x", words)], within=30).splitlines()[2:]
    assert " ".join(line[3:].strip() for line in lines) == words
    assert max(map(len, lines)) <= 30


@given(st.text(alphabet="ab 郑州\u0301", max_size=120), st.integers(20, 60))
def test_a_folded_table_loses_no_character_but_spaces(text: str, within: int) -> None:
    table = render(("a", "b"), [("x", text)], within=within)
    assert max(map(width, table.splitlines())) <= within + 4
    kept = "".join(line[3:] for line in table.splitlines()[2:])
    assert kept.replace(" ", "") == text.replace(" ", "")


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="2 headings"):
        render(("a", "b"), [("c",)])


@given(st.lists(st.tuples(st.text(), st.text(), st.text()), max_size=5))
def test_every_row_is_one_line(rows: list[tuple[str, str, str]]) -> None:
    assert len(render(("a", "b", "c"), rows).split("\n")) == len(rows) + 2


def test_a_line_of_a_terminal_stays_one_line() -> None:
    assert shown("郑州\x1b[2J\n\u202e\x9b\udcff") == "郑州[U+001B][2J[U+000A][U+202E][U+009B][U+DCFF]"

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import csvtable
from registry.csvtable import MAX_BYTES, MAX_LINES, Row, read
from registry.errors import BadRegister, Faults

COLUMNS = ("a", "b")


def rows(data: bytes) -> list[Row]:
    faults = Faults()
    found = list(read(data, COLUMNS, faults))
    faults.raise_if_any()
    return found


def refusal(data: bytes) -> str:
    with pytest.raises(BadRegister) as caught:
        rows(data)
    return str(caught.value.faults[0])


@pytest.mark.parametrize(
    "data", [b"a,b\n1,2\n", b"a,b\r\n1,2\r\n", b"\xef\xbb\xbfa,b\n1,2", b" a ,\tb\n 1,2\t\n"]
)
def test_line_ends_mark_and_blanks_around_values_make_no_difference(data: bytes) -> None:
    assert rows(data) == [Row(2, {"a": "1", "b": "2"})]


def test_columns_may_stand_in_any_order() -> None:
    assert rows(b"b,a\n2,1\n") == [Row(2, {"a": "1", "b": "2"})]


def test_a_quoted_value_holds_commas_and_quotes() -> None:
    assert rows(b'a,b\n"1,""x""",2\n') == [Row(2, {"a": '1,"x"', "b": "2"})]


def test_rows_without_content_are_skipped_and_counted_as_lines() -> None:
    assert rows(b"a,b\n\n,\n , \n1,2\n") == [Row(5, {"a": "1", "b": "2"})]


def test_a_spoiled_line_does_not_hide_the_next_ones() -> None:
    faults = Faults()
    assert list(read(b'a,b\n"1,2\n3,4\n5\n6,7\n', COLUMNS, faults)) == [
        Row(3, {"a": "3", "b": "4"}),
        Row(5, {"a": "6", "b": "7"}),
    ]
    assert len(faults) == 2


def test_a_header_that_cannot_be_read_is_the_only_fault() -> None:
    with pytest.raises(BadRegister) as caught:
        rows(b'"a,b\n1,2\n1,2\n')
    assert caught.value.total == 1


def test_every_wrong_column_is_named() -> None:
    with pytest.raises(BadRegister) as caught:
        rows(b"a,a,c\n")
    assert [fault.column or fault.value for fault in caught.value.faults] == ["c", "b", "a"]


def test_a_file_too_large_is_refused_before_it_is_read() -> None:
    assert "larger than 32 MiB" in refusal(b"x" * (MAX_BYTES + 1))


def test_a_file_of_too_many_lines_is_refused() -> None:
    assert f"more than {MAX_LINES} lines" in refusal(b"\n" * (MAX_LINES + 1))


def test_the_longest_line_is_read_and_a_longer_one_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csvtable, "MAX_LINE", 5)
    assert rows(b"a,b\n123,5\n") == [Row(2, {"a": "123", "b": "5"})]
    assert "6 characters, at most 5" in refusal(b"a,b\n1234,6\n")


FIELD = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), max_size=8)


@given(st.lists(st.tuples(FIELD, FIELD)))
def test_what_the_standard_library_writes_is_read_as_it_was(pairs: list[tuple[str, str]]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([COLUMNS, *pairs])
    wanted = [tuple(field.strip() for field in pair) for pair in pairs]
    found = [tuple(row.fields.values()) for row in rows(file.getvalue().encode())]
    assert found == [pair for pair in wanted if any(pair)]


@given(st.binary() | st.text().map(lambda text: ("a,b\n" + text).encode("utf-8", "surrogatepass")))
def test_whatever_the_bytes_it_gives_rows_or_faults(data: bytes) -> None:
    faults = Faults()
    found = list(read(data, COLUMNS, faults))
    assert all(set(row.fields) == set(COLUMNS) for row in found)
    below = data.partition(b"\n")[2].decode("utf-8", "replace")
    assert found or len(faults) or not "".join(below.split()).strip(",")

"""Plain rows are counted as the parser would count them, and nothing else is taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.sheets.plainrows import PlainRows
from tests.common.sheets.files import row

PLAIN = [
    '<row r="5"><c r="A5"><v>1</v></c></row>',
    '<row r="5" spans="1:2" x14ac:dyDescent="0.2"><c r="A5" s="3" t="s"><v>1</v></c><c r="B5" s="1"/></row>',
    '<row r="5"><c r="AAA5" t="inlineStr"><is><t xml:space="preserve"> 微&amp;博 </t></is></c></row>',
    '<row r="5"></row>',
]
OTHER = [
    '<row r="5"><c r="A6"><v>1</v></c></row>',
    '<row r="5"><c r="A5"><f>1</f><v>1</v></c></row>',
    '<row r="5"><c r="A5" t="e"><v>#REF!</v></c></row>',
    '<row r="5"><c r="A5"><v>--></v></c></row>',
    '<row r="5"><c r="A5"><v><![CDATA[1]]></v></c></row>',
    '<row r="5"><c r="A5"><v>1</v></c><!-- --></row>',
    '<row r="5"><c><v>1</v></c></row>',
    "<row r='5'><c r='A5'><v>1</v></c></row>",
    '<row r="5"><c r="A5" t="inlineStr"><is><r><t>1</t></r></is></c></row>',
    '<row r="5" a=">"><c r="A5"><v>1</v></c></row>',
    '<row r="05"><c r="A05"><v>1</v></c></row>',
    '<row r="5"><c r="A5"><v>' + "9" * 200_001 + "</v></c></row>",
]


@pytest.mark.parametrize("text", PLAIN)
def test_a_plain_row_becomes_an_empty_one(text: str) -> None:
    assert PlainRows().without(text.encode()) == b'<row r="5"/>'


@pytest.mark.parametrize("text", OTHER)
def test_any_other_row_stays(text: str) -> None:
    rows = PlainRows()
    assert rows.without(text.encode()) == text.encode()
    assert (rows.values, rows.bottom, rows.letters) == (0, 0, set())


def test_what_is_left_out_still_breaks_an_attribute_and_ends_no_comment() -> None:
    assert PlainRows().without(f'<a b="{PLAIN[0]}'.encode()) == b'<a b="<row r="5"/>'
    assert PlainRows().without(f"<!-{PLAIN[0]}".encode()) == b'<!-<row r="5"/>'


@given(st.lists(st.lists(st.sampled_from(["微博", 1, "a b"]), max_size=4), max_size=8), st.integers(1, 60))
def test_chunks_may_end_anywhere(values: list[list[object]], size: int) -> None:
    data = "".join(row(n, cells) for n, cells in enumerate(values, start=1)).encode() + b"</sheetData>"
    rows = PlainRows()
    seen = b"".join(rows.without(data[i : i + size]) for i in range(0, len(data), size)) + rows.rest()
    assert seen == b"".join(f'<row r="{n + 1}"/>'.encode() for n in range(len(values))) + b"</sheetData>"
    assert rows.values == sum(map(len, values))
    assert len(rows.letters) == max(map(len, values), default=0)
    assert rows.bottom == max((n for n, cells in enumerate(values, start=1) if cells), default=0)


def test_empty_cells_do_not_count() -> None:
    rows = PlainRows()
    rows.without(
        b'<row r="7"><c r="C7" s="2"/></row><row r="9"><c r="Z9" s="2"/><c r="B9" t="s"><v>0</v></c></row>'
    )
    assert (rows.values, rows.shared, rows.bottom, rows.letters) == (1, 1, 9, {b"B"})

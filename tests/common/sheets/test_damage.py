"""Broken files made from good ones: no exception other than BadFile, no hang, no row lost to a neighbour."""

import gzip
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.common.sheets.files import (
    CSV,
    GOOD_ROW,
    HEADER_ROW,
    OBJECT,
    ROW,
    row,
    sheet,
    workbook,
    workbook_parts,
    zipped,
)
from tests.common.sheets.reading import read

_TABLE = CSV + f"{ROW}\r\n" * 3 + '微博,1,"郑州, ""发布""\r\n二",甲,410100,政府\r\n'
_BOOK = workbook(
    sheet(HEADER_ROW + GOOD_ROW + row(3, ["a", 5, "b"]), '<mergeCells><mergeCell ref="A2:A3"/></mergeCells>')
)
GOOD = {
    "a.csv": _TABLE.encode(),
    "b.csv": _TABLE.encode("gb18030"),
    "c.csv": _TABLE.encode("utf-16"),
    "a.tsv": CSV.replace(",", "\t").encode(),
    "a.jsonl": f"{OBJECT}\n".encode() * 4,
    "a.json": f'[{OBJECT}, {{"a": [1.5, null, "\\ud83d\\ude00"]}}]'.encode(),
    "a.csv.gz": gzip.compress(_TABLE.encode()),
    "a.zip": zipped({"a.csv": _TABLE}),
    "a.xlsx": _BOOK,
    "plain.xlsx": workbook(sheet(HEADER_ROW + GOOD_ROW)),
}
Damage = Callable[[bytes, st.DataObject], bytes]


def _cut(data: bytes, draw: st.DataObject) -> bytes:
    return data[: draw.draw(st.integers(0, len(data)))]


def _flip(data: bytes, draw: st.DataObject) -> bytes:
    at = draw.draw(st.integers(0, len(data) - 1)) if data else 0
    return (
        data[:at] + bytes([data[at] ^ 1 << draw.draw(st.integers(0, 7))]) + data[at + 1 :] if data else data
    )


def _insert(data: bytes, draw: st.DataObject) -> bytes:
    at = draw.draw(st.integers(0, len(data)))
    hostile = [
        b"\0",
        b'"',
        b"\r",
        b"\n",
        b",",
        b"\xff",
        b"\xef\xbb\xbf",
        b"{",
        b"]",
        b"<",
        b"&",
        b"PK\3\4",
        b"'=",
    ]
    return data[:at] + draw.draw(st.sampled_from(hostile) | st.binary(max_size=8)) + data[at:]


def _remove(data: bytes, draw: st.DataObject) -> bytes:
    at = draw.draw(st.integers(0, len(data)))
    return data[:at] + data[at + draw.draw(st.integers(0, 40)) :]


def _swap_lines(data: bytes, draw: st.DataObject) -> bytes:
    return b"\n".join(draw.draw(st.permutations(data.split(b"\n")[:8])))


DAMAGES: list[Damage] = [_cut, _flip, _insert, _remove, _swap_lines]


@pytest.mark.parametrize("name", GOOD)
@settings(max_examples=60)
@given(draw=st.data())
def test_damage_ends_in_rows_or_words(name: str, draw: st.DataObject) -> None:
    data = GOOD[name]
    for damage in draw.draw(st.lists(st.sampled_from(DAMAGES), min_size=1, max_size=3)):
        data = damage(data, draw)
    with tempfile.TemporaryDirectory() as folder:
        result = read(Path(folder), data, name)
    assert result.rows or result.faults
    for fault in result.faults:
        assert fault.sentence("zh").isprintable() and fault.sentence("en").isprintable()


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"]
)
@settings(max_examples=60)
@given(draw=st.data())
def test_damage_within_a_workbook_ends_in_rows_or_words(part: str, draw: st.DataObject) -> None:
    parts = workbook_parts(sheet(HEADER_ROW + GOOD_ROW))
    content = str(parts[part]).encode()
    for damage in draw.draw(st.lists(st.sampled_from(DAMAGES), min_size=1, max_size=2)):
        content = damage(content, draw)
    with tempfile.TemporaryDirectory() as folder:
        result = read(Path(folder), zipped(parts | {part: content}), "a.xlsx")
    assert result.rows or result.faults


@given(
    st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx", "a.json", "a.jsonl", "a.zip", "a.gz", "a"])
)
def test_anything_ends_in_rows_or_words(data: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        result = read(Path(folder), data, name)
    assert result.rows or result.faults


@given(st.lists(st.text(st.sampled_from('ab,"\n'), max_size=12), max_size=12))
def test_a_broken_line_never_takes_a_good_one_with_it(lines: list[str]) -> None:
    """Rows of plain lines are all read, whatever stands between them."""
    table = ["甲,乙,丙"]
    for line in lines:
        table += ["1,2,3", line.replace("\n", "")]
    with tempfile.TemporaryDirectory() as folder:
        result = read(Path(folder), "\n".join(table), "a.csv")
    assert sum(cells == ["1", "2", "3"] for cells in result.cells) == len(lines) or not lines

"""What is written reads back to the same cells, and nothing in it is run."""

import csv
import tempfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from common.faults import Faults, Place, Text
from common.sheets.opening import opened
from common.sheets.reasons import write_reasons
from common.sheets.writing import write_csv, write_xlsx
from tests.common.sheets.files import CSV, HEADER, HEADER_ROW, OBJECT, ROW, cell, sheet, workbook
from tests.common.sheets.reading import Read, read

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(A1)",
    "＝1",
    "'=1",
    "''=1",
    "'quoted'",
    "'",
    "\t=1",
    "\r=1",
    "' =1",
    "'\t=1",
    '"',
    'a"b',
    "a,b;c\td",
    "😀",
    "0012",
    "1E5",
    "TRUE",
    "2020-01-02",
    "_x0041_",
    "a_x000D_",
    "\x01",
    "<b>&amp;",
    "\ufeff",
    "https://example.com",
    "{=1}",
]
Cells = st.lists(
    st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=12)), min_size=3, max_size=3), max_size=5
)


def seen(cell: str) -> str:
    """A cell as it reads back: impossible characters replaced, blanks around it gone."""
    return "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in cell).strip()


def on_one_line(cell: str) -> str:
    return " ".join(part for part in seen(cell).replace("\r", "\n").split("\n"))


def back(path: Path) -> list[list[str]]:
    faults = Faults()
    with opened(path, path.name, faults) as file:
        rows = [list(row.cells.values()) for table in file.tables for row in table.rows]
    assert [fault.sentence("en") for fault in faults.kept if fault.kind != "no_rows"] == []
    return rows


def squeezed(text: str) -> str:
    """Line breaks in a row as one."""
    for pair in ("\r\n", "\r"):
        text = text.replace(pair, "\n")
    while "\n\n" in text:
        text = text.replace("\n\n", "\n")
    return text


@given(Cells)
@example([[cell, "x", "y"] for cell in HOSTILE])
@example([["\ud800\0", "a\r\n\r\nb", "x"]])
def test_csv_reads_back(rows: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        write_csv(path, ["甲", "=乙", "丙"], rows)
        expected = [[squeezed(seen(cell)).replace("\n", " ").strip() for cell in row] for row in rows]
        assert back(path) == [row for row in expected if any(row)]


@given(Cells)
@example([[cell, "x", "y"] for cell in HOSTILE])
@example([["\ud800\0", "a\r\nb\rc", "x"]])
def test_xlsx_reads_back(rows: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        write_xlsx(path, {"表": (["甲", "=乙", "丙"], rows)})
        expected = [[seen(cell).replace("\r\n", "\n").replace("\r", "\n") for cell in row] for row in rows]
        assert back(path) == [row for row in expected if any(row)]


def test_no_cell_of_a_csv_begins_as_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_csv(path, ["甲"], [[cell] for cell in HOSTILE])
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") and data.count(b"\n") == data.count(b"\r\n") == len(HOSTILE) + 1
    for (text,) in csv.reader(data.decode("utf-8-sig").splitlines()):
        assert not text.startswith(tuple("=+-@\t\r＝＋－＠")), text


def test_every_cell_of_a_workbook_is_a_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_xlsx(path, {"甲": (["列"], [[cell] for cell in HOSTILE]), "乙": (["列"], [["1"]])})
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["甲", "乙"]
    cells = [cell for page in book for line in page.iter_rows() for cell in line if cell.value is not None]
    assert len(cells) > len(HOSTILE)
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)


def test_a_cell_is_cut_to_what_a_spreadsheet_holds(tmp_path: Path) -> None:
    for path in (tmp_path / "a.csv", tmp_path / "a.xlsx"):
        rows = [["=" + "长" * 40_000]]
        write_csv(path, ["列"], rows) if path.suffix == ".csv" else write_xlsx(path, {"表": (["列"], rows)})
        assert len(back(path)[0][0]) == 32_766


Copied = tuple[str, Read]


def with_reasons(folder: Path, data: str | bytes, name: str, lines: dict[tuple[str, int], str]) -> Copied:
    """The copy's text (empty for a workbook) and what it reads as."""
    path = folder / "source"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    reasons = {place: [Text(word, word)] for place, word in lines.items()}
    written = write_reasons(path, name, reasons, folder / "reasons")
    assert written
    content = written.read_bytes()
    text = "" if written.suffix == ".xlsx" else content.decode("utf-8-sig")
    return text, read(folder, content, written.name)


def test_a_copy_of_a_csv_names_the_reasons_first(tmp_path: Path) -> None:
    broken = '微博,"坏'
    text, result = with_reasons(
        tmp_path,
        f"{CSV}{broken}\r\n\r\n{ROW}".encode("gb18030"),
        "a.csv",
        {("", 3): "引号", ("", 5): "=不对"},
    )
    assert text.splitlines() == [
        f"错误原因,{HEADER}",
        f",{ROW}",
        '引号,"微博,""坏"',
        f"'=不对,{ROW}",
    ]
    assert result.cells == [ROW.split(",")] * 2
    assert [fault.place.line for fault in result.faults] == [3]


def test_a_copy_keeps_titles_and_rows_over_lines(tmp_path: Path) -> None:
    text, _ = with_reasons(tmp_path, '标题\n甲,乙\n"一\n二",=三\n', "a.csv", {("", 3): "坏"})
    assert text == "\r\n".join([",标题", "错误原因,甲,乙", '坏,"一\n二",\'=三', ""])


def test_a_copy_of_a_workbook_keeps_lines_and_sheets(tmp_path: Path) -> None:
    rows = HEADER_ROW + f'<row r="4">{cell("A4", "微博")}<c r="B4" t="e"><v>#N/A</v></c></row>'
    _, result = with_reasons(tmp_path, workbook(sheet(rows), sheet(rows)), "a.xlsx", {("表2", 4): "坏"})
    assert [(name, line, cells["平台"]) for name, line, cells in result.rows] == [
        ("表1", 4, "微博"),
        ("表2", 4, "微博"),
    ]
    book = openpyxl.load_workbook(tmp_path / "reasons.xlsx")
    assert [page["A1"].value for page in book] == ["错误原因", "错误原因"]
    assert [page["A4"].value for page in book] == [None, "坏"]


def test_a_copy_of_json_is_json_lines(tmp_path: Path) -> None:
    text, result = with_reasons(
        tmp_path, f"[{OBJECT}, 3, {OBJECT}]", "a.json", {("", 2): "数", ("", 3): "坏"}
    )
    assert text.splitlines() == [
        OBJECT,
        '{"错误原因": "数", "原文": "3"}',
        OBJECT.replace("{", '{"错误原因": "坏", ', 1),
    ]
    assert result.faults == []


def test_a_copy_of_json_lines_keeps_what_is_no_json(tmp_path: Path) -> None:
    text, _ = with_reasons(tmp_path, f"{OBJECT}\nnot\n", "a.jsonl", {("", 2): "坏"})
    assert text.splitlines() == [OBJECT, '{"错误原因": "坏", "原文": "not"}']


@pytest.mark.parametrize(("data", "name"), [(b"", "a.csv"), (b"\x1f\x8b\x08\0\0\0", "a.csv.gz")])
def test_there_is_no_copy_of_what_cannot_be_read(data: bytes, name: str, tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(data)
    assert write_reasons(tmp_path / "source", name, {}, tmp_path / "reasons") is None
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_reasons_can_be_in_english(tmp_path: Path) -> None:
    (tmp_path / "source").write_text(CSV, encoding="utf-8")
    faults = Faults(by_row=True)
    faults.add("x", Place("", 2), Text("坏", "bad"), Text("改", "mend"))
    written = write_reasons(tmp_path / "source", "a.csv", faults.rows, tmp_path / "r", language="en")
    assert written and written.read_text("utf-8-sig").splitlines()[1].startswith("bad; mend,")

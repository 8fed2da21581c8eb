"""Files as offices and platforms really write them come to the same rows."""

import gzip
import io
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter  # type: ignore[import-untyped]

from common.sheets import kinds
from tests.common.sheets.files import (
    CSV,
    GOOD_ROW,
    HEADER,
    HEADER_ROW,
    MAIN,
    OBJECT,
    ROW,
    cell,
    row,
    sheet,
    workbook,
    zipped,
)
from tests.common.sheets.reading import read

CELLS = ROW.split(",")
XLSX = workbook(sheet(HEADER_ROW + GOOD_ROW))


def in_sheet(cells: str, after: str = "", styles: str = "") -> bytes:
    return workbook(sheet(f'{row(1, ["甲", "乙", "丙"])}<row r="2">{cells}</row>', after))


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (CSV.encode(), "UTF-8"),
        (CSV.encode("utf-8-sig"), "UTF-8"),
        (b"\xef\xbb\xbf" + CSV.encode("utf-8-sig"), "UTF-8"),
        (CSV.encode("utf-16"), "UTF-16LE"),
        (b"\xfe\xff" + CSV.encode("utf-16-be"), "UTF-16BE"),
        (CSV.encode("gb18030"), "GB18030"),
    ],
)
def test_an_encoding_is_recognised_and_named(data: bytes, encoding: str, tmp_path: Path) -> None:
    result = read(tmp_path, data, "a.csv")
    assert (result.encoding, result.cells, result.faults) == (encoding, [CELLS], [])


@pytest.mark.parametrize(
    ("data", "name", "kind", "member"),
    [
        (CSV, "a.csv", "csv", ""),
        (CSV, "名单.CSV", "csv", ""),
        (CSV.replace(",", "\t"), "a.tsv", "tsv", ""),
        (CSV.replace(",", "\t"), "a.txt", "csv", ""),
        (CSV.replace(",", "\t"), "a.csv", "csv", ""),
        (CSV.replace(",", ";"), "a.csv", "csv", ""),
        ("sep=;\r\n" + CSV.replace(",", ";"), "a.csv", "csv", ""),
        (CSV.replace("\r\n", "\n"), "a.csv", "csv", ""),
        (CSV.replace("\r\n", "\r\r\n"), "a.csv", "csv", ""),
        (f"{HEADER}\n{ROW}\r\n\r\n", "a.csv", "csv", ""),
        (gzip.compress(CSV.encode()), "a.csv.gz", "csv", "a.csv"),
        (zipped({"名单/a.csv": CSV}), "a.zip", "csv", "名单/a.csv"),
        (zipped({"a.csv": CSV, "__MACOSX/._a.csv": "x", ".DS_Store": "x"}), "a.zip", "csv", "a.csv"),
        (XLSX, "a.xlsx", "xlsx", ""),
        (gzip.compress(XLSX), "a.xlsx.gz", "xlsx", "a.xlsx"),
        (zipped({"a.xlsx": XLSX}), "a.zip", "xlsx", "a.xlsx"),
    ],
)
def test_a_table_comes_out_of_every_packing(
    data: str | bytes, name: str, kind: str, member: str, tmp_path: Path
) -> None:
    result = read(tmp_path, data, name)
    assert (result.kind, result.member, result.faults) == (kind, member, [])
    assert result.cells == [CELLS]


def test_a_name_in_an_archive_of_chinese_windows_is_read(tmp_path: Path) -> None:
    data = zipped({"XXXX.csv": CSV}).replace(b"XXXX", "名单".encode("gb18030"))
    assert read(tmp_path, data, "a.zip").member == "名单.csv"


@pytest.mark.parametrize(
    ("data", "name", "list_at"),
    [
        (f"{OBJECT}\n\n{OBJECT}", "a.jsonl", ""),
        (f"\ufeff{OBJECT}\r\n{OBJECT}\r\n", "a.ndjson", ""),
        (f"[{OBJECT}, {OBJECT}]", "a.json", ""),
        (f'{{"data": {{"list": [{OBJECT}, {OBJECT}]}}}}', "a.json", "data.list"),
        (f"[{OBJECT}, {OBJECT}]".encode("gb18030"), "a.json", ""),
        (f"{OBJECT}\n{OBJECT}".encode("utf-16"), "a.jsonl", ""),
    ],
)
def test_objects_come_out_of_json(data: str | bytes, name: str, list_at: str, tmp_path: Path) -> None:
    result = read(tmp_path, data, name, list_at=list_at)
    assert result.faults == []
    assert result.cells == [["微博", "5912345678", "郑州发布"]] * 2


def test_json_values_keep_their_types(tmp_path: Path) -> None:
    line = '{"a": 12345678901234567890, "b": null, "c": [true], "d": 1.5, "e": " x "}'
    assert read(tmp_path, line, "a.jsonl").cells == [[12345678901234567890, None, [True], 1.5, " x "]]


def test_escaped_pairs_are_characters(tmp_path: Path) -> None:
    assert read(tmp_path, r'{"a": "\ud83d\ude00 \\u0000"}', "a.jsonl").cells == [["😀 \\u0000"]]


def test_lines_are_numbered_as_people_see_them(tmp_path: Path) -> None:
    result = read(tmp_path, f"\r\n{HEADER}\r\n\r\n{ROW}\r\n,,,,,\r\n{ROW}", "a.csv")
    assert [line for _, line, _ in result.rows] == [4, 6]


def test_a_title_may_stand_above_the_header(tmp_path: Path) -> None:
    data = f"郑州市政务新媒体名单,,,,,\r\n,,,,,\r\n{CSV}"
    result = read(tmp_path, data, "a.csv", is_header=lambda cells: "平台" in cells)
    assert (result.cells, result.rows[0][1]) == ([CELLS], 4)


def test_a_header_must_come_within_twenty_rows(tmp_path: Path) -> None:
    data = "说明\r\n" * 20 + CSV
    result = read(tmp_path, data, "a.csv", is_header=lambda cells: "平台" in cells)
    assert result.refused and result.kinds == [kinds.NO_HEADER]


def test_the_separator_is_the_one_that_makes_a_header(tmp_path: Path) -> None:
    data = "标题,一,二,三,四,五,六,七\n平台;名称\n微博;甲,乙\n"
    result = read(tmp_path, data, "a.csv", is_header=lambda cells: "平台" in cells)
    assert result.cells == [["微博", "甲,乙"]]


def test_blanks_around_cells_are_taken_off(tmp_path: Path) -> None:
    data = f"{HEADER}\r\n" + ",".join(f" \u3000\xa0{value}\t" for value in CELLS)
    assert read(tmp_path, data, "a.csv").cells == [CELLS]
    assert read(tmp_path, in_sheet(cell("A2", " \xa0x\u3000")), "a.xlsx").cells == [["x", "", ""]]


def test_blank_cells_beyond_the_columns_are_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, f"{HEADER},,\r\n{ROW},,,\r\n", "a.csv").cells == [CELLS]


def test_the_column_of_reasons_is_left_out(tmp_path: Path) -> None:
    data = f"错误原因,{HEADER}\r\n坏了,{ROW}\r\n"
    assert read(tmp_path, data, "a.csv").cells == [CELLS]
    assert read(tmp_path, '{"错误原因": "坏了", "a": 1}', "a.jsonl").cells == [[1]]


def test_a_quoted_cell_may_go_over_lines(tmp_path: Path) -> None:
    data = '"单位\r\n名称",乙\r\n"一\r\n二 ""三""\r\n",四\r\n五,"六\n\n七"\r\n'
    result = read(tmp_path, data, "a.csv")
    assert result.faults == []
    assert [(line, list(cells.values())) for _, line, cells in result.rows] == [
        (3, ['一\n二 "三"', "四"]),
        (6, ["五", "六\n\n七"]),
    ]


def test_a_forgotten_quote_spoils_its_own_line_only(tmp_path: Path) -> None:
    lines = ['1,"a', "2,b", '3,"c"', '4,"d', '5,"e\nf"', '6"x,"y']
    result = read(tmp_path, "甲,乙\n" + "\n".join(lines) + "\n", "a.csv")
    assert result.cells == [["2", "b"], ["3", "c"], ["5", "e\nf"]]
    assert [fault.place.line for fault in result.faults] == [2, 5, 8]


def test_numbers_come_as_people_see_them(tmp_path: Path) -> None:
    cells = "".join(f'<c r="{r}2"><v>{v}</v></c>' for r, v in (("A", "110"), ("B", "1E5"), ("C", "0.1")))
    assert read(tmp_path, in_sheet(cells), "a.xlsx").cells == [["110", "100000", "0.1"]]
    cells = "".join(
        f'<c r="{r}2"><v>{v}</v></c>' for r, v in (("A", "999999999999999"), ("B", "-2"), ("C", "0"))
    )
    assert read(tmp_path, in_sheet(cells), "a.xlsx").cells == [["999999999999999", "-2", "0"]]


def test_dates_are_iso_days_and_truth_is_a_word(tmp_path: Path) -> None:
    cells = '<c r="A2" s="1"><v>43832</v></c><c r="B2" s="2"><v>43832.25</v></c><c r="C2" t="b"><v>1</v></c>'
    assert read(tmp_path, in_sheet(cells), "a.xlsx").cells == [["2020-01-02", "2020-01-02 06:00:00", "TRUE"]]


def test_rich_text_is_read_and_how_it_sounds_is_not(tmp_path: Path) -> None:
    rich = '<is><r><t>郑</t></r><r><rPr><b/></rPr><t>州</t></r><rPh sb="0" eb="1"><t>zhèng</t></rPh></is>'
    assert read(tmp_path, in_sheet(f'<c r="A2" t="inlineStr">{rich}</c>'), "a.xlsx").cells == [
        ["郑州", "", ""]
    ]


def test_a_formula_counts_as_its_value(tmp_path: Path) -> None:
    cells = '<c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>A1&amp;"x"</f><v>甲x</v></c>'
    cells += '<c r="C2" t="str"><f>IF(A2,"","")</f><v></v></c>'
    result = read(tmp_path, in_sheet(cells), "a.xlsx")
    assert (result.cells, result.faults) == ([["2", "甲x", ""]], [])


def test_a_formula_in_a_row_of_its_own_is_not_lost(tmp_path: Path) -> None:
    rows = row(1, ["甲"]) + row(2, ["a"]) + '<row r="9"><c r="A9"><f>A1</f></c></row>'
    result = read(tmp_path, workbook(sheet(rows)), "a.xlsx")
    assert [(f.kind, f.place.line, f.place.column) for f in result.faults] == [(kinds.FORMULA, 9, "A")]


def test_a_merged_value_stands_in_each_of_its_cells(tmp_path: Path) -> None:
    rows = row(2, ["单位", "账号", "平台"]) + row(3, ["甲", "a", "x"])
    rows += '<row r="4"><c r="B4" t="inlineStr"><is><t>b</t></is></c></row>' + row(5, ["乙", "c"])
    merges = (
        '<mergeCells><mergeCell ref="A3:A4"/><mergeCell ref="B5:C5"/><mergeCell ref="A5:A7"/></mergeCells>'
    )
    result = read(tmp_path, workbook(sheet(rows, merges)), "a.xlsx")
    assert result.cells == [["甲", "a", "x"], ["甲", "b", ""], ["乙", "c", "c"]]
    assert [line for _, line, _ in result.rows] == [3, 4, 5]


def test_sheets_are_tables_and_a_table_may_stand_anywhere(tmp_path: Path) -> None:
    first = sheet(row(1, ["甲"]) + row(2, ["a"]))
    second = sheet(f'<row r="5">{cell("C5", "乙")}</row><row r="7">{cell("C7", "b")}</row>')
    result = read(tmp_path, workbook(first, sheet(""), second), "a.xlsx")
    assert result.rows == [("表1", 2, {"甲": "a"}), ("表3", 7, {"乙": "b"})]


def test_cells_and_rows_need_not_say_where_they_are(tmp_path: Path) -> None:
    text = '<c t="inlineStr"><is><t>{}</t></is></c>'
    rows = f'<row>{text.format("甲")}</row><row>{text.format("a")}</row><row><c t="e"><v>#N/A</v></c></row>'
    result = read(tmp_path, workbook(sheet(rows)), "a.xlsx")
    assert result.rows == [("表1", 2, {"甲": "a"})]
    assert [(f.kind, f.place.line) for f in result.faults] == [(kinds.ERROR_VALUE, 3)]


def test_tags_may_have_a_prefix(tmp_path: Path) -> None:
    xml = sheet(row(1, ["甲"]) + row(2, ["a"]) + '<row r="3"><c r="A3" t="e"><v>#N/A</v></c></row>')
    prefixed = (
        xml.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?").replace("xmlns", "xmlns:x")
    )
    result = read(tmp_path, workbook(prefixed), "a.xlsx")
    assert result.rows == [("表1", 2, {"甲": "a"})]
    assert result.kinds == [kinds.ERROR_VALUE]


def test_a_hidden_list_without_header_is_left_out_and_a_hidden_table_is_not(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        for name, rows in (("表", ["平台", "微博"]), ("藏", ["平台", "抖音"]), ("选项", ["是", "否"])):
            page = book.add_worksheet(name)
            page.write_column(0, 0, rows)
            if name != "表":
                page.hide()
        book.add_chartsheet("图")
    result = read(tmp_path, buffer.getvalue(), "a.xlsx", is_header=lambda cells: "平台" in cells)
    assert (result.cells, result.faults) == ([["微博"], ["抖音"]], [])


def test_a_workbook_of_another_program_is_read(tmp_path: Path) -> None:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    page = book.worksheets[0]
    page.append(["账号ID", "开通"])
    page.append(["0012", 110])
    page.append(["x", "=1+1"])
    book.save(buffer)
    result = read(tmp_path, buffer.getvalue(), "a.xlsx")
    assert result.cells == [["0012", "110"]]
    assert [(f.kind, f.place.line, f.place.column) for f in result.faults] == [(kinds.FORMULA, 3, "B")]


def test_shared_texts_repeated_often_are_read(tmp_path: Path) -> None:
    """Within the bounds, though one of them is long."""
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{n % 2}</v></c></row>' for n in range(1, 20_001))
    texts = f"<sst {MAIN}><si><t>短</t></si><si><t>{'长' * 30_000}</t></si></sst>"
    few = rows.replace("<v>1</v>", "<v>0</v>").replace("<v>0</v>", "<v>1</v>", 1)
    result = read(tmp_path, workbook(sheet(few), xl__sharedStrings_xml=texts), "a.xlsx")
    assert len(result.rows) == 19_999

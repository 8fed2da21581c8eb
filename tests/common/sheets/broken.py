"""Broken and hostile table files, each with the kind of the fault that it must end in. Built when asked for.

`broken_files()` is for anything that takes files: whatever reads one of these must say so and change nothing.
"""

import gzip
import json
from collections.abc import Callable, Iterator
from typing import NamedTuple

from common.sheets import kinds
from tests.common.sheets.files import (
    CSV,
    GOOD_ROW,
    HEADER,
    HEADER_ROW,
    OBJECT,
    ROW,
    cell,
    deflated_bomb,
    gzip_bomb,
    many_entries,
    row,
    shared,
    sheet,
    workbook,
    workbook_parts,
    zip_with_raw,
    zipped,
)

GOOD = sheet(HEADER_ROW + GOOD_ROW)
SPREADSHEET = workbook(GOOD)
GIB = 1 << 30
MIB = 1 << 20
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


class Broken(NamedTuple):
    """`line` of its first fault: 0 for the whole file."""

    name: str
    data: bytes
    file_name: str
    kind: str
    line: int


def broken_files() -> Iterator[Broken]:
    """All of them, one built after the other."""
    for name, (make, file_name, kind, line) in FILES.items():
        content = make()
        data = content.encode() if isinstance(content, str) else content
        yield Broken(name, data, file_name, kind, line)


def _under_header(line: str) -> Callable[[], str]:
    return lambda: f"{CSV}{line}\r\n{ROW}\r\n"


def _in_sheet(cells: str, number: int = 3, after: str = "") -> Callable[[], bytes]:
    line = f'<row r="{number}">{cells}</row>'
    return lambda: workbook(sheet(HEADER_ROW + GOOD_ROW + line, after))


def _with_part(name: str, content: str | bytes = b"x") -> Callable[[], bytes]:
    return lambda: zipped(workbook_parts(GOOD) | {name: content})


def _of_sheet(xml: Callable[[], str]) -> Callable[[], bytes]:
    return lambda: workbook(xml())


def _sheet_bomb(before: str, block: bytes, times: int) -> bytes:
    parts = workbook_parts(GOOD)
    start = f"{sheet('').split('</sheetData>')[0]}{HEADER_ROW}{before}".encode()
    del parts["xl/worksheets/sheet1.xml"]
    raw = deflated_bomb(block, times, start)
    return zip_with_raw("xl/worksheets/sheet1.xml", raw, len(start) + len(block) * times, parts)


def _encrypted_zip() -> bytes:
    archive = bytearray(zipped({"a.csv": CSV}))
    archive[6] |= 1
    archive[archive.index(b"PK\1\2") + 8] |= 1
    return bytes(archive)


def _wrong_checksum() -> bytes:
    archive = zipped({"a.csv": CSV}, compression=0)
    return archive.replace("郑州发布".encode(), "郑州发市".encode())


def _laughs() -> str:
    names = ["l0", *(f"l{n}" for n in range(1, 10))]
    entities = "".join(
        f'<!ENTITY {names[n]} "{f"&{names[n - 1]};" * 10 if n else "lol"}">' for n in range(10)
    )
    return f"<?xml version='1.0'?><!DOCTYPE x [{entities}]>{GOOD.split('?>', 1)[1].replace('微博', '&l9;')}"


def _texts_written_out() -> bytes:
    """A small workbook whose one long shared text stands in 200,000 cells: 6 GB once written out."""
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(2, 200_002))
    return workbook(sheet(HEADER_ROW + cells), xl__sharedStrings_xml=shared("长" * 32_000))


Make = Callable[[], str | bytes]

TEXTS: dict[str, tuple[Make, str, str, int]] = {
    "empty": (lambda: "", "a.csv", kinds.EMPTY, 0),
    "only a byte order mark": (lambda: b"\xef\xbb\xbf", "a.csv", kinds.EMPTY, 0),
    "only blank lines": (lambda: "\r\n \r\n\t\r\n", "a.csv", kinds.EMPTY, 0),
    "only separators": (lambda: ",,,\r\n,,,\r\n", "a.csv", kinds.NO_ROWS, 0),
    "only header": (lambda: HEADER, "a.csv", kinds.NO_ROWS, 0),
    "column twice": (lambda: f"{HEADER},平台\r\n{ROW},微博\r\n", "a.csv", kinds.HEADER_TWICE, 1),
    "value without column": (lambda: f"{HEADER},\r\n{ROW},备注\r\n", "a.csv", kinds.CELLS, 2),
    "ten thousand columns": (
        lambda: f"{HEADER},{','.join(map(str, range(10_000)))}\r\n{ROW}\r\n",
        "a.csv",
        kinds.COLUMNS,
        1,
    ),
    "a cell too many": (_under_header(f"{ROW},多"), "a.csv", kinds.CELLS, 3),
    "a cell too few": (_under_header(ROW.rpartition(",")[0]), "a.csv", kinds.CELLS, 3),
    "quote not closed": (_under_header(ROW.replace("郑州发布", '"郑州发布')), "a.csv", kinds.QUOTE, 3),
    "text after a quote": (_under_header(ROW.replace("郑州发布", '"郑州"发布')), "a.csv", kinds.QUOTE, 3),
    "quote open at the end": (lambda: f'{CSV}"微博,1', "a.csv", kinds.QUOTE, 3),
    "every quote open": (lambda: CSV + '"a\r\n' * 200_000, "a.csv", kinds.QUOTE, 3),
    "NUL": (_under_header(ROW.replace("郑", "\0")), "a.csv", kinds.NUL, 3),
    "a lone CR": (_under_header(ROW.replace("发布", "发\r布")), "a.csv", kinds.LINE_ENDS, 3),
    "a lone CR in quotes": (_under_header(ROW.replace("郑州发布", '"郑\r州"')), "a.csv", kinds.LINE_ENDS, 3),
    "lines of an old Mac": (lambda: CSV.replace("\r\n", "\r"), "a.csv", kinds.LINE_ENDS, 0),
    "a long cell": (_under_header(ROW.replace("郑州发布", "长" * 32_768)), "a.csv", kinds.LONG_CELL, 3),
    "a long cell in quotes": (
        _under_header(ROW.replace("郑州发布", f'"{"x" * 200_000}"')),
        "a.csv",
        kinds.LONG_CELL,
        3,
    ),
    "a line of 2 MB": (_under_header("x" * 2 * MIB), "a.csv", kinds.LONG_LINE, 3),
    "a line of 100 MB": (_under_header("x" * 100 * MIB), "a.csv", kinds.LONG_LINE, 3),
    "UTF-16 without its mark": (lambda: CSV.encode("utf-16-le"), "a.csv", kinds.ENCODING, 0),
    "UTF-16BE without its mark": (lambda: CSV.encode("utf-16-be"), "a.csv", kinds.ENCODING, 0),
    "UTF-16 cut in a character": (lambda: CSV.encode("utf-16")[:-5], "a.csv", kinds.ENCODING, 2),
    "UTF-16 with half a pair": (
        lambda: CSV.replace("发布", "\ud83d").encode("utf-16", "surrogatepass"),
        "a.csv",
        kinds.ENCODING,
        2,
    ),
    "UTF-8 cut in a character": (lambda: f"{CSV}{CSV}微".encode()[:-1], "a.csv", kinds.ENCODING, 5),
    "a line of GB18030 in UTF-8": (
        lambda: CSV.encode() * 3 + ROW.encode("gb18030") + b"\r\n",
        "a.csv",
        kinds.ENCODING,
        7,
    ),
    "a broken byte in GB18030": (
        lambda: (CSV * 3).encode("gb18030") + ROW.encode("gb18030").replace(b",4", b"\xff,4"),
        "a.csv",
        kinds.ENCODING,
        7,
    ),
    "neither encoding": (lambda: CSV.encode().replace(b",", b"\xff"), "a.csv", kinds.ENCODING, 1),
    "surrogates in UTF-8": (
        lambda: (CSV * 2 + "\ud800").encode("utf-8", "surrogatepass"),
        "a.csv",
        kinds.ENCODING,
        5,
    ),
    "noise": (lambda: bytes(range(256)) * 40, "a.csv", kinds.ENCODING, 2),
}
JSONS: dict[str, tuple[Make, str, str, int]] = {
    "JSON of scalars": (lambda: "[1, 2, 3]", "a.json", kinds.NOT_OBJECT, 1),
    "JSON of lists": (lambda: "[[1], [2]]", "a.json", kinds.NOT_OBJECT, 1),
    "JSON without entries": (lambda: "[]", "a.json", kinds.NO_ROWS, 0),
    "JSON without a list": (lambda: '{"data": {"count": 1}}', "a.json", kinds.NO_LIST, 0),
    "JSON cut": (lambda: f"[{OBJECT},\n{OBJECT[:20]}", "a.json", kinds.JSON, 2),
    "JSON with more behind": (lambda: f"[{OBJECT}]\n]", "a.json", kinds.JSON, 2),
    "JSON with a broken byte": (
        lambda: f"[{OBJECT},\n".encode() + b'{"a": "\xff"}]',
        "a.json",
        kinds.ENCODING,
        2,
    ),
    "JSON with NUL": (lambda: f"[{OBJECT},\n\0]", "a.json", kinds.NUL, 2),
    "JSON, no document": (lambda: "null", "a.json", kinds.NO_LIST, 0),
    "JSON nested without end": (lambda: "[" * 1_000_000, "a.json", kinds.DEEP, 0),
    "JSON Lines nested": (lambda: f'{OBJECT}\n{{"a": {"[" * 40}{"]" * 40}}}', "a.jsonl", kinds.DEEP, 2),
    "JSON Lines nested without end": (lambda: f'{OBJECT}\n{{"a": {"[" * 500_000}', "a.jsonl", kinds.DEEP, 2),
    "JSON Lines of lists": (lambda: f"{OBJECT}\n[1]", "a.jsonl", kinds.NOT_OBJECT, 2),
    "JSON Lines cut": (lambda: f"{OBJECT}\n{OBJECT[:20]}", "a.jsonl", kinds.JSON, 2),
    "a key twice": (lambda: f'{OBJECT}\n{{"a": 1, "a": 2}}', "a.jsonl", kinds.KEY_TWICE, 2),
    "a key twice within": (lambda: f'{OBJECT}\n{{"a": {{"b": 1, "b": 1}}}}', "a.jsonl", kinds.KEY_TWICE, 2),
    "NaN": (lambda: f'{OBJECT}\n{{"a": NaN}}', "a.jsonl", kinds.NUMBER, 2),
    "infinity": (lambda: f'{OBJECT}\n{{"a": -Infinity}}', "a.jsonl", kinds.NUMBER, 2),
    "a number beyond infinity": (lambda: f'{OBJECT}\n{{"a": 1e999}}', "a.jsonl", kinds.NUMBER, 2),
    "a number of 5,000 digits": (lambda: f'{OBJECT}\n{{"a": {"9" * 5000}}}', "a.jsonl", kinds.NUMBER, 2),
    "half a pair": (lambda: f'{OBJECT}\n{{"a": "\\ud83d"}}', "a.jsonl", kinds.CHARACTER, 2),
    "half a pair in a key": (lambda: f'{OBJECT}\n{{"\\udc00": 1}}', "a.jsonl", kinds.CHARACTER, 2),
    "NUL escaped": (lambda: f'{OBJECT}\n{{"a": ["\\u0000"]}}', "a.jsonl", kinds.NUL, 2),
    "JSON Lines with a long line": (
        lambda: f"{OBJECT}\n{json.dumps({'a': 'x' * 2 * MIB})}",
        "a.jsonl",
        kinds.LONG_LINE,
        2,
    ),
}
ARCHIVES: dict[str, tuple[Make, str, str, int]] = {
    "gzip cut": (lambda: gzip.compress(CSV.encode() * 99)[:-20], "a.csv.gz", kinds.DAMAGED, 0),
    "gzip with a wrong checksum": (
        lambda: gzip.compress(CSV.encode())[:-8] + b"\0" * 8,
        "a.csv.gz",
        kinds.DAMAGED,
        0,
    ),
    "gzip of nothing": (lambda: gzip.compress(b""), "a.csv.gz", kinds.EMPTY, 0),
    "gzip without its ending": (lambda: gzip.compress(CSV.encode()), "a.csv", kinds.ENDING, 0),
    "gzip of a gzip": (
        lambda: gzip.compress(gzip.compress(CSV.encode())),
        "a.csv.gz.gz",
        kinds.ARCHIVE,
        0,
    ),
    "gzip bomb": (lambda: gzip_bomb(b"a," * 2 * MIB, 2_500), "a.csv.gz", kinds.TOO_LARGE, 0),
    "zip bomb": (
        lambda: zip_with_raw("a.csv", deflated_bomb(b"\0" * 4 * MIB, 2_500), 10 * GIB),
        "a.zip",
        kinds.TOO_LARGE,
        0,
    ),
    "zip bomb that lies": (
        lambda: zip_with_raw("a.csv", deflated_bomb(CSV.encode() * 40_000, 2_500), 1_000),
        "a.zip",
        kinds.DAMAGED,
        0,
    ),
    "zip of two": (lambda: zipped({"a.csv": CSV, "b.csv": CSV}), "a.zip", kinds.ARCHIVE, 0),
    "zip of nothing": (lambda: zipped({}), "a.zip", kinds.ARCHIVE, 0),
    "zip of a folder": (lambda: zipped({"a/": ""}), "a.zip", kinds.ARCHIVE, 0),
    "zip of a zip": (lambda: zipped({"a.zip": zipped({"a.csv": CSV})}), "a.zip", kinds.ARCHIVE, 0),
    "zip of a gzip": (lambda: zipped({"a.csv.gz": gzip.compress(b"x")}), "a.zip", kinds.ARCHIVE, 0),
    "gzip of a zip": (lambda: gzip.compress(zipped({"a.csv": CSV})), "a.zip.gz", kinds.ARCHIVE, 0),
    "zip, path upward": (lambda: zipped({"../../etc/a.csv": CSV}), "a.zip", kinds.ARCHIVE, 0),
    "zip, path from the root": (lambda: zipped({"/etc/a.csv": CSV}), "a.zip", kinds.ARCHIVE, 0),
    "zip, path of Windows": (lambda: zipped({"C:\\a.csv": CSV}), "a.zip", kinds.ARCHIVE, 0),
    "zip, name that hides": (lambda: zipped({"a\u202evsc.csv": CSV}), "a.zip", kinds.ARCHIVE, 0),
    "zip with a password": (_encrypted_zip, "a.zip", kinds.PASSWORD, 0),
    "zip cut": (lambda: zipped({"a.csv": CSV})[:-30], "a.zip", kinds.DAMAGED, 0),
    "zip with a wrong checksum": (_wrong_checksum, "a.zip", kinds.DAMAGED, 0),
    "zip of a million entries": (lambda: many_entries(1_000_000), "a.zip", kinds.ARCHIVE, 0),
    "zip of 20,000 entries": (lambda: many_entries(20_000), "a.zip", kinds.ARCHIVE, 0),
    "zip of a picture": (lambda: zipped({"a.png": b"\x89PNG\r\n\x1a\n"}), "a.zip", kinds.FOREIGN, 0),
    "zip without its ending": (lambda: zipped({"a.csv": CSV}), "a.csv", kinds.ARCHIVE, 0),
}
FOREIGN: dict[str, tuple[Make, str, str, int]] = {
    "xls": (lambda: OLE, "a.xls", kinds.OLD_WORKBOOK, 0),
    "xls named xlsx": (lambda: OLE, "a.xlsx", kinds.OLD_WORKBOOK, 0),
    "workbook with a password": (
        lambda: OLE + "EncryptedPackage".encode("utf-16-le"),
        "a.xlsx",
        kinds.PASSWORD,
        0,
    ),
    "PDF": (lambda: b"%PDF-1.7\n", "a.pdf", kinds.FOREIGN, 0),
    "PNG named xlsx": (lambda: b"\x89PNG\r\n\x1a\n\0\0", "a.xlsx", kinds.FOREIGN, 0),
    "RAR": (lambda: b"Rar!\x1a\x07\x01\0", "a.rar", kinds.FOREIGN, 0),
    "7z": (lambda: b"7z\xbc\xaf\x27\x1c\0\4", "a.7z", kinds.FOREIGN, 0),
    "Word": (lambda: zipped({"word/document.xml": "x"}), "a.docx", kinds.FOREIGN, 0),
    "Word named xlsx": (lambda: zipped({"word/document.xml": "x"}), "a.xlsx", kinds.FOREIGN, 0),
    "OpenDocument": (
        lambda: zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
        "a.ods",
        kinds.FOREIGN,
        0,
    ),
    "xlsb": (lambda: zipped({"xl/workbook.bin": b"x"}), "a.xlsb", kinds.FOREIGN, 0),
    "web page named xls": (lambda: "<html><table><tr><td>平台</table>", "a.xls", kinds.FOREIGN, 0),
    "web page named csv": (lambda: "\ufeff<!DOCTYPE html>", "a.csv", kinds.FOREIGN, 0),
    "XML of Excel 2003": (lambda: "<?xml version='1.0'?><Workbook/>", "a.xls", kinds.FOREIGN, 0),
    "CSV named xlsx": (lambda: CSV, "a.xlsx", kinds.ENDING, 0),
    "CSV named xls": (lambda: CSV, "a.xls", kinds.ENDING, 0),
    "CSV without ending": (lambda: CSV, "名单", kinds.ENDING, 0),
    "JSON named csv": (lambda: f"[{OBJECT}]", "a.csv", kinds.ENDING, 0),
    "JSON named jsonl": (lambda: f"[\n{OBJECT}\n]", "a.jsonl", kinds.ENDING, 0),
    "JSON Lines named json": (lambda: f"{OBJECT}\n{OBJECT}\n", "a.json", kinds.ENDING, 0),
    "CSV named json": (lambda: CSV, "a.json", kinds.JSON, 1),
    "CSV named jsonl": (lambda: CSV, "a.jsonl", kinds.JSON, 1),
    "xlsx named csv": (lambda: SPREADSHEET, "a.csv", kinds.ENDING, 0),
    "xlsx named xls": (lambda: SPREADSHEET, "a.xls", kinds.ENDING, 0),
}
WORKBOOKS: dict[str, tuple[Make, str, str, int]] = {
    "macros": (_with_part("xl/vbaProject.bin"), "a.xlsm", kinds.MACROS, 0),
    "macros named xlsx": (_with_part("xl/vbaProject.bin"), "a.xlsx", kinds.MACROS, 0),
    "macro sheet": (_with_part("xl/macrosheets/sheet1.xml"), "a.xlsx", kinds.MACROS, 0),
    "links to other files": (_with_part("xl/externalLinks/externalLink1.xml"), "a.xlsx", kinds.LINKS, 0),
    "workbook cut": (lambda: SPREADSHEET[:-400], "a.xlsx", kinds.DAMAGED, 0),
    "workbook without sheets": (lambda: workbook(), "a.xlsx", kinds.NO_ROWS, 0),
    "sheet without cells": (_of_sheet(lambda: sheet("")), "a.xlsx", kinds.NO_ROWS, 0),
    "sheet with only a header": (_of_sheet(lambda: sheet(HEADER_ROW)), "a.xlsx", kinds.NO_ROWS, 0),
    "sheet that is no XML": (_of_sheet(lambda: "no XML"), "a.xlsx", kinds.DAMAGED, 0),
    "sheet cut": (_of_sheet(lambda: GOOD[:-60]), "a.xlsx", kinds.DAMAGED, 0),
    "sheet missing": (
        lambda: zipped({n: c for n, c in workbook_parts(GOOD).items() if "sheet1" not in n}),
        "a.xlsx",
        kinds.DAMAGED,
        0,
    ),
    "a part twice": (_with_part("XL/WORKSHEETS/SHEET1.XML", GOOD), "a.xlsx", kinds.DAMAGED, 0),
    "billion laughs": (_of_sheet(_laughs), "a.xlsx", kinds.DAMAGED, 0),
    "DTD": (
        _of_sheet(lambda: GOOD.replace("<worksheet", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><worksheet")),
        "a.xlsx",
        kinds.DAMAGED,
        0,
    ),
    "column twice in a sheet": (
        _of_sheet(lambda: sheet(row(1, ["平台", "平台"]) + row(2, ["微博", "微博"]))),
        "a.xlsx",
        kinds.HEADER_TWICE,
        1,
    ),
    "2,000 columns in a sheet": (
        _of_sheet(lambda: sheet(f'<row r="1">{cell("", "x") * 2_000}</row>'.replace(' r=""', ""))),
        "a.xlsx",
        kinds.COLUMNS,
        1,
    ),
    "a long number": (_in_sheet(cell("B3", 4101001234567890123)), "a.xlsx", kinds.ROUNDED, 3),
    "a number of 16 digits": (_in_sheet(cell("B3", 1234567890123456)), "a.xlsx", kinds.ROUNDED, 3),
    "an error value": (_in_sheet('<c r="B3" t="e"><v>#REF!</v></c>'), "a.xlsx", kinds.ERROR_VALUE, 3),
    "an error of a formula": (
        _in_sheet('<c r="A3" t="e"><f>1/0</f><v>#DIV/0!</v></c>'),
        "a.xlsx",
        kinds.ERROR_VALUE,
        3,
    ),
    "a formula without value": (_in_sheet('<c r="B3"><f>A1</f></c>'), "a.xlsx", kinds.FORMULA, 3),
    "a formula with an empty value": (_in_sheet('<c r="B3"><f>A1</f><v/></c>'), "a.xlsx", kinds.FORMULA, 3),
    "a cell beyond the columns": (_in_sheet(cell("AA3", "远")), "a.xlsx", kinds.CELLS, 3),
    "a cell far away": (_in_sheet(cell("XFD1048576", "远"), 1048576), "a.xlsx", kinds.TOO_LARGE, 0),
    "a cell beyond the sheet": (_in_sheet(cell("XFE3", "远")), "a.xlsx", kinds.DAMAGED, 0),
    "a cell beyond the rows": (_in_sheet(cell("A9999999", "远")), "a.xlsx", kinds.DAMAGED, 0),
    "a cell without a place": (_in_sheet(cell("!!", "远")), "a.xlsx", kinds.DAMAGED, 0),
    "a cell of 33,000 characters": (_in_sheet(cell("A3", "长" * 33_000)), "a.xlsx", kinds.LONG_CELL, 3),
    "a cell of 2 MB": (_in_sheet(cell("A3", "长" * 700_000)), "a.xlsx", kinds.LONG_CELL, 3),
    "a cell of 1 GB": (
        lambda: _sheet_bomb('<row r="2"><c r="A2" t="inlineStr"><is><t>', b"a" * 4 * MIB, 256),
        "a.xlsx",
        kinds.TOO_LARGE,
        0,
    ),
    "a cell of 60 MB": (
        lambda: _sheet_bomb('<row r="2"><c r="A2" t="inlineStr"><is><t>', b"a" * 4 * MIB, 15),
        "a.xlsx",
        kinds.LONG_CELL,
        0,
    ),
    "a tag of 60 MB": (
        lambda: _sheet_bomb('<row r="2"><c r="', b"a" * 4 * MIB, 15),
        "a.xlsx",
        kinds.LONG_CELL,
        0,
    ),
    "a shared text of 3 MB": (
        lambda: workbook(GOOD, xl__sharedStrings_xml=shared("长" * MIB)),
        "a.xlsx",
        kinds.LONG_CELL,
        0,
    ),
    "a shared text in pieces": (
        lambda: workbook(
            GOOD, xl__sharedStrings_xml=shared("").replace("<t></t>", "<r><t>长长</t></r>" * 200_000)
        ),
        "a.xlsx",
        kinds.LONG_CELL,
        0,
    ),
    "sheet bomb of 10 GB": (
        lambda: _sheet_bomb("", row(2, ["a"]).encode() * 90_000, 2_000),
        "a.xlsx",
        kinds.TOO_LARGE,
        0,
    ),
    "six million cells in one place": (
        lambda: _sheet_bomb("", b"<c r='A2'><v>1</v></c>" * 100_000, 60),
        "a.xlsx",
        kinds.TOO_LARGE,
        0,
    ),
    "a text in 200,000 cells": (_texts_written_out, "a.xlsx", kinds.TOO_LARGE, 0),
    "a merge over every cell": (
        _in_sheet("", after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        "a.xlsx",
        kinds.HEADER_TWICE,
        1,
    ),
    "a merge many times": (
        lambda: workbook(
            sheet(
                "".join(row(n, ["x"]) for n in range(1, 2001)),
                "<mergeCells>" + '<mergeCell ref="A1:A2000"/>' * 5_000 + "</mergeCells>",
            )
        ),
        "a.xlsx",
        kinds.DAMAGED,
        0,
    ),
    "a merge that is none": (
        _in_sheet("", after='<mergeCells><mergeCell ref="??"/></mergeCells>'),
        "a.xlsx",
        kinds.DAMAGED,
        0,
    ),
    "a million sheets": (
        _with_part(
            "xl/workbook.xml",
            "<workbook><sheets>" + '<sheet name="a" sheetId="1"/>' * 300_000 + "</sheets></workbook>",
        ),
        "a.xlsx",
        kinds.DAMAGED,
        0,
    ),
    "a NUL in a cell": (_in_sheet(cell("A3", "a_x0000_b")), "a.xlsx", kinds.NUL, 3),
    "ten thousand parts and more": (
        lambda: zipped(workbook_parts(GOOD) | {f"xl/media/{n}.png": b"" for n in range(10_001)}),
        "a.xlsx",
        kinds.ARCHIVE,
        0,
    ),
}
FILES = TEXTS | JSONS | ARCHIVES | FOREIGN | WORKBOOKS

"""Which format some bytes are, by what they begin with; other formats by what to do instead. Pure."""

import json
import re
import zipfile
from pathlib import PurePath

from common.faults import BadFile, Text, visible
from common.sheets import kinds
from common.sheets.containers import PASSWORD

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENDINGS = {
    ".csv": ("csv", "tsv"),
    ".tsv": ("tsv",),
    ".txt": ("csv", "tsv"),
    ".xlsx": ("xlsx",),
    ".json": ("json",),
    ".jsonl": ("jsonl",),
    ".ndjson": ("jsonl",),
}
"""The endings of names that are read, and what may be in such a file."""
_FOREIGN = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"SQLite format 3", "SQLite"),
    (b"{\\rtf", "RTF"),
    (b"\x7fELF", "ELF"),
    (b"MZ", "EXE"),
)
_DOCUMENT = re.compile(r'(\[\s*[\[{"\]]|\{\s*("|\}))')
_EXPORT_AS_TABLE = Text(
    "请改为导出 .xlsx、.csv 或 .jsonl 表格文件", "export a table as .xlsx, .csv or .jsonl instead"
)
SAVE_AS_XLSX = Text(
    "请在 Excel 或 WPS 中打开，选择“文件→另存为”，类型选“Excel 工作簿（*.xlsx）”",
    "open it in a spreadsheet and choose File → Save As → Excel Workbook (*.xlsx)",
)


def refuse_foreign(beginning: bytes) -> None:
    """Raises BadFile if a file with this beginning is of a known format that is not read."""
    if beginning.startswith(OLE):
        raise _old_office(beginning)
    for start, name in _FOREIGN:
        if beginning.startswith(start):
            problem = Text(f"这是 {name} 文件，不是表格", f"this is a {name} file, not a table")
            raise kinds.refusal(kinds.FOREIGN, problem, _EXPORT_AS_TABLE)
    text = beginning.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].replace(b"\0", b"")
    if text.startswith((b"<", b"\xff\xfe<", b"\xfe\xff<")) or text.lower().startswith(b"mime-version"):
        problem = Text(
            "内容是网页或 XML（有些系统把网页存成 .xls）",
            "the content is a web page or XML (some programs save a web page as .xls)",
        )
        raise kinds.refusal(kinds.FOREIGN, problem, SAVE_AS_XLSX)


def _old_office(beginning: bytes) -> BadFile:
    if "EncryptedPackage".encode("utf-16-le") in beginning:
        return kinds.refusal(kinds.PASSWORD, *PASSWORD)
    problem = Text("这是旧版 Office 文件（.xls）", "this is a file of an old Office (.xls)")
    return kinds.refusal(kinds.OLD_WORKBOOK, problem, SAVE_AS_XLSX)


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Whether a zip is an XLSX workbook, not an archive. Raises BadFile for other documents and macros."""
    names = {name.lower() for name in archive.namelist()}
    if "xl/workbook.xml" in names:
        _refuse_unwanted(names)
        return True
    for part, shown in _DOCUMENTS.items():
        if part in names:
            problem = Text(f"这是 {shown} 文件", f"this is a file of {shown}")
            raise kinds.refusal(kinds.FOREIGN, problem, SAVE_AS_XLSX)
    return False


_DOCUMENTS = {
    "word/document.xml": "Word (.docx)",
    "ppt/presentation.xml": "PowerPoint (.pptx)",
    "xl/workbook.bin": "Excel (.xlsb)",
    "meta-inf/manifest.xml": "OpenDocument (.ods)",
    "mimetype": "OpenDocument (.ods)",
    "index/document.iwa": "Numbers",
}


def _refuse_unwanted(names: set[str]) -> None:
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        problem = Text("工作簿含有宏", "the workbook has macros")
        raise kinds.refusal(kinds.MACROS, problem, SAVE_AS_XLSX)
    if any("/externallinks/" in name for name in names):
        problem = Text("工作簿引用了其他文件的数据", "the workbook refers to data of other files")
        mend = Text(
            "请在 Excel 中选择“数据→编辑链接→断开链接”，保存后重新导入",
            "choose Data → Edit Links → Break Link in the spreadsheet, save, and bring it in again",
        )
        raise kinds.refusal(kinds.LINKS, problem, mend)


def text_kind(beginning: str, name: str) -> str:
    """What a text beginning like this is: csv, tsv, json or jsonl. The ending counts where both can be."""
    ending = PurePath(name.lower()).suffix
    expected = ENDINGS.get(ending, ("csv",))[0]
    beginning = beginning.lstrip()
    first, _, rest = beginning.partition("\n")
    if expected == "jsonl" and (first.strip() not in ("{", "[") and not first.startswith("[{")):
        return "jsonl"
    if first.startswith("{") and _is_json(first):
        return "jsonl" if rest.strip() or expected == "jsonl" else "json"
    if _DOCUMENT.match(beginning) or expected == "json":
        return "json"
    return "tsv" if expected == "tsv" else "csv"


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def check_ending(name: str, kind: str) -> None:
    """Raises BadFile, with the right ending, if a file with this name may not hold a `kind`."""
    ending = PurePath(name.lower()).suffix
    if kind in ENDINGS.get(ending, ()):
        return
    right = next(e for e, allowed in ENDINGS.items() if kind in allowed)
    better = visible(PurePath(name).stem if ending else name) + right
    problem = Text(
        f"扩展名是“{visible(ending) or '空'}”，内容却是 {kind.upper()}",
        f"the name ends with “{visible(ending)}”, the content is {kind.upper()}",
    )
    mend = Text(f"请将文件改名为“{better}”", f"rename the file to “{better}”")
    raise kinds.refusal(kinds.ENDING, problem, mend)

"""Builds files for tests: good ones, and the raw parts of workbooks that no program would write."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

HEADER = "平台,账号ID,账号名称,单位名称,行政区划代码,单位类别"
ROW = "微博,5912345678,郑州发布,郑州市人民政府办公室,410100,政府"
CSV = f"{HEADER}\r\n{ROW}\r\n"
OBJECT = '{"平台": "微博", "账号ID": "5912345678", "账号名称": "郑州发布"}'

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
STYLES = f"""{_XML}<styleSheet {MAIN}><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>
<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>
<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="22"/></cellXfs>
</styleSheet>"""


def zipped(members: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def cell(reference: str, value: object) -> str:
    """A cell as XML: a text, or a number."""
    if isinstance(value, str):
        return f'<c r="{reference}" t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c r="{reference}"><v>{value}</v></c>'


def row(number: int, values: list[object]) -> str:
    """A row as XML."""
    cells = "".join(cell(f"{chr(65 + i)}{number}", value) for i, value in enumerate(values))
    return f'<row r="{number}">{cells}</row>'


HEADER_ROW = row(1, list(HEADER.split(",")))
GOOD_ROW = row(2, list(ROW.split(",")))


def sheet(rows: str, after: str = "") -> str:
    """A worksheet as XML."""
    return f"{_XML}<worksheet {MAIN}><sheetData>{rows}</sheetData>{after}</worksheet>"


def workbook(*sheets: str, **parts: str | bytes) -> bytes:
    """A workbook of these sheets; `parts` replace its own, named with `__` for a slash, `_` for the point."""
    return zipped(workbook_parts(*sheets) | {_path(name): content for name, content in parts.items()})


def workbook_parts(*sheets: str) -> dict[str, str | bytes]:
    """The parts of a workbook of these sheets."""
    numbers = range(1, len(sheets) + 1)
    listed = "".join(f'<sheet name="表{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    links += f'<Relationship Id="rIdS" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    links += f'<Relationship Id="rIdT" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    types = (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="a/b"/></Types>'
    )
    root = f'<Relationship Id="r" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    return {
        "[Content_Types].xml": types,
        "_rels/.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{root}</Relationships>',
        "xl/workbook.xml": f'{_XML}<workbook {MAIN} xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": (
            f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'
        ),
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": shared("共享"),
        **{f"xl/worksheets/sheet{n}.xml": content for n, content in zip(numbers, sheets, strict=True)},
    }


def shared(*texts: str) -> str:
    """The shared texts of a workbook as XML."""
    return f"{_XML}<sst {MAIN}>{''.join(f'<si><t>{text}</t></si>' for text in texts)}</sst>"


def _path(name: str) -> str:
    folder, _, file = name.replace("__", "/").rpartition("_")
    return f"{folder}.{file}"


def deflated_bomb(block: bytes, times: int, before: bytes = b"", after: bytes = b"") -> bytes:
    """Raw deflate data of `before`, `block` so many times, and `after`, without ever holding it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = packer.compress(before) + packer.flush(zlib.Z_FULL_FLUSH)
    once = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + once + again * (times - 1) + packer.compress(after) + packer.flush()


def gzip_bomb(block: bytes, times: int) -> bytes:
    """A gzip file that unpacks to `block` so many times; its checksum is wrong, nobody should get there."""
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + deflated_bomb(block, times) + b"\0" * 8


def zip_with_raw(name: str, deflated: bytes, size: int, others: Mapping[str, str | bytes] = {}) -> bytes:
    """A zip with a member of ready deflate data said to unpack to `size` bytes, beside `others`."""
    archive = zipped(others)
    start, count = archive.rindex(b"PK\5\6"), len(others)
    directory_size, directory_at = struct.unpack("<II", archive[start + 12 : start + 20])
    body, directory = archive[:directory_at], archive[directory_at : directory_at + directory_size]
    told = name.encode()
    sizes = struct.pack("<III", 0, len(deflated), min(size, 0xFFFFFFFE))
    common = struct.pack("<HHHHH", 20, 0x800, 8, 0, 33) + sizes + struct.pack("<HH", len(told), 0)
    local = b"PK\3\4" + common + told
    entry = b"PK\1\2" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + told
    body += local + deflated
    directory += entry
    end = struct.pack("<HHHHIIH", 0, 0, count + 1, count + 1, len(directory), len(body), 0)
    return body + directory + b"PK\5\6" + end


def many_entries(count: int) -> bytes:
    """A zip that lists so many empty files, which share one local header."""
    local = b"PK\3\4" + struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 33, 0, 0, 0, 1, 0) + b"a"
    entry = b"PK\1\2" + struct.pack("<HHHHHHIIIHHHHHII", 20, 20, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0)
    directory = (entry + b"a") * count
    end = struct.pack("<HHHHIIH", 0, 0, count & 0xFFFF, count & 0xFFFF, len(directory), len(local), 0)
    return local + directory + b"PK\5\6" + end

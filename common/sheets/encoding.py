"""Bytes → lines of text. The encoding is recognised from the first MiB and named. Pure.

The rules, in order:
- a byte order mark says UTF-8, UTF-16LE or UTF-16BE;
- without one: UTF-8 if the bytes are, or if most lines with other than ASCII characters are (then single
  lines are broken: read as GB18030 they would turn into wrong characters without a word); else GB18030;
- a line that is not in this encoding is a fault of its own, and so is one that is too long or has a NUL;
- lines end with LF, CRLF or CRCRLF, mixed or not. A file with nothing but CR is refused.
"""

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO

from common.faults import BadFile, Faults, Place, Text
from common.sheets import kinds
from common.sheets.limits import MAX_LINE, MAX_LINES

SAVE_AS_UTF8 = Text(
    "请在 Excel 或 WPS 中另存为“CSV UTF-8（逗号分隔）”后重新导入",
    "save it in the spreadsheet as “CSV UTF-8 (comma delimited)” and bring it in again",
)
_MARKS = (
    (codecs.BOM_UTF8, "UTF-8"),
    (codecs.BOM_UTF16_LE, "UTF-16LE"),
    (codecs.BOM_UTF16_BE, "UTF-16BE"),
)


def recognised(sample: bytes, is_whole: bool) -> str:
    """How the file beginning with `sample` is written: UTF-8, UTF-16LE, UTF-16BE or GB18030.

    `is_whole`: nothing follows the sample. Raises BadFile where it is no text.
    """
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name
    if _is_utf16(sample):
        problem = Text(
            "文件是 UTF-16 编码，但开头没有字节顺序标记", "this is UTF-16 without its byte order mark"
        )
        raise kinds.refusal(kinds.ENCODING, problem, SAVE_AS_UTF8)
    if b"\r" in sample and b"\n" not in sample.rstrip(b"\0"):
        problem = Text("文件使用旧式 Mac 换行符（只有 CR）", "lines end with CR alone, as on old Macs")
        raise kinds.refusal(kinds.LINE_ENDS, problem, SAVE_AS_UTF8)
    return _without_mark(sample if is_whole else sample[: sample.rfind(b"\n") + 1] or sample)


def _without_mark(sample: bytes) -> str:
    if _is(sample, "utf-8"):
        return "UTF-8"
    lines = [line for line in sample.split(b"\n") if not line.isascii()]
    utf8 = sum(_is(line, "utf-8") for line in lines)
    chinese = sum(_is(line, "gb18030") for line in lines)
    if 2 * utf8 > len(lines):
        return "UTF-8"
    if 2 * chinese > len(lines):
        return "GB18030"
    name = "UTF-8" if utf8 else "GB18030"
    number, position = _first_wrong(sample, name)
    problem = Text(
        f"文字既不是 UTF-8 也不是 GB18030（第{position}个字节不对）",
        f"the text is neither UTF-8 nor GB18030 (byte {position} of the line is wrong)",
    )
    raise kinds.refusal(kinds.ENCODING, problem, SAVE_AS_UTF8, Place(line=number))


def _first_wrong(sample: bytes, name: str) -> tuple[int, int]:
    """Line and position of the first byte that is not in this encoding, both from 1."""
    for number, line in enumerate(sample.split(b"\n"), start=1):
        try:
            line.decode(name)
        except UnicodeDecodeError as error:
            return number, error.start + 1
    return 1, 1  # a character that goes on past a line break


def _is(data: bytes, name: str) -> bool:
    try:
        data.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def _is_utf16(sample: bytes) -> bool:
    """Whether every second byte of the beginning is NUL, as in Latin letters and commas written as UTF-16."""
    start = sample[:400]
    halves = start[::2].count(0), start[1::2].count(0)
    return max(halves) > len(start) // 8 and max(halves) > 4 * min(halves)


def as_utf8(file: BinaryIO, name: str) -> BinaryIO:
    """`file` with UTF-16 turned into UTF-8, so that there is one way to find lines; others as they are."""
    if name.startswith("UTF-16"):
        return io.BufferedReader(_FromUtf16(file, name))
    return file


class _FromUtf16(io.RawIOBase):
    """UTF-8 bytes of a UTF-16 file. What cannot be decoded comes as bytes that are not UTF-8 either."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder(name)(errors="surrogatepass")
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        while not self._ready:
            chunk = self._file.read(1 << 16)
            self._ready = self._transcoded(chunk)
            if not chunk and not self._ready:
                return 0
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _transcoded(self, chunk: bytes) -> bytes:
        try:
            return self._decoder.decode(chunk, final=not chunk).encode("utf-8", "surrogatepass")
        except UnicodeDecodeError:  # half a character at the end, or half a pair
            self._decoder.reset()
            return b"\xff"


def lines_of(file: BinaryIO, name: str, faults: Faults) -> Iterator[tuple[int, str]]:
    """Number (from 1) and text of each line that can be read, without its end. The others go to `faults`."""
    codec = "gb18030" if name == "GB18030" else "utf-8"
    number = 0
    while raw := file.readline(MAX_LINE + 1):
        number += 1
        if number > MAX_LINES:
            raise _too_many_lines()
        if len(raw) > MAX_LINE:
            _skip_rest(file, raw)
            _note_long(number, raw, codec, faults)
            continue
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError as error:
            _note_undecodable(number, raw, error, name, faults)
            continue
        if number == 1:
            text = text.lstrip("\ufeff")
        if "\0" in text:
            _note_nul(number, text, faults)
            continue
        yield number, text.rstrip("\r\n")


def texts_of(file: BinaryIO, name: str) -> Iterator[tuple[int, str]]:
    """Number and text of every line, what is too long cut off and what cannot be read as U+FFFD."""
    codec = "gb18030" if name == "GB18030" else "utf-8"
    number = 0
    while raw := file.readline(MAX_LINE):
        number += 1
        _skip_rest(file, raw)
        yield number, raw.decode(codec, "replace").lstrip("\ufeff").replace("\0", "\ufffd").rstrip("\r\n")


def _skip_rest(file: BinaryIO, raw: bytes) -> None:
    while raw and not raw.endswith(b"\n"):
        raw = file.readline(MAX_LINE)


def _too_many_lines() -> BadFile:
    problem = Text(f"文件超过 {MAX_LINES:,} 行", f"the file has more than {MAX_LINES:,} lines")
    mend = Text("请拆分成几个文件后分别导入", "split it into several files")
    return kinds.refusal(kinds.TOO_LARGE, problem, mend)


def _note_long(number: int, raw: bytes, codec: str, faults: Faults) -> None:
    problem = Text(f"这一行超过 {MAX_LINE:,} 字节", f"the line has more than {MAX_LINE:,} bytes")
    mend = Text(
        "请检查这一行是否缺少换行，或缩短其中的内容",
        "break the line where its rows end, or shorten its cells",
    )
    faults.add(kinds.LONG_LINE, Place(line=number, value=raw[:200].decode(codec, "replace")), problem, mend)


def _note_undecodable(number: int, raw: bytes, error: UnicodeDecodeError, name: str, faults: Faults) -> None:
    problem = Text(
        f"第{error.start + 1}个字节不是 {name} 文字（文件其余部分是 {name}）",
        f"byte {error.start + 1} of the line is not {name}, which the rest of the file is written in",
    )
    place = Place(line=number, value=raw[:200].decode(error.encoding, "replace").strip())
    faults.add(kinds.ENCODING, place, problem, SAVE_AS_UTF8)


def _note_nul(number: int, text: str, faults: Faults) -> None:
    problem = Text("含有空字符（NUL）", "there is a NUL character")
    mend = Text("请从原系统重新导出文本文件，或删除该字符", "export the file anew as text, or remove it")
    faults.add(kinds.NUL, Place(line=number, value=text.strip("\r\n")), problem, mend)

"""What a file is packed in: nothing, gzip, or a zip with exactly one file. Bounded in size and entries.

Nothing is ever written under a name that an archive gives. Whatever breaks while bytes are read ends in
BadFile.
"""

import gzip
import io
import zipfile
import zlib
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO, Protocol

from common.faults import BadFile, Text, visible
from common.sheets import kinds
from common.sheets.limits import (
    MAX_DIRECTORY,
    MAX_ENTRIES,
    MAX_RATIO,
    MAX_TEXT,
    MIB,
    RATIO_FROM,
)

GZIP = b"\x1f\x8b"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
BROKEN = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError)
"""What `gzip` and `zipfile` raise for damaged archives, those with a password or an unknown compression."""


@dataclass(frozen=True, slots=True)
class Content:
    """Unpacked bytes, what the file is called without its packing, and the member's name in an archive.

    `plain`: the file itself, where it is not packed.
    """

    file: "Bounded"
    name: str
    member: str = ""
    plain: BinaryIO | None = None


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Bounded(io.RawIOBase):
    """At most MAX_TEXT bytes of `source`, as packed as text can be. `packed`: the file they come from.

    Its beginning can be looked at before it is read.
    """

    def __init__(self, source: _Readable, packed: BinaryIO | None = None) -> None:
        self._source, self._packed = source, packed
        self._ahead = b""
        self._count = 0

    def readable(self) -> bool:
        return True

    def beginning(self, size: int) -> bytes:
        """The first `size` bytes, or all there are; to be called before anything is read."""
        while len(self._ahead) < size and (chunk := self._read(size - len(self._ahead))):
            self._ahead += chunk
        return self._ahead[:size]

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        chunk = self._ahead[: len(buffer)] or self._read(len(buffer))
        self._ahead = self._ahead[len(chunk) :]
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def _read(self, size: int) -> bytes:
        try:
            chunk = self._source.read(size)
        except BROKEN as error:
            raise damaged_archive() from error
        self._count += len(chunk)
        packed = self._packed.tell() if self._packed else self._count
        if self._count > MAX_TEXT or (self._count > RATIO_FROM and self._count > MAX_RATIO * packed):
            raise too_large(MAX_TEXT)
        return chunk


def unpacked(file: BinaryIO, name: str, stack: ExitStack) -> Content:
    """The content of a file called `name`; what is opened for it is closed by `stack`. Raises BadFile.

    A zip is unpacked if it is no office document, which is for the caller to know.
    """
    start = file.read(4)
    file.seek(0)
    if start.startswith(GZIP):
        _check_ending(name, ".gz")
        source = stack.enter_context(gzip.GzipFile(fileobj=file, mode="rb"))
        return Content(Bounded(source, file), name[: -len(".gz")], PurePosixPath(name[: -len(".gz")]).name)
    return Content(Bounded(file), name, plain=file)


def member_of(archive: zipfile.ZipFile, stack: ExitStack) -> Content:
    """The one file in a zip. Raises BadFile if there is none, or several, or it is not what it seems."""
    members = [info for info in archive.infolist() if not _is_left_aside(info)]
    if len(members) != 1:
        raise _not_one(members)
    info = members[0]
    name = name_of(info)
    _check_name(name)
    if info.flag_bits & 1:
        raise kinds.refusal(kinds.PASSWORD, *PASSWORD)
    if info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * info.compress_size:
        raise too_large(MAX_TEXT)
    try:
        source = stack.enter_context(archive.open(info))
    except BROKEN as error:
        raise damaged_archive() from error
    return Content(Bounded(source), PurePosixPath(name).name, name)


def archive_in(file: BinaryIO) -> zipfile.ZipFile:
    """The zip archive in `file`, its list of files read. Raises BadFile."""
    try:
        archive = zipfile.ZipFile(_Sparing(file))
    except _DirectoryTooLarge as error:
        raise _too_many() from error
    except BROKEN as error:
        raise damaged_archive() from error
    if len(archive.infolist()) > MAX_ENTRIES:
        raise _too_many()
    return archive


class _DirectoryTooLarge(Exception):
    """An archive's list of files would fill the memory."""


class _Sparing(io.BufferedIOBase):
    """A file from which not more than MAX_DIRECTORY is read at once, as `zipfile` reads the list of files."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int | None = -1) -> bytes:
        data = self._file.read(
            MAX_DIRECTORY + 1 if size is None or size < 0 else min(size, MAX_DIRECTORY + 1)
        )
        if len(data) > MAX_DIRECTORY:
            raise _DirectoryTooLarge
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True


def name_of(info: zipfile.ZipInfo) -> str:
    """The member's name; archives made by Chinese Windows write it in GB18030 without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def _is_left_aside(info: zipfile.ZipInfo) -> bool:
    """Folders, and what macOS and Windows add by themselves."""
    parts = info.filename.split("/")
    return info.is_dir() or parts[0] == "__MACOSX" or parts[-1] in (".DS_Store", "Thumbs.db", "desktop.ini")


def _check_name(name: str) -> None:
    if (
        "\\" in name
        or ":" in name
        or name.startswith("/")
        or ".." in name.split("/")
        or not name.isprintable()
    ):
        problem = Text(
            f"压缩包中的文件名“{visible(name)}”不安全",
            f"the name “{visible(name)}” in the archive is not safe",
        )
        mend = Text("请重新压缩，只放入表格文件", "pack the table file anew, alone and without folders")
        raise kinds.refusal(kinds.ARCHIVE, problem, mend)


def _check_ending(name: str, ending: str) -> None:
    if not name.lower().endswith(ending):
        problem = Text(f"文件内容是 {ending} 压缩格式", f"the content is packed as {ending}")
        mend = Text(f"请将文件名改为“{visible(name)}{ending}”", f"rename it to “{visible(name)}{ending}”")
        raise kinds.refusal(kinds.ENDING, problem, mend)


def _not_one(members: list[zipfile.ZipInfo]) -> BadFile:
    shown = "、".join(visible(name_of(info)) for info in members[:3])
    problem = Text(
        f"压缩包中应当只有一个文件，实际有 {len(members):,} 个{f'（{shown}…）' if members else ''}",
        f"a zip must hold exactly one file, this one holds {len(members):,}",
    )
    mend = Text("请只压缩要导入的那一个文件", "pack only the file that is to be brought in")
    return kinds.refusal(kinds.ARCHIVE, problem, mend)


def _too_many() -> BadFile:
    problem = Text(
        f"压缩包中的文件超过 {MAX_ENTRIES:,} 个", f"more than {MAX_ENTRIES:,} files in the archive"
    )
    mend = Text("请只压缩要导入的那一个文件", "pack only the file that is to be brought in")
    return kinds.refusal(kinds.ARCHIVE, problem, mend)


def damaged_archive() -> BadFile:
    """The error for bytes that cannot be unpacked."""
    problem = Text("文件损坏或不完整，无法解压", "damaged or cut short, it cannot be unpacked")
    mend = Text("请重新下载或重新压缩后再导入", "download or pack it again")
    return kinds.refusal(kinds.DAMAGED, problem, mend)


def too_large(limit: int) -> BadFile:
    """The error for a file that unpacks to more than is read."""
    problem = Text(
        f"解压后过大（上限 {limit // MIB:,} MB）或压缩率异常",
        f"too large once unpacked (at most {limit // MIB:,} MB), or packed too well to be a table",
    )
    mend = Text("请拆分成几个文件后分别导入", "split it into several files")
    return kinds.refusal(kinds.TOO_LARGE, problem, mend)


PASSWORD = (
    Text("文件有密码保护", "the file is protected by a password"),
    Text(
        "请在 Excel 或 WPS 中打开，选择“文件→信息→保护工作簿→用密码进行加密”，清空密码后保存；"
        "压缩包请去掉密码重新压缩",
        "open it, remove the password (File → Info → Protect Workbook → Encrypt with Password) and save;"
        " pack an archive again without one",
    ),
)

"""How a file comes in: where a large body is taken at all, and its bytes on their way to where they stay.

The server takes what a form needs and no more (`config.web`). A file is taken at an address only: one that
this installation signed for somebody it showed the form to, not long ago. There the bytes of the one file go
straight into a new folder, for the owner of the data folder alone; no name of the sender is used for it.
"""

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.urls import reverse

from registry.uploads import FILE, LIMITS

SIGNED_FOR_S = 12 * 3600  # as long as a sign-in can last
FIELDS = 64 * 1024  # what a form holds beside its file
_SIGNER = signing.TimestampSigner(salt="console.inbox")
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Received(UploadedFile):  # type: ignore[type-arg]
    """A file that has arrived; its bytes lie at `path`, its `sha256` was taken on the way."""

    def __init__(self, name: str, size: int, path: Path, sha256: str) -> None:
        super().__init__(file=None, name=name, size=size)
        self.path, self.sha256 = path, sha256


class Inbox(FileUploadHandler):
    """Writes the first file of a form into `folder`; what else is sent as a file is passed over.

    `problem` says why it was not kept: "too_large", "no_room" (on the disk), or "".
    """

    def __init__(self, folder: Path, limit: int) -> None:
        super().__init__()
        self.folder, self.limit, self.problem, self.kept = folder, limit, "", False
        self._descriptor, self._size, self._hash = -1, 0, hashlib.sha256()

    @property
    def path(self) -> Path:
        """Where the bytes lie."""
        return self.folder / FILE

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file begins. SkipFile for a second one."""
        super().new_file(*args, **kwargs)
        if self._size or self._descriptor >= 0 or self.problem:
            raise SkipFile
        self._descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """A piece of it. SkipFile when it is too large, or the disk full."""
        self._size += len(raw_data)
        if self._size > self.limit:
            self._give_up("too_large")
        self._hash.update(raw_data)
        try:
            _write(self._descriptor, raw_data)
        except OSError as error:
            if error.errno not in _FULL:
                raise
            self._give_up("no_room")

    def file_complete(self, file_size: int) -> Received:
        """The file is whole, and on the disk to stay."""
        os.fsync(self._descriptor)
        self.close()
        return Received(self.file_name or "", self._size, self.path, self._hash.hexdigest())

    def close(self) -> None:
        """Let go of the file."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor = -1

    def _give_up(self, problem: str) -> None:
        self.problem = problem
        self.close()
        raise SkipFile


@contextmanager
def inbox(folder: Path, limit: int) -> Iterator[Inbox]:
    """An inbox over a new `folder`, which is removed afterwards unless somebody set `kept`."""
    folder.mkdir(mode=0o700, parents=True)
    box = Inbox(folder, limit)
    try:
        yield box
    finally:
        box.close()
        if not box.kept:
            shutil.rmtree(folder)


def address(kind: str) -> str:
    """Where a form sends a file of `kind`; holds for twelve hours."""
    return f"{reverse(f'bring_{kind}')}?{urlencode({'signed': _SIGNER.sign(kind)})}"


def largest_body(path: str, query: str) -> int | None:
    """How long the body may be that is sent to this address; None where it is none of `address`."""
    try:
        (signed,) = parse_qs(query, max_num_fields=1).get("signed", [""])
        kind = _SIGNER.unsign(signed, max_age=SIGNED_FOR_S)
    except (signing.BadSignature, ValueError):
        return None
    return LIMITS[kind] + FIELDS if path == reverse(f"bring_{kind}") else None


def _write(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]

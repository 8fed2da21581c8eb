"""Bytes kept as they came, each under its SHA-256 in `captures/` of the data folder.

A capture is written under a temporary name and renamed, so after a kill a file with a final name is whole.
`sync` makes that true after a power cut too; ingest calls it before it commits the rows that name captures.
"""

import hashlib
import os
import re
import threading
from pathlib import Path

from common.datafolder import folder

_BLOCK = 1 << 20
_DIGEST = re.compile(r"[0-9a-f]{64}")


class CaptureError(Exception):
    """A capture is missing or is not what its name says."""


def directory() -> Path:
    """Where captures lie."""
    return folder() / "captures"


def keep(body: bytes) -> str:
    """Keep `body` and return its SHA-256 in hex; keeping the same bytes again does nothing."""
    digest = hashlib.sha256(body).hexdigest()
    path = directory() / digest
    if not path.exists():
        directory().mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_name(f".{digest}.{os.getpid()}")
        part.write_bytes(body)
        part.rename(path)
    return digest


def keep_file(source: Path) -> tuple[str, int]:
    """Keep the bytes of the file at `source`, block by block; its SHA-256 in hex and its size.

    They survive a power cut from then on. Raises OSError if the file cannot be read or kept.
    """
    directory().mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    part = directory() / f".file.{os.getpid()}.{threading.get_ident()}"
    try:
        with source.open("rb") as file, part.open("wb") as copy:
            while block := file.read(_BLOCK):
                digest.update(block)
                size += copy.write(block)
            copy.flush()
            os.fsync(copy.fileno())
        part.rename(directory() / digest.hexdigest())
        _sync_directory()
    finally:
        part.unlink(missing_ok=True)
    return digest.hexdigest(), size


def _sync_directory() -> None:
    handle = os.open(directory(), os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(digest: str) -> bytes:
    """The kept bytes. Raises CaptureError if they are gone or changed: never shown as proof then."""
    if not _DIGEST.fullmatch(digest):
        raise CaptureError(f"{digest[:80]!r} is no capture; somebody changed the database")
    try:
        body = _plain_file(directory() / digest)
    except FileNotFoundError:
        raise CaptureError(f"capture {digest} is missing from {directory()}") from None
    except OSError as error:
        raise CaptureError(f"capture {digest} cannot be read: {error.strerror}") from None
    if hashlib.sha256(body).hexdigest() != digest:
        raise CaptureError(f"capture {digest} was changed on disk")
    return body


def _plain_file(path: Path) -> bytes:
    """The bytes of a file that is no link; a pipe put in its place is not waited for."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        return file.read()


def sync() -> None:
    """Make everything kept so far survive a power cut."""
    os.sync()

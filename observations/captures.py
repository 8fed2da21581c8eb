"""Bytes kept as they came, each under its SHA-256 in `captures/` of the data folder.

A capture is written under a temporary name and renamed, so after a kill a file with a final name is whole.
`sync` makes that true after a power cut too; ingest calls it before it commits the rows that name captures.
"""

import hashlib
import os
from pathlib import Path

from common.datafolder import folder


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


def read(digest: str) -> bytes:
    """The kept bytes. Raises CaptureError if they are gone or changed: never shown as proof then."""
    try:
        body = (directory() / digest).read_bytes()
    except FileNotFoundError:
        raise CaptureError(f"capture {digest} is missing from {directory()}") from None
    if hashlib.sha256(body).hexdigest() != digest:
        raise CaptureError(f"capture {digest} was changed on disk")
    return body


def sync() -> None:
    """Make everything kept so far survive a power cut."""
    os.sync()

"""A result that appears whole or not at all: gathered aside, then put in place in one step."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from detection.rowfiles import MatchInputError, why_unreadable


@contextmanager
def written(path: Path | None) -> Iterator[BinaryIO]:
    """A file to write to; when the block ends well its content stands at `path`, or went to standard output.

    A regular file is written beside its place, synced and renamed. What cannot be renamed over (a pipe,
    /dev/null) gets the content at the end, as standard output does. Raises MatchInputError where `path` is
    no place to write to, OSError when writing fails.
    """
    if path is None:
        with tempfile.TemporaryFile() as file:
            yield file
            _copy(file, sys.stdout.buffer)
    elif path.exists() and not path.is_file():
        with _open(path) as target, tempfile.TemporaryFile() as file:
            yield file
            _copy(file, target)
    else:
        with _renamed(path.resolve()) as file:
            yield file


@contextmanager
def _renamed(path: Path) -> Iterator[BinaryIO]:
    part, file = _beside(path)
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("wb")
    except OSError as error:
        raise MatchInputError(f"{path}: cannot be written: {why_unreadable(error)}") from error


def _beside(path: Path) -> tuple[Path, BinaryIO]:
    """A new file in the folder of `path`: only there can it be renamed in one step."""
    try:
        handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise MatchInputError(f"{path}: cannot be written: {why_unreadable(error)}") from error
    return Path(part), os.fdopen(handle, "wb")


def _copy(file: BinaryIO, target: BinaryIO) -> None:
    file.seek(0)
    shutil.copyfileobj(file, target)
    target.flush()


def _sync_folder(folder: Path) -> None:
    """The rename itself outlives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

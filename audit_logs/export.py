"""Writes the log as files anybody can check (C2SP tlog-tiles): checkpoint, public key, tiles, entries.

* What is exported is what the last checkpoint covers; the same log and checkpoint give the same bytes.
* A new export is built beside its place and renamed into it.
* An earlier export of this log is continued: tiles first, the checkpoint once they are on disk, then
  partial tiles it no longer needs are removed. Until the checkpoint is replaced, the earlier export is whole.
* Before anything is written the log is verified, also against the checkpoint of the earlier export.
"""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from audit_logs import checkpoint, keys, note, tiles, tree
from audit_logs.errors import ExportRefused
from audit_logs.models import Entry
from audit_logs.verify_database import verify_database
from audit_logs.verify_directory import CHECKPOINT, KEY, files, key_file, read_head, read_key
from common.crash import crash_point

_TILE = re.compile(r"tile/(entries|[0-9]{1,2})/(x[0-9]{3}/)*[0-9]{3}(\.p/[0-9]{1,3})?")
_PART = ".part"


def export(folder: Path) -> tree.Head:
    """Write the log up to its last checkpoint to `folder`, and return what that checkpoint covers.

    Raises ExportRefused if there is no checkpoint yet or the folder holds something else; Wrong if the log is
    broken, or if the folder holds another history of this log.
    """
    last = checkpoint.latest()
    if last is None:
        raise ExportRefused("nothing is signed yet: zhenwei audit checkpoint, then export")
    key, head = keys.verifier_key(), tree.Head(last.size, bytes(last.root))
    earlier = _earlier(folder, key)
    tree.demand_intact(verify_database(key, also=[earlier] if earlier else []))
    if earlier:
        _write_log(folder, head, key, bytes(last.note))
        _remove_spare(folder, head.size)
    else:
        _build(folder, head, key, bytes(last.note))
    return head


def _earlier(folder: Path, key: note.VerifierKey) -> tree.Head | None:
    """The head of an earlier export of this log in `folder`; None if it is empty or not there."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise ExportRefused(f"{folder} is not a folder")
    if not folder.exists() or not any(folder.iterdir()):
        return None
    foreign = [path for path in files(folder) if not _ours(path)]
    if foreign or not (folder / CHECKPOINT).exists() or not (folder / KEY).exists():
        raise ExportRefused(
            f"{folder} holds something else ({(foreign or ['no checkpoint'])[0]}): take a new one"
        )
    if read_key(folder) != key:
        raise ExportRefused(f"{folder} holds the export of another log: choose another folder")
    return read_head(folder, key)


def _ours(path: str) -> bool:
    return path in (CHECKPOINT, KEY) or _TILE.fullmatch(path.removesuffix(_PART)) is not None


def _build(folder: Path, head: tree.Head, key: note.VerifierKey, signed: bytes) -> None:
    part = folder.with_name(f".{folder.name}.{os.getpid()}{_PART}")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        _write_log(part, head, key, signed)
        # A kill here leaves a hidden folder beside the place, which is still free.
        crash_point("audit.export_before_rename")
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    _flush(folder.parent)


def _write_log(folder: Path, head: tree.Head, key: note.VerifierKey, signed: bytes) -> None:
    for path, data in _tiles(head.size):
        _place(folder / path, data)
    _place(folder / KEY, key_file(key))
    # One sync for all files: thousands of single ones would take a minute.
    os.sync()
    # A kill here leaves tiles the old checkpoint does not need: it still holds, the next export goes on.
    crash_point("audit.export_before_checkpoint")
    _replace(folder / CHECKPOINT, signed)
    _flush(folder)
    # A kill here leaves the new checkpoint and its tiles; the next export removes spare ones.
    crash_point("audit.export_after_checkpoint")


def _tiles(size: int) -> Iterator[tuple[str, bytes]]:
    """Path and contents of every bundle and hash tile."""
    builder = tiles.Builder()
    for index, width in tiles.widths(size):
        first = index * tiles.WIDTH
        found = Entry.objects.filter(index__gte=first, index__lt=first + width).order_by("index")
        leaves = [bytes(leaf) for leaf in found.values_list("leaf", flat=True)]
        yield tiles.path(tiles.ENTRIES, index, width), tiles.bundle(leaves)
        for leaf in leaves:
            yield from ((tile.path, tile.data) for tile in builder.add(tree.leaf_hash(leaf)))
    yield from ((tile.path, tile.data) for tile in builder.rest())


def _place(path: Path, data: bytes) -> None:
    """Write a file that never changes once written. Raises ExportRefused if it is there and differs."""
    if path.exists():
        if path.is_symlink() or path.read_bytes() != data:
            raise ExportRefused(f"{path} was changed since it was exported: keep this folder, take a new one")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, data)


def _replace(path: Path, data: bytes) -> None:
    part = path.with_name(path.name + _PART)
    part.write_bytes(data)
    part.replace(path)


def _flush(folder: Path) -> None:
    """Make renames in `folder` last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove_spare(folder: Path, size: int) -> None:
    belongs = {CHECKPOINT, KEY, *tiles.layout(size)}
    for path in [path for path in files(folder) if path not in belongs]:
        (folder / path).unlink()
        if not any((folder / path).parent.iterdir()):
            (folder / path).parent.rmdir()

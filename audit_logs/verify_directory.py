"""Checks an exported log: a folder of plain files. Needs no database and no Django.

* The key should come from elsewhere; without one the folder's own is taken, which shows damage, not forgery.
* Checkpoint and key must be byte for byte what the exporter writes.
* Every hash tile is computed anew from the entries and compared; none is trusted.
* Nothing else may lie in the folder.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from audit_logs import note, tiles, tree
from audit_logs.errors import FormatError, NotChecked
from audit_logs.tree import Stored, Wrong

CHECKPOINT = "checkpoint"
KEY = "log.vkey"


def verify_directory(folder: Path, key: note.VerifierKey | None = None) -> tree.Verdict:
    """Judge the export in `folder` by its checkpoint, signed with `key` (default: the key in the folder).

    Raises NotChecked if the folder holds no export, or neither gives a key.
    """
    if not (folder / CHECKPOINT).exists() and not (folder / KEY).exists():
        raise NotChecked(f"{folder} holds no exported log: {CHECKPOINT} and {KEY} are not there")
    try:
        head = read_head(folder, key)
        verdict = tree.verify(_stored(folder, head.size), [head])
        if isinstance(verdict, tree.Intact):
            _check_nothing_else(folder, head.size)
    except Wrong as wrong:
        return wrong.verdict
    return verdict


def read_head(folder: Path, key: note.VerifierKey | None = None) -> tree.Head:
    """What the checkpoint in `folder` promises. Raises Wrong, or NotChecked without a key."""
    try:
        return note.open_checkpoint(read(folder, CHECKPOINT, note.MAX_NOTE), read_key(folder, key))
    except FormatError as error:
        raise Wrong(None, f"{CHECKPOINT}: {error}") from error


def read_key(folder: Path, expected: note.VerifierKey | None = None) -> note.VerifierKey:
    """The key in `folder`. Raises Wrong if it is damaged or another one, NotChecked if there is none."""
    if expected is None and not (folder / KEY).exists():
        raise NotChecked(f"{folder / KEY} is missing: give the log's public key with --vkey")
    text = read(folder, KEY, note.MAX_NOTE)
    try:
        key = note.parse_verifier_key(text.decode().removesuffix("\n"))
    except (FormatError, UnicodeDecodeError) as error:
        raise Wrong(None, f"{KEY}: {error}") from error
    if key_file(key) != text or key != (expected or key):
        raise Wrong(None, f"{KEY} is not the expected key, or not written as keys are")
    return key


def key_file(key: note.VerifierKey) -> bytes:
    """The contents of the key file."""
    return f"{key}\n".encode()


def read(folder: Path, path: str, most: int) -> bytes:
    """The bytes of a plain file of at most `most` bytes. Raises Wrong for all else, also links and pipes."""
    full = folder / path
    try:
        found = full.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > most:
            raise Wrong(None, f"{path} is not a plain file of at most {most} bytes")
        return full.read_bytes()
    except OSError as error:
        raise Wrong(None, f"{path} cannot be read: {error.strerror}") from error


def files(folder: Path) -> Iterator[str]:
    """The path below `folder` of everything in it that is not itself a folder; links are not followed.

    Raises OSError for a folder that cannot be listed: what is in it would stay unknown.
    """
    for place, subfolders, names in os.walk(folder, onerror=_raise):
        links = [name for name in subfolders if (Path(place) / name).is_symlink()]
        for name in names + links:
            yield (Path(place) / name).relative_to(folder).as_posix()


def _raise(error: OSError) -> None:
    raise error


def _stored(folder: Path, size: int) -> Iterator[Stored]:
    """The entries bundle by bundle; hash tiles are compared as soon as they are complete."""
    builder = tiles.Builder()
    for index, width in tiles.widths(size):
        yield from _bundle(folder, index, width, builder)
    for tile in builder.rest():
        _compare(folder, tile)


def _bundle(folder: Path, index: int, width: int, builder: tiles.Builder) -> Iterator[Stored]:
    path, first = tiles.path(tiles.ENTRIES, index, width), index * tiles.WIDTH
    hashes = read(folder, tiles.path(0, index, width), tiles.WIDTH * tree.HASH_SIZE)
    seen = 0
    try:
        for leaf in tiles.split_bundle(read(folder, path, tiles.MAX_BUNDLE), width):
            start = seen * tree.HASH_SIZE
            yield Stored(leaf, hashes[start : start + tree.HASH_SIZE])
            seen += 1
            for tile in builder.add(tree.leaf_hash(leaf)):
                _compare(folder, tile)
    except FormatError as error:
        raise Wrong(first + seen if seen < width else None, f"{path}: {error}") from error


def _compare(folder: Path, tile: tiles.Tile) -> None:
    if read(folder, tile.path, tiles.WIDTH * tree.HASH_SIZE) != tile.data:
        raise Wrong(None, f"{tile.path} does not match the entries")


def _check_nothing_else(folder: Path, size: int) -> None:
    belongs = {CHECKPOINT, KEY, *tiles.layout(size)}
    for path in files(folder):
        if path not in belongs:
            raise Wrong(
                None,
                f"{path} belongs to no log of {size} entries; an export broken off is mended by the next",
            )

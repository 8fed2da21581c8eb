"""Where a log's bytes lie as files (C2SP tlog-tiles v0.1.0): paths, widths, hash tiles, entry bundles.

* A tile holds up to 256 hashes. Level 0 has the leaf hashes; a hash further up is the root of one full tile
  below, so a partial tile is never hashed upwards, and an empty tile does not exist.
* `tile/<level>/<index>` is full, `….p/<width>` is not. An index is written in groups of three digits, all but
  the last with an x before it: 1234067 is x001/x234/067.
* A bundle holds the entries under one level-0 tile, each after its length in 16 bits.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from audit_logs.errors import FormatError
from audit_logs.tree import HASH_SIZE, MAX_LEAF, Edge, Hash, grow

WIDTH = 256
MAX_BUNDLE = WIDTH * (2 + MAX_LEAF)
ENTRIES = "entries"


@dataclass(frozen=True, slots=True)
class Tile:
    """A hash tile: its path and the hashes in it, one after the other."""

    path: str
    data: bytes


def path(level: int | str, index: int, width: int) -> str:
    """The path of a tile of `width` hashes (1 to 256) at `level`; level "entries" gives the bundle's."""
    groups = f"{index:,}".split(",")
    groups[0] = groups[0].zfill(3)
    place = "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])
    return f"tile/{level}/{place}" + ("" if width == WIDTH else f".p/{width}")


def widths(size: int) -> Iterator[tuple[int, int]]:
    """Index and width of each tile over `size` hashes, in order."""
    for index in range(size // WIDTH):
        yield index, WIDTH
    if size % WIDTH:
        yield size // WIDTH, size % WIDTH


def layout(size: int) -> Iterator[str]:
    """The path of every tile and bundle of a log with `size` entries."""
    for index, width in widths(size):
        yield path(ENTRIES, index, width)
    level, count = 0, size
    while count:
        for index, width in widths(count):
            yield path(level, index, width)
        level, count = level + 1, count // WIDTH


def bundle(leaves: Iterable[bytes]) -> bytes:
    """The entry bundle of up to 256 leaves."""
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def split_bundle(data: bytes, width: int) -> Iterator[bytes]:
    """The `width` leaves of a bundle, one by one. Raises FormatError at a cut leaf or bytes left over."""
    start = 0
    for _ in range(width):
        end = start + 2 + int.from_bytes(data[start : start + 2], "big")
        if start + 2 > len(data) or end > len(data):
            raise FormatError("the bundle ends inside this entry")
        yield data[start + 2 : end]
        start = end
    if start != len(data):
        raise FormatError(f"{len(data) - start} bytes after the last entry of the bundle")


@dataclass(slots=True)
class Builder:
    """Hash tiles, built from leaf hashes in order. Holds at most one unfinished tile a level."""

    _open: list[bytearray] = field(default_factory=list)
    _full: list[int] = field(default_factory=list)

    def add(self, leaf: Hash) -> Iterator[Tile]:
        """Take the next leaf hash; yields the tiles that become full by it. Must be run to its end."""
        level, carry = 0, leaf
        while True:
            if level == len(self._open):
                self._open.append(bytearray())
                self._full.append(0)
            tile = self._open[level]
            tile += carry
            if len(tile) < WIDTH * HASH_SIZE:
                return
            yield Tile(path(level, self._full[level], WIDTH), bytes(tile))
            carry = subtree_root(tile)
            tile.clear()
            self._full[level] += 1
            level += 1

    def rest(self) -> Iterator[Tile]:
        """The partial tiles at the right edge."""
        for level, tile in enumerate(self._open):
            if tile:
                yield Tile(path(level, self._full[level], len(tile) // HASH_SIZE), bytes(tile))


def subtree_root(tile: Sequence[int] | bytes | bytearray) -> Hash:
    """The root over the hashes of one tile."""
    edge = Edge()
    for start in range(0, len(tile), HASH_SIZE):
        edge = grow(edge, bytes(tile[start : start + HASH_SIZE]), "")
    return edge.root()

"""Paths, widths and bytes of the exported files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_logs import proofs, tiles
from audit_logs.errors import FormatError
from audit_logs.tree import leaf_hash


@pytest.mark.parametrize(
    ("level", "index", "width", "path"),
    [
        (0, 0, 256, "tile/0/000"),
        (0, 0, 7, "tile/0/000.p/7"),
        (1, 1_234_067, 256, "tile/1/x001/x234/067"),
        ("entries", 1_000, 255, "tile/entries/x001/000.p/255"),
        (2, 999, 256, "tile/2/999"),
    ],
)
def test_paths_are_written_as_tlog_tiles_says(level: int | str, index: int, width: int, path: str) -> None:
    assert tiles.path(level, index, width) == path


def test_a_log_of_70_000_entries_has_the_files_of_the_specification() -> None:
    layout = list(tiles.layout(70_000))
    assert len(layout) == len(set(layout)) == 553 - len(["checkpoint", "log.vkey"])
    assert {"tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"} <= set(layout)
    assert list(tiles.layout(0)) == []


@given(st.integers(0, 600))
def test_the_builder_makes_exactly_the_tiles_of_the_layout(size: int) -> None:
    hashes = [leaf_hash(number.to_bytes(2, "big")) for number in range(size)]
    builder = tiles.Builder()
    made = [tile for digest in hashes for tile in builder.add(digest)] + list(builder.rest())
    assert sorted(tile.path for tile in made) == sorted(
        path for path in tiles.layout(size) if "entries" not in path
    )
    found = {tile.path: tile.data for tile in made}
    for index, width in tiles.widths(size):
        assert found[tiles.path(0, index, width)] == b"".join(hashes[index * 256 : index * 256 + width])
    if size >= 256:
        up = b"".join(proofs.root(hashes[at : at + 256]) for at in range(0, size - 255, 256))
        assert found[tiles.path(1, 0, size // 256)] == up


@given(st.lists(st.binary(max_size=20), max_size=256))
def test_a_bundle_splits_into_what_was_bundled(leaves: list[bytes]) -> None:
    assert list(tiles.split_bundle(tiles.bundle(leaves), len(leaves))) == leaves


@given(st.binary(max_size=40), st.integers(0, 5))
def test_whatever_splits_is_bundled_back_byte_for_byte(data: bytes, width: int) -> None:
    try:
        leaves = list(tiles.split_bundle(data, width))
    except FormatError:
        return
    assert tiles.bundle(leaves) == data

"""The pictures are read back with a small decoder of our own: every length, checksum and row must fit."""

import struct
import zlib

import pytest

from examples.platform import images


def decode(png: bytes) -> tuple[bytes, list[str]]:
    """The palette and the rows of pixels (as 0 and 1) of a one-bit PNG."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, at = {}, 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, content = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length]) == (zlib.crc32(kind + content),)
        chunks[kind] = content
        at += 12 + length
    assert list(chunks) == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    width, height, *rest = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert rest == [1, 3, 0, 0, 0]
    raw, stride = zlib.decompress(chunks[b"IDAT"]), width // 8 + 1
    assert len(raw) == stride * height
    rows = [raw[n * stride : (n + 1) * stride] for n in range(height)]
    assert {row[0] for row in rows} == {0}
    return chunks[b"PLTE"], ["".join(f"{byte:08b}" for byte in row[1:]) for row in rows]


@pytest.mark.parametrize("uid", ["1", "110000000000000001", "115000000000000077"])
def test_an_avatar_is_a_mirrored_picture_of_96_pixels(uid: str) -> None:
    palette, rows = decode(images.avatar(uid))
    assert len(palette) == 6
    assert len(rows) == len(rows[0]) == 96
    assert all(row == row[::-1] for row in rows)
    assert "1" not in "".join(rows[:8] + rows[-8:])


def test_an_avatar_is_the_same_every_time_and_another_account_has_another() -> None:
    assert images.avatar("110000000000000001") == images.avatar("110000000000000001")
    assert len({images.avatar(str(n)) for n in range(200)}) == 200


def test_the_header_is_one_colour() -> None:
    _, rows = decode(images.header())
    assert set("".join(rows)) == {"0"}

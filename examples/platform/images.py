"""The pictures of the platform: small valid PNG files, drawn from the account's id, the same at every start.

PNG as in its specification (W3C, third edition): signature, then the chunks IHDR, PLTE, IDAT and IEND, each
with its length and CRC-32; one bit a pixel, every row led by filter type 0.
"""

import hashlib
import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CELLS, CELL = 5, 16
"""A mirrored pattern of 5 × 5 cells of 16 pixels, with half a cell of margin: 96 × 96."""
BACKGROUND = b"\xf0\xf0\xf0"


def avatar(uid: str) -> bytes:
    """The avatar of the account with this id."""
    digest = hashlib.sha256(uid.encode()).digest()
    half = (CELLS + 1) // 2
    rows = [[bool(digest[row * half + column] & 1) for column in range(half)] for row in range(CELLS)]
    return _png([row + row[-2::-1] for row in rows], colour=digest[-3:])


def header() -> bytes:
    """The picture behind the profile of everybody who chose none."""
    return _png([[False] * CELLS] * CELLS, colour=b"\x00\x00\x00")


def _png(cells: list[list[bool]], colour: bytes) -> bytes:
    size = (CELLS + 1) * CELL
    margin = [b"\x00" + bytes(size // 8)] * (CELL // 2)
    lines = [line for row in cells for line in [b"\x00" + _line(row)] * CELL]
    return b"".join(
        (
            SIGNATURE,
            # width, height, 1 bit a pixel, colour type 3 (palette), deflate, adaptive filters, not interlaced
            _chunk(b"IHDR", struct.pack(">IIBBBBB", size, size, 1, 3, 0, 0, 0)),
            _chunk(b"PLTE", BACKGROUND + colour),
            _chunk(b"IDAT", zlib.compress(b"".join([*margin, *lines, *margin]))),
            _chunk(b"IEND", b""),
        )
    )


def _line(cells: list[bool]) -> bytes:
    """One row of pixels, packed: a cell is two bytes, the margin at each end one."""
    return b"\x00" + b"".join(b"\xff\xff" if cell else b"\x00\x00" for cell in cells) + b"\x00"


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

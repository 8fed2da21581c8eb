"""What a picture looks like, in two hashes of 144 bits: pictures drawn alike differ in few of them.

* Bytes and pixels are counted before anything is decoded; only formats in which platforms serve avatars are
  read, and of an animation only its first picture.
* Whatever the bytes are, the outcome is a Fingerprint or an ImageError. A picture of one shade is an
  ImageError too, for its hash would say nothing.
* A hash is that of the lowest 12 x 12 frequencies, each against their median (pHash: Zauner 2010). It is
  taken of the whole picture and of what is drawn on it: a border or a margin changes the first and not the
  second, a badge or a caption in the corner rather the second than the first. The nearer of the two counts.

Why these and no others, and what a distance is worth: `docs/measurements/avatars.md`.
"""

import io
import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy
from numpy.typing import NDArray
from PIL import Image

MAX_BYTES = 5_000_000
MAX_PIXELS = 4096 * 4096
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")

_FREQUENCIES = 12
BITS = _FREQUENCIES**2
_SIDE = 64  # to which a picture is brought before its frequencies are taken
_LARGEST = 256  # larger pictures are reduced to this before anything is looked for in them
# Two levels of a colour differ to the eye, and not by compression alone, from here on.
_VISIBLE = 24
# Below this standard deviation a picture shows nothing but the noise of compression and scaling (about 2).
_FAINTEST = 3
# A line is part of the drawing when this share of it differs from the paper: dust is not.
_DUST = 0.005
_FRAMES = 3  # a frame around a border around a margin; more are not looked for
_LEAST = 16  # pixels across: a smaller drawing is a dot on the paper, and all dots are alike

_Pixels = NDArray[numpy.uint8]
_Levels = NDArray[numpy.float64]


class ImageError(Exception):
    """A picture that gives no fingerprint; the text says why."""


@dataclass(frozen=True)
class Fingerprint:
    """Hashes of the whole picture and of what is drawn on it, 36 hexadecimal digits each.

    Raises ValueError for other text.
    """

    whole: str
    drawn: str

    def __post_init__(self) -> None:
        for text in (self.whole, self.drawn):
            if len(text) != BITS // 4 or set(text) - set("0123456789abcdef"):
                raise ValueError(f"no hash of {BITS} bits in small hexadecimal digits: {text[:80]!r}")

    def distance(self, other: "Fingerprint") -> int:
        """Bits that differ, 0 to 72. All bits of a negative differ: it counts as the same picture."""
        return min(_differing(self.whole, other.whole), _differing(self.drawn, other.drawn))


def fingerprint(data: bytes) -> Fingerprint:
    """The fingerprint of a picture file. Raises ImageError when it cannot, or must not, be read."""
    picture = _decoded(data)
    whole = _hash(picture)
    if whole is None:
        raise ImageError("the picture has one shade only: there is nothing to compare")
    # What is drawn may be one plain patch: all plain patches are alike, the paper around them is not.
    drawn = _hash(Image.fromarray(_drawn(numpy.asarray(picture))))
    return Fingerprint(whole, drawn or whole)


def _decoded(data: bytes) -> Image.Image:
    """The first picture on white paper, at most 256 pixels wide and high."""
    if len(data) > MAX_BYTES:
        raise ImageError(f"{len(data):,} bytes; at most {MAX_BYTES:,} are read")
    _refuse_large_canvas(data)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _refuse_pixels(image.width, image.height)
            image.draft("RGB", (_LARGEST, _LARGEST))
            return _on_paper(image)
    except ImageError:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise ImageError(f"more than {MAX_PIXELS:,} pixels, the most that are decoded") from error
    # Decoders of hostile bytes raise nearly everything; every one of them means: no picture.
    except Exception as error:
        raise ImageError(f"no readable {', '.join(FORMATS)} picture: {type(error).__name__}") from error


def _on_paper(image: Image.Image) -> Image.Image:
    # Sixteen bits of grey would be cut off at 255, not brought down to it.
    is_deep = image.mode.startswith("I")
    picture = (image.convert("I").point(lambda level: level * (1 / 256)) if is_deep else image).convert(
        "RGBA"
    )
    picture.thumbnail((_LARGEST, _LARGEST))
    paper = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(paper, picture).convert("RGB")


def _refuse_pixels(width: int, height: int) -> None:
    if not 0 < width * height <= MAX_PIXELS:
        raise ImageError(f"{width} x {height} pixels; at most {MAX_PIXELS:,} are decoded")


def _refuse_large_canvas(data: bytes) -> None:
    """Pillow lays out an animated WebP's canvas when it opens it, before anybody can ask for its size."""
    if data[:4] == b"RIFF" and data[8:16] == b"WEBPVP8X" and len(data) >= 30:
        low = struct.unpack("<HBHB", data[24:30])
        _refuse_pixels(1 + low[0] + (low[1] << 16), 1 + low[2] + (low[3] << 16))


def _drawn(pixels: _Pixels) -> _Pixels:
    """What is left when paper, borders and frames of one colour around the drawing are cut away."""
    for _ in range(_FRAMES):
        inside = _within_paper(pixels)
        if inside.size == pixels.size or min(inside.shape[:2]) < _LEAST:
            break
        pixels = inside
    return pixels


def _within_paper(pixels: _Pixels) -> _Pixels:
    """The part that is not of the colour in the corners."""
    corners = pixels[[0, 0, -1, -1], [0, -1, 0, -1]].astype(numpy.int16)
    is_ink = numpy.abs(pixels.astype(numpy.int16) - numpy.median(corners, axis=0)).max(axis=2) > _VISIBLE
    rows, columns = (numpy.flatnonzero(is_ink.mean(axis=axis) > _DUST) for axis in (1, 0))
    if not rows.size or not columns.size:
        return pixels
    return pixels[_span(rows, pixels.shape[0]), _span(columns, pixels.shape[1])]


def _span(inked: NDArray[numpy.intp], length: int) -> slice:
    """From the first inked line to the last, less one where paper was cut: its colour is mixed with paper."""
    first, last = int(inked[0]), int(inked[-1])
    return slice(first + (first > 0), max(last + 1 - (last + 1 < length), first + 2))


def _hash(picture: Image.Image) -> str | None:
    """The hash in hexadecimal digits; None for a picture of one shade."""
    small = picture.resize((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    shades = next((levels for levels in _shades(small) if numpy.std(levels) >= _FAINTEST), None)
    if shades is None:
        return None
    low = _cosines() @ shades @ _cosines().T
    # Rounded: the last digits of the sums differ between processors, the bits must not.
    low = numpy.round(low, 6)
    return numpy.packbits((low > numpy.median(low)).flatten()).tobytes().hex()


def _shades(picture: Image.Image) -> Iterator[_Levels]:
    """Brightness; and for an emblem whose colours are equally bright, each of red, green and blue."""
    for levels in (picture.convert("L"), *picture.split()):
        yield numpy.asarray(levels, dtype=numpy.float64)


def _differing(mine: str, theirs: str) -> int:
    differ = (int(mine, 16) ^ int(theirs, 16)).bit_count()
    return min(differ, BITS - differ)


@cache
def _cosines() -> _Levels:
    """The first rows of the discrete cosine transform (DCT-II) of `_SIDE` values."""
    at = (numpy.arange(_SIDE) + 0.5) * math.pi / _SIDE
    waves: _Levels = numpy.cos(numpy.outer(numpy.arange(_FREQUENCIES), at))
    return waves

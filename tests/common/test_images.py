"""Fingerprints of pictures: alike ones are near, and no bytes do harm."""

import io
import random
import struct
import zlib
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageOps

from common import images
from common.images import Fingerprint, ImageError, fingerprint

SAME, ALIKE = 16, 28


def emblem(seed: int = 1, side: int = 300) -> Image.Image:
    """Bars and a disc on white, with a margin."""
    numbers = random.Random(seed)
    image = Image.new("RGB", (side, side), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((side * 0.1, side * 0.1, side * 0.9, side * 0.9), fill=(200, 20, 30))
    for _ in range(8):
        x, y = numbers.uniform(0.2, 0.6) * side, numbers.uniform(0.2, 0.6) * side
        wide, high = numbers.uniform(0.05, 0.3) * side, numbers.uniform(0.05, 0.3) * side
        draw.rectangle((x, y, x + wide, y + high), fill=(250, 220, numbers.randint(0, 255)))
    return image


def saved(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def transparent(image: Image.Image) -> Image.Image:
    """The emblem with its white paper cut out."""
    clear = image.convert("RGBA")
    paper = ImageOps.invert(image.convert("L")).point(lambda level: 255 if level else 0)
    clear.putalpha(paper)
    return clear


ORIGINAL = fingerprint(saved(emblem()))

FORMS: dict[str, Callable[[], bytes]] = {
    "JPEG": lambda: saved(emblem(), "JPEG", quality=30),
    "CMYK JPEG": lambda: saved(emblem().convert("CMYK"), "JPEG"),
    "progressive JPEG": lambda: saved(emblem(), "JPEG", progressive=True),
    "palette": lambda: saved(emblem().quantize(16)),
    "palette with transparent bytes": lambda: saved(emblem().quantize(16), transparency=bytes([255] * 16)),
    "transparent": lambda: saved(transparent(emblem())),
    "GIF": lambda: saved(emblem(), "GIF"),
    "animated GIF": lambda: saved(emblem(), "GIF", save_all=True, append_images=[emblem(2), emblem(3)]),
    "animated WebP": lambda: saved(emblem(), "WEBP", save_all=True, append_images=[emblem(2)]),
    "WebP": lambda: saved(emblem(), "WEBP", quality=50),
    "BMP": lambda: saved(emblem(), "BMP"),
    "grey": lambda: saved(emblem().convert("L")),
    "16 bits": lambda: saved(emblem().convert("L").convert("I;16").point(lambda level: level * 256)),
    "larger": lambda: saved(emblem().resize((900, 900))),
    "smaller": lambda: saved(emblem().resize((60, 60))),
    "in a frame": lambda: saved(ImageOps.expand(ImageOps.expand(emblem(), 40, "white"), 20, "navy")),
    "in negative": lambda: saved(ImageOps.invert(emblem())),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_same_emblem_in_another_form_is_near(form: str) -> None:
    assert fingerprint(FORMS[form]()).distance(ORIGINAL) <= SAME


def skyline(seed: int) -> Image.Image:
    """Houses on a coloured ground that fills the square."""
    numbers = random.Random(seed)
    image = Image.new("RGB", (400, 400), (150, 170, 210))
    draw = ImageDraw.Draw(image)
    for left in range(0, 400, 50):
        draw.rectangle((left, numbers.randint(110, 300), left + 40, 400), fill=(20, 90, 60))
    return image


def test_a_wide_border_is_cut_away_without_a_seam() -> None:
    for seed in range(6):
        plain = skyline(seed)
        framed = ImageOps.expand(plain, 60, (20, 80, 200))
        assert fingerprint(saved(framed)).distance(fingerprint(saved(plain))) <= ALIKE


def test_dots_are_told_by_their_place_on_the_paper() -> None:
    def dot(x: int, y: int) -> Fingerprint:
        image = Image.new("RGB", (200, 200), "white")
        ImageDraw.Draw(image).ellipse((x, y, x + 12, y + 12), fill="black", outline="red")
        return fingerprint(saved(image))

    assert dot(30, 30).distance(dot(120, 90)) > SAME


def test_other_emblems_are_far() -> None:
    others = [fingerprint(saved(emblem(seed))) for seed in range(2, 12)]
    assert min(ORIGINAL.distance(other) for other in others) > SAME


def test_the_distance_is_symmetric_and_nothing_to_itself() -> None:
    prints = [fingerprint(saved(emblem(seed))) for seed in range(5)]
    for mine, theirs in product(prints, prints):
        assert mine.distance(theirs) == theirs.distance(mine) <= images.BITS // 2
        assert (mine.distance(theirs) == 0) == (mine == theirs)


def test_colours_of_one_brightness_are_still_told_apart() -> None:
    image = Image.new("RGB", (200, 200), (200, 0, 0))
    ImageDraw.Draw(image).rectangle((20, 20, 180, 90), fill=(0, 102, 0))
    assert fingerprint(saved(image)).distance(ORIGINAL) > SAME


def png(width: int, height: int, body: bytes = b"") -> bytes:
    """A PNG that claims a size and holds `body`."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(body))
        + chunk(b"IEND", b"")
    )


def webp(width: int, height: int) -> bytes:
    """An animated WebP that claims a canvas and holds no picture."""
    size = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\x02\0\0\0" + size
    return b"RIFF" + struct.pack("<I", len(body)) + body


REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "no readable"),
    "text": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no readable"),
    "a format nobody serves": (saved(emblem(), "TIFF"), "no readable"),
    "a cut PNG": (saved(emblem())[:-900], "no readable"),
    "a cut JPEG": (saved(emblem(), "JPEG")[:2000], "no readable"),
    "a cut GIF": (saved(emblem(), "GIF")[:1000], "no readable"),
    "a cut WebP": (saved(emblem(), "WEBP")[:800], "no readable"),
    "one shade": (saved(Image.new("RGB", (200, 200), "red")), "one shade"),
    "nothing but transparency": (saved(Image.new("RGBA", (200, 200), (255, 0, 0, 0))), "one shade"),
    "a bomb": (png(50_000, 50_000, bytes(100)), "more than 16,777,216 pixels"),
    "a small bomb": (png(4097, 4096, bytes(100)), "4097 x 4096 pixels"),
    "a line of pixels": (png(2_000_000_000, 1), "pixels"),
    "no pixels": (png(0, 0), "no readable"),
    "an animated bomb": (webp(16_000, 16_000), "16000 x 16000 pixels"),
    "too many bytes": (bytes(images.MAX_BYTES + 1), "at most 5,000,000"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_or_must_not_be_read_says_why(case: str) -> None:
    data, why = REFUSED[case]
    with pytest.raises(ImageError, match=why):
        fingerprint(data)


def test_a_plain_patch_is_told_by_its_place_on_the_paper() -> None:
    def patch(box: tuple[int, int, int, int]) -> Fingerprint:
        image = Image.new("RGB", (200, 200), "white")
        ImageDraw.Draw(image).rectangle(box, fill="red")
        return fingerprint(saved(image))

    assert patch((20, 20, 120, 120)).distance(patch((20, 60, 180, 180))) > SAME


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(["PNG", "JPEG", "GIF", "WEBP", "BMP"]), st.data())
def test_a_damaged_file_gives_a_fingerprint_or_an_image_error(kind: str, data: st.DataObject) -> None:
    damaged = bytearray(saved(emblem(side=80), kind))
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert fingerprint(bytes(damaged))
    except ImageError as error:
        assert str(error)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_an_image_error(data: bytes) -> None:
    with pytest.raises(ImageError):
        fingerprint(data)


@pytest.mark.parametrize("text", ["", "0" * 35, "0" * 37, "G" * 36, "F" * 36, " " + "0" * 35])
def test_other_text_is_no_fingerprint(text: str) -> None:
    with pytest.raises(ValueError, match="no hash of 144 bits"):
        Fingerprint("0" * 36, text)

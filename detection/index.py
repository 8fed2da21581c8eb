"""Finds whom to compare: for a text, the registered texts it could be likened to. It never judges.

Whatever `compare` would match must be among the candidates; that there are others costs only time. Each
comparator looks at something two matching names share, and that is what names are filed under:

* few edits, other order, the same body in other words: the symbols of a form but for a few, in the view of
  sounds or in that of looks (`neighbours.py`);
* everything else: a key that must be equal, made by `_keys`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from detection import han, latin, score
from detection.neighbours import Neighbours
from detection.reading import Reading
from names import handles
from names.handles import official_words
from names.views import look, sounds_of, typed_key, typed_keys, typed_sound


class Index:
    """Registered readings by their position; immutable."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self._keys: defaultdict[str, list[int]] = defaultdict(list)
        heads: set[str] = set()
        han_texts: list[str] = []
        han_numbers: list[int] = []
        latin_texts: list[str] = []
        latin_numbers: list[int] = []
        for number, reading in enumerate(readings):
            for key in _filed(reading):
                self._keys[key].append(number)
            if key := _inner(reading):
                self._keys[key].append(number)
                heads.add(reading.text[:2])
            texts = set(_forms(reading))
            (han_texts if reading.is_han else latin_texts).extend(texts)
            (han_numbers if reading.is_han else latin_numbers).extend([number] * len(texts))
        self._heads = frozenset(heads)
        self._longest = max((len(reading.text) for reading in readings), default=0)
        heard = [(way, n) for t, n in zip(han_texts, han_numbers, strict=True) for way in sounds_of(t)]
        typed = (
            (typed_sound(one.typed[0] if one.typed else ""), n)
            for n, one in enumerate(readings)
            if not one.is_han
        )
        heard += [(way, number) for way, number in typed if way]
        self._heard = Neighbours([way for way, _ in heard], [n for _, n in heard], score.most_edits)
        self._seen = Neighbours([look(text) for text in han_texts], han_numbers, score.most_edits)
        self._spelt = Neighbours(latin_texts, latin_numbers, score.most_letters)

    def candidates(self, readings: Sequence[Reading]) -> list[list[int]]:
        """For each reading the numbers of the registered ones to compare it with, ascending."""
        found: list[set[int]] = [set() for _ in readings]
        keys = self._keys
        for at, reading in enumerate(readings):
            for key in chain(_asked(reading), self._parts(reading)):
                if key in keys:
                    found[at].update(keys[key])
        han_at = [(at, form) for at, one in enumerate(readings) if one.is_han for form in set(_forms(one))]
        latin_at = [(at, f) for at, one in enumerate(readings) if not one.is_han for f in set(_forms(one))]
        heard = [(at, way) for at, text in han_at for way in sounds_of(text)]
        heard += [
            (at, way)
            for at, one in enumerate(readings)
            if not one.is_han and (way := typed_sound(one.typed[0] if one.typed else ""))
        ]
        seen = [(at, look(text)) for at, text in han_at]
        for neighbours, asked in ((self._heard, heard), (self._seen, seen), (self._spelt, latin_at)):
            for row, number in neighbours.find([text for _, text in asked]):
                found[asked[row][0]].add(number)
        return [sorted(numbers) for numbers in found]

    def _parts(self, reading: Reading) -> Iterator[str]:
        """Keys of the registered texts that may stand whole in the reading's."""
        text = reading.text
        if not reading.is_han or len(text) <= score.SHORTEST_CONTAINED:
            return
        for start in range(len(text) - score.SHORTEST_CONTAINED + 1):
            if text[start : start + 2] in self._heads:
                ends = range(start + score.SHORTEST_CONTAINED, min(len(text), start + self._longest) + 1)
                yield from (f"inner:{text[start:end]}" for end in ends)


def _forms(reading: Reading) -> Iterable[str]:
    if not reading.is_han:
        read = reading.handle
        return (read.look, read.core, read.text)
    return (*(form.text for form in reading.wholes), reading.short.text)


def _inner(reading: Reading) -> str:
    """The key of a text that counts where it stands whole in another."""
    return f"inner:{reading.text}" if reading.is_han and han.may_stand_alone(reading) else ""


def _filed(reading: Reading) -> Iterator[str]:
    yield from _common(reading)
    if not reading.is_han:
        return
    read = reading.parsed
    yield f"once:{reading.text}"
    for text in {reading.text, reading.short.text}:
        yield from (f"typed:{way}" for way in typed_keys(text))
    if read.places and read.organs:
        yield f"place:{read.body}"
    if not read.places:
        text = reading.text
        for start in range(len(text)):
            for end in range(start + score.SHORTEST_CONTAINED, len(text) + 1):
                yield f"part:{text[start:end]}"


def _asked(reading: Reading) -> Iterator[str]:
    yield from _common(reading)
    if not reading.is_han:
        return
    if han.has_run(reading.text):
        yield f"once:{han.collapsed(reading.text)}"
    if reading.parsed.scope and reading.parsed.organs and not reading.parsed.places:
        yield f"place:{reading.parsed.body}"
    if len(reading.text) >= score.SHORTEST_CONTAINED:
        yield f"part:{reading.text}"


def _common(reading: Reading) -> Iterator[str]:
    """Keys that two matching names share, whichever of them is registered."""
    if not reading.is_han:
        yield from _latin(reading)
        return
    read = reading.parsed
    if not read.places and read.body:
        yield f"scope:{read.body}"
    for place in read.places if read.organs else ():
        yield f"office:{place}:{' '.join(read.organs)}"
    if reading.kind:
        # All of the own part, and what is left where a word of one or two stands behind it.
        for more in range(min(score.LONGEST_WORD_MORE, len(reading.own)) + 1):
            yield f"own:{reading.own[: len(reading.own) - more]}"
        yield f"ends:{reading.kind}:{reading.text[:2]}{reading.text[-2:]}"


def _latin(reading: Reading) -> Iterator[str]:
    yield from (f"typed:{typed_key(typed)}" for typed in reading.typed)
    read = reading.handle
    yield f"said:{''.join(read.words)}"
    yield f"slip:{latin.collapsed(read.text)}"
    yield f"words:{' '.join(sorted(read.words))}"
    yield f"glued:{read.text}"
    yield from (f"glued:{rest}" for rest, _ in handles.unglued(read.text))
    # One word put into a handle written in one.
    for at in range(1, len(read.words) - 1):
        yield f"joined:{''.join(read.words[:at] + read.words[at + 1 :])}"
    yield f"joined:{read.text}"
    own = sorted(word for word in read.words if word not in official_words() and not word.isdigit())
    if own:
        yield f"own words:{' '.join(own)}"
    for at, word in enumerate(own):
        # What `latin.all_words` asks of the words that two names share.
        if len(own) > score.FEWEST_WORDS or len(word) <= score.SHORT_WORD:
            yield f"own words:{' '.join(own[:at] + own[at + 1 :])}"

"""How a name may be typed by whoever looks for it: as written, in short, in pinyin, by initials.

Two halves that fit each other: `spellings` gives the lines kept beside a name, `words` takes what a person
types apart and says, word by word, of which texts one must stand within those lines. Both fold first, so that
case, width, traditional characters and invisible ones make no difference.

Bodies are said in short by the tables of `names.parse`: 郑州市卫生健康委员会 is kept as 郑州卫健委, too, and
looked for as 郑州卫健, so that every way to say it finds every other.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import islice, product
from typing import NamedTuple

from names import divisions, tablefiles
from names.characters import readings
from names.fold import plain, without_invisible, without_width
from names.parse import known_bodies, organ, parse

MOST_READINGS = 4
MOST_WORDS = 12
# Read in two ways within names of bodies (银行 and 行政, 音乐 and 长乐): either may be typed.
_READ_IN_TWO_WAYS = frozenset("行乐长重调朝校传藏降")
# How the end of an office's name is said behind its function in short (卫健 + 委).
_ENDS = (("委员会", "委"), ("办公室", "办"), ("局", "局"), ("厅", "厅"), ("委", "委"), ("办", "办"))
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0010ffff"
_ONE_SCRIPT = re.compile(f"[{_HAN}]+|[^{_HAN}]+")


class Sought(NamedTuple):
    """One word that was typed. `texts`: of these one must be found. `places`: keys of divisions so called."""

    texts: tuple[str, ...]
    places: tuple[str, ...]


class _Piece(NamedTuple):
    """A word of the tables (place, organ, pattern) or an unread character (rest), and how it is said.

    `ways`: its pinyin and the initials, for each way to read it; `short_ways`: the same of `short`.
    """

    text: str
    kind: str
    short: str
    shortest: str
    ways: tuple[tuple[str, str], ...]
    short_ways: tuple[tuple[str, str], ...]


@lru_cache(maxsize=2048)
def spellings(name: str) -> tuple[str, ...]:
    """The lines to look for `name` in, itself folded first; none if nothing is readable."""
    text = plain(name)
    if not text or text.isascii():
        return (text,) if text else ()
    pieces = _pieces(text)
    lines = [text, *_read([piece.ways for piece in pieces])]
    said = _as_said(pieces)
    short = "".join([piece.short for piece in said])
    if short != text:
        lines += [short, *_read([piece.short_ways for piece in said])]
        shortest = "".join([piece.shortest for piece in said])
        if shortest not in short and shortest not in text:
            lines.append(shortest)
    return tuple(lines)


def words(typed: str) -> tuple[Sought, ...] | None:
    """What `typed` looks for; none where nothing is typed, None where nothing of it can be read.

    A word in two scripts (郑州fabu) is two words; more than twelve are not looked for.
    """
    parts = without_width(without_invisible(typed)).split()
    runs = [run for part in parts for run in ([part] if part[0] == "@" else _ONE_SCRIPT.findall(plain(part)))]
    found = tuple(sought for run in runs if (sought := _sought(run)).texts)
    return None if parts and not found else found[:MOST_WORDS]


def whole(typed: str) -> str:
    """The line that `typed` is, if it is one."""
    return handle_line(typed) if typed.strip().startswith("@") else plain(typed)


def handle_line(handle: str) -> str:
    """A handle as a line: `@zhengzhou`, without the host behind it; empty if nothing is readable."""
    text = plain(handle.strip().lstrip("@").partition("@")[0])
    return f"@{text}" if text else ""


def _sought(text: str) -> Sought:
    if text.startswith("@"):
        line = handle_line(text)
        return Sought((line,) if line else (), ())
    places = _places(text)
    if places and text.isdecimal():
        return Sought((f"\n{text}\n",), places)  # within a number of an account a code means nothing
    return Sought(_least([text] if places else _other_ways(text)), places)


def _other_ways(text: str) -> list[str]:
    """`text` first, and what stands for it in the lines of `spellings`."""
    if text.isascii():
        return [text, text.replace("lv", "lu").replace("nv", "nu")]
    read = parse(text)
    core = [read.core] if read.organs else []
    shortest = "".join(piece.shortest for piece in _as_said(_pieces(text)))
    return [text, shortest, *core, *known_bodies().get(text, ())]


def _least(texts: Iterable[str]) -> tuple[str, ...]:
    """Those of `texts` that hold no other one: where the longer is found, so is the shorter."""
    distinct = tuple(dict.fromkeys(text for text in texts if text))
    return tuple(one for one in distinct if not any(o in one for o in distinct if o != one))


def _places(text: str) -> tuple[str, ...]:
    """The keys of the divisions called `text`, in characters, in pinyin, or by their code of six digits."""
    if text.isdecimal():
        return (text,) if divisions.by_key(text) else ()
    if text.isascii():
        return _places_in_pinyin().get(text, ())
    return tuple(place.key for place in divisions.named(text))


@cache
def _places_in_pinyin() -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for name, called in divisions.spoken_names().items():
        for pinyin, _ in _place_ways(plain(name)):
            found[pinyin].update(dict.fromkeys(place.key for place in called))
    return {pinyin: tuple(keys) for pinyin, keys in found.items()}


def _as_said(pieces: list[_Piece]) -> list[_Piece]:
    """A pattern names a body only beside a place, if nothing else is there: 平安郑州 is 郑州公安."""
    if len(pieces) != 2:
        return pieces
    first, second = pieces
    if first.kind == "pattern" and second.kind == "place":
        return [second, _bodies_beside_a_place()[first.text]]
    if first.kind == "place" and second.kind == "pattern":
        return [first, _bodies_beside_a_place()[second.text]]
    return pieces


def _read(ways: list[tuple[tuple[str, str], ...]]) -> list[str]:
    """The pinyin of a name and its initials, for each way to read it."""
    if all(len(one) == 1 for one in ways):
        return ["".join([one[0][0] for one in ways]), "".join([one[0][1] for one in ways])]
    read = islice(product(*ways), MOST_READINGS)
    return [said for way in read for said in map("".join, zip(*way, strict=True))]


def _pieces(text: str) -> list[_Piece]:
    """`text` cut from left to right into the longest words of the tables, what is left by characters."""
    known, lengths = _known(), _lengths()
    found: list[_Piece] = []
    at, size = 0, len(text)
    while at < size:
        for length in lengths.get(text[at : at + 2], ()):
            if piece := known.get(text[at : at + length]):
                found.append(piece)
                at += length
                break
        else:
            found.append(_unread(text[at]))
            at += 1
    return found


@cache
def _known() -> dict[str, _Piece]:
    """The words of the tables as folded; later ones win: short places, patterns, organs, full places."""
    spoken = divisions.spoken_names()
    full = {name for name, called in spoken.items() if any(one.name == name for one in called)}
    known = {name: _place(name) for name in spoken if name not in full}
    known.update({form: _piece(form, "pattern") for form in _bodies_beside_a_place()})
    for (name, position), forms in _forms().items():
        if position == "any":
            known.update({form: _organ(form, name) for form in forms})
    known.update({name: _place(name) for name in full})
    return {plain(name): piece for name, piece in known.items()}


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """The first two characters to the lengths of the words that begin so, longest first."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for word in _known():
        found[word[:2]].add(len(word))
    return {head: tuple(sorted(lengths, reverse=True)) for head, lengths in found.items()}


@cache
def _bodies_beside_a_place() -> dict[str, _Piece]:
    patterns = [(name, forms) for (name, position), forms in _forms().items() if position == "pattern"]
    return {form: _organ(form, name) for name, forms in patterns for form in forms}


@cache
def _forms() -> dict[tuple[str, str], tuple[str, ...]]:
    """Function and position to the ways it is said there, the table read once."""
    found: defaultdict[tuple[str, str], tuple[str, ...]] = defaultdict(tuple)
    for name, _, _, position, forms in tablefiles.rows("organs"):
        found[name, position] += tuple(forms.split(" "))
    return dict(found)


def _place(name: str) -> _Piece:
    text, short = plain(name), plain(divisions.short_name(name))
    return _Piece(text, "place", short, short, _place_ways(text), _place_ways(short))


def _organ(form: str, name: str) -> _Piece:
    shortest = organ(name).short
    end = next((end for ending, end in _ENDS if form.endswith(ending)), "")
    short = shortest + end if shortest + end in _forms().get((name, "any"), ()) else shortest
    return _Piece(form, "organ", short, shortest, _ways(form), _ways(short))


def _piece(text: str, kind: str) -> _Piece:
    """A piece that has no shorter form."""
    ways = _ways(text)
    return _Piece(text, kind, text, text, ways, ways)


@cache
def _unread(character: str) -> _Piece:
    return _piece(character, "rest")


def _place_ways(name: str) -> tuple[tuple[str, str], ...]:
    """How a place is read: its beginning as the table of places has it, what follows by characters."""
    for length in range(len(name), 1, -1):
        if syllables := _place_readings().get(name[:length]):
            return _ways_of([(one,) for one in syllables] + [_syllables(c) for c in name[length:]])
    return _ways(name)


@cache
def _place_readings() -> dict[str, tuple[str, ...]]:
    return {place: tuple(read.split(" ")) for place, read in tablefiles.rows("place_readings")}


def _ways(text: str) -> tuple[tuple[str, str], ...]:
    return _ways_of([_syllables(character) for character in text])


def _ways_of(syllables: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    ways = islice(product(*syllables), MOST_READINGS)
    return tuple(("".join(way), "".join(one[0] for one in way)) for way in ways)


@cache
def _syllables(character: str) -> tuple[str, ...]:
    """The usual readings of a character, lü as lu; anything that is no Han character is itself."""
    read = readings(character)[: 1 + (character in _READ_IN_TWO_WAYS)] or (character,)
    return tuple(one.replace("v", "u") if len(one) > 1 else one for one in read)

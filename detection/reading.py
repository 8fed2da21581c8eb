"""A name read once for all comparisons: its plain text, what it says, and the forms it is compared in."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from common.lazy import lazy
from detection.reasons import Spans
from names.characters import joined
from names.fold import has_han, plain, spots, with_latin_letters
from names.handles import Handle
from names.handles import read as read_handle
from names.parse import INSTITUTIONS, Parsed, Word, organ, parse, shortened
from names.views import pinyin_runs, spelled, typed_sound

# Beyond so many symbols no platform allows a name; what follows is not compared.
MOST_SYMBOLS = 100
SHORTEST_WITH_LEVEL = 2
_ASCII = re.compile(r"[0-9a-z]")
_LETTER = re.compile(r"[^\W\d_\u3400-\u9fff]")  # of any script but Han
LEVEL_WORDS = "省市区县州旗"
_WORN = ("role", "post")
_ONLY_UNREAD = frozenset({"rest"})

_NUMERALS = re.compile(r"[一二三四五六七八九十百零〇]+")
_DIRECTIONS = frozenset("东南西北")
_NUMBER = re.compile(r"\d{2,}")
# 洛阳l2345 looks like 洛阳12345, and is no other number.
_LETTER_IN_NUMBER = re.compile(r"(?<=\d)[oli]|[oli](?=\d)")


class Form(NamedTuple):
    """A text to compare, where its symbols stand in the plain text, and what was set aside to make it."""

    text: str
    at: Sequence[int]
    aside: tuple[str, ...] = ()  # keys of score.PRICE
    words: tuple[str, ...] = ()  # the role words set aside


@dataclass(eq=False)
class Reading:
    """A name or a handle read, not to be changed. Forms are worked out when first asked for."""

    raw: str
    text: str
    is_han: bool

    @lazy
    def parsed(self) -> Parsed:
        """What it says."""
        return parse(self.text)

    @lazy
    def kinds(self) -> frozenset[str]:
        """The kinds of its words."""
        words = self.parsed.words
        return (
            _ONLY_UNREAD if len(words) == 1 and words[0].kind == "rest" else frozenset(w.kind for w in words)
        )

    @lazy
    def spots(self) -> tuple[int, ...]:
        """Offset in the raw name of each character of the plain text."""
        return spots(self.raw)

    @property
    def whole(self) -> Spans:
        """All of the raw name."""
        return ((0, len(self.raw)),)

    def spans(self, places: Iterable[int]) -> Spans:
        """Places in the plain text, ascending, as spans of the raw name; neighbours are joined."""
        found: list[tuple[int, int]] = []
        last = 0
        for place in places:
            start = self.spots[place]
            end = self.spots[place + 1] if place + 1 < len(self.spots) else len(self.raw)
            while end > start + 1 and not plain(self.raw[end - 1]):
                end -= 1  # what is folded away behind it is not the character
            if found and place <= last + 1:
                found[-1] = (found[-1][0], max(end, found[-1][1]))
            else:
                found.append((start, max(end, start + 1)))
            last = place
        return tuple(found)

    @lazy
    def wholes(self) -> tuple[Form, ...]:
        """The plain text; with pinyin read as syllables; without role words; without added letters."""
        found = [Form(self.text, range(len(self.text)))]
        if not self.is_han:
            return tuple(found)
        if self.bare.text != self.text:
            found.append(self.bare)
        for base in tuple(found):
            if _LETTER.search(base.text):
                letters = with_latin_letters(base.text)
                if alike := spelled(letters) or ("" if has_han(letters) else typed_sound(letters)):
                    found.append(_within(base, _spelled(letters, alike)))
            if (whole := joined(base.text)) != base.text:
                found.append(_within(base, _joined(base.text, whole)))
        if _ASCII.search(self.bare.text) and (speaking := _without_letters(self.bare)):
            found.append(speaking)
        return tuple(found)

    @lazy
    def bare(self) -> Form:
        """The text without the role words and posts around what it names."""
        if self.kinds.isdisjoint(_WORN):
            return Form(self.text, range(len(self.text)))
        kept = _placed(self.parsed.words)
        worn = tuple(word.text for word in self.parsed.words if word.kind in _WORN)
        return _form([(word, at) for word, at in kept if word.kind not in _WORN], ("dressed",), worn)

    @lazy
    def short(self) -> Form:
        """What it says in the shortest words, in its own order: 郑州公安 for 郑州市公安局."""
        if self.kinds <= _ONLY_UNREAD:
            return Form(self.text, range(len(self.text)), ("in_short",))
        read, text, at = self.parsed, "", list[int]()
        places = [start for word, start in _placed(read.words) if word.kind == "place"]
        for word, start in _placed(read.words):
            is_outer = word.kind == "place" and start != places[-1]
            said = "" if is_outer else _in_short(word, read)
            text += said
            at += (min(start + offset, start + len(word.text) - 1) for offset in range(len(said)))
        return Form(text, tuple(at), ("in_short",))

    @lazy
    def own_raw(self) -> str:
        """What is left of an institution's name without place, scope, kind and generic words."""
        return "".join(word.text for word in self.parsed.words if word.kind in ("rest", "unit"))

    @lazy
    def own(self) -> str:
        """The same with long words said in short."""
        return shortened(self.own_raw)

    @lazy
    def kind(self) -> str:
        """The kind of institution it ends in, or nothing."""
        return next((w.kind for w in reversed(self.parsed.words) if w.kind in INSTITUTIONS), "")

    @lazy
    def marks(self) -> tuple[str, str, str]:
        """What counts bodies of one name: numerals, points of the compass, numbers; empty where none is."""
        read = self.parsed
        return _numerals(read), _directions(read), _numbers(read)

    @lazy
    def handle(self) -> Handle:
        """The text read as a handle."""
        return read_handle(self.raw if len(self.raw) <= MOST_SYMBOLS else self.text)

    @lazy
    def typed(self) -> tuple[str, ...]:
        """What may be pinyin of a name in Latin letters: all of it, and without official words and digits."""
        letters = (with_latin_letters(text) for text in dict.fromkeys((self.text, self.handle.bare)))
        return tuple(text for text in letters if text.isascii() and text.isalpha())


@lru_cache(maxsize=4096)
def read(name: str) -> Reading:
    """Read a name; never fails. Remembers the last few thousand."""
    return read_anew(name)


def read_anew(name: str) -> Reading:
    """Read a name that is not asked for again."""
    text = plain(name)[:MOST_SYMBOLS]
    return Reading(name, text, has_han(text))


def _placed(words: tuple[Word, ...]) -> list[tuple[Word, int]]:
    found, at = [], 0
    for word in words:
        found.append((word, at))
        at += len(word.text)
    return found


def _form(pieces: list[tuple[Word, int]], aside: tuple[str, ...], worn: tuple[str, ...] = ()) -> Form:
    at = tuple(place for word, start in pieces for place in range(start, start + len(word.text)))
    return Form("".join(word.text for word, _ in pieces), at, aside, worn)


def _spelled(text: str, alike: str) -> Form:
    """The text with syllables as symbols; each stands where its first letter does."""
    starts = dict(pinyin_runs(text))
    at: list[int] = []
    where = 0
    while where < len(text):
        for syllable in starts.get(where, [text[where]]):
            at.append(where)
            where += len(syllable)
    return Form(alike, tuple(at))


def _within(base: Form, form: Form) -> Form:
    """A form made of the text of another form, as one of the name itself."""
    return Form(form.text, tuple(base.at[at] for at in form.at), (*base.aside, *form.aside), base.words)


def _joined(text: str, whole: str) -> Form:
    """Positions are those of the first piece of each character."""
    at, where = [], 0
    for character in whole:
        at.append(where)
        where += 1 if text[where : where + 1] == character else 2
    return Form(whole, tuple(at), ("split",))


def _without_letters(form: Form) -> Form | None:
    kept = [(c, at) for c, at in zip(form.text, form.at, strict=True) if not c.isascii()]
    if len(kept) == len(form.text) or not kept:
        return None
    added = "".join(c for c in form.text if c.isascii())
    text, at = "".join(c for c, _ in kept), tuple(at for _, at in kept)
    return Form(text, at, (*form.aside, "letters"), (*form.words, added))


def _in_short(word: Word, read: Parsed) -> str:
    if word.kind in ("role", "post", "fan") or (word.kind == "unit" and read.organs):
        return ""
    if word.kind == "organ":
        return organ(word.meaning).short
    if word.kind == "place":
        return read.place
    # 郑洲市 in disguise: what would be dropped behind a place that is read is dropped behind this one.
    is_long = word.kind == "rest" and read.organs and len(word.text) > SHORTEST_WITH_LEVEL
    return word.text.rstrip(LEVEL_WORDS) if is_long else word.text


def _numerals(read: Parsed) -> str:
    """第一中学 and 第十一中学."""
    return " ".join(_NUMERALS.findall(read.subject))


def _directions(read: Parsed) -> str:
    """东区 and 西区."""
    return "".join(c for c in read.subject if c in _DIRECTIONS)


def _numbers(read: Parsed) -> str:
    """12345 and 12348; a single digit is decoration as often as not."""
    return " ".join(_NUMBER.findall(_LETTER_IN_NUMBER.sub(_as_digit, read.text)))


def _as_digit(letter: re.Match[str]) -> str:
    return "0" if letter[0] == "o" else "1"

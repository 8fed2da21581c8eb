"""What a name says: which place, which public function, and which words only dress it up.

A name is folded and cut into the longest known words from left to right; what no table knows stays as it is.

* A place in a place (河南省郑州市金水区) is read as the innermost; a bare short form used on several levels
  (海南, 朝阳) as the highest, because people say 海南区 when they mean the district.
* A word that is an organ or a role is never the short form of a place (公安县 is a place, 公安 is not).
* A pattern word (平安, 健康, 发布) names a function only beside a place and when no other organ is named:
  郑州交警发布 is the traffic police, 平安银行 no police at all.
* Where the last word names an institution (大学, 协会, 公司), functions before it are its subject, not a
  public body: 郑州教育学院 is not the education bureau.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from names import divisions, tablefiles
from names.divisions import Division
from names.fold import plain

INSTITUTIONS = frozenset({"school", "institute", "association", "company"})
_TELLS_A_BODY = INSTITUTIONS | {"place", "organ", "pattern", "scope", "region"}
MIN_OWN = 2
LONGEST_ACCIDENT = 2
LONGEST_GENERIC = 4
_AROUND = frozenset({"role", "post", "fan", "unit", "slogan"})
# What of `tables/generic.tsv` is read in a name, and as what.
_GENERIC_KINDS = {"region": "region", "role": "role", "service": "role", "slogan": "slogan"}
# Generic words of institutions, over those of every kind.
_FILLERS = {f"filler_{kind}": kind for kind in INSTITUTIONS}


class Word(NamedTuple):
    """A stretch of a folded name. kind: place, scope, organ, pattern, unit, role, post, fan, filler, an
    institution, or rest; meaning: the organ's identifier where there is one."""

    text: str
    kind: str
    meaning: str = ""


@dataclass(frozen=True)
class Organ:
    """A public function: how it is called in short, and which group of bodies it belongs to."""

    name: str
    short: str
    group: str


class Parsed(NamedTuple):
    """A name read.

    places: keys of the divisions it can mean, all on one level. A place or an organ is clean where no unread
    character touches it, save behind a place, where one may begin a smaller place (place_is_followed).
    body: functions in short and what else tells; core: place or scope and body, the same for all ways to
    say the same thing. has_fan_word: it says openly that it is a fan's, a parody or unofficial.
    """

    text: str
    words: tuple[Word, ...]
    places: frozenset[str]
    place: str
    place_is_clean: bool
    place_is_followed: bool
    organs: tuple[str, ...]
    organs_are_clean: bool
    scope: str
    region: str
    institution: str
    subject: str
    body: str
    core: str
    has_fan_word: bool

    @property
    def is_bare_place(self) -> bool:
        """Whether the name says a place and nothing else that could tell one body from another."""
        return bool(self.places) and not self.body

    @property
    def generic(self) -> tuple[str, ...]:
        """Generic words that tell no body from another: 研究, 发展, 管理."""
        return tuple(word.text for word in self.words if word.kind == "filler")

    @property
    def dress(self) -> tuple[str, ...]:
        """The role words and posts around the core, in order."""
        return tuple(word.text for word in self.words if word.kind in ("role", "post"))


@lru_cache(maxsize=8192)
def parse(name: str) -> Parsed:
    """Read `name`, which is folded first. Never fails: what no table knows is `rest`."""
    text = plain(name)
    if not _may_say_something(text):
        return _unread(text)
    cut = _without_accidents(list(_cut(text)))
    if not any(word.kind in _TELLS_A_BODY for word in cut):
        return _of_nobody(text, _joined(_around(cut)))
    words = _with_fillers(_without_demoted(_joined(_around(cut))))
    reading = _place(words)
    words = _without_stray_places(words, reading.used)
    organs = tuple(dict.fromkeys(word.meaning for word in words if word.kind == "organ"))
    place = divisions.short_name(divisions_by_key(min(reading.keys)).name) if reading.keys else ""
    # 局 says nothing more once the function is known, wherever it stands (公安局金水分局).
    telling = ("rest", "filler") if organs else ("rest", "filler", "unit")
    subject = "".join(word.text for word in words if word.kind in telling)
    institution = next((word.text for word in reversed(words) if word.kind in INSTITUTIONS), "")
    scope = next((word.text for word in words if word.kind == "scope"), "")
    body = "".join(organ(one).short for one in organs) + subject + institution
    return Parsed(
        text=text,
        words=words,
        places=reading.keys,
        place=place,
        place_is_clean=reading.clean,
        place_is_followed=_is_followed(words),
        organs=organs,
        organs_are_clean=_organs_are_clean(words),
        scope=scope,
        region=next((w.text for w in words[:2] if w.kind == "region"), ""),
        institution=institution,
        subject=subject,
        body=body,
        core=(place or scope) + body,
        has_fan_word=any(word.kind == "fan" for word in words),
    )


def _may_say_something(text: str) -> bool:
    """Whether a known word of two characters or more stands in the text, or a province in one letter."""
    vocabulary, lengths, heads = _vocabulary(), _lengths(), _heads()
    for at, character in enumerate(text):
        if text[at : at + 2] in heads:
            for length in lengths[character]:
                if length > 1 and text[at : at + length] in vocabulary:
                    return True
    return text[:1] in _province_letters()


@cache
def _heads() -> frozenset[str]:
    return frozenset(spelling[:2] for spelling in _vocabulary() if len(spelling) > 1)


def _unread(text: str) -> Parsed:
    """A name in which no word is known."""
    return _of_nobody(text, (Word(text, "rest"),) if text else ())


def _of_nobody(text: str, words: tuple[Word, ...]) -> Parsed:
    """A name that says no place, no function and no institution, as most names do."""
    subject = "".join(word.text for word in words if word.kind in ("rest", "filler", "unit"))
    return Parsed(
        text=text,
        words=words,
        places=frozenset(),
        place="",
        place_is_clean=False,
        place_is_followed=False,
        organs=(),
        organs_are_clean=True,
        scope="",
        region="",
        institution="",
        subject=subject,
        body=subject,
        core=subject,
        has_fan_word=any(word.kind == "fan" for word in words),
    )


def divisions_by_key(key: str) -> Division:
    """The division with a key that the parser itself gave out."""
    division = divisions.by_key(key)
    if division is None:
        raise LookupError(f"no division has the key {key!r}")
    return division


@cache
def organs() -> dict[str, Organ]:
    """All public functions by identifier."""
    found: dict[str, Organ] = {}
    for name, short, group, _, _ in tablefiles.rows("organs"):
        found.setdefault(name, Organ(name, short, group))
    return found


def organ(name: str) -> Organ:
    """The public function with this identifier. Raises KeyError if there is none."""
    return organs()[name]


@cache
def forms_of(name: str) -> tuple[str, ...]:
    """Every way a function is said without a pattern, the official one first."""
    return _forms(name, "any")


@cache
def patterns_of(name: str) -> tuple[str, ...]:
    """The words that name a function only beside a place: 平安 for the police."""
    return _forms(name, "pattern")


def shortened(own: str) -> str:
    """The own part of an institution's name with long words said in short: 经贸 for 经济贸易."""
    for long, short in _shortenings():
        if long in own:
            own = own.replace(long, short)
    return own


@cache
def _shortenings() -> tuple[tuple[str, str], ...]:
    pairs = ((long, shorts.split(" ")[0]) for long, shorts in tablefiles.rows("shortenings"))
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


@cache
def known_bodies() -> dict[str, frozenset[str]]:
    """Names and own short names of national bodies, universities and the like, to the bodies so called."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for long, _, shorts in tablefiles.rows("bodies"):
        for name in (long, *shorts.split(" ")):
            if name:
                found[plain(name)].add(long)
    return {name: frozenset(called) for name, called in found.items()}


def _forms(name: str, position: str) -> tuple[str, ...]:
    listed = tablefiles.rows("organs")
    return tuple(
        form
        for identifier, _, _, where, forms in listed
        if (identifier, where) == (name, position)
        for form in forms.split(" ")
    )


@cache
def words_of(kind: str) -> tuple[str, ...]:
    """The words of one kind of `tables/words.tsv`."""
    return tuple(
        word for listed, words in tablefiles.rows("words") if listed == kind for word in words.split(" ")
    )


@cache
def _vocabulary() -> dict[str, Word]:
    """Folded spelling to word. Later entries win: short places, words, organs, full names of places."""
    known: dict[str, Word] = {}
    for word, kind in tablefiles.rows("generic"):
        if kind in _GENERIC_KINDS:
            known.setdefault(word, Word(word, _GENERIC_KINDS[kind]))
    spoken = divisions.spoken_names()
    full = {name for name, called in spoken.items() if any(one.name == name for one in called)}
    known.update({name: Word(name, "place") for name in spoken})
    for kind, words in tablefiles.rows("words"):
        if not kind.startswith("latin") and kind != "filler":
            known.update({word: Word(word, kind) for word in words.split(" ")})
    patterns: set[str] = set()
    for name, _, _, position, forms in tablefiles.rows("organs"):
        kind = "organ" if position == "any" else "pattern"
        known.update({form: Word(form, kind, name) for form in forms.split(" ")})
        patterns |= set(forms.split(" ")) if kind == "pattern" else set()
    # 郑州发布会 is 发布 with a word behind it, not a place with a role word.
    for word in [word for word, listed in known.items() if listed.kind == "role"]:
        if any(word != form and word.startswith(form) for form in patterns):
            del known[word]
    known.update({name: Word(name, "place") for name in full})
    # The tables stand folded (a test holds it); of the divisions three names do not (乾县).
    return {
        (text := word.text if word.kind != "place" else plain(name)): word._replace(text=text)
        for name, word in known.items()
    }


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """First character to the lengths of the words that begin with it, longest first."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for spelling in _vocabulary():
        found[spelling[0]].add(len(spelling))
    return {character: tuple(sorted(lengths, reverse=True)) for character, lengths in found.items()}


def _cut(text: str) -> Iterator[Word]:
    """The words that leave the fewest characters unread, and of these the fewest and longest ones.

    茂名市监 is 茂名 and 市监, not 茂名市 and an unread 监. Unread characters are words of kind rest.
    """
    at = 0
    if len(text) > 2 and text[0] in _province_letters() and _starts_with_organ(text[1:]):
        yield Word(text[0], "place")
        at = 1
    vocabulary = _vocabulary()
    for length in _word_lengths(text, at):
        if not length:
            yield Word(text[at], "rest")
            at += 1
            continue
        end = at + length - _ends_a_post(text, at, at + length)
        yield vocabulary[text[at:end]]
        at = end


def _word_lengths(text: str, first: int) -> Iterator[int]:
    """The lengths of the words of the best cut from `first` on; 0 for an unread character."""
    vocabulary, lengths = _vocabulary(), _lengths()
    size = len(text)
    # For each place: unread characters and words from there on, and the length of the first word.
    costs = [(0, 0.0)] * (size + 1)
    firsts = [0] * (size + 1)
    for at in range(size - 1, first - 1, -1):
        unread, words = costs[at + 1]
        # Of two cuts alike the one that reads from the start: 武汉|中级, not 武|汉中|级.
        best, chosen = (unread + 1, words + 1.001), 0
        for length in lengths.get(text[at], ()):
            end = at + length
            if end <= size and text[at:end] in vocabulary:
                unread, words = costs[end]
                if (unread, words + 1) < best:
                    best, chosen = (unread, words + 1), length
        costs[at], firsts[at] = best, chosen
    at = first
    while at < size:
        length = firsts[at]
        yield length
        at += (length or 1) - (_ends_a_post(text, at, at + length) if length else 0)


def _ends_a_post(text: str, at: int, end: int) -> int:
    """1 where the last character of a word begins a post: 文旅局长 is the head of 文旅局."""
    vocabulary = _vocabulary()
    post = vocabulary.get(text[end - 1 : end + 1])
    shorter = vocabulary.get(text[at : end - 1])
    return int(post is not None and post.kind == "post" and shorter is not None and shorter.kind == "organ")


@cache
def _province_letters() -> dict[str, str]:
    return dict(tablefiles.rows("province_letters"))


def _starts_with_organ(text: str) -> bool:
    vocabulary = _vocabulary()
    return any(
        vocabulary.get(text[:end], Word("", "rest")).kind == "organ" for end in range(2, len(text) + 1)
    )


def _without_accidents(cut: list[Word]) -> list[Word]:
    """A short function with unread characters on both sides is part of them: 证监 in 质量认证监督."""
    return [
        Word(word.text, "rest")
        if word.kind == "organ"
        and len(word.text) <= LONGEST_ACCIDENT
        and 0 < at < len(cut) - 1
        and cut[at - 1].kind == cut[at + 1].kind == "rest"
        else word
        for at, word in enumerate(cut)
    ]


def _joined(cut: Iterable[Word]) -> tuple[Word, ...]:
    """Neighbouring unread characters as one word; a unit word (局, 委员会) goes with the organ before it."""
    words: list[Word] = []
    for word in cut:
        before = words[-1] if words else Word("", "")
        if word.kind == before.kind == "rest":
            words[-1] = Word(before.text + word.text, "rest")
        elif word.kind == "unit" and before.kind == "organ":
            words[-1] = Word(before.text + word.text, "organ", before.meaning)
        else:
            words.append(word)
    return tuple(words)


def _around(cut: list[Word]) -> Iterator[Word]:
    """Role words stand around a name; within it they are part of it (北京信息科技大学), save what says 官方.

    So do slogans and 中国 before a place: 微长沙疾控, 中国郑州发布.
    """
    telling = [at for at, word in enumerate(cut) if word.kind not in _AROUND and not word.text.isascii()]
    first, last = (telling[0], telling[-1]) if telling else (0, 0)
    has_place = any(word.kind == "place" for word in cut)
    for at, word in enumerate(cut):
        is_inner = first < at < last and word.kind == "role" and not word.text.startswith("官")
        if word.kind == "slogan" or (word.kind == "scope" and at == 0):
            is_before = at + 2 < len(cut) and cut[at + 1].kind in ("place", "pattern", "organ") and has_place
            yield Word(word.text, "role" if is_before else "rest" if word.kind == "slogan" else "scope")
        else:
            yield Word(word.text, "rest") if is_inner else word


def _with_fillers(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Generic words at the end of an institution's own part: 行业 of 中国烹饪行业协会."""
    kind = words[-1].kind if words else ""
    if kind not in INSTITUTIONS or len(words) < 2 or words[-2].kind != "rest":
        return words
    text, tail = words[-2].text, tuple[Word, ...]()
    if kind == "association" and text.endswith("家") and len(text) > MIN_OWN:
        text, tail = text[:-1], (Word("家", "filler"),)
    for length in range(min(len(text) - MIN_OWN, 4), 1, -1):
        if text[-length:] in _fillers_of(kind):
            own, generic = Word(text[:-length], "rest"), Word(text[-length:], "filler")
            return (*words[:-2], own, generic, *tail, words[-1])
    return (*words[:-2], *_without_leading_filler(text), *tail, words[-1])


def _without_leading_filler(text: str) -> Iterator[Word]:
    """A generic word in front of a long own part comes and goes, too: 现代 of 中国现代硬笔书法研究会."""
    for length in range(LONGEST_GENERIC, 1, -1):
        if text[:length] in generic_words() and len(text) - length >= 2 * MIN_OWN:
            yield Word(text[:length], "filler")
            yield Word(text[length:], "rest")
            return
    yield Word(text, "rest")


@cache
def generic_words() -> frozenset[str]:
    """Words that come and go without naming another body: 研究, 发展, 管理."""
    listed = tablefiles.rows("generic")
    return frozenset(word for word, where in listed if where == "filler" and len(word) >= MIN_OWN)


@cache
def _fillers_of(kind: str) -> frozenset[str]:
    listed = ((word, where) for word, where in tablefiles.rows("generic"))
    own = frozenset(word for word, where in listed if where == "filler" or _FILLERS.get(where) == kind)
    return own | frozenset(words_of("filler"))


def _without_demoted(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Functions that are no body here, as the module docstring says, become role or rest."""
    words = _as_institution(words)
    kinds = [word.kind for word in words if word.kind not in ("role", "post")]
    if kinds and kinds[-1] in INSTITUTIONS:
        return tuple(Word(w.text, "rest") if w.kind in ("organ", "pattern") else w for w in words)
    if "organ" in kinds:
        return tuple(Word(w.text, "role") if w.kind == "pattern" else w for w in words)
    has_place = "place" in kinds or "scope" in kinds
    meant = {word.meaning for word in words if word.kind == "pattern"}
    return tuple(_as_said(word, has_place, meant) if word.kind == "pattern" else word for word in words)


def _as_institution(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """A national society by its own part and its kind: 中国|书法|家|协会, though 书法家协会 is an organ."""
    if not words or any(word.kind == "place" for word in words):
        return words
    last = max((at for at, word in enumerate(words) if word.kind not in ("role", "post")), default=0)
    word = words[last]
    kind = _kind_at_end(word.text) if word.kind == "organ" else None
    if kind is None:
        return words
    own = Word(word.text.removesuffix(kind.text), "rest")
    return tuple(_joined((*words[:last], own, kind, *words[last + 1 :])))


def _kind_at_end(text: str) -> Word | None:
    for length in range(min(len(text) - MIN_OWN, 6), 1, -1):
        word = _vocabulary().get(text[-length:])
        if word is not None and word.kind in INSTITUTIONS:
            return word
    return None


def _as_said(word: Word, has_place: bool, meant: set[str]) -> Word:
    """A pattern word with no organ beside it; the government's 发布 gives way to another (平安郑州发布)."""
    if not has_place:
        return Word(word.text, "rest")
    if word.meaning == "government" and len(meant) > 1:
        return Word(word.text, "role")
    return word._replace(kind="organ")


class _Place(NamedTuple):
    keys: frozenset[str]
    used: frozenset[int]
    clean: bool


def _place(words: Sequence[Word]) -> _Place:
    """The innermost place of a chain of places, the words of the chain, and whether it is cleanly read."""
    current: tuple[Division, ...] = ()
    used: set[int] = set()
    clean = True
    for at, word in enumerate(words):
        if word.kind != "place":
            continue
        called = _called(word.text, at)
        if not current and _is_by_accident(words, at, called):
            continue
        inner = tuple(one for one in called if any(divisions.lies_in(one, outer) for outer in current))
        if current and not inner:
            continue
        if not current:
            clean = at == 0 or words[at - 1].kind != "rest"
        current = _highest(inner or called)
        used.add(at)
    return _Place(frozenset(division.key for division in current), frozenset(used), clean and bool(current))


def _is_by_accident(words: Sequence[Word], at: int, called: Sequence[Division]) -> bool:
    """Whether the short name of a county stands behind unread characters: 网商城 is a shop, not in 商城县."""
    is_behind = at > 0 and words[at - 1].kind == "rest"
    return is_behind and all(one.level == "county" and one.name != words[at].text for one in called)


def _called(text: str, at: int) -> tuple[Division, ...]:
    letter = _province_letters().get(text) if at == 0 else None
    return (divisions_by_key(letter),) if letter else divisions.named(text)


def _highest(called: Sequence[Division]) -> tuple[Division, ...]:
    top = min((divisions.LEVELS.index(one.level) for one in called), default=0)
    return tuple(one for one in called if divisions.LEVELS.index(one.level) == top)


def _is_followed(words: Sequence[Word]) -> bool:
    """Whether unread characters stand right behind a place: perhaps a smaller place in disguise (余将区)."""
    return any(word.kind == "place" and after.kind == "rest" for word, after in pairwise(words))


def _organs_are_clean(words: Sequence[Word]) -> bool:
    """Whether no organ touches unread characters: 民政 in 人民政附 does."""
    return not any({word.kind, after.kind} == {"organ", "rest"} for word, after in pairwise(words))


def _without_stray_places(words: tuple[Word, ...], used: frozenset[int]) -> tuple[Word, ...]:
    return tuple(
        Word(word.text, "rest") if word.kind == "place" and at not in used else word
        for at, word in enumerate(words)
    )

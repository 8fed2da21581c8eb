"""What to ask a platform in order to reach those who imitate an account: search words, handles to look up.

A platform's search finds names that contain the words and shows few of them, so the words go from the most
telling to the most general: the name, other ways to say the same body, then parts of the name that stay whole
when another part is altered. One altered character leaves what stands before it or what stands after it.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice, zip_longest

from names import tablefiles
from names.fold import fold, has_han, without_invisible
from names.parse import Parsed, divisions_by_key, forms_of, organ, parse, patterns_of, words_of

MOST_KEYWORDS = 14
MOST_REDRAWN = 2
MOST_HANDLES = 30
_SHORTEST_KEYWORD = 2
_SHORTEST_STEM = 3
_HANDLE_CHARACTERS = re.compile(r"[A-Za-z0-9_.-]{1,64}")  # no platform allows longer ones
_DRAWN_ALIKE = (
    ("l", "I"), ("l", "1"), ("I", "l"), ("i", "l"), ("i", "1"), ("1", "l"), ("o", "0"), ("O", "0"),
    ("0", "o"), ("m", "rn"), ("rn", "m"), ("w", "vv"), ("s", "5"), ("e", "3"), ("a", "4"),
)  # fmt: skip
_SUFFIXES = ("_", "0", "official", "_official", "1", "gov", "_gov", "cn", "_cn", "123")


def search_keywords(name: str, handle: str = "") -> tuple[str, ...]:
    """At most 14 search words for one account, the most useful first; none if nothing is readable."""
    asked = without_invisible(name).strip()
    stem = handle.strip().lstrip("@")
    words = [
        asked,
        *_other_ways_to_say(parse(name)),
        *islice(_redrawn(asked), MOST_REDRAWN),
        *_parts(asked),
        stem,
        handle_stem(stem),
        traditional(asked),
    ]
    readable = [word for word in words if fold(word).text]
    long_enough = [word for word in readable if len(word) >= _SHORTEST_KEYWORD]
    distinct = {word.casefold(): word for word in reversed(long_enough or readable)}
    return tuple(reversed(distinct.values()))[:MOST_KEYWORDS]


def lookalike_handles(handle: str) -> tuple[str, ...]:
    """At most 30 handles a reader takes for it, each kind of alteration in turn; never the handle itself."""
    plain = handle.strip().lstrip("@")
    if not _HANDLE_CHARACTERS.fullmatch(plain):
        return ()
    kinds = (
        _drawn_alike(plain),
        _with_suffix(plain),
        _with_other_separators(plain),
        _doubled(plain),
        _dropped(plain),
        _swapped(plain),
    )
    in_turn = (one for round_ in zip_longest(*kinds) for one in round_ if one)
    # Platforms take no notice of case in handles: another case is the same account.
    others = {one.casefold(): one for one in reversed(list(in_turn)) if one.casefold() != plain.casefold()}
    return tuple(islice(reversed(others.values()), MOST_HANDLES))


def handle_stem(handle: str) -> str:
    """A handle without trailing digits, separators and one official word (zhengzhou_gov_01 -> zhengzhou)."""
    stem = re.sub(r"[\d_.\-]+$", "", handle)
    for word in sorted(words_of("latin_affix"), key=len, reverse=True):
        shorter = stem[: -len(word)].rstrip("_.-")
        if stem.casefold().endswith(word) and len(shorter) >= _SHORTEST_STEM:
            return shorter
    return stem if len(stem) >= _SHORTEST_STEM else handle


def traditional(text: str) -> str:
    """`text` in traditional characters, each in its commonest traditional form."""
    return text.translate(_traditional())


def _other_ways_to_say(read: Parsed) -> Iterator[str]:
    """The short form, the words in the other order, patterns and long forms of the same body."""
    if not read.organs or not read.places:
        yield "" if read.is_bare_place else read.core
        return
    short = organ(read.organs[0]).short
    yield read.place + short + read.subject
    yield short + read.place + read.subject
    yield from (word + read.place for word in patterns_of(read.organs[0])[-1:] if word != short)
    full_name = divisions_by_key(min(read.places)).name
    yield from (full_name + form for form in forms_of(read.organs[0])[:1])


def _redrawn(name: str) -> Iterator[str]:
    """The name with one character drawn as its best known look-alike (河南入社), attested ones first.

    What stays whole beside it is often a bare place, whose search answer is cut long before the imitation.
    """
    for others in _redrawings():
        for at, character in enumerate(name):
            if character in others:
                yield name[:at] + others[character] + name[at + 1 :]


def _parts(name: str) -> Iterator[str]:
    """All but the first character, all but the last, and both halves: what one alteration leaves whole."""
    half = (len(name) + 1) // 2
    if len(name) > _SHORTEST_KEYWORD:
        yield name[1:]
        yield name[:-1]
    if has_han(name) and half >= _SHORTEST_KEYWORD:
        yield name[:half]
        yield name[-half:]


@cache
def _traditional() -> dict[int, str]:
    return {ord(new): old for new, old in tablefiles.rows("to_traditional")}


@cache
def _redrawings() -> tuple[dict[str, str], dict[str, str]]:
    """Per character the look-alike to try first: attested in a published counterfeit, and alike in print."""
    attested: dict[str, str] = {}
    in_print: dict[str, str] = {}
    for characters, source in tablefiles.rows("lookalikes_hand"):
        table = attested if source.startswith("attested") else in_print
        for one in characters:
            table.setdefault(one, next(other for other in characters if other != one))
    return attested, in_print


def _drawn_alike(handle: str) -> Iterator[str]:
    for letters, others in _DRAWN_ALIKE:
        for found in re.finditer(letters, handle):
            yield handle[: found.start()] + others + handle[found.end() :]


def _with_suffix(handle: str) -> Iterator[str]:
    yield from (handle + suffix for suffix in _SUFFIXES)


def _with_other_separators(handle: str) -> Iterator[str]:
    joined = re.sub(r"[_.\-]", "", handle)
    yield joined
    yield re.sub(r"(?<=[a-z])(?=[A-Z])", "_", handle)
    yield re.sub(r"[_.\-]", "_", handle)


def _doubled(handle: str) -> Iterator[str]:
    yield from (handle[:at] + letter + handle[at:] for at, letter in enumerate(handle))


def _dropped(handle: str) -> Iterator[str]:
    if len(handle) > _SHORTEST_STEM:
        yield from (handle[:at] + handle[at + 1 :] for at in reversed(range(len(handle))))


def _swapped(handle: str) -> Iterator[str]:
    for at in reversed(range(len(handle) - 1)):
        yield handle[:at] + handle[at + 1] + handle[at] + handle[at + 2 :]

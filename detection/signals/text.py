"""Text of strangers: read in its plain form, and quoted so that no phone number stays in a reason."""

import unicodedata
from collections.abc import Iterable, Iterator

from common.table import shown
from names.fold import fold, is_invisible

QUOTED = 40  # characters
MASKED_FROM = 7  # digits: 12345 and 110 are no numbers of anybody
_KEPT = 3
_GAP = 3  # signs between two digits of one number: 138 - 0013
_NUMERALS = {
    character: str(value)
    for value, characters in enumerate(
        ("〇零", "一壹幺", "二贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
    )
    for character in characters
}


def plain(text: str) -> str:
    """`text` without what does not change its look: signs, spaces, widths, capitals, traditional forms."""
    return fold(text).text


def same(mine: str, theirs: str) -> bool:
    """Whether two texts are one when folded; nothing readable equals nothing."""
    folded = plain(mine)
    return bool(folded) and folded == plain(theirs)


def same_as_any(mine: str, texts: Iterable[str]) -> str:
    """The first of `texts` that is `mine` when folded, or an empty text."""
    return next((text for text in texts if same(mine, text)), "")


def digits(text: str) -> str:
    """`text` with digits of every script and form, Chinese ones too, as 0 to 9."""
    return "".join(_digit(character) or character for character in text)


def quoted(text: str) -> str:
    """`text` for a reason: one line, at most 40 characters, long numbers masked behind their third digit."""
    characters = list(text)
    for run in _numbers(text):
        for at in run[_KEPT:]:
            characters[at] = "*"
    safe = shown("".join(characters))
    return safe if len(safe) <= QUOTED else f"{safe[: QUOTED - 1]}…"


def _digit(character: str) -> str:
    value = unicodedata.digit(character, None)
    return _NUMERALS.get(character, "") if value is None else str(value)


def _numbers(text: str) -> Iterator[list[int]]:
    """Where the digits of each long number stand."""
    run: list[int] = []
    gap = 0
    for at, character in enumerate(text):
        if _digit(character):
            run.append(at)
            gap = 0
        elif not is_invisible(character):
            gap += 1
        if run and (gap > _GAP or (gap and character.isalnum())):
            yield from [run] if len(run) >= MASKED_FROM else []
            run, gap = [], 0
    yield from [run] if len(run) >= MASKED_FROM else []

"""What can be refused here, and why: every error says what is wrong and what to do. Pure."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

SHOWN_LENGTH = 40
# Letters that turn the reading direction: a value with one of them does not read as it is stored.
TURNS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
UNPRINTABLE = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029{TURNS}]")


class RegistryError(Exception):
    """The register or its people cannot be changed as asked; nothing was changed."""


class Refused(RegistryError):
    """One request that the rules forbid; the text names the mend."""


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The one of `words` most like `word`, None if none is near."""
    near = get_close_matches(word[:SHOWN_LENGTH].lower(), list(words), n=1, cutoff=0.6)
    return near[0] if near else None


def one_of(word: str, words: Iterable[str]) -> str:
    """The mend for a `word` outside a closed list: the nearest of `words`, or all of them."""
    choices = list(words)
    near = nearest(word, choices)
    return f"did you mean {near}?" if near else f"use one of {', '.join(choices)}"

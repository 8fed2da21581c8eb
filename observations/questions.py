"""Which questions are put to a platform about one registered account. Pure.

Its own home first (profile, publications), then the search words a citizen might type, then exact look-ups
of handles that could be mistaken for its own. The order is the rank: when a day's budget ends early, every
account has had its best questions answered before any account gets its last ones.
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from names.variants import lookalike_handles, search_keywords

MAX_HANDLES = 8


class Subject(NamedTuple):
    """What is known of the account: its names, handle, and its permanent id if it lives on this source."""

    names: tuple[str, ...]
    handle: str
    own_uid: str | None


class Question(NamedTuple):
    """A stage of the platform's spec, the value to ask with, and its place in line (0 = first)."""

    stage: str
    value: str
    rank: int


def questions(subject: Subject, stages: Collection[str]) -> list[Question]:
    """The questions about `subject` that a platform with these `stages` can answer, without repeats."""
    seen: dict[tuple[str, str], Question] = {}
    for rank, (stage, value) in enumerate(_in_order(subject)):
        if stage in stages and value:
            seen.setdefault((stage, value), Question(stage, value, rank))
    return list(seen.values())


def for_files(subject: Subject) -> list[Question]:
    """The questions about `subject` that a file can answer: its account, and a search for each of its names.

    Who searches by hand searches for names: what imitators may be found under besides is asked of nobody.
    """
    own = [] if subject.own_uid is None else [("profile", subject.own_uid)]
    asked = [*own, *(("search", name.strip()) for name in subject.names if name.strip())]
    return [Question(stage, value, rank) for rank, (stage, value) in enumerate(dict.fromkeys(asked))]


def _in_order(subject: Subject) -> Iterator[tuple[str, str]]:
    if subject.own_uid is not None:
        yield "posts", subject.own_uid
        yield "profile", subject.own_uid
    for name in subject.names:
        for keyword in search_keywords(name, subject.handle):
            yield "search", keyword
    for handle in lookalike_handles(subject.handle)[:MAX_HANDLES]:
        yield "lookup", handle

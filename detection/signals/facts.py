"""What the signals are told: the facts of the stranger and of the official side, as far as they are known.

None always means "not known" (the platform does not give it, or it was not asked for); an empty text or tuple
means "known to be empty". Whoever fills these in must not turn the first into the second.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from common.images import Fingerprint


class Explained(Protocol):
    """A reason with its share of the points: that of a name's likeness, or a signal."""

    @property
    def code(self) -> str: ...
    @property
    def points(self) -> float: ...
    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...


class Likeness(Protocol):
    """What the comparison of names came to, as far as the signals need it."""

    @property
    def score(self) -> float: ...
    @property
    def accepted(self) -> bool: ...
    @property
    def came_from(self) -> str: ...


@dataclass(frozen=True)
class FormerName:
    """A name the account bore before. alike: whether that too was like the official one, as names compare."""

    name: str
    alike: bool | None = None


@dataclass(frozen=True)
class Candidate:
    """A stranger as last seen.

    is_registered: under its permanent id, on this platform and instance.
    is_allow_listed: a person decided before that it is no imitation of this official account.
    subject_is_lawful_body: the register knows the certified subject as a unit, or as the filed alias of one.
    has_badge: the platform shows a mark of certification, whoever it names.
    follower_counts: (day, count) of earlier looks, in any order. former_names: the newest last.
    rank: in the search for the official name, 1 = first.
    """

    name: str
    handle: str | None = None
    bio: str | None = None
    certified_subject: str | None = None
    subject_type: Literal["organisation", "personal"] | None = None
    subject_is_lawful_body: bool | None = None
    has_badge: bool | None = None
    avatar: Fingerprint | None = None
    opened_on: date | None = None
    seen_on: date | None = None
    followers: int | None = None
    follower_counts: tuple[tuple[date, int], ...] | None = None
    former_names: tuple[FormerName, ...] | None = None
    rank: int | None = None
    is_registered: bool | None = None
    is_allow_listed: bool | None = None


@dataclass(frozen=True)
class Official:
    """The account or body that may be imitated.

    subjects: the lawful name of the sponsor first, then its filed aliases. names: every protected name of it.
    home_hosts: host names of its own sites.
    shares_avatar: other registered accounts show the same picture (state emblem, police badge).
    is_on_platform: it has an account of its own where the stranger was seen.
    is_closed: the account is deregistered, or its body dissolved; its names stay protected.
    released_handles, released_names: given up by rename or deregistration.
    """

    name: str
    handle: str | None = None
    subjects: tuple[str, ...] | None = None
    names: tuple[str, ...] = ()
    home_hosts: tuple[str, ...] = ()
    avatar: Fingerprint | None = None
    shares_avatar: bool | None = None
    opened_on: date | None = None
    rank: int | None = None
    is_on_platform: bool | None = None
    is_closed: bool | None = None
    released_handles: tuple[str, ...] | None = None
    released_names: tuple[str, ...] | None = None

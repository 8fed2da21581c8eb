"""What messages are made of: what is known, who is shown what, and how foreign text is made harmless. Pure.

- Each line gets the least it needs (`SHOWN`, domain handbook 5.6): no rule internals for the sponsor, no
  addresses or captures of the imitator for publicity.
- Every name an imitator chose is hostile: cut at 64 characters; what breaks lines, turns the reading
  direction or does not show is written as its code point.
- What an imitator wrote leads nowhere from a mail: `evil.example` is written `evil[.]example`, for mail
  programs make links of such words, and the only link of a mail is ours.

`alerting.mail` writes them for people, `alerting.events` for systems.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from alerting import wording
from alerting.grounds import Reason
from alerting.wording import Both
from names.fold import is_invisible

NAME_LENGTH, SENTENCE_LENGTH, ADDRESS_LENGTH = 64, 160, 300
# Together they keep a webhook's body below 20 kB (Standard Webhooks 1.0.0).
MOST_GAPS, MOST_REASONS = 12, 6
# Where mail comes from while nobody has said; a name that is never anybody's (RFC 2606).
NO_HOST = "zhenwei.invalid"
# A dot before two letters may be one of a domain; in numbers (2.0) and initials (U.S.) it is not.
_LINKABLE = re.compile(r"://|(?<=www)\.|(?<=\w)\.(?=[^\W\d_]{2})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Profile:
    """An account as a message shows it; `platform` in words people know."""

    name: str
    handle: str
    platform: str
    subject: str = ""
    url: str = ""
    uid: str = ""
    followers: int | None = None


@dataclass(frozen=True, slots=True)
class Capture:
    """The stored answer that shows the imitator."""

    sha256: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message that did not get there, for `delivery_parked`."""

    id: str
    to: str
    channel: str
    reason: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Missed:
    """An office no message can be sent to, for `contact_missing`; `phones` if it can be called."""

    line: str
    title: str
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """Everything a message may draw on; what a line is shown of it is decided here, not by the caller."""

    kind: str
    line: str
    severity: str
    case: str
    official: Profile
    unit: str
    division: str
    imitator: Profile
    reasons: tuple[Reason, ...]
    detected_at: datetime
    at: datetime
    answer_by: datetime | None = None
    judge_by: datetime | None = None
    report_by: datetime | None = None
    crime_signs: bool = False
    provisional: bool = False
    awaiting: bool = False
    capture: Capture | None = None
    duty_phones: tuple[str, ...] = ()
    gaps: tuple[Missed, ...] = ()
    undelivered: Undelivered | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """One copy: its delivery's id, to whom, why, and where they acknowledge (no `link`: console or phone)."""

    id: str
    to: str
    reasons: tuple[Reason, ...]
    address: str = ""
    link: str = ""
    sender: str = f"zhenwei@{NO_HOST}"
    host: str = NO_HOST


# What a line is shown besides whose account is imitated and what is asked.
SHOWN: Mapping[str, frozenset[str]] = {
    "sponsor": frozenset({"address", "likeness"}),
    "supervision": frozenset({"address", "likeness", "clock"}),
    "cac": frozenset({"address", "likeness", "clock", "capture"}),
    "police": frozenset({"address", "likeness", "capture", "crime"}),
    "publicity": frozenset({"spread"}),
    "duty": frozenset({"address", "likeness", "clock", "capture", "crime", "spread"}),
}


def visible(text: str, length: int = NAME_LENGTH) -> str:
    """`text` cut to `length` characters, on one line, with what does not show written as its code point."""
    cut = text if len(text) <= length else text[: length - 1] + "…"
    return "".join(f"[U+{ord(c):04X}]" if _is_hidden(c) else c for c in cut)


def inert(text: str) -> str:
    """`text` with what mail programs make links of taken apart: `https[://]evil[.]example/a`."""
    return _LINKABLE.sub(r"[\g<0>]", text)


def quoted(text: str, length: int = NAME_LENGTH) -> str:
    """What an imitator wrote, as a mail shows it."""
    return inert(visible(text, length))


def sentence(text: str) -> str:
    """A sentence, bounded also where it quotes a name made of nothing but hidden characters."""
    return quoted(text, SENTENCE_LENGTH)[:SENTENCE_LENGTH]


def address(url: str) -> str:
    """An address on the web, shown in full but for its length."""
    return visible(url, ADDRESS_LENGTH)[:ADDRESS_LENGTH]


def headline(content: Content, length: int = NAME_LENGTH) -> Both:
    """What happened to whom, in a few words; the name cut at `length`."""
    return about(wording.HEADLINES[content.kind], content, length)


def about(said: Both, content: Content, length: int = NAME_LENGTH) -> Both:
    """A sentence of `alerting.wording` with the account it is about."""
    name = visible(content.official.name, length)
    return Both(said.zh.replace("{name}", name), said.en.replace("{name}", name))


def _is_hidden(character: str) -> bool:
    selector = 0xFE00 <= ord(character) <= 0xFE0F or 0xE0100 <= ord(character) <= 0xE01EF
    return selector or is_invisible(character) or unicodedata.category(character) in ("Zl", "Zp")

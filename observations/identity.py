"""What an extracted row says about an account, cut to what the store holds. Pure."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from json.encoder import encode_basestring
from typing import Any

from common import canonical

MAX_UID, MAX_HANDLE, MAX_NAME, MAX_SUBJECT = 128, 128, 500, 200


class RowRefused(Exception):
    """A row names nobody; the text says what it lacks."""


@dataclass(frozen=True)
class Identity:
    """The public face of an account: what a citizen sees; another face is another observation."""

    uid: str
    handle: str
    name: str
    bio: str
    avatar_url: str
    profile_url: str
    certified_subject: str

    def digest(self, platform: str, instance: str) -> str:
        """SHA-256 over platform, instance and all fields: the same face gives the same observation."""
        facts = {"platform": platform, "instance": instance, **vars(self)}
        return hashlib.sha256(canonical.encode(facts)).hexdigest()


def canonical_face(platform: str, instance: str) -> Callable[[str, str, str, str, str, str, str], str]:
    """What `Identity.digest` hashes, for a million faces of one platform: its fields in order → JSON.

    Texts must hold no half of a surrogate pair. The canonical form is put together by hand: its keys are
    these, in this order, whatever the values.
    """
    quoted = encode_basestring
    there = f',"instance":{quoted(instance)},"name":'
    then = f',"platform":{quoted(platform)},"profile_url":'

    def written(
        uid: str, handle: str, name: str, bio: str, avatar_url: str, profile_url: str, certified_subject: str
    ) -> str:
        return (
            f'{{"avatar_url":{quoted(avatar_url)},"bio":{quoted(bio)},"certified_subject":'
            f'{quoted(certified_subject)},"handle":{quoted(handle)}{there}{quoted(name)}{then}'
            f'{quoted(profile_url)},"uid":{quoted(uid)}}}'
        )

    return written


def identity(row: Mapping[str, Any]) -> Identity:
    """The identity in `row`. Raises RowRefused if it has no id or name, or an id too long to be one."""
    uid = _text(row, "id") or _text(row, "handle")
    name = _text(row, "name")
    if not uid or not name:
        raise RowRefused("a row without id and handle, or without name, names nobody")
    if len(uid) > MAX_UID:
        raise RowRefused(f"an id of {len(uid)} characters; {MAX_UID} are the most")
    return Identity(
        uid=uid,
        handle=_text(row, "handle")[:MAX_HANDLE],
        name=name[:MAX_NAME],
        bio=_text(row, "bio"),
        avatar_url=_text(row, "avatar_url"),
        profile_url=_text(row, "profile_url"),
        certified_subject=_text(row, "verified_subject")[:MAX_SUBJECT],
    )


def moment(row: Mapping[str, Any], field: str) -> datetime | None:
    """The aware time in `row[field]`, or None where it is missing or no time."""
    try:
        value = datetime.fromisoformat(_text(row, field))
    except ValueError:
        return None
    return value if value.tzinfo else None


def count(row: Mapping[str, Any], field: str) -> int | None:
    """The whole number in `row[field]` that fits a database integer, or None."""
    value = row.get(field)
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63
    return value if fits else None


def _text(row: Mapping[str, Any], field: str) -> str:
    value = row.get(field)
    return value if isinstance(value, str) else ""

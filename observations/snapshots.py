"""How a registered account itself looked over time: identity snapshots, and what changed between them.

An observation is kept once for each face, so the observations of an account, in time, are its changes: each
stands from when it was first seen so until the next one.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from django.db.models import Max

from observations.models import Observation
from registry.models import Account

FACE = ("name", "handle", "certified_subject", "bio", "avatar_url", "profile_url")
"""What makes a face: what a citizen sees of an account."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A face of an account. `changed`: what of FACE differs from the face before; none for the first."""

    seen: Observation
    last_seen: datetime
    changed: frozenset[str]
    before: Observation | None

    @property
    def gained(self) -> int | None:
        """Followers more than at the face before; None where either number is unknown."""
        if self.before is None or self.seen.followers is None or self.before.followers is None:
            return None
        return self.seen.followers - self.before.followers


def snapshots(account: Account, most: int) -> list[Snapshot]:
    """The newest faces of `account`, newest first; `most` at most."""
    seen = list(
        Observation.objects.filter(
            platform=account.platform, instance=account.instance, uid=account.platform_uid
        )
        .annotate(again=Max("sightings__response__at"))
        .order_by("-seen_at", "-pk")[: most + 1]
    )
    return [_snapshot(face, before) for face, before in zip_longest(seen[:most], seen[1:])]


def _snapshot(seen: Observation, before: Observation | None) -> Snapshot:
    changed = frozenset(
        field for field in FACE if before is not None and getattr(seen, field) != getattr(before, field)
    )
    again: datetime | None = getattr(seen, "again", None)
    return Snapshot(seen, max(seen.seen_at, again or seen.seen_at), changed, before)

"""Which limits hold where: jurisdiction profiles (domain handbook 2.7). Pure.

The profile in force is that of the nearest division upward that has one valid on the day; a limit it does
not name falls through to the next one up. The national veto holds beside the local limits, so the two are
judged apart and never blended.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Profile:
    """The limits one rule text sets for a division and everything below it; None = not named there."""

    code: str
    path: str
    valid_from: date
    source: str
    veto_gap_days: int | None = None
    updates_core: int | None = None
    updates_other: int | None = None


PROFILES = (
    Profile(
        code="national-2019-19",
        path="/CN/",
        valid_from=date(2019, 4, 1),
        source="国办秘函〔2019〕19号",
        veto_gap_days=14,
    ),
    Profile(
        code="henan-2019",
        path="/CN/410000/",
        valid_from=date(2019, 8, 5),
        source="河南省人民政府办公厅通知（2019年8月5日）四(二)",
        updates_core=3,
        updates_other=1,
    ),
)


@dataclass(frozen=True)
class Limit:
    """A limit and the profile that sets it."""

    value: int
    profile: Profile


def limit(name: str, path: str, on: date) -> Limit | None:
    """The limit `name` (a field of Profile) at the division `path` on a day; None where nobody sets it."""
    above = [p for p in PROFILES if path.startswith(p.path) and p.valid_from <= on]
    for profile in sorted(above, key=lambda p: (len(p.path), p.valid_from), reverse=True):
        value = getattr(profile, name)
        if value is not None:
            return Limit(value, profile)
    return None

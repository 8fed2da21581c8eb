"""Compares what the store holds with the answer key of an example folder."""

import csv
from dataclasses import dataclass
from pathlib import Path

from detection.models import Suspect
from observations.models import Observation


@dataclass(frozen=True)
class Measured:
    """Counts of counterfeits in the key: planted, reached by a query, found; and who was flagged wrongly.

    `attributed_otherwise`: found, but as an imitation of another account than the key says.
    """

    planted: int
    reached: int
    found: int
    missed: tuple[str, ...]
    attributed_otherwise: tuple[str, ...]
    unreached: tuple[str, ...]
    false_alarms: int


def measure(path: Path) -> Measured:
    """Measure against the key at `path` (columns uid, label, target_uid)."""
    with path.open(encoding="utf-8", newline="") as file:
        key = {row["uid"]: row for row in csv.DictReader(file)}
    counterfeits = {uid: row["target_uid"] for uid, row in key.items() if row["label"] == "counterfeit"}
    seen = set(Observation.objects.values_list("uid", flat=True))
    suspects = dict(Suspect.objects.order_by("pk").values_list("uid", "target__platform_uid"))
    reached = counterfeits.keys() & seen
    found = reached & suspects.keys()
    otherwise = {uid for uid in found if suspects[uid] != counterfeits[uid]}
    flagged = {uid for uid in suspects if uid in key and key[uid]["label"] != "counterfeit"}
    names = dict(Observation.objects.filter(uid__in=reached).values_list("uid", "name"))
    return Measured(
        planted=len(counterfeits),
        reached=len(reached),
        found=len(found),
        missed=tuple(names[uid] for uid in sorted(reached - found)),
        attributed_otherwise=tuple(names[uid] for uid in sorted(otherwise)),
        unreached=tuple(sorted(counterfeits.keys() - reached)),
        false_alarms=len(flagged),
    )

"""Compares what the store holds with the answer key of an example folder."""

import csv
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from detection.models import Suspect
from observations.models import Observation
from registry.models import Account

Key = tuple[str, str, str]
"""Platform, instance, id."""


class Planted(NamedTuple):
    """A counterfeit of the key, and the platform and id of the account it imitates."""

    who: Key
    target: tuple[str, str]


@dataclass(frozen=True)
class Measured:
    """Counts of counterfeits in the key: planted, reached by a query, found; and who was flagged wrongly.

    `attributed_otherwise`: found, but as an imitation of another body than the key says. `places`: the same
    counts by platform.
    """

    planted: int
    reached: int
    found: int
    missed: tuple[str, ...]
    attributed_otherwise: tuple[str, ...]
    unreached: tuple[str, ...]
    false_alarms: int
    places: Mapping[str, tuple[int, int, int]]


def measure(path: Path) -> Measured:
    """Measure against the key at `path`.

    Its columns: platform, instance, uid, label, target_platform, target_uid.
    """
    planted, innocent = _key(path)
    suspects = _suspects()
    faces = Observation.objects.values_list("platform", "instance", "uid", "name")
    names = {(platform, instance, uid): name for platform, instance, uid, name in faces.iterator()}
    reached = [one for one in planted if one.who in names]
    found = [one for one in reached if one.who in suspects]
    bodies = _bodies()
    return Measured(
        planted=len(planted),
        reached=len(reached),
        found=len(found),
        missed=tuple(names[one.who] for one in reached if one.who not in suspects),
        attributed_otherwise=tuple(
            names[one.who] for one in found if suspects[one.who] != bodies.get(one.target)
        ),
        unreached=tuple(one.who[2] for one in planted if one.who not in names),
        false_alarms=len(suspects.keys() & innocent),
        places=_places(planted, reached, found),
    )


def _key(path: Path) -> tuple[list[Planted], set[Key]]:
    """The counterfeits, and everybody else."""
    planted, innocent = [], set()
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            who = (row["platform"], row["instance"], row["uid"])
            if row["label"] == "counterfeit":
                planted.append(Planted(who, (row["target_platform"], row["target_uid"])))
            else:
                innocent.add(who)
    return planted, innocent


def _suspects() -> dict[Key, tuple[str, int]]:
    """Name and unit of whom each suspect imitates: a body's accounts on many platforms are one target."""
    columns = ("platform", "instance", "uid", "target__name", "target__unit_id")
    rows = Suspect.objects.order_by("pk").values_list(*columns)
    return {(platform, instance, uid): (name, unit) for platform, instance, uid, name, unit in rows}


def _bodies() -> dict[tuple[str, str], tuple[str, int]]:
    rows = Account.objects.values_list("platform", "platform_uid", "name", "unit_id")
    return {(platform, uid): (name, unit) for platform, uid, name, unit in rows}


def _places(*groups: Collection[Planted]) -> dict[str, tuple[int, int, int]]:
    planted, reached, found = (Counter(one.who[0] for one in group) for group in groups)
    return {place: (planted[place], reached[place], found[place]) for place in planted}

"""Does the search lose what the comparison would accept? A sample is compared with every official.

The sample is one attack of each technique and a few social names, drawn with a fixed seed.
"""

import random
from collections import defaultdict
from collections.abc import Sequence

from bench.accuracy.desk import Desk
from bench.accuracy.figures import Figure, Miss, Section
from bench.accuracy.judge import LOST, why
from bench.accuracy.readers import Attack, Stranger
from detection.compare import AccountName

RECALL = Figure("search.recall", "matches of exhaustive comparison that the search gives", "%", least=100)
FIGURES = (RECALL,)
SEED = 1
STRANGERS = 10


def measure(desk: Desk, attacks: Sequence[Attack], strangers: Sequence[Stranger]) -> Section:
    """Compare the sample with all officials."""
    sample = [AccountName(name) for name in sampled(attacks, strangers)]
    results = desk.exhaust(sample)
    misses = [
        Miss("search", "", account.name, match.registered, match.score, match.kind, LOST, why(match))
        for account, result in zip(sample, results, strict=True)
        for match in result.lost
    ]
    accepted = sum(result.accepted for result in results)
    return Section(readings=RECALL.of(accepted - len(misses), accepted), misses=misses)


def sampled(attacks: Sequence[Attack], strangers: Sequence[Stranger]) -> list[str]:
    """One variant of each technique, and at most ten strangers; the same for the same files."""
    variants: defaultdict[str, list[str]] = defaultdict(list)
    for attack in attacks:
        variants[attack.technique].append(attack.variant)
    chance = random.Random(SEED)
    chosen = [chance.choice(variants[technique]) for technique in sorted(variants)]
    names = [stranger.name for stranger in strangers]
    return chosen + chance.sample(names, min(STRANGERS, len(names)))

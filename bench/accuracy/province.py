"""The example province as a benchmark: what `zhenwei evaluate` prints, kept as files too."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from bench.accuracy import report
from bench.accuracy.figures import Alarm, Miss
from common import clock
from detection import evaluate
from detection.compare import RULES_VERSION

_FILES = ("registry.csv", "accounts.jsonl", "weibo-export.xlsx", "douyin-export.csv", "answers.csv")


def run(province: Path, results: Path) -> str:
    """Judge the accounts of `province`, write files into `results`, return the tables."""
    result = evaluate.evaluate(province)
    hashes = {name: hashlib.sha256((province / name).read_bytes()).hexdigest() for name in _FILES}
    circumstances = report.Circumstances(RULES_VERSION, clock.now(), hashes)
    document = {**circumstances.as_json(), **evaluate.as_json(result)}
    report.write(results, document, _misses(result.missed), _alarms(result.false_alarms))
    return evaluate.as_text(result)


def _misses(missed: Sequence[evaluate.Flagged]) -> list[Miss]:
    return [
        Miss(
            "province",
            one.kind,
            one.name,
            one.official,
            one.score,
            one.said_kind,
            "not among its matches",
            "",
        )
        for one in missed
    ]


def _alarms(flagged: Sequence[evaluate.Flagged]) -> list[Alarm]:
    return [
        Alarm("province", one.label, one.name, one.said_kind, one.score, one.official, "") for one in flagged
    ]

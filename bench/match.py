"""Names of strangers against a register: our engine, beside two ways without one."""

import csv
import json
from pathlib import Path

from rapidfuzz import fuzz, process

from bench.timing import contest, report
from common.datafolder import CHECKOUT
from detection.compare import AccountName, compare
from detection.engine import Engine

HENAN = CHECKOUT / "examples" / "henan"
STRANGERS = 400


def run(results: Path) -> None:
    """Measure, and report into the folder `results`."""
    with (HENAN / "registry.csv").open(encoding="utf-8", newline="") as file:
        official = [AccountName(row["name"], row["handle"]) for row in csv.DictReader(file)]
    text = (HENAN / "accounts.jsonl").read_text(encoding="utf-8")
    accounts = [json.loads(line) for line in text.splitlines()][:: 2000 // STRANGERS]
    strangers = [AccountName(account["name"], account["handle"]) for account in accounts]
    engine = Engine(official)
    names = [account.name for account in official]

    def searched() -> int:
        engine.search(strangers)
        return len(strangers)

    def every_pair() -> int:
        for stranger in strangers[::20]:
            for name in official:
                compare(stranger, name)
        return len(strangers[::20])

    def ratio_only() -> int:
        for stranger in strangers:
            process.extract(stranger.name, names, scorer=fuzz.ratio, score_cutoff=85)
        return len(strangers)

    contestants = {
        "engine": searched,
        "compare, every pair": every_pair,
        "rapidfuzz fuzz.ratio >= 85": ratio_only,
    }
    note = f"{len(strangers)} accounts of the example platform against {len(official)} registered ones"
    report(results / "match.json", "names", contest("engine", contestants), note)

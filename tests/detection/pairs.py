"""The table of published and realistic imitations and innocents, `name_pairs.tsv`, and how scores are told.

A row says the kind expected ("none" for an innocent) and the band of the score: `same` where nothing but
look is changed, `strong` and `fair` for what is reviewed, `quiet` for what is not. Bands stand where scores
may move a little without breaking a row; whatever moves a row to another band is worth a look.
"""

import csv
from pathlib import Path
from typing import NamedTuple

from detection import score
from detection.compare import AccountName, Match, compare
from detection.rarity import Rarity

TABLE = Path(__file__).with_name("name_pairs.tsv")
SAME, STRONG = 0.97, 0.9
# A register in which as many names as may say 交警, and too many say 税务, each in its place.
REGISTER = Rarity((), ["交警"] * score.MOST_SHARING + ["税务"] * (score.MOST_SHARING + 1))


class Row(NamedTuple):
    """A candidate, the official name it is held against, and what is expected of the two."""

    candidate: str
    official: str
    kind: str
    band: str
    note: str


def rows() -> list[Row]:
    """All rows, in the order of the file."""
    lines = TABLE.read_text(encoding="utf-8").split("\n")[1:-1]
    return [Row(*row) for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]


def by_name(candidate: str, official: str) -> Match:
    """How alike two accounts are that have only names, to those who keep REGISTER."""
    return compare(AccountName(candidate), AccountName(official), REGISTER)


def verdict(match: Match) -> tuple[str, str]:
    """The kind and the band of a match, as the table tells them."""
    if not match:
        return "none", "quiet"
    return match.kind, "same" if match.score >= SAME else "strong" if match.score >= STRONG else "fair"

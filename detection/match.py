"""Readers and writers of `zhenwei match`: a register file and names in, matches out. No database."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.table import render
from detection import index
from detection.compare import RULES_VERSION, AccountName, Match, compare
from detection.difference import visible
from detection.reasons import Language

WITHIN = 100  # columns of the table
MOST_CHARACTERS = 1000  # of one name; no platform allows a tenth of it
_COLUMNS = ("name", "handle", "platform_uid", "unit_division")


class MatchInputError(Exception):
    """An input file cannot be used; the text names the place and the remedy."""


@dataclass(frozen=True)
class Official:
    """A registered account as the register file has it. `uid` may be empty in files kept by hand."""

    uid: str
    name: AccountName


@dataclass(frozen=True)
class Hit:
    """One official account that a name imitates."""

    candidate: AccountName
    official: Official
    match: Match


def read_register(path: Path) -> list[Official]:
    """The accounts of a CSV file with a column `name`, perhaps `handle`, `platform_uid`, `unit_division`.

    Raises MatchInputError if it cannot be read, has no such column, or no row with a name.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if "name" not in (reader.fieldnames or ()):
                raise MatchInputError(f"{path}: the first line must name the columns, one of them: name")
            officials = [_official(row, f"{path}, line {reader.line_num}") for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise MatchInputError(f"{path}: no UTF-8 CSV file to read: {why_unreadable(error)}") from error
    found = [official for official in officials if official.name.name or official.name.handle]
    if not found:
        raise MatchInputError(f"{path}: no row has a name")
    return found


def read_names(path: Path) -> list[AccountName]:
    """One account a line: its name, and after a tab its handle. Empty lines are passed over."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise MatchInputError(f"{path}: cannot be read as UTF-8 text: {why_unreadable(error)}") from error
    return [account(line, f"{path}, line {number}") for number, line in enumerate(lines, 1) if line.strip()]


def why_unreadable(error: Exception) -> str:
    """What the system, the decoder or the CSV reader says, for a person."""
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start} is not UTF-8 (the file may be GB18030); save it as UTF-8"
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def account(text: str, place: str) -> AccountName:
    """An account written as a name, perhaps with a tab and a handle; one that begins with @ is a handle."""
    name, _, handle = text.partition("\t")
    if len(text) > MOST_CHARACTERS:
        raise MatchInputError(f"{place}: longer than {MOST_CHARACTERS} characters, which is no account name")
    return AccountName("", name) if name.startswith("@") and not handle else AccountName(name, handle)


def hits(accounts: Iterable[AccountName], officials: Sequence[Official], limit: int) -> Iterator[list[Hit]]:
    """For each account the officials it imitates, the most alike first, at most `limit` of them."""
    lookup = index.build([official.name for official in officials])
    for one in accounts:
        compared = (
            Hit(one, officials[at], compare(one, officials[at].name)) for at in lookup.candidates(one)
        )
        found = sorted((hit for hit in compared if hit.match), key=lambda hit: -hit.match.score)
        yield found[:limit]


def as_table(found: Iterable[tuple[AccountName, list[Hit]]], language: Language) -> str:
    """All hits as an aligned table, reasons in `language`; accounts without a hit say so."""
    headers = {
        "zh": ("名称", "官方名称", "相似度", "类型", "理由"),
        "en": ("name", "official name", "score", "kind", "reasons"),
    }
    rows = [row for one, listed in found for row in _rows(one, listed, language)]
    return render(headers[language], rows, WITHIN)


def as_json(one: AccountName, listed: list[Hit]) -> dict[str, Any]:
    """One account with its hits, ready for JSON; reasons in both languages."""
    return {
        "name": one.name,
        "handle": one.handle,
        "rules_version": RULES_VERSION,
        "matches": [_hit_as_json(hit) for hit in listed],
    }


def _hit_as_json(hit: Hit) -> dict[str, Any]:
    reasons = hit.match.reasons
    return {
        "uid": hit.official.uid,
        "official_name": hit.official.name.name,
        "official_handle": hit.official.name.handle,
        "score": hit.match.score,
        "kind": hit.match.kind,
        "reasons": [
            {"code": r.code, "points": r.points, "zh": r.sentence("zh"), "en": r.sentence("en")}
            for r in reasons
        ],
    }


def _rows(one: AccountName, listed: list[Hit], language: Language) -> Iterator[tuple[str, ...]]:
    if not listed:
        yield _written(one), "－", "", "", ""
    for hit in listed:
        reasons = " ".join(reason.sentence(language) for reason in hit.match.reasons)
        yield _written(one), _written(hit.official.name), f"{hit.match.score:.2f}", hit.match.kind, reasons


def _written(one: AccountName) -> str:
    handle = f"@{one.handle.lstrip('@')}" if one.handle else ""
    return "".join(map(visible, " ".join(filter(None, (one.name, handle)))))


def _official(row: dict[str, str | None], place: str) -> Official:
    cells = {column: (row.get(column) or "").strip() for column in _COLUMNS}
    if any(len(cell) > MOST_CHARACTERS for cell in cells.values()):
        raise MatchInputError(f"{place}: a cell is longer than {MOST_CHARACTERS} characters")
    name = AccountName(cells["name"], cells["handle"], cells["unit_division"])
    return Official(cells["platform_uid"], name)

"""How `zhenwei match` tells what it found: a line of JSON for a name, or a table for people."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from common.table import render
from detection.compare import RULES_VERSION
from detection.engine import Found
from detection.namesfile import Candidate
from detection.reasons import Language, Reason
from detection.registryfile import Official

_WITHIN = 100  # columns of the table
# Left as they are, these would break a line for some readers, not show, or be no UTF-8 at all.
_ESCAPED = re.compile("[\x7f-\xa0\xad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ud800-\udfff\ufeff]")
_HEADERS = {
    "zh": ("行", "名称", "官方名称", "相似度", "类型", "理由"),
    "en": ("row", "name", "official name", "score", "kind", "reasons"),
}


def line(candidate: Candidate, listed: Sequence[Found], officials: Sequence[Official]) -> bytes:
    """One line of JSON with its line break: UTF-8, what cannot be seen or encoded as \\u escapes."""
    text = json.dumps(_object(candidate, listed, officials), ensure_ascii=False)
    return (_ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n").encode()


def table(lines: Iterable[bytes], language: Language) -> str:
    """The lines as an aligned table, reasons in `language`."""
    rows = [row for one in lines for row in _rows(json.loads(one), language)]
    return render(_HEADERS[language], rows, _WITHIN) + "\n"


def _object(candidate: Candidate, listed: Sequence[Found], officials: Sequence[Official]) -> dict[str, Any]:
    return {
        "row": candidate.row,
        "name": candidate.name,
        "id": candidate.id,
        "rules": RULES_VERSION,
        "matches": [_match(candidate, found, officials) for found in listed],
    }


def _match(candidate: Candidate, found: Found, officials: Sequence[Official]) -> dict[str, Any]:
    match = found.match
    offset = candidate.handle_from if match.came_from == "handle" else 0
    said = {
        "from": match.came_from,
        "score": round(match.score, 4),
        "kind": match.kind,
        "reasons": [_reason(reason, offset) for reason in match.reasons],
    }
    if found.at < 0:  # an office that no registered account holds
        nobody = {"id": None, "registered": None, "field": None}
        return nobody | said | {"place": match.place, "organ": match.organ}
    official = officials[found.at]
    registered = official.handle_as_written if match.field == "handle" else official.name.name
    return {"id": official.id, "registered": registered, "field": match.field} | said


def _reason(reason: Reason, offset: int) -> dict[str, Any]:
    at = [[start + offset, end + offset] for start, end in reason.at]
    return {"code": reason.code, "zh": reason.zh, "en": reason.en, "at": at}


def _rows(one: Mapping[str, Any], language: Language) -> Iterator[tuple[str, ...]]:
    for match in one["matches"]:
        official = match["registered"] or f"{match['place']} {match['organ']}"
        reasons = " ".join(reason[language] for reason in match["reasons"])
        yield str(one["row"]), one["name"], official, f"{match['score']:.2f}", match["kind"], reasons

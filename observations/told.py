"""On whose word a question to an import-only platform counts as answered, as kept with it. Pure."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

SHOWN = 2


class Told(NamedTuple):
    """The file, and who says what was searched ("" where the rows of the file say it)."""

    file: str
    by: str


def pack(told: Told) -> str:
    """As it is kept, in at most 500 characters."""
    return json.dumps([told.file[:255], told.by[:80]], ensure_ascii=False)


def words(reasons: Iterable[str]) -> tuple[str, str]:
    """What kept reasons say, the commonest first, in Chinese and English."""
    counted = Counter(_unpacked(reason) for reason in reasons if reason)
    shown = [told for told, _ in counted.most_common(SHOWN)]
    zh = [f"据{told.by}所称（{told.file}）" if told.by else f"据导出文件 {told.file}" for told in shown]
    en = [f"as said by {t.by} ({t.file})" if t.by else f"from the export {t.file}" for t in shown]
    more = len(counted) - len(shown)
    return "，".join(zh) + (f"等{len(counted)}处" if more else ""), ", ".join(en) + (
        f" and {more} more" if more else ""
    )


def _unpacked(reason: str) -> Told:
    file, by = json.loads(reason)
    return Told(file, by)

"""Whose papers the platform examined (认证主体): the strongest sign beside the name. A badge proves nothing.

A subject clears an account of a suspicion when it is the sponsor itself, or another lawful body whose place
is the one the name speaks of. That a text merely reads like a public body's name clears only where it lies in
another place than the official account: next door anybody may call himself an 办公室.
"""

import re
from collections.abc import Iterable

from detection.signals import weights
from detection.signals.facts import Candidate, Official
from detection.signals.signal import Signal, neutral, unknown
from detection.signals.text import plain, quoted, same_as_any
from names.parse import parse

_PUBLIC = re.compile(
    "(?:政府|委员会|办公厅|办公室|[^邮书]局|厅|法院|检察院|[支总大]队|派出所|管理处|管委会|街道办事处|疾病预防控制中心|融媒体中心)$"
)
_PRIVATE = re.compile(
    "公司|工作室|个体|商行|商店|经营部|合作社|俱乐部|事务所|居民委员会|村民委员会|业主委员会"
)


def subject(candidate: Candidate, official: Official) -> Signal:
    """Equal to the sponsor's name or alias; another lawful body; a person; or somebody else."""
    text = candidate.certified_subject
    if candidate.subject_type == "personal":
        return Signal("subject_personal", "for", weights.SUBJECT_PERSONAL)
    if text is None:
        return unknown("subject_badge_only" if candidate.has_badge else "subject_unknown")
    if not plain(text):
        return neutral("subject_none")
    if official.subjects is None:
        return unknown("sponsor_unknown")
    detail = {"subject": quoted(text), "sponsor": quoted(next(iter(official.subjects), official.name))}
    if equal := same_as_any(text, official.subjects):
        code = "subject_is_sponsor" if equal == official.subjects[0] else "subject_is_alias"
        return Signal(code, "against", weights.SUBJECT_IS_SPONSOR, detail)
    if _is_other_body(candidate, official, text):
        return Signal("subject_is_other_body", "against", weights.SUBJECT_IS_OTHER_BODY, detail)
    return Signal("subject_differs", "for", weights.SUBJECT_DIFFERS, detail)


def _is_other_body(candidate: Candidate, official: Official, text: str) -> bool:
    """A lawful body that bears such a name with right."""
    mine, theirs = parse(text).places, _places((official.name, *(official.subjects or ())))
    claimed = parse(candidate.name).places
    if claimed and mine and not claimed & mine:
        return False
    return candidate.subject_is_lawful_body is True or (
        bool(claimed & mine) and not mine & theirs and _reads_as_public(text)
    )


def _reads_as_public(text: str) -> bool:
    folded = plain(text)
    return bool(_PUBLIC.search(folded)) and not _PRIVATE.search(folded)


def _places(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(key for text in texts for key in parse(text).places)

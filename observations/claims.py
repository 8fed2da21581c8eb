"""What the person who brings a file says was searched: nothing, all, some divisions, or some keywords."""

from dataclasses import dataclass

from django.db.models import Q

from common.faults import Faults, Place, Text
from registry.models import Division

KEYWORD = "keyword:"
ALL = "all"


@dataclass(frozen=True)
class Claim:
    """`accounts`: whose search questions were answered, None for none; `keywords`: which questions were."""

    accounts: Q | None = None
    keywords: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said to have been searched."""
        return self.accounts is None and not self.keywords


def parse(covers: str) -> Claim:
    """`all`, codes of divisions, or `keyword:` and words; several joined by commas. Raises BadFile."""
    text = covers.strip()
    if text.lower() == ALL:
        return Claim(accounts=Q())
    if text.lower().startswith(KEYWORD):
        words = _parts(text[len(KEYWORD) :])
        return Claim(keywords=frozenset(words)) if words else _refuse(text)
    paths = _paths(_parts(text))
    within = Q()
    for path in paths:
        within |= Q(unit__line_division__path__startswith=path)
    return Claim(accounts=within if paths else None)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace("，", ",").replace("、", ",").split(",") if part.strip()]


def _paths(codes: list[str]) -> list[str]:
    known = dict(Division.objects.filter(code__in=codes).values_list("code", "path"))
    for code in codes:
        if code not in known:
            _refuse(code)
    return [known[code] for code in codes]


def _refuse(text: str) -> Claim:
    faults = Faults()
    problem = Text("所称的检索范围不是区划代码", "what was searched is no code of a division")
    mend = Text(
        "请写六位区划代码（多个用逗号分开，如 410100,410200）、all，或 keyword:检索词",
        "write six-digit codes joined by commas (410100,410200), all, or keyword:WORD",
    )
    faults.add("covers", Place(column="covers", value=text), problem, mend)
    faults.raise_if_any()
    return Claim()

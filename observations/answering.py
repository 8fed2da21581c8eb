"""Which questions to an import-only platform a file answers, and on whose word.

The rows of a file answer the searches that they name; the person who brings it may say that more was
searched. A registered account that is in the file was looked at itself. An answer holds for some days after
the export, then it is asked for anew; an older export never takes back a younger answer.
"""

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from observations.claims import Claim
from observations.models import Source, Task
from observations.told import Told, pack
from registry.models import Account

BATCH = 500


@dataclass(frozen=True)
class Answered:
    """How many questions a file answered: by its rows, by what was said, and accounts looked at themselves.

    `unasked`: search words of the file or the claim that are no question of this register.
    """

    by_rows: int
    as_said: int
    themselves: int
    unasked: int


def answer(
    source: Source, queries: Iterable[str], claim: Claim, seen: Collection[str], by: Told, at: datetime
) -> Answered:
    """Answer the questions to `source`; `at` is when the platform showed it so. Call inside a transaction."""
    asked = _asked(source)
    rows, unasked = _matching(asked, queries)
    said, unasked_said = _matching(asked, claim.keywords)
    if claim.accounts is not None:
        accounts = Account.objects.filter(claim.accounts)
        said |= set(source.tasks.filter(stage="search", accounts__in=accounts).values_list("pk", flat=True))
    own = set(source.tasks.filter(stage="profile", value__in=seen).values_list("pk", flat=True))
    said -= rows
    for tasks, told in ((rows | own, Told(by.file, "")), (said, by)):
        _write(source, tasks, told, at)
    return Answered(len(rows), len(said), len(own), unasked + unasked_said)


def _asked(source: Source) -> dict[str, set[int]]:
    """The search questions by their words as people write them."""
    found: dict[str, set[int]] = {}
    asked = source.tasks.filter(stage="search", accounts__isnull=False).distinct()
    for pk, value in asked.values_list("pk", "value"):
        found.setdefault(_plain(value), set()).add(pk)
    return found


def _matching(asked: dict[str, set[int]], words: Iterable[str]) -> tuple[set[int], int]:
    """The questions with one of `words`, and how many words are no question."""
    distinct = {_plain(word) for word in words}
    return {pk for word in distinct & asked.keys() for pk in asked[word]}, len(distinct - asked.keys())


def _plain(words: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", words).casefold().split())


def _write(source: Source, tasks: Collection[int], told: Told, at: datetime) -> None:
    held = timedelta(days=settings.EXPORT_HOLDS_DAYS)
    pks = sorted(tasks)
    for start in range(0, len(pks), BATCH):
        chosen: QuerySet[Task] = source.tasks.filter(pk__in=pks[start : start + BATCH])
        chosen.filter(Q(looked_at=None) | Q(looked_at__lte=at)).update(
            state="ok",
            complete=True,
            reason=pack(told),
            answered_at=at,
            looked_at=at,
            due_at=at + held,
        )

"""The work list: the cases a person sees under the filters of an address, in the order in which they wait.

Whoever judges begins with what waits for a judgement: undecided cases, those whose day to be looked at again
has come, and decisions that a second person has not signed. Everybody else begins with what is open.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import QueryDict

from console.comparison import Compared, compared
from console.deadlines import Deadline, deadline
from console.filters import CaseFilter
from registry.models import User
from review import selectors
from review.models import Case, Decision
from review.moves import JUDGES, OVER
from review.selectors import Narrowing
from review.standing import NOT_YET

_UNSIGNED = Decision.objects.filter(case=OuterRef("pk"), standing__in=NOT_YET).order_by("pk")


@dataclass(frozen=True, slots=True)
class Row:
    """A case as lists show it: marked characters, and what it is due for."""

    case: Case
    compared: Compared
    deadline: Deadline | None


@dataclass(frozen=True, slots=True)
class WorkList:
    """A filter form and the cases it keeps, `second_waits` and `second_by` annotated."""

    form: CaseFilter
    cases: QuerySet[Case]

    def neighbours(self, pk: int) -> tuple[int | None, int | None]:
        """The cases before and after `pk`; None at an end, both None if it is not on the list."""
        return selectors.neighbours(pk, self.cases)


def visible(user: User) -> QuerySet[Case]:
    """Every case `user` may see, with what a row needs annotated."""
    return selectors.visible_cases(user).annotate(
        second_waits=Exists(_UNSIGNED), second_by=Subquery(_UNSIGNED.values("second_by")[:1])
    )


def listed(user: User, given: QueryDict, now: datetime) -> WorkList:
    """What `user` sees of their cases under the filters `given`."""
    cases = visible(user)
    kinds, platforms = _values(cases, "suspect__kind"), _values(cases, "platform")
    form = CaseFilter(given, kinds, platforms, first=_first(user))
    form.is_valid()
    return WorkList(form, _kept(cases, form, user, now))


def waiting(user: User, now: datetime) -> QuerySet[Case]:
    """The list as it is without filters: what waits for who judges, what is open for everybody else."""
    return _in_state(selectors.narrowed(visible(user), Narrowing(), now), _first(user), now)


def rows(cases: Iterable[Case], now: datetime) -> list[Row]:
    """`cases` (annotated) as rows."""
    return [row(case, now) for case in cases]


def row(case: Case, now: datetime) -> Row:
    """One annotated case as a row."""
    case.suspect.target = case.target  # the same account, read once
    return Row(case, compared(case.suspect), deadline(case, now))


def _first(user: User) -> str:
    return "queue" if user.role in JUDGES else "open"


def _kept(cases: QuerySet[Case], form: CaseFilter, user: User, now: datetime) -> QuerySet[Case]:
    given = form.cleaned_data
    by = Narrowing(
        severities=tuple(given.get("severity", ())),
        kinds=_one(given.get("kind")),
        platforms=_one(given.get("platform")),
        owner=user.pk if given.get("own") else None,
        text=given.get("q", ""),
    )
    return _in_state(selectors.narrowed(cases, by, now), given.get("state") or _first(user), now)


def _in_state(cases: QuerySet[Case], state: str, now: datetime) -> QuerySet[Case]:
    """Those of `cases` that are in one of the states, or in one of words.WORK."""
    match state:
        case "queue":
            unsigned = Decision.objects.filter(standing__in=NOT_YET).values("case")
            return cases.filter(Q(pk__in=_standing("queue", now)) | Q(pk__in=unsigned))
        case "put_off":
            return cases.filter(pk__in=_standing("waiting", now))
        case "open":
            return cases.exclude(state__in=OVER)
        case "all":
            return cases
        case _:
            return cases.filter(state=state)


def _standing(standing: selectors.Standing, now: datetime) -> QuerySet[Case, Any]:
    return selectors.narrowed(Case.objects.all(), Narrowing(standing=standing), now).order_by().values("pk")


def _values(cases: QuerySet[Case], field: str) -> list[str]:
    return sorted(cases.order_by().values_list(field, flat=True).distinct())


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()

"""What time alone does to cases: a countersignature overdue, a stranger registered meanwhile, a due date that
was a guess until the holidays of its year were published.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from django.db import transaction
from django.db.models import Exists, OuterRef

from common.clock import isoformat
from common.crash import crash_point
from registry.models import Account
from review.apart import apart
from review.models import Case, CaseChange, Decision
from review.moves import MOVES, UNDECIDED
from review.severity import due_fields, recounted
from review.standing import NOT_YET, replace, told_again
from review.transitions import apply

BY = "system:sweep"
T = TypeVar("T")


@dataclass(frozen=True)
class Swept:
    """How many cases were moved, and why; and how many could not be, see the log."""

    second_missing: int
    registered: int
    recounted: int = 0
    left_out: int = 0


def sweep(now: datetime) -> Swept:
    """Move what is due by `now`; running it again moves nothing twice."""
    with transaction.atomic():
        missing = _each(_unsaid(now), _second_missing, now)
        registered = _each(_registered(), _close, now)
        counted = _each(_counted(), _recount, now)
        crash_point("review.sweep_before_commit")
    crash_point("review.sweep_after_commit")
    left_out = [*missing, *registered, *counted].count(None)
    return Swept(_done(missing), _done(registered), _done(counted), left_out)


def _each(rows: list[T], act: Callable[[T, datetime], CaseChange], now: datetime) -> list[CaseChange | None]:
    """What became of each of `rows`, None where it failed."""
    return [apart(f"{act.__name__.strip('_')} of {row}", partial(act, row, now)) for row in rows]


def _done(changes: list[CaseChange | None]) -> int:
    return len(changes) - changes.count(None)


def _counted() -> list[Case]:
    """Cases with a due date that was a guess and is none any more."""
    guessed = Case.objects.filter(due_is_provisional=True, state__in=MOVES["due"].sources).order_by("pk")
    return [case for case in guessed if not recounted(case).provisional]


def _recount(case: Case, now: datetime) -> CaseChange:
    """Set the dates that were a guess to what the calendar says now that it knows."""
    due = recounted(case)
    told = {"was": isoformat(case.judge_by) if case.judge_by else "", "due": isoformat(due.judge_by)}
    return apply(case, case.version, "due", BY, now, details=told, sets=due_fields(due))


def _unsaid(now: datetime) -> list[Decision]:
    """Decisions whose second person is late, which nobody was told yet."""
    late = Decision.objects.filter(standing__in=NOT_YET, second_by__lte=now).select_related("case")
    return [decision for decision in late.order_by("pk") if not _is_said(decision)]


def _second_missing(decision: Decision, now: datetime) -> CaseChange:
    """Say once that the second person is late; what is in effect stays so."""
    # Read for each: two decisions of one case may be late.
    case = Case.objects.get(pk=decision.case_id)
    return apply(case, case.version, "second_missing", BY, now, details=told_again(decision))


def _is_said(decision: Decision) -> bool:
    said = CaseChange.objects.filter(case=decision.case_id, move="second_missing")
    return said.filter(details__decision=decision.pk).exists()


def _registered() -> list[Case]:
    """Undecided cases of a stranger who is in the register."""
    own = Account.objects.filter(
        platform=OuterRef("platform"), instance=OuterRef("instance"), platform_uid=OuterRef("uid")
    )
    return list(Case.objects.filter(Exists(own), state__in=UNDECIDED, confirmed=False).order_by("pk"))


def _close(case: Case, now: datetime) -> CaseChange:
    """Close what is undecided about an account that is in the register: the register is asked first."""
    told = {"replaced": replace(case.decisions.filter(standing__in=("awaiting", "final")))}
    to, code, sets = "not_established", "registered", {"review_on": None}
    return apply(case, case.version, "registered", BY, now, to=to, code=code, details=told, sets=sets)

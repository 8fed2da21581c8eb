"""What time alone does to cases: a countersignature overdue, a stranger registered meanwhile, a due date that
was a guess until the holidays of its year were published.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from common.clock import isoformat
from common.crash import crash_point
from registry.models import Account
from review.models import Case, CaseChange, Decision
from review.moves import MOVES, UNDECIDED
from review.severity import due_fields, recounted
from review.standing import NOT_YET, told_again
from review.transitions import apply

BY = "system:sweep"


@dataclass(frozen=True)
class Swept:
    """How many cases were moved, and why."""

    second_missing: int
    registered: int
    recounted: int = 0


def sweep(now: datetime) -> Swept:
    """Move what is due by `now`; running it again moves nothing twice."""
    with transaction.atomic():
        swept = Swept(_second_missing(now), _registered(now), _recounted(now))
        crash_point("review.sweep_before_commit")
    crash_point("review.sweep_after_commit")
    return swept


def _recounted(now: datetime) -> int:
    """Set the dates that were a guess to what the calendar says now that it knows."""
    guessed = Case.objects.filter(due_is_provisional=True, state__in=MOVES["due"].sources).order_by("pk")
    known = [(case, due) for case in guessed if not (due := recounted(case)).provisional]
    for case, due in known:
        told = {"was": isoformat(case.judge_by) if case.judge_by else "", "due": isoformat(due.judge_by)}
        apply(case, case.version, "due", BY, now, details=told, sets=due_fields(due))
    return len(known)


def _second_missing(now: datetime) -> int:
    """Say once of every decision that its second person is late; what is in effect stays so."""
    late = Decision.objects.filter(standing__in=NOT_YET, second_by__lte=now).order_by("pk")
    unsaid = [decision for decision in late if not _is_said(decision)]
    for decision in unsaid:
        # Read for each: two decisions of one case may be late.
        case = Case.objects.get(pk=decision.case_id)
        apply(case, case.version, "second_missing", BY, now, details=told_again(decision))
    return len(unsaid)


def _is_said(decision: Decision) -> bool:
    said = CaseChange.objects.filter(case=decision.case_id, move="second_missing")
    return said.filter(details__decision=decision.pk).exists()


def _registered(now: datetime) -> int:
    """Close what is undecided about an account that is in the register: the register is asked first."""
    own = Account.objects.filter(
        platform=OuterRef("platform"), instance=OuterRef("instance"), platform_uid=OuterRef("uid")
    )
    cases = list(Case.objects.filter(Exists(own), state__in=UNDECIDED, confirmed=False))
    for case in cases:
        case.decisions.filter(standing__in=("awaiting", "final")).update(standing="replaced")
        to, code = "not_established", "registered"
        apply(case, case.version, "registered", BY, now, to=to, code=code, sets={"review_on": None})
    return len(cases)

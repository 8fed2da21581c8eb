"""The severity of a case: raised one level once for each reason, lowered only by a person with a reason."""

from datetime import datetime

from django.db import transaction

from registry.models import User
from review import clocks, codes
from review.clocks import Deadlines
from review.errors import Incomplete, NotAllowed, WrongState
from review.models import Case, CaseChange
from review.moves import OPEN
from review.transitions import By, apply

BY = "system:review"
LEVELS = ("S1", "S2", "S3", "S4")
RAISES = {code.key for code in codes.CODES["raise"]}
REPEAT, SILENT = "repeat_180_days", "sponsor_silent"


def change(case: Case, version: int, by: User, now: datetime, code: str, text: str) -> CaseChange:
    """One level up or down, as the list says on which `code` stands. Raises a ReviewError."""
    direction = "raise" if code in RAISES else "lower"
    codes.checked(direction, code, text)
    if code in (REPEAT, SILENT):
        raise Incomplete("此理由由系统认定。", "this reason is given by the service itself")
    if direction == "raise":
        _check_two(case, by)
        return _raise(case, version, by, now, code, text)
    level = LEVELS.index(case.severity) + 1
    if level == len(LEVELS):
        raise WrongState("已是最低级别。", "there is no lower level")
    due = clocks.lowered(due_of(case), LEVELS[level], case.detected_at)
    return _move(case, version, by, now, code, text, LEVELS[level], due)


def raise_if_repeated(case: Case, now: datetime) -> None:
    """Raise `case`, about to be confirmed, if its target had another confirmed within 180 days."""
    others = Case.objects.filter(target=case.target_id, confirmed=True, judged_at__gt=now - clocks.REPEAT)
    if _may_rise(case, REPEAT) and others.exclude(pk=case.pk).exists():
        _raise(case, case.version, BY, now, REPEAT, "")


def raise_for_silence(case: Case, now: datetime) -> None:
    """Raise `case`, brought up to date, because nobody of its sponsor answered by half the clock."""
    with transaction.atomic():
        case.refresh_from_db()
        if _may_rise(case, SILENT):
            _raise(case, case.version, BY, now, SILENT, "")


def _check_two(case: Case, by: User) -> None:
    """What one person confirmed becomes S1 by another only: a confirmed S1 always is the word of two."""
    alone = case.decisions.filter(
        outcome="counterfeit", standing__in=("final", "provisional"), second=None, by=by
    )
    if case.confirmed and case.severity == LEVELS[1] and alone.exists():
        raise NotAllowed(
            "您已一人认定本案，升为 S1 须由另一人办理。",
            "you confirmed this case alone: another person must raise it to S1",
        )


def _raise(case: Case, version: int, by: By, now: datetime, code: str, text: str) -> CaseChange:
    if case.severity == LEVELS[0]:
        raise WrongState("已是最高级别。", "there is no higher level")
    if _raised_for(case, code):
        raise WrongState("已因同一理由升级。", "it was raised for this reason already")
    level = LEVELS[LEVELS.index(case.severity) - 1]
    due = clocks.raised(due_of(case), level, now)
    # What is more serious than thought does not wait for its day.
    return _move(case, version, by, now, code, text, level, due, review_on=None)


def _move(
    case: Case,
    version: int,
    by: By,
    now: datetime,
    code: str,
    text: str,
    level: str,
    due: Deadlines,
    **sets: object,
) -> CaseChange:
    return apply(
        case,
        version,
        "severity",
        by,
        now,
        code=code,
        text=text,
        details={"was": case.severity},
        sets={"severity": level, **due_fields(due), **sets},
    )


def due_fields(due: Deadlines) -> dict[str, object]:
    """The columns of a case that hold its deadlines."""
    return {
        "judge_by": due.judge_by,
        "report_by": due.report_by,
        "due_is_provisional": due.provisional,
        "due_since": due.since,
    }


def due_of(case: Case) -> Deadlines:
    """The deadlines a case has."""
    fresh = recounted(case)
    return Deadlines(
        case.judge_by or fresh.judge_by,
        case.report_by or fresh.report_by,
        case.due_is_provisional,
        fresh.since,
    )


def recounted(case: Case) -> Deadlines:
    """The deadlines of a case by the calendar as it is known now."""
    return clocks.deadlines(case.severity, case.due_since or case.detected_at)


def _may_rise(case: Case, code: str) -> bool:
    return case.severity != LEVELS[0] and case.state in OPEN and not _raised_for(case, code)


def _raised_for(case: Case, code: str) -> bool:
    return case.changes.filter(move="severity", code=code).exists()
